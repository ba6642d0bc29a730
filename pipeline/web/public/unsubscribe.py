"""Leaving by the link of an email: a page with a button, and the one-click POST of RFC 8058."""

from dataclasses import replace
from datetime import datetime

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from pipeline.audience import leaving
from pipeline.audience.models import Subscriber
from pipeline.audience.tokens import (
    preferences_token,
    read_unsubscribe_token,
    undo_token,
    unsubscribe_token,
)
from pipeline.web.public.errors import bad_request
from pipeline.web.public.languages import reader_languages
from pipeline.web.public.sender import sender_of
from pipeline.web.public.words import words_for
from pipeline.web.public.words.preferences import preferring_words

# The form is 26 octets, some 200 as multipart; whatever is this large is something else.
_LARGEST_BODY = 10_000


# The token is all a mail provider brings: no cookie, so nothing a forged form could ride on (D5).
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show the question (GET, changes nothing, D7) or end the subscription (POST, D3, D4).

    Who is not on the list, because of leaving, erasure or never having been, is told the same as
    who leaves now (S18).

    Raises:
        Http404: We did not make this token.
    """
    meant = read_unsubscribe_token(token)
    if meant is None:
        raise Http404
    subscriber_id, newsletter = meant
    if request.method == "POST":
        if _is_too_large(request):
            return bad_request(request, status=413)
        form = _form(request)
        if form.get("List-Unsubscribe", "").strip() != "One-Click":
            return bad_request(request)
        source = "page" if form.get("from") == "page" else "one-click"
        leaving.unsubscribe(
            subscriber_id=subscriber_id, newsletter=newsletter, source=source, now=timezone.now()
        )
    return _page(subscriber_id, newsletter)


def _is_too_large(request: HttpRequest) -> bool:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0) > _LARGEST_BODY
    except ValueError:
        return True  # nobody can tell how long it is


def _form(request: HttpRequest) -> QueryDict:
    """The form in the body: multipart (D4) or, whatever it is called, not; empty if it is none."""
    try:
        multipart = request.content_type == "multipart/form-data"
        return request.POST if multipart else QueryDict(request.body)
    except (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        return QueryDict()


def _page(subscriber_id: int, newsletter: str) -> HttpResponse:
    now = timezone.now()
    person = Subscriber.objects.filter(pk=subscriber_id).first()
    sender = sender_of(newsletter)
    languages = reader_languages(person, sender)
    words = words_for(*languages)
    values = {
        "words": words if newsletter else replace(words, this_newsletter=words.all_of_them),
        "more": preferring_words(*languages),
        "clinic": sender.clinic,
        "newsletter": sender.newsletter,
    }
    if person is not None and leaving.is_written_to(person, newsletter, now=now):
        choices = _choices(person, newsletter, now=now)
        return HttpResponse(render_to_string("public/unsubscribe.html", {**values, **choices}))
    row = leaving.undoable(subscriber_id=subscriber_id, newsletter=newsletter, now=now)
    undo = undo_token(subscriber_id, row.pk) if row else ""
    return HttpResponse(render_to_string("public/left.html", {**values, "undo": undo}))


def _choices(person: Subscriber, newsletter: str, *, now: datetime) -> dict[str, object]:
    """What may be done instead of leaving this newsletter."""
    gets = leaving.received(person, now=now)
    return {
        "less": preferences_token(person.pk, newsletter) if newsletter in gets else "",
        "key": newsletter,
        "all": unsubscribe_token(person.pk, "") if newsletter and len(gets) > 1 else "",
    }
