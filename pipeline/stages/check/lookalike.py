"""No domain looks like another one.

UTS #39: a label whose letters come from several scripts (a Cyrillic "а" in a Latin word), one that
is spelt in another script's twins of Latin letters, and one a letter away from the clinic's own.
Google's sender guidelines ask for the same of the sender's domain.
"""

from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlsplit

import regex

from pipeline.stages.check.rule import Flaw, Material, Rule
from pipeline.stages.text.distance import distance

# Which scripts one word may be written in: those of Chinese, Japanese and Korean with Latin.
_TOGETHER = (
    {"Latin", "Han", "Hiragana", "Katakana"},
    {"Latin", "Han", "Hangul"},
    {"Latin", "Han", "Bopomofo"},
)
_SCRIPTS = (
    *("Latin", "Cyrillic", "Greek", "Armenian", "Hebrew", "Arabic", "Han", "Hiragana", "Katakana"),
    *("Hangul", "Bopomofo", "Georgian", "Cherokee", "Thai", "Devanagari", "Coptic", "Lisu"),
)
_OF = {script: regex.compile(rf"\p{{Script={script}}}") for script in _SCRIPTS}
_LETTER = regex.compile(r"\p{L}")
# Letters of other scripts that nobody can tell from these; the part of UTS #39 that domains meet.
_TWINS = str.maketrans(
    "асԁеһіјӏорԛѕуԝхьѵгпոսօցհքαορνικυχωϲϳᏟᎪᎻᎥ",
    "acdehijlopqsywxbvrnnuoghqaopvikuxwcjcahi",
)
_DIGITS = str.maketrans("01354", "olsea")


def _find(material: Material) -> Iterator[Flaw]:
    own = frozenset(_own_hosts(material))
    for where, addresses in _addresses(material):
        for host in dict.fromkeys(filter(None, map(_host, addresses))):
            fault = _fault(host)
            near = "" if fault else _near(host, own)
            if fault or near:
                yield Flaw(
                    message=f"the domain {host} {fault or near}",
                    suggestion="Type the address anew, letter by letter, or leave it out.",
                    where=where,
                    level="error" if fault else "warning",
                )


def _addresses(material: Material) -> Iterator[tuple[str, list[str]]]:
    for newsletter in material.configuration.newsletters:
        for field in ("from_address", "reply_to"):
            domain = getattr(newsletter, field).rpartition("@")[2]
            yield f"newsletter {newsletter.key}, {field}", [f"//{domain}"]
    for name, _, page in material.pages():
        yield f"{name}, HTML", [link.href for link in page.links]
    for number, post in enumerate(material.posts, 1):
        yield f"post {number} for {post.network}", regex.findall(r"https?://\S+", post.text)


@lru_cache(maxsize=1024)
def _fault(host: str) -> str:
    shown = _unicode(host)
    if shown is None:
        return "holds a label that stands for no letters"
    for label in shown.split("."):
        scripts = {name for name in _SCRIPTS if _OF[name].search(label)}
        if len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER):
            return f"mixes letters of several scripts ({', '.join(sorted(scripts))}) in “{label}”"
        # Below a Cyrillic top-level domain, Cyrillic words are what they seem.
        if shown.rpartition(".")[2].isascii() and _latin(label):
            return f"looks like {label.translate(_TWINS)}, in letters of another script"
    return ""


def _latin(label: str) -> bool:
    """True if all its letters are twins of Latin ones, and none is Latin: "аррӏе"."""
    letters = _LETTER.findall(label)
    return bool(letters) and all(
        not letter.isascii() and letter.translate(_TWINS).isascii() for letter in letters
    )


def _near(host: str, own: frozenset[str]) -> str:
    """One letter away from the clinic's own domain, or with digits for letters."""
    shown = _unicode(host) or host
    if any(one == shown or one.endswith(f".{shown}") or shown.endswith(f".{one}") for one in own):
        return ""
    for mine in sorted(own):
        alike = shown.translate(_DIGITS) == mine.translate(_DIGITS)
        if alike or distance(shown, mine, most=1) == 1:
            return f"is nearly, but not, your own {mine}"
    return ""


def _own_hosts(material: Material) -> Iterator[str]:
    clinic, newsletters = material.configuration.clinic, material.configuration.newsletters
    hosts = [_host(clinic.website), _host(clinic.booking_url)]
    hosts += [newsletter.from_address.rpartition("@")[2] for newsletter in newsletters]
    for host in filter(None, hosts):
        yield (_unicode(host) or host).removeprefix("www.")


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").rstrip(".").removeprefix("www.")
    except ValueError:
        # What cannot be read is the link rule's to find.
        return ""


def _unicode(host: str) -> str | None:
    """The domain as a browser may show it, or None if its punycode is none."""
    try:
        labels = [
            label[4:].encode("ascii").decode("punycode") if label.startswith("xn--") else label
            for label in host.lower().split(".")
        ]
    except UnicodeError:
        return None
    return ".".join(labels)


RULE = Rule(
    code="lookalike-domain",
    level="error",
    source="https://www.unicode.org/reports/tr39/",
    find=_find,
)
