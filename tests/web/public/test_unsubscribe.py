"""The unsubscribe page and the one-click POST: D2–D10, S8, S18, S19."""

from io import BytesIO
from typing import Any, NoReturn
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.signing import Signer
from django.http import HttpResponse
from django.test import override_settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from pipeline.audience.keys import Keys
from pipeline.audience.leaving import unsubscribe
from pipeline.audience.models import Subscriber, Subscription, Suppression
from pipeline.audience.suppression import suppress
from pipeline.campaigns.models import ConfigurationRevision
from tests.web.readers import (
    FORM,
    NOW,
    ONE_CLICK,
    ask,
    configure,
    everything,
    leave,
    link,
    reader,
    see,
)

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

ADDRESS_KEY = "an-address-key-for-tests-of-enough-length"
MULTIPART = encode_multipart(BOUNDARY, {"List-Unsubscribe": "One-Click"})
OLD = "the-signing-key-of-the-year-before-last"


def text(answer: HttpResponse) -> str:
    """The page, after what holds for every one: no cookie, no redirect, nothing kept."""
    assert not answer.cookies
    assert not 300 <= answer.status_code < 400
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "<script" not in answer.text
    return answer.text


def has_left(subscriber: Subscriber) -> bool:
    """Whether subscription and suppression both say so."""
    suppressed = Suppression.objects.filter(
        address_hash=subscriber.address_hash, newsletter="weekly", reason="unsubscribed"
    )
    ended = Subscription.objects.filter(subscriber=subscriber, state=Subscription.State.LEFT)
    assert suppressed.count() == ended.count()
    return suppressed.count() == 1


# --- The page -------------------------------------------------------------------------------------


def test_page_names_clinic_and_newsletter_and_asks_with_a_plain_form() -> None:
    configure()
    answer = see(link(reader()))
    page = text(answer)
    assert answer.status_code == 200
    assert "Harbour Street Acupuncture" in page
    assert '<span class="wrote" lang="en">The Harbour Letter</span>?</h1>' in page
    assert '<form method="post">' in page
    assert '<input type="hidden" name="List-Unsubscribe" value="One-Click">' in page
    assert "Unsubscribe from The Harbour Letter</button>" in page
    assert page.count("<h1") == 1


@pytest.mark.no_cover
@pytest.mark.parametrize("slash", ["", "/"])
def test_a_hundred_gets_and_heads_change_nothing_d7(slash: str) -> None:
    configure()
    path = link(reader()) + slash
    before = everything()
    for _ in range(50):
        assert see(path).status_code == 200
        head = ask("HEAD", path)
        assert (head.status_code, head.content) == (200, b"")
    assert everything() == before


@pytest.mark.parametrize(
    ("language", "ask", "left"),
    [
        ("en", "Stop receiving", "You are not on this list any more"),
        ("ko-KR", "구독을 해지하시겠습니까?", "구독이 해지된 상태입니다"),
        ("es", "¿Quiere dejar de recibir", "Ya no está en esta lista"),
        ("fr", "Stop receiving", "You are not on this list any more"),
    ],
)
def test_page_speaks_the_language_of_the_reader(language: str, ask: str, left: str) -> None:
    configure()
    path = link(reader(language=language))
    assert ask in text(see(path))
    assert left in text(leave(path))


def test_page_speaks_the_language_of_the_newsletter_to_who_has_none() -> None:
    configure(("[[newsletters]]", '[[newsletters]]\nlanguage = "es"'))
    page = text(see(link(reader(language=""))))
    assert '<html lang="es">' in page
    assert '<header lang="en">Harbour Street Acupuncture</header>' in page


def test_names_are_escaped() -> None:
    configure(('"The Harbour Letter"', '"<b>Tea & {newsletter}</b>"'))
    page = text(see(link(reader())))
    assert "&lt;b&gt;Tea &amp; {newsletter}&lt;/b&gt;</span>?</h1>" in page
    assert "<b>" not in page


# --- Leaving --------------------------------------------------------------------------------------


@pytest.mark.parametrize("slash", ["", "/"])
def test_one_click_ends_the_subscription_d3_d6(slash: str) -> None:
    configure()
    ana, ben = reader(), reader("ben@example.com")
    assert len(ONE_CLICK) == 26
    answer = leave(link(ana) + slash)
    page = text(answer)
    assert answer.status_code == 200
    assert has_left(ana)
    assert not has_left(ben)
    assert "You are not on this list any more" in page
    assert "The Harbour Letter</span> again. This takes effect at once." in page
    assert page.count("<form") == page.count('action="/undo/') == 1


def test_one_click_as_multipart_ends_the_subscription_d4() -> None:
    ana = reader()
    answer = ask("POST", link(ana), MULTIPART, MULTIPART_CONTENT)
    assert answer.status_code == 200
    assert has_left(ana)


