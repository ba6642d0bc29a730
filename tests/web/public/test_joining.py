"""Joining by a form: the page, every answer to it, and what is told to whom (S16, S17, S18)."""

import datetime as dt
import hashlib
import json
from urllib.parse import urlencode

import pytest

from pipeline.audience.forgetting import forget
from pipeline.audience.keys import address_hash
from pipeline.audience.leaving import unsubscribe
from pipeline.audience.models import Consent, JoinRequest, Notice, Subscriber
from pipeline.audience.suppression import suppress
from pipeline.audience.tokens import confirm_token, read_form_token
from pipeline.web.public.forms import QUICKEST, TIMED_FOR
from tests.web.forms import WORDING, opened, send, sentences
from tests.web.readers import NOW, ask, configure, everything, reader, see

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

KEY = 'key = "weekly"'
PRIVATE = (KEY, f"{KEY}\nprivate = true")
FIELDS = (
    "# Posts and picture",
    """[[newsletters.fields]]
key = "topic"
label = "What would you <like> to read about?"
kind = "choice"
choices = ["Sleep", "Move & rest"]

[[newsletters.fields]]
key = "town"
label = "Town"

[[newsletters.fields]]
key = "since"
label = "Since"
kind = "date"

# Posts and picture""",
)
JSON = {"Accept": "application/json"}


def hidden(page: str) -> str:
    """The token of a form."""
    return page.partition('name="form" value="')[2].partition('"')[0]


# --- The page -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Subscribe to The Harbour Letter"),
        ("ko", "The Harbour Letter 구독"),
        ("es", "Suscribirse a The Harbour Letter"),
    ],
)
def test_the_page_comes_in_the_language_of_its_link_or_of_the_browser(
    language: str, title: str
) -> None:
    configure()
    by_link = see(f"/subscribe/weekly?language={language}", **{"Accept-Language": "fr"})
    by_browser = see("/subscribe/weekly", **{"Accept-Language": f"fr, {language}-x;q=0.5"})
    for page in (by_link, by_browser):
        assert page.status_code == 200
        assert f'<html lang="{language}">' in page.text
        assert f"<title>{title}</title>" in page.text


def test_the_page_falls_back_to_the_newsletters_language() -> None:
    configure((KEY, f'{KEY}\nlanguage = "ko"'))
    assert '<html lang="ko">' in see("/subscribe/weekly").text


def test_no_box_is_ticked_and_the_button_is_the_act_l7() -> None:
    configure()
    page = see("/subscribe/weekly").text
    assert "checkbox" not in page
    assert "checked" not in page
    said = read_form_token(hidden(page))
    assert said is not None
    assert f'<p class="consent" id="meridian-consent">{said["w"]}</p>' in page
    assert 'aria-describedby="meridian-consent"' in page


def test_the_page_has_no_script_and_sets_no_cookie_s33() -> None:
    configure()
    answer = see("/subscribe/weekly")
    assert "<script" not in answer.text
    assert "style=" not in answer.text
    assert not answer.cookies


def test_declared_fields_are_asked_for_in_the_words_of_the_clinic() -> None:
    configure(FIELDS)
    page = see("/subscribe/weekly?language=ko").text
    assert "What would you &lt;like&gt; to read about?" in page
    assert '<option lang="en">Move &amp; rest</option>' in page
    assert 'type="date"' in page
    assert 'for="meridian-field-town" lang="en"' in page


def test_the_list_shows_what_is_public_alone_s17() -> None:
    configure()
    page = see("/subscribe/?language=es").text
    assert 'href="/subscribe/weekly?language=es"' in page
    configure(PRIVATE)
    page = see("/subscribe/").text
    assert "There is no newsletter to ask for at the moment." in page
    assert "weekly" not in page


def test_a_home_without_a_configuration_has_nothing_to_ask_for() -> None:
    assert see("/subscribe/").status_code == 200
    assert see("/subscribe/weekly").status_code == 404


def test_a_private_newsletter_and_an_unknown_one_are_refused_alike_s17() -> None:
    configure(PRIVATE)
    before = everything()
    for method in ("GET", "POST"):
        body = urlencode({"address": "ana@example.com", "form": opened()}).encode()
        private, unknown, number = (
            ask(method, f"/subscribe/{key}", body) for key in ("weekly", "nothing", "1")
        )
        assert private.status_code == unknown.status_code == number.status_code == 404
        assert private.content == unknown.content == number.content
        assert private.headers == unknown.headers
    assert everything() == before


@pytest.mark.no_cover
def test_looking_changes_nothing_d7() -> None:
    configure()
    send()
    token = confirm_token(1, "weekly", request=1)
    before = everything()
    for path in ("/subscribe/", "/subscribe/weekly", "/subscribe/weekly/", f"/confirm/{token}"):
        for _ in range(20):
            assert ask("GET", path).status_code == ask("HEAD", path).status_code
        assert ask("OPTIONS", path).status_code in {200, 405}
    assert everything() == before


