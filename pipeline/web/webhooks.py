"""``POST /hooks/<provider>/``: what mail providers tell of letters that went out.

A call is believed only with what its provider signs or knows; where nothing is set, none is. It is
answered with 200 once everything it tells is committed, and a provider that gets any other answer
tells it again (Mailgun: not after 406).
"""

import hashlib
import logging
import time

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from pipeline.events.feed import hear, miss
from pipeline.events.models import SpentToken
from pipeline.events.take import take
from pipeline.web.hooks import basic
from pipeline.web.hooks.call import Call, Refusal, read
from pipeline.web.hooks.hook import Hook
from pipeline.web.hooks.registry import HOOKS

log = logging.getLogger(__name__)

# Garbage may come often; the log says it once in a while.
_TELL_AGAIN = 60.0
_told: dict[tuple[str, str], float] = {}


# Whoever calls proves who they are by a signature or a password, and has no cookie.
@csrf_exempt
@require_http_methods(["POST", "HEAD"])
def webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """Take in what a provider tells.

    Raises:
        Http404: There is no such provider.
    """
    hook = HOOKS.get(provider)
    if hook is None:
        raise Http404
    if request.method == "HEAD":
        # Some providers look whether the address is there.
        return HttpResponse()
    try:
        _take(hook, _believed(hook, request))
    except Refusal as refusal:
        return _refused(hook, refusal)
    return HttpResponse()


def _believed(hook: Hook, request: HttpRequest) -> Call:
    """The call, if it is the provider's; until that is known nothing is read or written."""
    if fault := hook.fault():
        raise Refusal(fault, status=503)
    if hook.basic:
        basic.ask(request.headers.get("Authorization", ""))
    call = read(request, now=timezone.now())
    if call.content_type not in hook.types:
        raise Refusal("the body is of another content type", status=415)
    hook.check(call)
    return call


def _take(hook: Hook, call: Call) -> None:
    hook.greet(call)
    token = hook.token(call)
    if not token:
        take(hook.events(call), now=call.now)
    else:
        # Together: of a call that fails, the token is good for the next try.
        with transaction.atomic():
            _spend(hook, token, call)
            take(hook.events(call), now=call.now)
    hear(hook.name, now=call.now)


def _spend(hook: Hook, token: str, call: Call) -> None:
    digest = hashlib.sha256(f"{hook.name} {token}".encode(errors="replace")).hexdigest()
    defaults = {"spent_at": call.now}
    if not SpentToken.objects.get_or_create(digest=digest, defaults=defaults)[1]:
        raise Refusal("the token was used before", status=406)


def _refused(hook: Hook, refusal: Refusal) -> HttpResponse:
    _tell(hook.name, str(refusal))
    if refusal.missed_since is not None:
        miss(hook.name, since=refusal.missed_since)
    response = HttpResponse(status=refusal.status)
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="webhooks"'
    return response


def _tell(provider: str, why: str) -> None:
    """Say in the log why a call was refused, once a minute for each reason."""
    now = time.monotonic()
    if now - _told.get((provider, why), -_TELL_AGAIN) >= _TELL_AGAIN:
        _told[provider, why] = now
        log.warning("a webhook of %s is refused: %s", provider, why)
