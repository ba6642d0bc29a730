"""What an issue and its variants have in common: a letter, kept as it was rendered."""

from dataclasses import asdict

from pipeline.campaigns.models import Issue, Variant
from pipeline.campaigns.parts import store
from pipeline.values import RenderedIssue


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