# --- Answers --------------------------------------------------------------------------------------


def test_one_form_is_one_mail_and_the_words_shown_are_kept_l5() -> None:
    configure()
    form = hidden(see("/subscribe/weekly").text)
    said = read_form_token(form)
    assert said is not None
    said["t"] -= 60
    page = send(form=opened(wording=said["w"]), name=" Ana   Ruiz ")
    assert page.status_code == 200
    assert sentences(page).startswith("Harbour Street Acupuncture Please look in your inbox An")
    request = JoinRequest.objects.get()
    assert request.wording == said["w"]
    assert said["w"].startswith("By pressing the button I ask Harbour Street Acupuncture to send")
    assert request.form == "http://127.0.0.1:8000/subscribe/weekly"
    assert request.details == {"name": "Ana Ruiz", "language": "en", "fields": {}}
    assert Notice.objects.get().kind == "confirm"


def test_joining_from_the_form_to_the_record_l5() -> None:
    configure()
    send(remote="198.51.100.7")
    token = Notice.objects.get().values["token"]
    ask("POST", f"/confirm/{token}", REMOTE_ADDR="203.0.113.200")
    consent = Consent.objects.get()
    assert consent.wording == WORDING
    assert consent.wording_sha256 == hashlib.sha256(WORDING.encode()).hexdigest()


def people() -> dict[str, str]:
    """An address for each thing we may know of somebody."""
    known = {name: f"{name}@example.com" for name in ("new", "pending", "active", "left")}
    known |= {name: f"{name}@example.com" for name in ("erased", "bounced", "complained")}
    send(address=known["pending"])
    for name in ("active", "left", "erased", "bounced", "complained"):
        reader(known[name])
    subscribers = {person.address: person for person in Subscriber.objects.all()}
    unsubscribe(subscriber_id=subscribers[known["left"]].pk, newsletter="", now=NOW)
    forget(subscriber_id=subscribers[known["erased"]].pk, actor="subscriber", now=NOW)
    for reason in ("bounced", "complained"):
        key = address_hash(known[reason])
        suppress(address_hash=key, newsletter="", reason=reason, now=NOW)
    return known


@pytest.mark.parametrize("headers", [{}, JSON])
def test_every_address_gets_the_same_answer_s18(headers: dict[str, str]) -> None:
    configure()
    answers = {name: send(address=address, headers=headers) for name, address in people().items()}
    told = {(answer.status_code, answer.content) for answer in answers.values()}
    assert len(told) == 1
    assert len({tuple(answer.headers.items()) for answer in answers.values()}) == 1
    assert Notice.objects.filter(kind="known").count() == 1
    assert not Notice.objects.filter(subscriber__address="complained@example.com").exists()


def test_one_person_however_the_address_is_written_d35() -> None:
    configure()
    for address in ("Ana@Example.COM", " ana@example.com ", "ANA@example.com"):
        assert send(address=address).status_code == 200
    assert Notice.objects.count() == Subscriber.objects.count() == 1


@pytest.mark.parametrize(
    "address",
    ["", "ana", "a@x.test,b@y.test", "a@x.test\r\nBcc: b@y.test", "\x00@x.test", "a" * 400],
)
def test_what_is_no_address_is_told_beside_its_field_s15(address: str) -> None:
    configure()
    page = send(address=address, name="Ana <b>")
    assert page.status_code == 422
    assert 'id="meridian-address-error"' in page.text
    assert 'aria-invalid="true" aria-describedby="meridian-address-error"' in page.text
    assert 'value="Ana &lt;b&gt;"' in page.text
    assert not JoinRequest.objects.exists()


@pytest.mark.parametrize("name", ["A" * 201, "A\x1bB", "A\u202eB", "A\x00B"])
def test_a_name_no_letter_can_hold_is_told_s14(name: str) -> None:
    configure()
    page = send(name=name)
    assert page.status_code == 422
    assert "Write the name on one line" in page.text
    assert not JoinRequest.objects.exists()


@pytest.mark.parametrize("name", ["نگار\u200cها", "José O’Neill", "김 민지", "A" * 200])
def test_names_of_any_alphabet_are_taken(name: str) -> None:
    configure()
    assert send(name=name).status_code == 200
    assert JoinRequest.objects.get().details["name"] == name


def test_a_wrong_answer_is_told_and_the_right_ones_stay_p5() -> None:
    configure(FIELDS)
    typed = {
        "field-topic": "Nothing",
        "field-town": "MRN 123456",
        "field-since": "yesterday",
    }
    page = send(more=typed)
    assert page.status_code == 422
    assert page.text.count("This answer cannot be kept.") == 3
    page = send(more={"field-topic": "sleep", "field-town": "", "field-since": "2026-01-31"})
    assert page.status_code == 200
    details = JoinRequest.objects.get().details
    assert details["fields"] == {"topic": "Sleep", "since": "2026-01-31"}


