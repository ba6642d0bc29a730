"""Looking changes nothing: no GET, HEAD or OPTIONS on any public page writes a row (promise 8)."""

import datetime as dt

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from pipeline.audience.leaving import unsubscribe
from pipeline.audience.models import Notice, Subscriber, Suppression
from pipeline.audience.tokens import calendar_token, preferences_token, undo_token
from pipeline.campaigns.models import Card, Issue
from pipeline.campaigns.requests import request_approval, token_of
from pipeline.campaigns.revisions import current_configuration
from tests.audience.forms import links, send, wish
from tests.campaigns.asking import EMAIL, MARA
from tests.factories import delivery, issue
from tests.web.public.archive.desk import pictured
from tests.web.public.archive.test_languages import korean
from tests.web.readers import ask, configure, everything, link, reader

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

TIMES = 20
# What only a button leads to.
BUTTONS = {"undo/<str:token>"}
# What a provider calls; some look first whether anybody is there.
HOOKS = {"hooks/<slug:provider>", "hooks/<slug:provider>/"}
METHODS = {"GET": 200, "HEAD": 200, "OPTIONS": 405}


def routes() -> list[str]:
    """Every public address, as it is written in pipeline/web/urls.py."""
    return _below(get_resolver().url_patterns)


def _below(patterns: list[URLPattern | URLResolver], before: str = "") -> list[str]:
    found: list[str] = []
    for entry in patterns:
        route = f"{before}{entry.pattern}"
        if isinstance(entry, URLResolver):
            found += _below(entry.url_patterns, route)
        else:
            found.append(route)
    return found


def examples(ana: Subscriber) -> dict[str, str]:
    """A path for each address at which there is something that could be changed."""
    confirm = _confirm_token()
    preferences = preferences_token(ana.pk, "weekly")
    archive = "archive/<str:newsletter>/<str:article>/<int:part>"
    here = {
        "u/<str:token>": link(ana),
        "p/<str:token>": f"/p/{preferences}",
        "confirm/<str:token>": f"/confirm/{confirm}",
        "subscribe/<slug:newsletter>": "/subscribe/weekly",
        "archive": "/archive",
        "archive/<str:newsletter>": "/archive/weekly",
        archive: "/archive/weekly/why-warmth-helps/1",
        f"{archive}/<str:language>": "/archive/weekly/why-warmth-helps/1/ko",
        "hooks/<slug:provider>": "/hooks/brevo",
    }
    both = {f"{route}/": f"{path}/" for route, path in here.items()}
    return {
        **here,
        **both,
        "p/<str:token>/delete": f"/p/{preferences}/delete",
        "undo/<str:token>": f"/undo/{_undo_token()}",
        **_approving(),
        "sample/": "/sample/",
        "subscribe/": "/subscribe/",
        "archive/<str:newsletter>/feed.atom": "/archive/weekly/feed.atom",
        "archive/<str:newsletter>/feed.json": "/archive/weekly/feed.json",
        "archive/<str:newsletter>/<str:language>/feed.atom": "/archive/weekly/ko/feed.atom",
        "archive/<str:newsletter>/<str:language>/feed.json": "/archive/weekly/ko/feed.json",
        "pictures/<str:sha256>.png": f"/pictures/{Card.objects.get(issue__part=1).png_id}.png",
        "calendar/<str:token>.ics": f"/calendar/{calendar_token(0)}.ics",
        "sitemap.xml": "/sitemap.xml",
        "sitemap-<int:number>.xml": "/sitemap-1.xml",
        "robots.txt": "/robots.txt",
    }


def _approving() -> dict[str, str]:
    """What a practitioner was asked about a moment ago, by the clock of the page."""
    asked = Issue.objects.get(part=2)
    link = request_approval(
        article=asked.campaign.article,
        practitioner_name="Mara Ellison",
        configuration=current_configuration(),
        actor="ana",
        now=dt.datetime.now(dt.UTC),
    )
    base = f"/approve/{token_of(link)}"
    card = Card.objects.get(issue=asked).png_id
    return {
        "approve/<str:token>": base,
        "approve/<str:token>/": f"{base}/",
        "approve/<str:token>/letter/<int:part>": f"{base}/letter/2",
        "approve/<str:token>/letter/<int:part>/<str:language>": f"{base}/letter/2/ko",
        "approve/<str:token>/card/<str:sha256>.png": f"{base}/card/{card}.png",
    }


def _undo_token() -> str:
    """Of somebody who left a moment ago, by the clock of the page."""
    chu = reader("chu@example.com")
    unsubscribe(subscriber_id=chu.pk, newsletter="weekly", now=dt.datetime.now(dt.UTC))
    return undo_token(chu.pk, Suppression.objects.get().pk)


def _confirm_token() -> str:
    # By the clock of the page, or the link had ended long ago.
    send(wish("ben@example.com"), now=dt.datetime.now(dt.UTC))
    assert links()
    return str(Notice.objects.get(kind=Notice.Kind.CONFIRM).values["token"])


@pytest.fixture
def ana() -> Subscriber:
    """A reader in a home where everything can be seen: a letter is out, somebody has asked."""
    configure((MARA, f"{MARA}\n{EMAIL}"))
    made = reader()
    sent = issue()
    pictured(sent)
    korean(sent)
    coming = issue(part=2, state=Issue.State.SCHEDULED, approved=False)
    pictured(coming)
    korean(coming)
    delivery(sent, made)
    return made


@pytest.mark.no_cover
@pytest.mark.parametrize("route", routes())
def test_twenty_looks_at_any_public_address_change_no_row_d7(ana: Subscriber, route: str) -> None:
    """D7: no scanner, preview or prefetch does anything, however often; a new address is in it."""
    paths = examples(ana)
    assert route in paths, "give this address an example above"
    before = everything()
    for method, expected in METHODS.items():
        answers = {ask(method, paths[route]).status_code for _ in range(TIMES)}
        closed = route in BUTTONS or (route in HOOKS and method == "GET")
        assert answers == {405 if closed else expected}
    assert everything() == before
