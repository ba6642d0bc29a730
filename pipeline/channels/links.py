"""The links of an edition, tried because a person asked for it.

Each is asked once, hosts side by side, one host never twice at a time. What leads to a page of one
reader's own, or to any page of ours, is not asked at all: a look must change nothing (S12).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from pipeline.channels.strangers import look
from pipeline.stages import merge
from pipeline.stages.answers import LinkAnswer
from pipeline.stages.email.page import page

AT_ONCE = 8
# "/u/17.weekly.…": as tokens look, of whatever Meridian they are and were.
_TOKEN = re.compile(r"/\w+/[^/?#]*\.[A-Za-z0-9_-]{40,}/?(?:[?#]|$)")


def ask_links(
    pages: Iterable[str],
    *,
    own: str,
    look: Callable[..., LinkAnswer] = look,
    told: Callable[[str], None] = lambda _: None,
) -> dict[str, LinkAnswer]:
    """What every web address in some emails answers, by address.

    Args:
        pages: The HTML of the emails.
        own: The public address of this Meridian: its pages are not asked.
        look: How one address is asked.
        told: Called with each address that has answered, from several threads.
    """
    targets: dict[str, None] = {}
    for html in pages:
        seen = page(html)
        targets |= dict.fromkeys(link.href for link in seen.links)
        targets |= dict.fromkeys(image.source for image in seen.images)
    by_host: dict[str, list[str]] = {}
    for target in targets:
        if _host(target) and not is_personal(target, own=own):
            by_host.setdefault(_host(target), []).append(target)

    def ask(of_host: list[str]) -> Mapping[str, LinkAnswer]:
        answers = {}
        for target in of_host:
            answers[target] = look(target, shun=lambda url: is_personal(url, own=own))
            told(target)
        return answers

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = [*pool.map(ask, by_host.values())]
    return {target: answers[target] for answers in found for target in answers}


def is_personal(url: str, *, own: str) -> bool:
    """True if an address holds a merge field or a token, or is one of ours: it is left alone."""
    ours = _host(url) == _host(own) != ""
    return ours or bool(merge.marks(url) or _TOKEN.search(url))


def _host(url: str) -> str:
    """The host of a web address, or "" if it is none or cannot be read."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").rstrip(".") if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""