@pytest.mark.parametrize(
    "content_type", [f"{FORM}; charset=ISO-8859-1", f"{FORM};charset=x", "text/plain", ""]
)
def test_one_click_under_another_name_ends_the_subscription(content_type: str) -> None:
    ana = reader()
    answer = ask("POST", link(ana), ONE_CLICK + b"\r\n", content_type)
    assert answer.status_code == 200
    assert has_left(ana)


@pytest.mark.parametrize(
    "agent",
    ["", "Google-Gmail", "Mozilla/5.0 (compatible; YahooMailProxy)", "curl/8.0", "\x1b[31m"],
)
def test_one_click_needs_no_context_d5(agent: str) -> None:
    ana = reader()
    headers = {"user-agent": agent, "origin": "https://elsewhere.example", "cookie": "a=b"}
    answer = leave(link(ana), **headers)
    text(answer)
    assert answer.status_code == 200
    assert has_left(ana)


def test_one_click_passes_where_forms_are_checked_d5() -> None:
    ana = reader()
    checked = [*settings.MIDDLEWARE, "django.middleware.csrf.CsrfViewMiddleware"]
    with override_settings(MIDDLEWARE=checked):
        answer = leave(link(ana))
    text(answer)
    assert answer.status_code == 200
    assert has_left(ana)


def test_leaving_again_is_answered_alike_and_written_once_d9() -> None:
    ana = reader()
    pages = {text(leave(link(ana))) for _ in range(5)}
    assert len(pages) == 1
    assert Suppression.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"List-Unsubscribe=",
        b"List-Unsubscribe=Two-Clicks",
        b"list-unsubscribe=One-Click",
        b"x=List-Unsubscribe=One-Click",
        b'{"List-Unsubscribe": "One-Click"}',
        b"\xff\xfe%ff%00",
        b"&" * 5000,
    ],
)
def test_another_body_is_refused_and_changes_nothing_d8(body: bytes) -> None:
    path = link(reader())
    before = everything()
    answer = ask("POST", path, body, FORM)
    assert answer.status_code == 400
    assert "Nothing was changed" in text(answer)
    assert everything() == before


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=" + "x" * 300,
        "multipart/form-data; boundary=other",
    ],
)
def test_broken_multipart_is_refused_and_changes_nothing_d8(content_type: str) -> None:
    path = link(reader())
    before = everything()
    answer = ask("POST", path, ONE_CLICK, content_type)
    assert answer.status_code == 400
    assert everything() == before


class Unread(BytesIO):
    """A body nobody may read."""

    def read(self, *_: object) -> NoReturn:
        """Fail the test."""
        raise AssertionError("it was read")


class Cut(BytesIO):
    """A body whose sender is gone."""

    def read(self, *_: object) -> NoReturn:
        """Fail as a cut line does."""
        raise ConnectionResetError


@pytest.mark.parametrize("length", ["10001", "9" * 30, "many"])
def test_a_large_body_is_refused_unread(length: str) -> None:
    path = link(reader())
    extra: dict[str, Any] = {"wsgi.input": Unread(), "CONTENT_LENGTH": length, "CONTENT_TYPE": FORM}
    answer = ask("POST", path, **extra)
    assert answer.status_code == 413
    assert "Nothing was changed" in text(answer)
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("length", ["26", "-1", ""])
def test_a_body_cut_off_is_refused(length: str) -> None:
    path = link(reader())
    extra: dict[str, Any] = {"wsgi.input": Cut(), "CONTENT_LENGTH": length, "CONTENT_TYPE": FORM}
    assert ask("POST", path, **extra).status_code == 400
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "UNSUBSCRIBE"])
def test_other_methods_are_refused(method: str) -> None:
    answer = ask(method, link(reader()), ONE_CLICK, FORM)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, POST"
    assert not Suppression.objects.exists()


# --- Tokens ---------------------------------------------------------------------------------------


def test_tokens_of_two_readers_differ_and_hold_no_address_d2() -> None:
    first, second = link(reader()), link(reader("ben@example.com"))
    assert first != second
    assert "ana" not in first
    assert "@" not in first


@pytest.mark.no_cover
def test_every_flipped_byte_is_refused_d8() -> None:
    token = link(reader()).removeprefix("/u/").encode()
    before = everything()
    missing = text(see("/nothing-here"))
    for place in range(len(token)):
        for mask in (0x01, 0x20, 0x80):
            forged = bytearray(token)
            forged[place] ^= mask
            path = f"/u/{quote(bytes(forged))}"
            seen, posted = see(path), leave(path)
            assert (seen.status_code, posted.status_code) == (404, 404)
            assert text(seen) == text(posted) == missing
    assert everything() == before


