"""A clinic whose practitioners can be written to, and what they were sent."""

import hashlib

from pipeline.audience.models import Notice, Subscriber
from pipeline.campaigns.models import ApprovalRequest, ConfigurationRevision, Issue
from pipeline.campaigns.requests import request_approval, token_of
from pipeline.campaigns.revisions import current_configuration
from tests.factories import NOW, configured, issue

MARA = 'name = "Mara Ellison"'
EMAIL = 'email = "mara@harbour-street.example.com"'
ANCHOR = b'archive = "public"'
STAFF = 'staff = ["desk@harbour-street.example.com"]'


def clinic(*, language: str = "en", email: str = EMAIL, more: str = "", letter: str = "") -> None:
    """The example clinic, where Mara Ellison can be written to; more settings of its newsletter."""
    tongue = f'language = "{language}"'
    configured(old=MARA, new=f"{MARA}\n{email}\n{tongue}{more}")
    made = ConfigurationRevision.objects.latest("pk")
    content = bytes(made.content).replace(ANCHOR, ANCHOR + f"\n{letter}".encode(), 1)
    sha256 = hashlib.sha256(content).hexdigest()
    ConfigurationRevision.objects.filter(pk=made.pk).update(content=content, sha256=sha256)


def waiting(part: int = 1, **fields: object) -> Issue:
    """An issue that waits for a yes."""
    made = issue(part=part, approved=False, state=Issue.State.SCHEDULED)
    Issue.objects.filter(pk=made.pk).update(**fields)
    made.refresh_from_db()
    return made


def request(*, part: int | None = None) -> ApprovalRequest:
    """Mara Ellison is asked."""
    return request_approval(
        article="why-warmth-helps",
        practitioner_name="mara ellison",
        configuration=current_configuration(),
        actor="ana",
        now=NOW,
        part=part,
    )


def path(asked: ApprovalRequest) -> str:
    """The path of the link in the mail."""
    return f"/approve/{token_of(asked)}/"


def addresses(kind: Notice.Kind) -> list[str]:
    """Who was written to."""
    people = Notice.objects.filter(kind=kind).order_by("pk").values_list("subscriber", flat=True)
    return [Subscriber.objects.get(pk=person).address for person in people]
