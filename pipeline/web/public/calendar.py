"""The plan as a calendar: for whoever was given its address, until it is revoked."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from pipeline.audience.tokens import read_calendar_token
from pipeline.campaigns.feed import plan_calendar, revocations


@require_safe
def plan(_request: HttpRequest, token: str) -> HttpResponse:
    """Issues and posts with their times, as iCalendar; it names no reader.

    Raises:
        Http404: We did not make this token, or it was revoked.
    """
    if read_calendar_token(token) != revocations():
        raise Http404
    return HttpResponse(plan_calendar(), content_type="text/calendar; charset=utf-8")