@pytest.mark.parametrize(
    "change",
    [
        "/u/{}x",
        "/u/x{}",
        "/u/{};x",
        "/u/{}//",
        "/u//{}",
        "/U/{}",
        "/u/./{}",
        "/u/%2e%2e/u/{}",
        "/u/{}%00",
        "/u/{}%0d%0a",
        "//u/{}",
        "/u/",
        "/u/" + "a" * 3000,
    ],
)
def test_no_other_path_leads_there_s8(change: str) -> None:
    token = link(reader()).removeprefix("/u/")
    assert leave(change.format(token)).status_code == 404
    assert not Suppression.objects.exists()


def test_headers_that_rewrite_paths_are_ignored_s8() -> None:
    path = link(reader())
    answer = leave("/", **{"X-Original-URL": path, "X-Rewrite-URL": path})
    assert answer.status_code == 404
    assert not Suppression.objects.exists()


def test_a_token_of_another_purpose_is_refused_s19() -> None:
    subscriber = reader()
    key = "a-signing-key-for-tests-of-enough-length"
    for purpose in ("meridian.confirm", "django.core.signing.Signer"):
        token = Signer(key=key, salt=purpose, sep=".").sign(f"{subscriber.pk}.weekly")
        assert leave(f"/u/{token}").status_code == 404
    assert not Suppression.objects.exists()


def test_a_token_works_after_key_rotation_and_not_without_its_key_s19_d10() -> None:
    subscriber = reader()
    with override_settings(MERIDIAN_KEYS=Keys((OLD,), ADDRESS_KEY)):
        path = link(subscriber)
    assert leave(path).status_code == 404
    with override_settings(MERIDIAN_KEYS=Keys(("the-new-key-" * 3, OLD), ADDRESS_KEY)):
        assert see(path).status_code == 200
        assert leave(path).status_code == 200
    assert has_left(subscriber)


def test_a_token_works_after_renaming_and_a_new_address_d10() -> None:
    configure()
    subscriber = reader()
    path = link(subscriber)
    configure(("The Harbour Letter", "Notes from the Pier"))
    Subscriber.objects.filter(pk=subscriber.pk).update(address="new@example.com")
    page = text(see(path))
    assert "Notes from the Pier" in page
    assert "The Harbour Letter" not in page
    assert leave(path).status_code == 200
    assert has_left(subscriber)


def test_a_newsletter_no_longer_known_can_be_left_d10() -> None:
    configure(('key = "weekly"', 'key = "monthly"'))
    subscriber = reader()
    page = text(see(link(subscriber)))
    assert "Stop receiving this newsletter?" in page
    assert "Harbour Street Acupuncture" in page
    assert "You will not be sent this newsletter again." in text(leave(link(subscriber)))
    assert has_left(subscriber)


@pytest.mark.parametrize("content", [None, b"", b"\xff", b"[clinic]\nname = 3"])
def test_leaving_needs_no_configuration_d10(content: bytes | None) -> None:
    if content is not None:
        ConfigurationRevision.objects.create(sha256="0" * 64, content=content, created_at=NOW)
    subscriber = reader(language="")
    page = text(see(link(subscriber)))
    assert "Stop receiving this newsletter?" in page
    assert "<header" not in page
    assert leave(link(subscriber)).status_code == 200
    assert has_left(subscriber)


# --- Nobody learns who is on a list ---------------------------------------------------------------


def test_unknown_erased_and_already_gone_are_told_the_same_s18() -> None:
    configure()
    ana, erased, unknown = reader(), reader("ben@example.com"), reader("cho@example.com")
    # Within the hour in which it may be taken back, the page of whoever left says so.
    unsubscribe(subscriber_id=ana.pk, newsletter="weekly", now=NOW)
    success = leave(link(ana))
    Subscriber.objects.filter(pk=erased.pk).update(address="", name="", language="")
    paths = [link(ana), link(erased), link(unknown)]
    unknown.delete()
    for path in paths:
        for answer in (see(path), leave(path), see(path)):
            assert answer.status_code == 200
            assert text(answer) == text(success)
            assert answer.headers == success.headers


def test_leaving_after_erasure_is_still_written_down() -> None:
    subscriber = reader()
    Subscriber.objects.filter(pk=subscriber.pk).update(address="")
    leave(link(subscriber))
    assert has_left(subscriber)


def test_who_is_written_to_by_no_newsletter_has_nothing_to_leave() -> None:
    subscriber = reader()
    suppress(address_hash=subscriber.address_hash, newsletter="", reason="complained", now=NOW)
    assert "You are not on this list any more" in text(see(link(subscriber)))


def test_leaving_one_newsletter_keeps_the_other() -> None:
    subscriber = reader()
    leave(link(subscriber))
    assert "Stop receiving" in text(see(link(subscriber, "monthly")))
