"""A part in one language: an issue, or a variant of it, as one thing to read and to approve."""

from pipeline.campaigns.models import Issue, Variant

Text = Issue | Variant


def part_of(text: Text) -> Issue:
    """The issue a text is, or is a variant of."""
    return text if isinstance(text, Issue) else text.issue


def language_of(text: Text) -> str:
    """The language of a variant; "" is the newsletter's own."""
    return "" if isinstance(text, Issue) else text.language


def key_of(text: Text) -> str:
    """What tells one text of a campaign from the others: ``12``, or ``12-ko`` of a variant."""
    return _key(part_of(text).pk, text)


def place_of(text: Text) -> str:
    """What people and pages call it by: ``2``, or ``2-ko`` of a variant."""
    return _key(part_of(text).part, text)


def _key(number: int, text: Text) -> str:
    return "-".join(filter(None, [str(number), language_of(text)]))


def told_text(text: Text) -> str:
    """``part 2``, or ``part 2 in ko``."""
    told = f"part {part_of(text).part}"
    return f"{told} in {language_of(text)}" if language_of(text) else told
