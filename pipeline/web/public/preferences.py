"""What a reader gets, with a way out of each: the page behind the link in an email."""

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from pipeline.audience.leaving import received
from pipeline.audience.models import Subscriber
from pipeline.audience.tokens import read_preferences_token, unsubscribe_token
from pipeline.web.public.sender import sender_of
from pipeline.web.public.words import words_for


@require_safe
def preferences(_: HttpRequest, token: str) -> HttpResponse:
    """Show the newsletters a reader gets. It changes nothing: each link asks before it does.

    Who gets none, because of leaving, erasure or never having been, is told the same (S18).

    Raises:
        Http404: We did not make this token.
    """
    meant = read_preferences_token(token)
    if meant is None:
        raise Http404
    subscriber_id, newsletter = meant
    subscriber = Subscriber.objects.filter(pk=subscriber_id).first()
    sender = sender_of(newsletter)
    keys = received(subscriber, now=timezone.now()) if subscriber else []
    values = {
        "words": words_for(
            subscriber.language if subscriber else "",
            sender.newsletter.language if sender.newsletter else "",
            sender.clinic.language if sender.clinic else "",
        ),
        "clinic": sender.clinic,
        "letters": [
            (sender_of(key).newsletter, unsubscribe_token(subscriber_id, key)) for key in keys
        ],
        "all": unsubscribe_token(subscriber_id, ""),
    }
    return HttpResponse(render_to_string("public/preferences.html", values))
