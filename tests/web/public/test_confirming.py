"""The page behind the link of a confirmation: it asks, and its button acts (D7, D34, L6, S19)."""

import pytest

from pipeline.audience.leaving import unsubscribe
from pipeline.audience.models import (
    Consent,
    ConsentOrigin,
    JoinRequest,
    Notice,
    Subscriber,
    Subscription,
)
from pipeline.audience.tokens import confirm_token, preferences_token, unsubscribe_token
from tests.web.forms import opened, send, sentences
from tests.web.readers import NOW, ask, configure, everything, see

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def asked(language: str = "en") -> str:
    """Somebody asked; the path of the link in the mail."""
    configure()
    send(form=opened(language=language))
    return f"/confirm/{Notice.objects.get().values['token']}"


@pytest.mark.parametrize(
    ("language", "title", "button", "done"),
    [
        ("en", "Would you like The Harbour Letter?", "Yes, send me", "You are on the list"),
        ("ko", "The Harbour Letter 구독을 시작할까요?", "네, The Harbour", "구독 중입니다"),
        ("es", "¿Quiere recibir The Harbour Letter?", "Sí, quiero", "Ya está en la lista"),
    ],
)
def test_a_button_is_all_it_takes_in_the_language_of_the_form(
    language: str, title: str, button: str, done: str
) -> None:
    path = asked(language)
    page = see(path)
    assert page.status_code == 200
    assert f"<title>{title}</title>" in page.text
    assert button in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert not Consent.objects.exists()

    page = ask("POST", path)
    assert page.status_code == 200
    assert f"<title>{done}</title>" in page.text
    assert "<button" not in page.text
    assert Subscription.objects.get().state == "active"
    assert Subscriber.objects.get().language == language


def test_the_network_of_the_click_is_kept_and_no_more_l5() -> None:
    ask("POST", asked(), REMOTE_ADDR="203.0.113.200")
    assert ConsentOrigin.objects.get().network == "203.0.113.0/24"
    assert "203.0.113.200" not in repr(everything())


def test_looking_twenty_times_changes_nothing_d7() -> None:
    path = asked()
    before = everything()
    for _ in range(20):
        assert see(path).status_code == ask("HEAD", path).status_code == 200
    assert everything() == before


def test_both_forms_of_the_address_answer_and_no_other_method() -> None:
    path = asked()
    assert see(f"{path}/").status_code == 200
    assert ask("PUT", path).status_code == 405


def test_used_again_it_says_the_same_and_changes_nothing() -> None:
    path = asked()
    first = ask("POST", path)
    before = everything()
    assert ask("POST", path).content == see(path).content == first.content
    assert everything() == before


def test_a_link_that_has_ended_leads_to_the_way_to_ask_anew() -> None:
    path = asked("es")
    ask("POST", path)
    unsubscribe(subscriber_id=Subscriber.objects.get().pk, newsletter="weekly", now=NOW)
    # NOW lies before the request; it is the use of the link that counts.
    for page in (see(path), ask("POST", path)):
        assert page.status_code == 410
        assert 'href="/subscribe/weekly?language=es"' in page.text
        assert "Pedir The Harbour Letter otra vez" in sentences(page)


def test_the_link_of_a_purged_person_is_kind_in_the_browsers_language() -> None:
    path = asked()
    JoinRequest.objects.all().delete()
    Subscriber.objects.all().delete()
    page = see(path, **{"Accept-Language": "ko"})
    assert page.status_code == 410
    assert "더 이상 쓸 수 없는 링크입니다" in page.text
    assert ask("POST", path).status_code == 410


def test_a_newsletter_that_is_private_now_may_be_confirmed_and_not_asked_for_s17() -> None:
    path = asked()
    configure(('key = "weekly"', 'key = "weekly"\nprivate = true'))
    assert see(path).status_code == 200
    assert ask("POST", path).status_code == 200
    Subscriber.objects.update(address="")
    assert "/subscribe/" not in see(path).text


def test_a_newsletter_that_is_gone_is_called_nothing() -> None:
    configure()
    path = f"/confirm/{confirm_token(7, 'gone', request=1)}"
    page = see(path)
    assert page.status_code == 410
    assert "/subscribe/" not in page.text


def test_a_newsletter_that_went_since_may_still_be_confirmed() -> None:
    path = asked()
    configure(('key = "weekly"', 'key = "daily"'))
    page = see(path)
    assert page.status_code == 200
    assert "Would you like this newsletter?" in sentences(page)
    page = ask("POST", path)
    assert "You will be sent this newsletter, beginning" in sentences(page)


def test_each_byte_changed_is_no_token_of_ours_s19() -> None:
    path = asked()
    start = path.rpartition("/")[0] + "/"
    token = path.removeprefix(start)
    before = everything()
    for place, letter in enumerate(token):
        spoilt = token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :]
        assert ask("POST", start + spoilt).status_code == 404
    assert everything() == before


def test_a_token_for_another_purpose_is_refused_s19() -> None:
    asked()
    person = Subscriber.objects.get().pk
    for token in (unsubscribe_token(person, "weekly"), preferences_token(person, "weekly")):
        assert ask("POST", f"/confirm/{token}").status_code == 404
    for page in ("u", "p"):
        token = confirm_token(person, "weekly", request=1)
        assert ask("POST", f"/{page}/{token}").status_code in {404, 405}
        assert see(f"/{page}/{token}").status_code == 404
