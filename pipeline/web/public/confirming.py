"""Confirming by the link of a mail: a page with one button, and what comes of it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from pipeline.audience import confirming
from pipeline.audience.confirming import Standing
from pipeline.audience.tokens import read_confirm_token
from pipeline.web.public.languages import accepted_languages
from pipeline.web.public.network import network_of
from pipeline.web.public.sender import joinable, sender_of
from pipeline.web.public.words.joining import joining_words


# The token in the address is all that is believed, and no site can know it: nothing to forge.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once more (GET, changes nothing, D7), or put the person onto the list (POST).

    A link that has ended leads to a page that says how to ask anew, and so does one whose person
    was deleted or erased.

    Raises:
        Http404: We did not make this token.
    """
    link = read_confirm_token(token)
    if link is None:
        raise Http404
    # Before it is used: afterwards the request no longer holds it.
    language = confirming.language_of(link)
    if request.method == "POST":
        standing = confirming.confirm(link, network=network_of(request), now=timezone.now())
    else:
        standing = confirming.look(link, now=timezone.now())
    return _page(standing, link.newsletter, [language, *accepted_languages(request)])


def _page(standing: Standing, key: str, wishes: list[str]) -> HttpResponse:
    sender = sender_of(key)
    values = {
        "words": joining_words(
            *wishes,
            sender.newsletter.language if sender.newsletter else "",
            sender.clinic.language if sender.clinic else "",
        ),
        "clinic": sender.clinic,
        "newsletter": sender.newsletter,
        "joinable": key in joinable(),
    }
    name = f"public/{standing.name.lower()}.html"
    # A link that has ended is told so to programs, too.
    status = 410 if standing == Standing.ENDED else 200
    return HttpResponse(render_to_string(name, values), status=status)
