"""Taking a leaving back, from the page that followed it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from pipeline.audience import leaving
from pipeline.audience.models import Subscriber, Suppression
from pipeline.audience.tokens import preferences_token, read_undo_token
from pipeline.web.public.languages import reader_languages
from pipeline.web.public.sender import joinable, sender_of
from pipeline.web.public.words import words_for
from pipeline.web.public.words.preferences import preferring_words


# The token in the address is all that is believed, and no site can know it: nothing to forge.
@csrf_exempt
@require_http_methods(["POST"])
def undo(_: HttpRequest, token: str) -> HttpResponse:
    """Put the person back onto the list, if it is not too late.

    Raises:
        Http404: We did not make this token.
    """
    meant = read_undo_token(token)
    if meant is None:
        raise Http404
    subscriber_id, suppression_id = meant
    leaving.undo(subscriber_id=subscriber_id, suppression_id=suppression_id, now=timezone.now())
    row = Suppression.objects.filter(pk=suppression_id).first()
    person = Subscriber.objects.filter(pk=subscriber_id).exclude(address="").first()
    newsletter = row.newsletter if row else ""
    # Pressed twice, it has been undone all the same: the state is told, not what this call did.
    gets = leaving.received(person, now=timezone.now()) if person else []
    back = newsletter in gets if newsletter else bool(gets)
    sender = sender_of(newsletter)
    languages = reader_languages(person, sender)
    values = {
        "words": words_for(*languages),
        "more": preferring_words(*languages),
        "clinic": sender.clinic,
        "back": back,
        "preferences": preferences_token(subscriber_id, newsletter) if back else "",
        "joinable": newsletter in joinable() if newsletter else bool(joinable()),
    }
    return HttpResponse(render_to_string("public/undone.html", values))
