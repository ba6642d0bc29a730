"""Joining by a form: a page of ours, or a form in any other site. It only has a mail sent."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from pipeline.audience.asking import Answer, ask
from pipeline.values import Clinic, Newsletter
from pipeline.web.public.forms import (
    TRAP,
    Filled,
    Shown,
    consent_wording,
    form_address,
    read,
    shown_by,
)
from pipeline.web.public.languages import accepted_languages
from pipeline.web.public.network import network_of, tell_of_proxy
from pipeline.web.public.sender import joinable
from pipeline.web.public.words.joining import JOINING, Joining, Passage, joining_words


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """Whose form it is, and the words it is in."""

    clinic: Clinic
    newsletter: Newsletter
    words: Joining

    def says(self, text: str) -> str:
        return text.format(newsletter=self.newsletter.name, clinic=self.clinic.name)


@require_safe
def newsletters(request: HttpRequest) -> HttpResponse:
    """List the newsletters anybody may ask for."""
    offers = list(joinable().values())
    clinic = offers[0].clinic if offers else None
    values = {
        "words": joining_words(*_wishes(request), clinic.language if clinic else ""),
        "languages": JOINING.values(),
        "clinic": clinic,
        "newsletters": [offer.newsletter for offer in offers],
    }
    return HttpResponse(render_to_string("public/newsletters.html", values))


# The form stands in pages of other sites too, and those can have no token of ours against forgery.
# None is needed: no cookie tells who somebody is, so a forged form does no more than anybody can do
# at any time, which is to have one mail sent that asks; and how many of these go out is bounded.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, newsletter: str) -> HttpResponse:
    """Show the form (GET, changes nothing), or have the address asked to confirm (POST).

    The answer is the same for every address, whatever we know of it (S18). ``Accept:
    application/json`` gets it as JSON, from any site.

    Raises:
        Http404: There is no such newsletter, or it is private: one answer for both (S17).
    """
    page = _page(request, newsletter)
    if request.method != "POST":
        return HttpResponse(_form(page, Filled()))
    shown = shown_by(request.POST.get("form", ""), newsletter)
    if shown is not None:
        page = replace(page, words=joining_words(shown.language))
    return _answer(request, page, shown)


def _page(request: HttpRequest, key: str) -> _Page:
    offer = joinable().get(key)
    if offer is None:
        raise Http404
    # A newsletter that names no language is in the clinic's.
    words = joining_words(*_wishes(request), offer.newsletter.language)
    return _Page(clinic=offer.clinic, newsletter=offer.newsletter, words=words)


def _wishes(request: HttpRequest) -> list[str]:
    """The languages a visitor asks for: by the links of the page, else by the browser."""
    return [request.GET.get("language", ""), *accepted_languages(request)]


def _answer(request: HttpRequest, page: _Page, shown: Shown | None) -> HttpResponse:
    now = timezone.now()
    filled = read(request.POST.dict(), page.newsletter, page.words)
    if request.POST.get(TRAP):
        return _told(request, page, page.words.sent)  # a program; it learns nothing
    if filled.errors or shown is None:
        notice = "" if filled.errors else page.words.once_more
        return _back(request, page, filled, notice=notice)
    if shown.is_quick(now):
        return _back(request, page, filled, notice=page.words.quick)
    answer = ask(
        filled.wish(shown, form=form_address(request, shown)),
        network=network_of(request),
        timed=shown.is_timed(now),
        joins_per_hour=page.newsletter.joins_per_hour,
        now=now,
    )
    if answer == Answer.TAKEN:
        return _told(request, page, page.words.sent)
    if answer == Answer.NETWORK_IS_FULL:
        tell_of_proxy(request)
        return _told(request, page, page.words.network_is_full, status=429)
    return _told(request, page, page.words.newsletter_rests, status=429)


def _told(
    request: HttpRequest, page: _Page, passage: Passage, *, status: int = 200
) -> HttpResponse:
    """Say what became of it."""
    came = status == 200
    if _wants_json(request):
        more = page.words.nothing_came if came else ""
        text = f"{page.says(passage.text)} {more}".strip()
        return _json({"ok": came, "title": page.says(passage.title), "text": text}, status=status)
    values = {**_values(page), "passage": passage, "came": came}
    headers = {"Vary": "Accept"} if came else {"Vary": "Accept", "Retry-After": "3600"}
    return HttpResponse(
        render_to_string("public/asked.html", values), status=status, headers=headers
    )


def _back(request: HttpRequest, page: _Page, filled: Filled, *, notice: str) -> HttpResponse:
    """Give the form back, with what is to be mended in it."""
    if _wants_json(request):
        told = {"ok": False, "title": "", "text": notice, "errors": dict(filled.errors)}
        return _json(told, status=422)
    page_again = _form(page, filled, notice=notice)
    return HttpResponse(page_again, status=422, headers={"Vary": "Accept"})


def _form(page: _Page, filled: Filled, *, notice: str = "") -> str:
    wording = consent_wording(page.words, page.clinic, page.newsletter)
    shown = Shown(
        newsletter=page.newsletter.key,
        language=page.words.language,
        wording=wording,
        opened_at=timezone.now(),
    )
    values = {
        **_values(page),
        "languages": JOINING.values(),
        "filled": filled,
        "notice": notice,
        "wording": wording,
        "form": shown.token(),
        "embedded": False,
    }
    return render_to_string("public/join.html", values)


def _values(page: _Page) -> dict[str, Any]:
    return {"words": page.words, "clinic": page.clinic, "newsletter": page.newsletter}


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _json(told: dict[str, Any], *, status: int) -> HttpResponse:
    """The answer for the script of a form in another site.

    Any site may read it: it is the same for every visitor and address, and no cookie takes part.
    """
    headers = {"Access-Control-Allow-Origin": "*", "Vary": "Accept"}
    return JsonResponse(told, status=status, headers=headers)
