"""The headers of every page: no script, no frame, nothing from elsewhere, nothing kept (S33)."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "Content-Security-Policy": CSP,
    # A page under a token is for one person: no cache and no search engine may hold it (S19).
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}

_Handler = Callable[[HttpRequest], HttpResponse]


def content_security_policy(get_response: _Handler) -> _Handler:
    """Middleware that gives every page the strict headers, unless its view set its own.

    Django's ``SecurityMiddleware`` adds ``nosniff`` and ``Referrer-Policy: no-referrer``. Its HSTS
    waits for a request that came by https, which never comes where TLS ends at a proxy: so HSTS is
    set here, whenever the public address is https. It redirects nothing (D6).
    """

    def with_headers(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.SECURE_HSTS_SECONDS:
            value = f"max-age={settings.SECURE_HSTS_SECONDS}"
            response.headers.setdefault("Strict-Transport-Security", value)
        if request.method == "HEAD":
            # waitress sends what it is given; a body here would be read as the next answer.
            response.content = b""
        return response

    return with_headers