def test_who_fills_the_field_nobody_sees_is_told_the_same_and_nothing_is_sent_s16() -> None:
    configure()
    honest = send(address="ben@example.com")
    rows = everything()
    caught = send(website="http://spam.example.com")
    assert (caught.status_code, caught.content) == (honest.status_code, honest.content)
    assert caught.headers == honest.headers
    assert everything() == rows


def test_who_is_faster_than_a_person_presses_once_more_s16() -> None:
    configure()
    page = send(form=opened(ago=QUICKEST - dt.timedelta(seconds=1)))
    assert page.status_code == 422
    assert "That was very quick." in page.text
    assert 'value="ana@example.com"' in page.text
    assert send(form=opened(ago=-dt.timedelta(hours=1))).status_code == 422
    assert not JoinRequest.objects.exists()


@pytest.mark.parametrize("form", ["", "x", "a.b", opened.__name__])
def test_a_form_that_is_not_ours_is_answered_with_ours_l5(form: str) -> None:
    configure()
    page = send(form=form)
    assert page.status_code == 422
    assert "Please read this page once more" in page.text
    assert not JoinRequest.objects.exists()


def test_a_form_of_another_newsletter_is_answered_with_the_right_one_l5() -> None:
    configure()
    assert send(form=opened("other")).status_code == 422
    assert send(form=confirm_token(1, "weekly", request=1)).status_code == 422


def test_a_changed_form_is_not_ours_s19() -> None:
    configure()
    form = opened()
    place = len(form) // 2
    spoilt = form[:place] + ("a" if form[place] != "a" else "b") + form[place + 1 :]
    assert send(form=spoilt).status_code == 422


def test_a_form_of_another_site_has_stricter_limits_s16() -> None:
    configure()
    for ago in (None, TIMED_FOR):
        for number in range(5):
            answer = send(form=opened(ago=ago), address=f"a{number}@example.com")
            assert answer.status_code == 200
        refused = send(form=opened(ago=ago), address="b@example.com")
        assert refused.status_code == 429
        assert refused.headers["Retry-After"] == "3600"
        assert "Many requests came from your network" in refused.text
        assert "on its way" not in refused.text
        JoinRequest.objects.all().delete()


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ({"Referer": "https://clinic.example.com/news?a=b#c"}, "https://clinic.example.com/news"),
        ({"Referer": "https://u:p@clinic.example.com:8443/"}, "https://clinic.example.com:8443/"),
        ({"Origin": "https://clinic.example.com"}, "https://clinic.example.com"),
        ({"Origin": "null"}, ""),
        ({}, ""),
        ({"Referer": "javascript:alert(1)"}, ""),
        ({"Referer": "https://[broken/"}, ""),
        ({"Referer": "https://a.example.com/" + "x" * 600}, None),
    ],
)
def test_the_record_says_where_the_form_stood_l5(headers: dict[str, str], kept: str | None) -> None:
    configure()
    send(form=opened(ago=None), headers=headers)
    form = JoinRequest.objects.get().form
    assert form == kept if kept is not None else len(form) == 500


def test_a_newsletter_rests_when_it_has_had_its_hour_s16() -> None:
    configure((KEY, f"{KEY}\njoins_per_hour = 1"))
    assert send().status_code == 200
    known, unknown = send(), send(address="ben@example.com")
    assert known.status_code == unknown.status_code == 429
    assert known.content == unknown.content
    assert "Unusually many people asked for" in known.text


@pytest.mark.no_cover
def test_a_thousand_posts_for_one_victim_are_one_mail_s16() -> None:
    configure()
    for number in range(1000):
        assert send(remote=f"10.{number // 250}.{number % 250}.1").status_code == 200
    assert Notice.objects.count() == 1


# --- Answers for the script -----------------------------------------------------------------------


def test_a_script_of_any_site_may_read_the_answer_for_it_tells_nothing() -> None:
    configure()
    answer = send(headers={**JSON, "Origin": "https://clinic.example.com"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert answer.headers["Vary"] == "Accept"
    told = json.loads(answer.content)
    assert (told["ok"], told["title"]) == (True, "Please look in your inbox")
    assert told["text"].startswith("An email with a button is on its way to you. The Harbour")
    assert told["text"].endswith("The button works for seven days.")


def test_a_script_is_told_what_to_mend() -> None:
    configure()
    answer = send(form=opened(language="es", ago=None), address="ana", headers=JSON)
    assert answer.status_code == 422
    told = json.loads(answer.content)
    assert told["ok"] is False
    assert told["errors"] == {
        "address": "Esto no es una dirección de correo. Escríbala como ana@example.com."
    }


def test_a_script_is_told_to_wait() -> None:
    configure((KEY, f"{KEY}\njoins_per_hour = 1"))
    send()
    answer = send(headers=JSON)
    assert answer.status_code == 429
    told = json.loads(answer.content)
    assert told["ok"] is False
    assert told["text"].endswith("Nothing was sent.")


def test_without_that_wish_no_other_site_may_read_it() -> None:
    configure()
    assert "Access-Control-Allow-Origin" not in send().headers
