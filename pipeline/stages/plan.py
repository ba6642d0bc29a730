"""How an article becomes a series: which sections make which issue, in the author's own words.

Grouped, the way by default, a numbered section of the top level is an issue; what stands before the
first goes with the first, what follows one stays with it. Where nothing is numbered, each section
of the top level is an issue, unless it is too short to stand alone. A person may ask for an issue
for each section, or for one long one. Every section is in exactly one issue, in order.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.stages import merge
from pipeline.stages.text.inline import texts
from pipeline.stages.text.runs import fold
from pipeline.stages.text.sentences import sentences
from pipeline.values import (
    ArrangedPart,
    Article,
    Block,
    PlannedIssue,
    Reference,
    Section,
    SeriesForm,
    SeriesPlan,
    plain,
)

# Words: below this a letter of its own would disappoint who opens it.
SHORTEST = 40
# Characters: phones show some 40 of a preheader, desktop programs some 90.
PREHEADER = (40, 90)

# Scripts without spaces count two characters as a word.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{1,2}|[^\W\u3040-\u30ff\u3400-\u9fff]+")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_LIST = r"\d{1,4}(?:\s*[-–,;]\s*\d{1,4})*"
# [1] [1, 2] [1–3] (1) and a raised number that is neither a power of ten nor a square metre.
_MARKER = re.compile(
    rf"\[({_LIST})\]|\(({_LIST})\)|"
    r"(?<![\d⁰¹²³⁴⁵⁶⁷⁸⁹⁻])(?<!\b[cdkm]m)(?<!\bm)([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4})"
)
_LAST_MARKER = re.compile(r"\s*(?:\[[\d\s,;–-]+\]|\([\d\s,;–-]+\)|[⁰¹²³⁴⁵⁶⁷⁸⁹]+)[.。]?$")
# A dash without spaces is English and Spanish usage; a hyphen never ends a clause.
_CLAUSE_END = re.compile(r"[,;:](?=\s)|\s[–—]\s|—|[，、；：]")
# A cut never ends on a word whose meaning lies behind it.
_DANGLING = re.compile(
    r"[\s,;:–—(]*(?:\b(?:a|an|the|of|to|and|or|not|no|never|without|than|less|more|sin|de|y|o)"
    r"|\S*n[’']t|\S*\d\S*|[,;:–—(])$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Draft:
    """The sections of an issue in the making; ``main`` gives it its name, -1 if none does."""

    sections: list[int]
    main: int
    numbered: bool
    words: int


def plan(
    article: Article, form: SeriesForm = "grouped", *, parts: Sequence[ArrangedPart] = ()
) -> SeriesPlan:
    """Which sections make which issue, with subject and preheader.

    Both are the author's own words, unless a person set others: the heading of the issue's main
    section without its number (the article's title if there is one issue only), and the first
    sentences of that section.

    Args:
        article: The article as it was split.
        form: One long issue, one for each section, or short ones grouped.
        parts: The parts as they stand; without any, the form alone says what they are.
    """
    if not parts:
        made = units_by_form(article, form) or ((),)
        parts = [ArrangedPart(part=part, sections=each) for part, each in enumerate(made, 1)]
    of = max(part.part for part in parts)
    parts = sorted(parts, key=lambda part: (not part.out, part.part))
    references = _shared_out(article, parts)
    mains = _mains(article, parts, form)
    planned = [
        (part.out, _issue(article, part, main, of=of, references=cited))
        for part, main, cited in zip(parts, mains, references, strict=True)
    ]
    return SeriesPlan(
        issues=tuple(issue for out, issue in planned if not out),
        out=tuple(issue for out, issue in planned if out),
    )


def units_by_form(article: Article, form: SeriesForm) -> tuple[tuple[int, ...], ...]:
    """Which sections make which issue if nothing but the form says so; () of no sections."""
    drafts = _FORMS[form](list(_groups(article.sections)))
    return tuple(tuple(draft.sections) for draft in drafts)


def units(article: Article) -> tuple[tuple[int, ...], ...]:
    """What is never parted: each section of the top level with the deeper ones below it."""
    return tuple(tuple(group.sections) for group in _groups(article.sections))


def repeats(preheader: str, subject: str) -> bool:
    """True if a preheader only says again what the subject said, or begins by doing so."""
    said, again = (" ".join(re.findall(r"\w+", text.casefold())) for text in (subject, preheader))
    return bool(said) and f"{again} ".startswith(f"{said} ")


def words_of(blocks: Iterable[Block]) -> int:
    """How many words blocks hold."""
    pieces = (plain(text) for block in blocks for text in texts(block))
    return sum(len(_WORD.findall(piece)) for piece in pieces)


# --- Which sections make which issue --------------------------------------------------------------


def _grouped(groups: Sequence[_Draft]) -> list[_Draft]:
    return _by_number(groups) if any(g.numbered for g in groups) else _by_length(groups)


def _as_one(groups: Sequence[_Draft]) -> list[_Draft]:
    sections = [index for group in groups for index in group.sections]
    return [_Draft(sections, -1, False, 0)] if sections else []


_FORMS: dict[SeriesForm, Callable[[Sequence[_Draft]], list[_Draft]]] = {
    "one": _as_one,
    "sections": list,
    "grouped": _grouped,
}


def _groups(sections: Sequence[Section]) -> Iterator[_Draft]:
    """Each section of the top level with the deeper ones below it."""
    # Many articles begin at the second level, for the title is their first.
    top = min((section.level for section in sections), default=1)
    group: _Draft | None = None
    for index, section in enumerate(sections):
        words = words_of(section.blocks)
        if group is not None and section.level > top:
            group.sections.append(index)
            group.words += words
            continue
        if group is not None:
            yield group
        numbered = section.level == top and bool(section.number)
        group = _Draft([index], index, numbered, words)
    if group is not None:
        yield group


def _by_number(groups: Sequence[_Draft]) -> list[_Draft]:
    drafts: list[_Draft] = []
    before: list[int] = []
    for group in groups:
        if group.numbered:
            drafts.append(_Draft(before + group.sections, group.main, True, group.words))
            before = []
        elif drafts:
            drafts[-1].sections += group.sections
        else:
            before += group.sections
    return drafts


def _by_length(groups: Sequence[_Draft]) -> list[_Draft]:
    drafts: list[_Draft] = []
    for group in groups:
        # Only the first draft can be short: a later short group never became one.
        if drafts and min(group.words, drafts[-1].words) < SHORTEST:
            _join(drafts[-1], group)
        else:
            drafts.append(group)
    return drafts


def _join(draft: _Draft, group: _Draft) -> None:
    """A short section goes with the one before it; a short first one with the one behind it."""
    if draft.words < SHORTEST <= group.words:
        draft.main = group.main
    draft.sections += group.sections
    draft.words += group.words


# --- What stands in the inbox line ----------------------------------------------------------------


def _issue(
    article: Article,
    part: ArrangedPart,
    main: int,
    *,
    of: int,
    references: tuple[Reference, ...],
) -> PlannedIssue:
    heading = fold(article.sections[main].heading) if part.sections and of > 1 else ""
    subject = part.subject or heading or fold(article.title)
    preheader = part.preheader
    if not preheader and not part.out:
        preheader = _preheader(_prose(article, part, main=main), subject)
    return PlannedIssue(
        part=part.part,
        of=of,
        subject=subject,
        preheader=preheader,
        opens=part.part == 1,
        sections=part.sections,
        references=references,
    )


def _mains(article: Article, parts: Iterable[ArrangedPart], form: SeriesForm) -> list[int]:
    """The section each part has its name from: the first with a number, else one long enough."""
    groups = {group.main: group for group in _groups(article.sections)}
    return [_main(article, part.sections, form, groups) for part in parts]


def _main(
    article: Article, sections: Sequence[int], form: SeriesForm, groups: Mapping[int, _Draft]
) -> int:
    # One long issue is about all of them, so none gives it its name, and the lead speaks first.
    if not sections or (form == "one" and len(sections) == len(article.sections)):
        return -1
    own = [groups[index] for index in sections if index in groups]
    named = [group.main for group in own if group.numbered]
    named += [group.main for group in own if group.words >= SHORTEST]
    return (*named, sections[0])[0]


def _prose(article: Article, part: ArrangedPart, *, main: int) -> Iterator[str]:
    """The prose of an issue from its main section on; lists and quotations come last."""
    # What stands before the main section is an aside: it does not say what the subject promises.
    indexes = [index for index in part.sections if index >= main]
    blocks = [block for index in indexes for block in article.sections[index].blocks]
    lead = article.lead if part.part == 1 else ()
    blocks = [*blocks, *lead] if main >= 0 else [*lead, *blocks]
    for wanted in (("paragraph",), ("bullets", "numbered", "quotation")):
        for block in blocks:
            if block.kind in wanted:
                yield from filter(None, (fold(plain(text)) for text in texts(block)))


def _preheader(prose: Iterator[str], subject: str) -> str:
    """The first sentences that do not say the subject again."""
    for paragraph in prose:
        spans = sentences(paragraph)
        for first, _ in enumerate(spans):
            candidate = _fitting(paragraph, spans[first:])
            if candidate and not repeats(candidate, subject):
                return candidate
    return ""


def _fitting(paragraph: str, spans: Sequence[tuple[int, int]]) -> str:
    """As few whole sentences as are long enough, and a piece of the next if they are not."""
    shortest, longest = PREHEADER
    begin, end = spans[0]
    for _, further in spans[1:]:
        if end - begin >= shortest:
            break
        end = further
    told = paragraph[begin:end]
    return _LAST_MARKER.sub("", _whole(told, _cut(told)) if len(told) > longest else told)


def _whole(sentence: str, cut: str) -> str:
    """The cut sentence without the first half of a merge field."""
    ends = (start for start, end in merge.spans(sentence) if start < len(cut) < end)
    return cut[: next(ends, len(cut))].rstrip()


def _cut(sentence: str) -> str:
    """The beginning of what is too long: up to a clause's end, else up to a word's."""
    shortest, longest = PREHEADER
    # A whole clause reads as if it were meant so; a cut at a word can turn the meaning.
    clauses = [m.start() for m in _CLAUSE_END.finditer(sentence, shortest, longest)]
    if clauses:
        return sentence[: clauses[-1]]
    head, space, _ = sentence[: longest + 1].rpartition(" ")
    piece = head if space else sentence[:longest]
    while len(shorter := _DANGLING.sub("", piece)) < len(piece):
        piece = shorter.rstrip()
    return piece or head


# --- References -----------------------------------------------------------------------------------


def _shared_out(article: Article, parts: Sequence[ArrangedPart]) -> list[tuple[Reference, ...]]:
    """Each reference goes to the issues that cite it, one that none cites to the last."""
    known = {reference.number for reference in article.references}
    cited = [_cited(_issue_texts(article, part), known) for part in parts]
    cited[-1] |= _cited(_texts(article.call_to_action), known)
    # A reader of the last letter has all of them; nothing the author named is lost.
    cited[-1] |= known - set().union(*cited)
    return [tuple(r for r in article.references if r.number in numbers) for numbers in cited]


def _issue_texts(article: Article, part: ArrangedPart) -> Iterator[str]:
    blocks = list(article.lead) if part.part == 1 else []
    for index in part.sections:
        yield article.sections[index].heading
        blocks += article.sections[index].blocks
    yield from _texts(blocks)


def _texts(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        yield from (plain(text) for text in texts(block))


def _cited(pieces: Iterable[str], known: set[int]) -> set[int]:
    markers = (match for piece in pieces for match in _MARKER.finditer(piece))
    return {number for marker in markers for number in _numbers(marker, known)} & known


def _numbers(marker: re.Match[str], known: set[int]) -> Iterator[int]:
    """The numbers of one marker; ``¹²`` is twelve if there is a twelfth reference, else 1 and 2."""
    if marker[3]:
        raised = marker[3].translate(_SUPERSCRIPTS)
        yield from [int(raised)] if int(raised) in known else map(int, raised)
        return
    for piece in re.split(r"\s*[,;]\s*", marker[1] or marker[2]):
        # The known numbers are few; what a range spans, as written, may be thousands.
        low, *_, high = [int(number) for number in re.findall(r"\d+", piece)] * 2
        yield from (number for number in known if low <= number <= high)
