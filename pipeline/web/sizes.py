"""How large a request may be: forms are small, and only providers gather events by the megabyte."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from pipeline.web.public.errors import bad_request

LARGEST_FORM = 64 * 1024
# These ask for a signature or a password, and have a limit of their own (``hooks/call.py``).
_LARGE = "/hooks/"

_Handler = Callable[[HttpRequest], HttpResponse]


def refuse_large_bodies(get_response: _Handler) -> _Handler:
    """Middleware that answers a body no page takes with 413, before any view looks at it.

    The server in front reads a request before we are asked, up to the largest of all.
    """

    def small(request: HttpRequest) -> HttpResponse:
        if _length(request) > LARGEST_FORM and not request.path.startswith(_LARGE):
            return bad_request(request, status=413)
        return get_response(request)

    return small


def _length(request: HttpRequest) -> int:
    """What it says its body has; 0 of what is no number, as Django reads nothing then."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
