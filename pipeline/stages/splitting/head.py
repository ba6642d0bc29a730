"""The head of an article: title, subtitle, byline and date, from front matter or first lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.errors import SourceError
from pipeline.stages.splitting.byline import byline, is_date_line, is_name
from pipeline.stages.splitting.looks import Looks
from pipeline.stages.splitting.name import is_bare_name, is_people
from pipeline.values import Line, Source, plain

_LONGEST_TITLE = 250
_LONGEST_SUBTITLE = 200
# A title stands near the top; a kicker or a picture may stand above it.
_LOOKED_AT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands above the lead. ``rest`` is every line that is not part of it."""

    title: str
    subtitle: str = ""
    byline: str = ""
    date_line: str = ""
    rest: tuple[Line, ...] = ()


def read_head(source: Source) -> Head:
    """Take the head of a source.

    Raises:
        SourceError: Nothing in it can be a title.
    """
    place = _title_place(source.lines)
    said = str(source.matter.get("title", ""))
    if said:
        head = _under_said_title(said, source)
    elif place is None:
        raise SourceError(
            "there is no line that can be the title",
            mend="Write the title as a line of its own at the top.",
            path=source.name,
        )
    else:
        rest = (*source.lines[:place], *source.lines[place + 1 :])
        head = Head(title=plain(source.lines[place].text), rest=rest)
    head = _with_first_lines(_with_matter(head, source.matter), 0)
    return _with_first_lines(head, 0 if said else place or 0)


def _title_place(lines: Sequence[Line]) -> int | None:
    """Where the title stands: a first-level heading if one is near the top, else the first line."""
    tops = [place for place, line in enumerate(lines) if _is_top(line)]
    if tops and tops[0] < _LOOKED_AT and _fits(lines[tops[0]]):
        return tops[0]
    fitting = (place for place, line in enumerate(lines) if line.kind in ("plain", "heading"))
    place = next(fitting, None)
    return place if place is not None and _fits(lines[place]) else None


def _is_top(line: Line) -> bool:
    return line.kind == "heading" and line.level == 1


def _fits(line: Line) -> bool:
    return len(plain(line.text)) <= _LONGEST_TITLE


def _under_said_title(title: str, source: Source) -> Head:
    """The head whose title the front matter says.

    The same title above the text is not said twice; another one there becomes the subtitle.
    """
    first, *rest = source.lines or (None,)
    tops = [line for line in source.lines if line.kind == "heading" and line.level <= 1]
    declared = any(line.kind == "heading" for line in source.lines)
    heads = first is not None and (tops == [first] if declared else first.kind == "plain")
    if first is None or not heads:
        return Head(title=title, rest=source.lines)
    above = plain(first.text)
    if above == title:
        return Head(title=title, rest=tuple(rest))
    if declared and not source.matter.get("subtitle"):
        return Head(title=title, subtitle=above, rest=tuple(rest))
    return Head(title=title, rest=source.lines)


def _with_matter(head: Head, matter: Mapping[str, object]) -> Head:
    """The head with what the front matter says."""
    return replace(
        head,
        subtitle=head.subtitle or str(matter.get("subtitle", "")),
        byline=str(matter.get("byline", "")),
        date_line=str(matter.get("date", "")),
    )


def _with_first_lines(head: Head, place: int) -> Head:
    """The head with the byline, date and subtitle that stand just under the title."""
    while place < len(head.rest):
        taken = _taken(head, head.rest[place:])
        if taken is None:
            break
        head = replace(taken, rest=(*head.rest[:place], *head.rest[place + 1 :]))
    return head


def _taken(head: Head, lines: Sequence[Line]) -> Head | None:
    """The head with the first of these lines in it, or None if it belongs to the text."""
    if lines[0].kind != "plain" or lines[0].said:
        return None
    text = plain(lines[0].text)
    if not head.date_line and is_date_line(text):
        return replace(head, date_line=text)
    who = _signed(head, lines)
    if who is not None:
        return replace(head, byline=who[0], date_line=who[1] or head.date_line)
    if _is_subtitle(head, lines):
        return replace(head, subtitle=text)
    return None


def _signed(head: Head, lines: Sequence[Line]) -> tuple[str, str] | None:
    if head.byline:
        return None
    text = plain(lines[0].text)
    who = byline(text)
    if who is None and (_is_dated_name(lines) or _is_bare_name(head, lines)):
        who = (text, "")
    return who if who is None or not (who[1] and head.date_line) else None


def _is_dated_name(lines: Sequence[Line]) -> bool:
    """Whether a line with the look of a name stands on a date: that is sure enough."""
    text = plain(lines[0].text)
    named = is_name(text) or is_people(text)
    return named and len(lines) > 1 and is_date_line(plain(lines[1].text))


def _is_bare_name(head: Head, lines: Sequence[Line]) -> bool:
    if not is_bare_name(lines, head.title):
        return False
    # Where headings are shown by their looks alone, a line with such looks is one.
    looks = Looks(lines)
    declared = any(line.kind == "heading" for line in lines)
    return declared or not (looks.mark_headings and looks.heads(lines[0]))


def _is_subtitle(head: Head, lines: Sequence[Line]) -> bool:
    """Whether a line stands between the title and the byline or date: only then it is sure."""
    if head.subtitle or head.byline or head.date_line or len(lines) < 2:
        return False
    if len(plain(lines[0].text)) > _LONGEST_SUBTITLE or lines[1].kind != "plain":
        return False
    below = plain(lines[1].text)
    if is_date_line(below) or byline(below) is not None:
        return True
    return len(lines) > 2 and is_date_line(plain(lines[2].text)) and _is_dated_name(lines[1:])
