"""The page behind the link in the mail: read, comment, approve or send back, without an account."""

import datetime as dt
import re
from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from pipeline.campaigns.models import ApprovalRequest, Card, Part
from pipeline.campaigns.requests import Standing, asked_about, request_of, standing
from pipeline.campaigns.review import review
from pipeline.campaigns.revisions import current_configuration
from pipeline.campaigns.texts import language_of
from pipeline.campaigns.variants import with_variants
from pipeline.stages import samples
from pipeline.stages.merge import merge
from pipeline.values import Configuration
from pipeline.web.headers import CSP
from pipeline.web.public.approving.acting import ACTS, Trouble, act
from pipeline.web.public.approving.part_words import part_words
from pipeline.web.public.approving.telling import Teller, open_texts
from pipeline.web.public.approving.wording import ApprovingWords
from pipeline.web.public.approving.words import approving_words
from pipeline.web.public.languages import accepted_languages

_CLOSED = {
    Standing.ENDED: "ended",
    Standing.REPLACED: "replaced",
    Standing.WITHDRAWN: "withdrawn",
}
# The exact bytes have styles on each element; nothing in them can ask for anything or run.
_LETTER = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'; sandbox"
)
_SHA256 = re.compile(r"[0-9a-f]{64}")


# The token in the address is all that is believed, and no site can know it: nothing to forge.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def approving(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is to be approved (GET, changes nothing, D7), or do what a button says (POST).

    A link that has ended, or that a newer mail replaced, says so.

    Raises:
        Http404: We did not make this token.
    """
    asked, configuration, now = _asked(token), current_configuration(), timezone.now()
    words = _words(asked, configuration)
    state = standing(asked, configuration=configuration, now=now)
    if state in _CLOSED:
        values = {
            "words": words,
            "clinic": configuration.clinic,
            "closed": words.closed(_CLOSED[state]),
        }
        page = render_to_string("public/approving/closed.html", values)
        return HttpResponse(page, status=HTTPStatus.GONE)
    if request.method != "POST":
        return _page(request.GET, asked, configuration, token=token, now=now)
    trouble = act(asked, request.POST, now=now)
    if trouble:
        status = 409 if trouble in ("changed", "own") else 422
        return _page(
            request.POST, asked, configuration, token=token, now=now, trouble=trouble, status=status
        )
    done = request.POST["act"]
    place = "" if done == "approve" else f"#part-{request.POST['shown'].partition(':')[0]}"
    # A reload of what is shown then does nothing a second time.
    here = f"{reverse('approve', args=[token])}?done={done}{place}"
    return HttpResponseRedirect(here, status=HTTPStatus.SEE_OTHER)


@require_safe
def letter(_: HttpRequest, token: str, part: int, language: str = "") -> HttpResponse:
    """The stored bytes of a part in a language, with sample values in the places of the marks.

    Raises:
        Http404: The link is none of ours, or shows no such text.
    """
    issue = asked_about(_open(token)).filter(part=part).first()
    texts = with_variants(issue) if issue else []
    shown = next((text for text in texts if language_of(text) == language), None)
    if shown is None:
        raise Http404
    values = _samples(shown.about.get("language", ""))
    html = merge(bytes(shown.html.content).decode(), values, html=True)
    headers = {"Content-Security-Policy": _LETTER, "X-Frame-Options": "SAMEORIGIN"}
    return HttpResponse(html, headers=headers)


@require_safe
def card(_: HttpRequest, token: str, sha256: str) -> HttpResponse:
    """A picture card of one of the parts, by the hash of its bytes.

    Raises:
        Http404: The link is none of ours, or shows no such card.
    """
    mine = Card.objects.filter(issue__in=asked_about(_open(token)))
    if not _SHA256.fullmatch(sha256) or not mine.filter(png=sha256).exists():
        raise Http404
    png = bytes(Part.objects.values_list("content", flat=True).get(pk=sha256))
    return HttpResponse(png, content_type="image/png")


@require_safe
def sample(request: HttpRequest) -> HttpResponse:
    """The page that stands where each reader has a link of their own."""
    words = approving_words(*accepted_languages(request))
    values = {"words": words, "clinic": None}
    return HttpResponse(render_to_string("public/approving/sample.html", values))


def _asked(token: str) -> ApprovalRequest:
    asked = request_of(token)
    if asked is None:
        raise Http404
    return asked


def _open(token: str) -> ApprovalRequest:
    asked = _asked(token)
    state = standing(asked, configuration=current_configuration(), now=timezone.now())
    if state in _CLOSED:
        raise Http404
    return asked


def _words(asked: ApprovalRequest, configuration: Configuration) -> ApprovingWords:
    named = [each for each in configuration.practitioners if each.name == asked.practitioner]
    return approving_words(*(each.language for each in named), configuration.clinic.language)


def _samples(language: str) -> dict[str, str]:
    return samples.values(settings.MERIDIAN_URL, language=language)


def _page(
    typed: QueryDict,
    asked: ApprovalRequest,
    configuration: Configuration,
    *,
    token: str,
    now: dt.datetime,
    trouble: Trouble = "",
    status: int = 200,
) -> HttpResponse:
    words = _words(asked, configuration)
    more = part_words(words.language)
    newsletters = {each.key: each for each in configuration.newsletters}
    newsletter = newsletters.get(asked.campaign.newsletter)
    parts = [
        review(
            issue,
            practitioner=asked.practitioner,
            newsletter=newsletter,
            samples=_samples,
            now=now,
        )
        for issue in asked_about(asked).select_related("campaign")
    ]
    teller = Teller(asked=asked, newsletter=newsletter, words=words, more=more)
    texts = [text for part in parts for text in part.texts]
    done = typed.get("done", "")
    values = {
        "words": words,
        "more": more,
        "clinic": configuration.clinic,
        "newsletter": newsletter,
        "title": asked.campaign.title,
        "name": asked.practitioner,
        "token": token,
        "parts": [teller.part(each) for each in parts],
        "open": open_texts(texts),
        "several": len(texts) > len(parts),
        "done": words.done.get(done, "") if done in ACTS and not trouble else "",
        "trouble": words.troubles.get(trouble, ""),
        "kept": typed.get("text", "") if trouble else "",
        "settled": not any(each.waits for each in texts),
    }
    page = render_to_string("public/approving/page.html", values)
    headers = {"Content-Security-Policy": f"{CSP}; frame-src 'self'"}
    return HttpResponse(page, status=status, headers=headers)
