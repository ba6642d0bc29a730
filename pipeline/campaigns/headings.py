"""The list of parts that each letter of a series carries: which heading of it changed.

A heading that changes in one part so changes the letters of all others that wait.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.campaigns.models import Issue, Variant
from pipeline.campaigns.texts import Text, language_of, part_of
from pipeline.stages.merge import unmarked


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """One line of the list that is another than before.

    Attributes:
        part: The number of the part now; 0 of one that is there no more.
        before: Its heading then; "" of a new part.
        after: Its heading now; "" of one that is there no more.
    """

    part: int
    before: str
    after: str

    @property
    def told(self) -> str:
        """``part 1 is “The small vessels” now, and was “Vessels”``."""
        if not self.after:
            return f"“{self.before}” is no part any more"
        if not self.before:
            return f"part {self.part}, “{self.after}”, is new"
        return f"part {self.part} is “{self.after}” now, and was “{self.before}”"


def headings(text: Text) -> dict[str, str]:
    """The headings of the other parts of a text's series, in its language, by their numbers."""
    return {issue: heading for issue, (_, heading) in _others(text).items()}


def renamed(text: Text, before: Mapping[str, str]) -> Iterator[Renamed]:
    """What of the list differs from what it was.

    Args:
        text: As it is now.
        before: What :func:`headings` gave then.
    """
    now = _others(text)
    for issue, (part, heading) in now.items():
        was = before.get(issue, "")
        if was != heading:
            yield Renamed(part=part, before=was, after=heading)
    for issue, was in before.items():
        if issue not in now:
            yield Renamed(part=0, before=was, after="")


def _others(text: Text) -> dict[str, tuple[int, str]]:
    """Part and heading of the other issues of the series, by the issue."""
    issue, language = part_of(text), language_of(text)
    parts = Issue.objects.filter(campaign=issue.campaign_id).exclude(pk=issue.pk)
    parts = parts.exclude(state=Issue.State.CANCELLED).order_by("part")
    variants = Variant.objects.filter(issue__in=parts, language=language).order_by("issue__part")
    rows = (
        list(variants.values_list("issue", "issue__part", "subject"))
        if language
        else list(parts.values_list("pk", "part", "subject"))
    )
    return {str(number): (part, unmarked(subject)) for number, part, subject in rows}
