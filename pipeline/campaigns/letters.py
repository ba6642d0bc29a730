"""What an issue and its variants have in common: a letter, kept as it was rendered."""

from dataclasses import asdict
from typing import Any

from pipeline.campaigns.models import Issue, Variant
from pipeline.campaigns.parts import store
from pipeline.campaigns.texts import Text, part_of
from pipeline.values import About, Person, RenderedIssue


def keep_letter(
    row: Issue | Variant, rendered: RenderedIssue, envelope: dict[str, str]
) -> dict[str, object]:
    """Write a letter into a row, which is not saved yet.

    Returns:
        What of it an approval is given for.
    """
    row.subject = rendered.subject
    row.preheader = rendered.preheader
    row.html_id = store(rendered.html.encode())
    row.text_id = store(rendered.text.encode())
    row.envelope = envelope
    row.about = asdict(rendered.about)
    return {
        "subject": row.subject,
        "preheader": row.preheader,
        "html": row.html_id,
        "text": row.text_id,
        "envelope": row.envelope,
        "about": row.about,
    }


def kept_letter(text: Text) -> RenderedIssue:
    """A letter as it was kept: what a check is given of it."""
    issue = part_of(text)
    return RenderedIssue(
        part=issue.part,
        of=issue.of,
        subject=text.subject,
        preheader=text.preheader,
        html=bytes(text.html.content).decode(),
        text=bytes(text.text.content).decode(),
        about=_about(text.about),
    )


def _about(kept: dict[str, Any]) -> About:
    """What was kept of it; an older Meridian kept less."""
    people = {
        role: tuple(
            Person(name=each["name"], credentials=tuple(each.get("credentials", ())))
            for each in kept.get(role, ())
        )
        for role in ("authors", "reviewers")
    }
    return About(**{**kept, **people})
