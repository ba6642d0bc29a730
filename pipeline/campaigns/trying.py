"""Test sends: an issue as it stands, to the staff and nobody else (S35)."""

import datetime as dt

from django.db import transaction

from pipeline.audience.addresses import normalise_address
from pipeline.audience.models import Notice
from pipeline.audience.notices import post
from pipeline.campaigns.acts import find
from pipeline.campaigns.log import note
from pipeline.campaigns.models import ConfigurationRevision, Issue
from pipeline.campaigns.staff import row_of, staff
from pipeline.errors import SettingError, StaffError
from pipeline.values import Configuration

# More than this in an hour, by all together, and Meridian would be a way to write to anybody.
MOST_AN_HOUR = 100
_HOUR = dt.timedelta(hours=1)


@transaction.atomic
def send_test(
    issue: Issue, *, to: str, configuration: Configuration, actor: str, now: dt.datetime
) -> None:
    """Have an issue sent to somebody of the staff, as its bytes stand now, approved or not.

    Raises:
        StaffError: The address is none of the staff's, or there were too many within an hour.
        SourceError: It is no address.
    """
    address = normalise_address(to)
    if address not in staff(configuration):
        raise StaffError(
            "a test goes only to the clinic's own people, and this address is none of theirs",
            mend='Put it into clinic.toml: staff = ["…"] under [clinic].',
        )
    # Held until the end, so that no two count the same hour.
    list(ConfigurationRevision.objects.select_for_update().order_by("-pk")[:1])
    sent = Notice.objects.filter(kind=Notice.Kind.TEST, created_at__gt=now - _HOUR)
    count = sent.count()
    if count >= MOST_AN_HOUR:
        raise StaffError(
            f"{count} tests were sent within the hour, which is the most",
            mend="Wait until the hour is over.",
        )
    post(
        kind=Notice.Kind.TEST,
        subscriber=row_of(address, now=now),
        newsletter=issue.newsletter,
        cause=f"issue {issue.pk} at {now.isoformat()}, {count}",
        language=issue.about.get("language", ""),
        values=_frozen(issue),
        now=now,
    )
    told = f"part {issue.part} sent as a test"
    note("tested", told, actor=actor, now=now, issue=issue, hash=issue.content_hash)


def _frozen(issue: Issue) -> dict[str, str]:
    return {
        "subject": issue.subject,
        "html": issue.html_id,
        "text": issue.text_id,
        "from_name": issue.envelope["from_name"],
        "reply_to": issue.envelope["reply_to"],
    }


def issue_named(name: str) -> Issue:
    """The issue a person means by "slug" or "slug/2"; without a number, the first part.

    Raises:
        SettingError: There is none.
    """
    article, _, number = name.strip("/").partition("/")
    issues = find(article).issues.select_related("campaign").order_by("part")
    fit = number.isascii() and number.isdigit() and len(number) < 7
    issue = issues.filter(part=int(number) if fit else 0).first() if number else issues.first()
    if issue is None:
        known = ", ".join(f"{article}/{each.part}" for each in issues)
        raise SettingError(f"there is no issue {name!r}", mend=f"There is: {known}.")
    return issue
