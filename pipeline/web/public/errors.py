"""The pages for what went wrong, in the same hand as the others.

They ask no database and name no clinic, so that they can always be shown; and they repeat nothing
of the request, so that a forged token and a mistyped address look alike (D8, S34).
"""

import jinja2
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import render_to_string

from pipeline.web.public.languages import accepted_languages
from pipeline.web.public.words import Problem, Words, words_for


def bad_request(
    request: HttpRequest, exception: Exception | None = None, *, status: int = 400
) -> HttpResponse:
    """The page for a request that makes no sense; also Django's ``handler400``."""
    del exception  # Django hands it over by name; the page does not tell it.
    words = _words(request)
    return _page(words, words.unreadable, status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for an address or a token that is not ours: Django's ``handler404``."""
    del exception  # As above.
    words = _words(request)
    return _page(words, words.not_found, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for a failure of ours: Django's ``handler500``.

    A broken template of the home may be what failed, so there are plain words behind the page.
    """
    words = _words(request)
    try:
        return _page(words, words.broken, status=500)
    except (jinja2.TemplateError, TemplateSyntaxError, TemplateDoesNotExist):
        text = f"{words.broken.title}\n\n{words.broken.text}\n"
        return HttpResponse(text, status=500, content_type="text/plain; charset=utf-8")


def _page(words: Words, problem: Problem, *, status: int) -> HttpResponse:
    values = {"words": words, "problem": problem, "clinic": None}
    return HttpResponse(render_to_string("public/error.html", values), status=status)


def _words(request: HttpRequest) -> Words:
    """The words in the language the browser asks for."""
    return words_for(*accepted_languages(request))
