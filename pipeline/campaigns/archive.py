"""Which issues everybody may read: those that have begun to go out, as they were approved."""

from django.db.models import QuerySet

from pipeline.campaigns.approval import approved
from pipeline.campaigns.models import Issue

_BEGUN = (Issue.State.RELEASING, Issue.State.SENDING, Issue.State.SENT)


def archived() -> QuerySet[Issue]:
    """The issues that are in readers' hands already; one called off is taken out of them."""
    return Issue.objects.filter(approved(), state__in=_BEGUN)
