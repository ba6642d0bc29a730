"""Links and images lead to public places, over an encrypted line.

Every target is ``https``, ``mailto``, ``tel`` or a merge field. ``http`` to a public host is a
warning: old sources have no other address. Anything else is an error: a script, a file, a relative
path that leads nowhere from an inbox, and this clinic's own network (RFC 6890), however written.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from pipeline.stages import merge
from pipeline.stages.check.rule import Flaw, Material, Rule
from pipeline.stages.text.hosts import is_private
from pipeline.values import Level

_IN_TEXT = re.compile(r"\bhttps?://[^\s<>\"]+", re.IGNORECASE)


def _find(material: Material) -> Iterator[Flaw]:
    for name, issue, page in material.pages():
        targets = [link.href for link in page.links] + [image.source for image in page.images]
        yield from _flaws(targets, f"{name}, HTML")
        yield from _flaws(_IN_TEXT.findall(issue.text), f"{name}, text")
    for number, post in enumerate(material.posts, 1):
        yield from _flaws(_IN_TEXT.findall(post.text), f"post {number} for {post.network}")


def _flaws(targets: list[str], where: str) -> Iterator[Flaw]:
    for target in dict.fromkeys(targets):
        level, why = _judged(target.strip())
        if level:
            yield Flaw(
                message=f"the address {target or '(empty)'} {why}",
                suggestion="Give the https address a reader can open from anywhere.",
                where=where,
                level=level,
            )


def _judged(target: str) -> tuple[Level | None, str]:
    # What stands behind a mark is a path of ours: see pipeline.stages.archive.
    if target.startswith(tuple(map(merge.mark, merge.ADDRESSES))):
        return None, ""
    try:
        parts = urlsplit(target)
        host = parts.hostname or ""
    except ValueError:
        return "error", "cannot be read"
    if parts.scheme in ("mailto", "tel"):
        return None, ""
    if parts.scheme not in ("http", "https") or not host:
        return "error", "leads nowhere from an inbox"
    if is_private(host):
        return "error", "is on a private network"
    return ("warning", "is not encrypted") if parts.scheme == "http" else (None, "")


RULE = Rule(
    code="link-not-https",
    level="error",
    source="https://www.rfc-editor.org/rfc/rfc6890",
    find=_find,
)
