"""A desk: a small article, a clinic, and a way to take the one in for the other."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import PurePath
from typing import Literal

from pipeline.campaigns.models import (
    Approval,
    ArticleRevision,
    Campaign,
    Card,
    Issue,
    Part,
    Post,
)
from pipeline.campaigns.revisions import sha256
from pipeline.campaigns.series import Making, Taken, Wish, take_article
from pipeline.run import Outline, begin, complete
from pipeline.stages.read.configuration import read_configuration
from pipeline.values import ArrangedPart, Configuration, Edition, SeriesForm
from tests.factories import NOW
from tests.home import CHECKOUT
from tests.samples import configuration, templates

EXAMPLE = CHECKOUT / "content/articles/how-acupuncture-eases-pain.md"
EXAMPLE_CLINIC = read_configuration(
    PurePath("clinic.toml"), (CHECKOUT / "content/clinic.toml").read_bytes()
)
NAME = "warmth.md"

# NOW is a Tuesday, 10:00 in New York: the next weekly slots are these.
SLOTS = ["2026-03-10T10:00", "2026-03-17T10:00", "2026-03-24T10:00", "2026-03-31T10:00"]

_sample = configuration()
_newsletter = replace(_sample.newsletters[0], time_zone="America/New_York", language="en")
CLINIC = replace(
    _sample, newsletters=(_newsletter, replace(_newsletter, key="monthly", name="The Long Letter"))
)
OPEN = replace(CLINIC, newsletters=(replace(_newsletter, approval="none"),))

_SECTIONS = (
    "## 1. Vessels\n\nWarmth lets the small vessels under the skin widen, and more blood passes.",
    "## 2. Muscle\n\nA muscle that guards a sore place forgets to let go of it, until it is warm.",
    "## 3. Nerves\n\nWarmth is a message too, and it reaches the spinal cord before the ache does.",
    "## 4. Evenings\n\nTake a warm towel, ten quiet minutes, and nothing else to do that evening.",
)


def article(sections: int = 3, *, title: str = "Why warmth helps", matter: str = "") -> str:
    """An article of so many numbered sections, which makes as many issues."""
    head = f"---\ntitle: {title}\n{matter}---\n\nA warm hand is the oldest remedy there is.\n\n"
    return head + "\n\n".join(_SECTIONS[:sections]) + "\n"


def take(
    text: str = article(),
    *,
    name: str = NAME,
    clinic: Configuration = CLINIC,
    now: dt.datetime = NOW,
    make: Callable[..., Edition] | None = None,
    wish: Wish | None = None,
) -> Taken:
    """Take an article in."""
    return take_article(
        PurePath(name),
        text.encode(),
        making=Making(
            begin=partial(begin, configuration=clinic),
            complete=make or partial(made, content=text.encode(), clinic=clinic),
            surroundings=sha256(repr(clinic).encode()),
        ),
        actor="ana",
        now=now,
        wish=wish,
    )


def edition(path: PurePath, content: bytes, *, clinic: Configuration) -> Edition:
    """What becomes of an article if nothing of it is out."""
    return _edition(path, content, clinic)


def made(
    outline: Outline,
    content: bytes,
    *,
    clinic: Configuration,
    form: SeriesForm,
    parts: Sequence[ArrangedPart],
) -> Edition:
    """What becomes of an article whose series stands as these parts say."""
    return _edition(outline.path, content, clinic, form=form, parts=tuple(parts))


@cache
def _edition(
    path: PurePath,
    content: bytes,
    clinic: Configuration,
    *,
    form: SeriesForm | Literal[""] = "",
    parts: tuple[ArrangedPart, ...] = (),
) -> Edition:
    """Pure, so the same question has the same answer."""
    outline = begin(path, content, clinic)
    return complete(outline, clinic, templates(), form=form, parts=parts)


def parts() -> dict[int, Issue]:
    """The issues of the only article, by part."""
    return {issue.part: issue for issue in Issue.objects.order_by("part")}


def slots(slug: str = "warmth") -> list[str]:
    """The slots of an article's issues that are not called off, in order of parts."""
    issues = Issue.objects.filter(campaign__article=slug).exclude(state="cancelled")
    return list(issues.order_by("part").values_list("slot", flat=True))


def send(part: int) -> None:
    """Mark a part as sent."""
    Issue.objects.filter(part=part).update(state=Issue.State.SENT, released_at=NOW)


def everything() -> list[list[tuple[object, ...]]]:
    """Every row there is."""
    kinds = (Campaign, Issue, Post, Card, Approval, ArticleRevision)
    rows = [list(kind.objects.order_by("pk").values_list()) for kind in kinds]
    return [*rows, list(Part.objects.order_by("pk").values_list("pk"))]


def kept(issue: Issue) -> tuple[object, ...]:
    """Everything of an issue that a reader gets."""
    return (
        issue.content_hash,
        issue.subject,
        issue.preheader,
        bytes(issue.html.content),
        bytes(issue.text.content),
        issue.slot,
        issue.folder,
        list(issue.posts.order_by("pk").values_list()),
        [(card.section, card.png_id, card.alt) for card in issue.cards.order_by("pk")],
    )
