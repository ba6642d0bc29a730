"""Which sections make which part, once a series stands: what is out stays, the rest goes on.

A section that went out is never in another part. Of the others, each stays in the part it is in; a
new one goes where the form of the series puts it, or makes a part of its own. Parts that are not
out are in the order of the article, behind those that are.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from pipeline.stages.plan import units, units_by_form
from pipeline.values import ArrangedPart, Article, SeriesForm


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingPart:
    """A part as the tables know it.

    Attributes:
        row: The number of its row.
        part: Its number in the series.
        sections: The keys of its sections.
        out: Whether it has begun to go out.
        called_off: Whether it was called off, because its sections were gone.
        subject: What a person set, or what it went out with; "" leaves it to the author's words.
        preheader: The same of the preheader.
    """

    row: int
    part: int
    sections: tuple[str, ...]
    out: bool = False
    called_off: bool = False
    subject: str = ""
    preheader: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """How a series is to be made.

    Attributes:
        keys: The key of each section of the article.
        parts: The parts, those that are out too; () leaves all to the form.
        rows: The row of each part that has one, by the part's number.
    """

    keys: tuple[str, ...]
    parts: tuple[ArrangedPart, ...] = ()
    rows: Mapping[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Bucket:
    """A part in the making: the row it has, or None, and its sections."""

    row: int | None
    sections: list[int] = field(default_factory=list)


def arrange(
    article: Article,
    keys: Sequence[str],
    standing: Sequence[StandingPart],
    *,
    form: SeriesForm,
    grouping: Sequence[Sequence[str]] = (),
    anew: bool = False,
) -> Arrangement:
    """Say which sections make which part.

    Args:
        article: The article as it was split.
        keys: The key of each section, see :mod:`pipeline.stages.sections`.
        standing: The parts there are.
        form: What new sections go by.
        grouping: What a person put together, by the keys of sections; it goes before all else.
        anew: Whether the form holds for all that is not out, as if it were planned now.
    """
    out = [part for part in standing if part.out]
    gone = {key for part in out for key in part.sections}
    homes = _homes(standing, grouping, anew=anew)
    buckets = _buckets(_live_units(article, keys, gone), keys, homes, units_by_form(article, form))
    _give_rows(buckets, keys, [part for part in standing if not part.out])
    places = {key: index for index, key in enumerate(keys)}
    parts = [
        ArrangedPart(
            part=part.part,
            sections=tuple(sorted(places[key] for key in part.sections if key in places)),
            subject=part.subject,
            preheader=part.preheader,
            out=True,
        )
        for part in out
    ]
    rows = {part.part: part.row for part in out}
    known = {part.row: part for part in standing}
    free = (number for number in count(1) if number not in {part.part for part in out})
    # An article without sections is one letter all the same.
    for bucket in buckets or ([] if out else [_Bucket(_only(standing))]):
        number = next(free)
        row = known.get(bucket.row) if bucket.row is not None else None
        parts.append(
            ArrangedPart(
                part=number,
                sections=tuple(sorted(bucket.sections)),
                subject=row.subject if row else "",
                preheader=row.preheader if row else "",
            )
        )
        if row:
            rows[number] = row.row
    return Arrangement(keys=tuple(keys), parts=tuple(parts), rows=rows)


def _only(standing: Sequence[StandingPart]) -> int | None:
    return next((part.row for part in standing if not part.out), None)


def _homes(
    standing: Sequence[StandingPart], grouping: Sequence[Sequence[str]], *, anew: bool
) -> dict[str, str]:
    """What belongs together, by the key of a section: the name of a group or of a row."""
    homes: dict[str, str] = {}
    if not anew:
        for part in standing:
            if not (part.out or part.called_off):
                homes |= dict.fromkeys(part.sections, f"row {part.row}")
    for number, group in enumerate(grouping):
        homes |= dict.fromkeys(group, f"group {number}")
    return homes


def _live_units(article: Article, keys: Sequence[str], gone: set[str]) -> list[list[int]]:
    live = ([index for index in unit if keys[index] not in gone] for unit in units(article))
    return [unit for unit in live if unit]


def _buckets(
    live: Iterable[list[int]],
    keys: Sequence[str],
    homes: Mapping[str, str],
    proposed: Sequence[Sequence[int]],
) -> list[_Bucket]:
    """The parts that are not out, in the order of their first sections."""
    group_of = {index: number for number, group in enumerate(proposed) for index in group}
    by_group: dict[int, list[list[int]]] = defaultdict(list)
    for unit in live:
        by_group[group_of[unit[0]]].append(unit)
    named: dict[str, _Bucket] = {}
    for number, group in by_group.items():
        for home, unit in _housed(group, keys, homes, new=f"new {number}"):
            named.setdefault(home, _Bucket(None)).sections += unit
    return sorted(named.values(), key=lambda bucket: min(bucket.sections))


def _housed(
    group: Sequence[list[int]], keys: Sequence[str], homes: Mapping[str, str], *, new: str
) -> Iterator[tuple[str, list[int]]]:
    """Each unit of a group of the form with its home; a new one goes with its neighbour's."""
    own = [homes.get(keys[unit[0]], "") for unit in group]
    last = next(filter(None, own), new)
    for home, unit in zip(own, group, strict=True):
        last = home or last
        yield last, unit


def _give_rows(
    buckets: Iterable[_Bucket], keys: Sequence[str], rows: Sequence[StandingPart]
) -> None:
    """Each part the row that shares most with it; one called off only where no other does."""
    owners: dict[str, list[StandingPart]] = defaultdict(list)
    for row in rows:
        for key in row.sections:
            owners[key].append(row)
    taken: set[int] = set()
    for bucket in buckets:
        shared = Counter(
            (not row.called_off, row.row)
            for index in bucket.sections
            for row in owners[keys[index]]
            if row.row not in taken
        )
        best = max(shared, key=lambda row: (row[0], shared[row]), default=None)
        if best is not None:
            bucket.row = best[1]
            taken.add(bucket.row)
