"""The findings of an edition, kept with the issue that each is about: who approves sees them."""

import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from pipeline.values import Edition, Finding, PlannedIssue

_PLACE = re.compile(r"(issue|post|card) (\d+)\b")


def findings_of(planned: PlannedIssue, edition: Edition) -> list[dict[str, Any]]:
    """The findings about an issue, its posts and cards, or about the whole article, as JSON."""
    return [
        {key: value for key, value in asdict(finding).items() if value}
        for finding in edition.findings
        if _part_of(finding, edition) in (None, planned.part)
    ]


def _part_of(finding: Finding, edition: Edition) -> int | None:
    """The part a finding is about; None if it is about all of them."""
    place = _PLACE.match(finding.where)
    if place is None:
        return None
    number = int(place[2])
    if place[1] == "issue":
        return number
    made = edition.posts if place[1] == "post" else edition.cards
    section = made[number - 1].section
    return next(_parts_with(section, edition), None)


def _parts_with(section: int, edition: Edition) -> Iterator[int]:
    return (planned.part for planned in edition.plan.issues if section in planned.sections)
