"""The words of a link say where it leads.

WCAG 2.2, success criterion 2.4.4. Many hear the links of a page one after the other, without what
stands around them: there "here" says nothing, an address is spelt letter by letter, and the same
words should not lead to two places.
"""

import re
from collections.abc import Iterator

from pipeline.stages.check.rule import Flaw, Material, Rule
from pipeline.stages.email.page import Link

_EMPTY_WORDS = frozenset(
    {
        *("click here", "click", "here", "this", "this link", "this page", "link", "the link"),
        *("read more", "more", "learn more", "read on", "continue", "continue reading", "details"),
        *("haga clic aquí", "haz clic aquí", "clic aquí", "pulse aquí", "aquí", "leer más", "más"),
        *("ver más", "más información", "saber más", "enlace", "este enlace", "esta página"),
        *(
            "여기",
            "여기를 클릭",
            "여기를 클릭하세요",
            "클릭",
            "여기에서",
            "더 보기",
            "더보기",
            "링크",
        ),
        *("자세히", "자세히 보기", "이곳", "바로가기"),
    }
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


def _find(material: Material) -> Iterator[Flaw]:
    for name, _, page in material.pages():
        links = dict.fromkeys(page.links)
        for fault, mend, bare in (*map(_fault, links), *_ambiguous(links)):
            if fault:
                yield Flaw(
                    message=fault,
                    suggestion=mend,
                    where=f"{name}, HTML",
                    level="info" if bare else "warning",
                )


def _fault(link: Link) -> tuple[str, str, bool]:
    words = " ".join(link.text.split())
    if not words:
        return f"the link to {link.href} has no words", "Write where it leads.", False
    if " ".join(re.findall(r"\w+", words.casefold())) in _EMPTY_WORDS:
        mend = f"Link the words that say what is at {link.href}."
        return f"the link “{words}” does not say where it leads", mend, False
    if _ADDRESS.fullmatch(words):
        mend = "Write it as [what is there](https://…)."
        return f"the link {words} shows its address and no words", mend, True
    return "", "", False


def _ambiguous(links: dict[Link, None]) -> Iterator[tuple[str, str, bool]]:
    targets: dict[str, set[str]] = {}
    for link in links:
        targets.setdefault(" ".join(link.text.casefold().split()), set()).add(link.href)
    for words, hrefs in targets.items():
        if words and len(hrefs) > 1:
            fault = f"the links “{words}” lead to {len(hrefs)} places"
            yield fault, "Give each its own words, or the same address.", False


RULE = Rule(
    code="link-text",
    level="warning",
    source="https://www.w3.org/WAI/WCAG22/Understanding/link-purpose-in-context",
    find=_find,
)
