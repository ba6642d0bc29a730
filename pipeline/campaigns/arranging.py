"""How an article's series stands in the tables, as the values that planning anew begins from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from pipeline.campaigns.models import Campaign, Issue
from pipeline.stages.arrange import Arrangement, StandingPart, arrange
from pipeline.stages.plan import units_by_form
from pipeline.stages.sections import KnownSection, recognise, section_text
from pipeline.stages.text.runs import fold
from pipeline.values import Article, Finding, SeriesForm

State = Issue.State
_OUT = (State.RELEASING, State.SENDING, State.SENT)


def out_states(campaign: Campaign) -> tuple[State, ...]:
    """The states in which an issue is never made anew.

    A welcome goes out for years: what is written anew is for whoever comes next.
    """
    return () if campaign.kind == Campaign.Kind.WELCOME else _OUT


def is_out(issue: Issue) -> bool:
    """Whether readers have it, so that it stays as it is."""
    return issue.state in out_states(issue.campaign)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """An arrangement with what it was made from.

    Attributes:
        arrangement: Which sections make which part.
        form: The form that new sections go by.
        base: What it rests on: while :func:`base_of` says the same, it holds.
    """

    arrangement: Arrangement
    form: SeriesForm
    base: object


def arranged(campaign: Campaign | None, article: Article, form: SeriesForm) -> Arranged:
    """Which sections make which part, from what the campaign was and what the article is now."""
    if campaign is None:
        keys = recognise((), article.sections)
        return Arranged(
            arrangement=arrange(article, keys, (), form=form), form=form, base=base_of(None)
        )
    base, rows = base_of(campaign), list(campaign.issues.order_by("part"))
    keys = recognise(known_sections(campaign, rows), article.sections)
    standing = _adopted([_standing(row) for row in rows], article, keys, form=form)
    before = campaign.outline.get("form", form)
    arrangement = arrange(
        article,
        keys,
        standing,
        form=form,
        grouping=campaign.grouping.get("value", ()),
        anew=before != form,
    )
    return Arranged(arrangement=arrangement, form=form, base=base)


def base_of(campaign: Campaign | None) -> object:
    """Everything an arrangement rests on; another value means that it must be made anew."""
    if campaign is None:
        return ()
    rows = campaign.issues.order_by("pk")
    told = [(row.pk, row.part, is_out(row), row.sections, row.edits) for row in rows]
    return told, campaign.grouping


def form_of(campaign: Campaign | None, article: Article, default: SeriesForm) -> SeriesForm:
    """The form a person chose, else the article's, else the newsletter's."""
    if article.welcome:
        return "one"
    chosen = campaign.form if campaign else ""
    return cast("SeriesForm", chosen or article.series or default)


def known_sections(campaign: Campaign, rows: Sequence[Issue]) -> list[KnownSection]:
    """The sections of earlier readings; those that went out, as they read then."""
    out = {key for row in rows if is_out(row) for key in row.sections}
    return [
        KnownSection(**section, out=section["key"] in out)
        for section in campaign.outline.get("sections", ())
    ]


def outline_of(
    campaign: Campaign, article: Article, keys: Sequence[str], form: SeriesForm
) -> dict[str, Any]:
    """What is kept of a reading, so that the next one knows the sections again.

    What went out is kept as it read then, and what was taken out of the article stays known: if it
    comes back, it is the same.
    """
    rows = list(campaign.issues.all())
    used = {key for row in rows for key in row.sections}
    before = {known.key: known for known in known_sections(campaign, rows)}
    told = [
        _told(before[key])
        if key in before and before[key].out
        else {"key": key, "heading": fold(section.heading), "text": section_text(section)}
        for key, section in zip(keys, article.sections, strict=True)
    ]
    away = [_told(known) for key, known in before.items() if key in used - set(keys)]
    return {"form": form, "sections": [*told, *away]}


def changed_since(
    campaign: Campaign, article: Article, arrangement: Arrangement
) -> tuple[Finding, ...]:
    """A warning for each section that reads otherwise than when it went out: nobody gets that."""
    known = {known.key: known for known in known_sections(campaign, list(campaign.issues.all()))}
    return tuple(
        Finding(
            code="changed-after-sending",
            level="warning",
            message=f"“{fold(section.heading)}” has gone out, and was changed since",
            suggestion="Readers keep what they got; write a section of its own to add to it.",
            where=f"section {place}",
        )
        for place, (key, section) in enumerate(
            zip(arrangement.keys, article.sections, strict=True), 1
        )
        if key in known and known[key].out and known[key].text != section_text(section)
    )


def _standing(row: Issue) -> StandingPart:
    out = is_out(row)
    return StandingPart(
        row=row.pk,
        part=row.part,
        sections=tuple(row.sections),
        out=out,
        called_off=row.state == State.CANCELLED,
        subject=row.subject if out else edited(row.edits, "subject"),
        preheader=row.preheader if out else edited(row.edits, "preheader"),
    )


def edited(edits: dict[str, Any], field: str) -> str:
    """What a person set a field to; "" if nobody did."""
    return str(edits.get(field, {}).get("value", ""))


def _adopted(
    standing: Sequence[StandingPart], article: Article, keys: Sequence[str], *, form: SeriesForm
) -> list[StandingPart]:
    """Parts kept before sections had keys have those that stand in their place now."""
    by_part = dict(enumerate(units_by_form(article, form), 1))
    return [
        part
        if part.sections
        else replace(part, sections=tuple(keys[index] for index in by_part.get(part.part, ())))
        for part in standing
    ]


def _told(known: KnownSection) -> dict[str, str]:
    return {"key": known.key, "heading": known.heading, "text": known.text}
