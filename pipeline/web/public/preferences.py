"""What a reader sets for themselves: the page behind the link in an email."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from pipeline.audience.forgetting import forget
from pipeline.audience.leaving import received
from pipeline.audience.models import Subscriber
from pipeline.audience.preferring import change
from pipeline.audience.tokens import preferences_token, read_preferences_token, unsubscribe_token
from pipeline.web.public.languages import reader_languages
from pipeline.web.public.preferring import Form, form_of, read, said_of
from pipeline.web.public.sender import joinable, sender_of
from pipeline.web.public.words import words_for
from pipeline.web.public.words.preferences import preferring_words


# The token in the address is all that is believed, and no site can know it: nothing to forge.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a reader gets and what we know (GET), or write down what they set (POST).

    Who gets none, because of leaving, erasure or never having been, is told the same (S18).

    Raises:
        Http404: We did not make this token.
    """
    person, number, newsletter = _meant(token)
    form = form_of(person, now=timezone.now()) if person else Form()
    words = preferring_words(*reader_languages(person, sender_of(newsletter)))
    if request.method != "POST" or not form.letters or person is None:
        return _page(person, number, newsletter, form)
    typed = read(request.POST.dict(), form, words)
    if typed.errors:
        return _page(person, number, newsletter, typed, status=422)
    change(typed.changes, subscriber_id=person.pk, now=timezone.now())
    person.refresh_from_db()
    kept = form_of(person, now=timezone.now())
    return _page(person, number, newsletter, kept, saved=True)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def deletion(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether to delete everything about a reader (GET), or do it (POST).

    Who was deleted before, or never was, is told the same (S18).

    Raises:
        Http404: We did not make this token.
    """
    person, number, newsletter = _meant(token)
    name = "public/forget.html"
    values = _values(person, number, newsletter)
    if request.method == "POST":
        name = "public/forgotten.html"
        forget(subscriber_id=number, actor="subscriber", now=timezone.now())
    return HttpResponse(render_to_string(name, values))


def _meant(token: str) -> tuple[Subscriber | None, int, str]:
    """The person a token means, if there still is one, its number and the newsletter it came in."""
    meant = read_preferences_token(token)
    if meant is None:
        raise Http404
    number, newsletter = meant
    return Subscriber.objects.filter(pk=number).exclude(address="").first(), number, newsletter


def _page(
    person: Subscriber | None,
    number: int,
    newsletter: str,
    form: Form,
    *,
    saved: bool = False,
    status: int = 200,
) -> HttpResponse:
    gets = received(person, now=timezone.now()) if person else []
    shared = _values(person, number, newsletter)
    values = {
        **shared,
        "form": form,
        "saved": saved,
        "letters": [
            (letter, unsubscribe_token(number, letter.key), rhythm, said_of(rhythm, shared["more"]))
            for letter, rhythm in form.letters
        ],
        "all": unsubscribe_token(number, ""),
        "others": [offer.newsletter for key, offer in joinable().items() if key not in gets],
    }
    return HttpResponse(render_to_string("public/preferences.html", values), status=status)


def _values(person: Subscriber | None, number: int, newsletter: str) -> dict[str, Any]:
    sender = sender_of(newsletter)
    languages = reader_languages(person, sender)
    return {
        "words": words_for(*languages),
        "more": preferring_words(*languages),
        "clinic": sender.clinic,
        "token": preferences_token(number, newsletter),
    }
