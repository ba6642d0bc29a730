"""Four eyes: who wrote, planned or edited a text is not the one who approves it (S31)."""

import re
import unicodedata
from collections.abc import Iterator

from pipeline.campaigns.texts import Text, part_of
from pipeline.errors import ApprovalError

# What stands before a name and is none of it.
_TITLES = frozenset({"dr", "prof", "professor", "doctor", "mr", "mrs", "ms"})


def folded(name: str) -> str:
    """A name by which two spellings of one person are known as one.

    Case, accents, spaces, points, a title before it and letters behind a comma make no other
    person: "Dr. José  Kim, L.Ac." is "jose kim".
    """
    plain = unicodedata.normalize("NFKD", name.partition(",")[0].casefold())
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", bare))
    kept = [word for word in words if word not in _TITLES]
    return " ".join(kept or words)


def refuse_own(text: Text, approver: str) -> None:
    """Refuse an approver who had a hand in what they approve, where another person must.

    Raises:
        ApprovalError: They wrote it, planned it or edited it.
    """
    part = next(parts_in(text, approver), "")
    if part and part_of(text).four_eyes:
        raise ApprovalError(
            f"{approver} {part} and cannot approve it, too: this newsletter wants four eyes",
            mend="Ask another practitioner: meridian campaign request-approval.",
        )


def parts_in(text: Text, name: str) -> Iterator[str]:
    """What this person did for an issue, or for a variant of it, each in a word or two."""
    same, issue = folded(name), part_of(text)
    if any(folded(person["name"]) == same for person in issue.about.get("authors", ())):
        yield "wrote this article"
    if any(folded(person["name"]) == same for person in text.about.get("authors", ())):
        yield "wrote this text"
    if folded(issue.campaign.planned_by) == same:
        yield "planned this series"
    edits = [issue.edits, *issue.posts.values_list("edits", flat=True)]
    if any(folded(edit.get("by", "")) == same for each in edits for edit in each.values()):
        yield "edited this part"
