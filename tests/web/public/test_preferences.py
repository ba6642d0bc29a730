"""What a reader gets, and the way out of each (S5, S18, S19)."""

import pytest

from pipeline.audience.leaving import received, unsubscribe
from pipeline.audience.models import Subscriber, Subscription
from pipeline.audience.suppression import suppress
from pipeline.audience.tokens import preferences_token, unsubscribe_token
from tests.web.readers import NOW, ask, configure, everything, leave, link, reader, see

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def page(number: int, newsletter: str = "weekly") -> str:
    return f"/p/{preferences_token(number, newsletter)}"


def also(subscriber: Subscriber, newsletter: str) -> None:
    Subscription.objects.create(
        subscriber=subscriber,
        newsletter=newsletter,
        state=Subscription.State.ACTIVE,
        changed_at=NOW,
    )


def test_it_names_what_the_reader_gets_and_leads_to_each_way_out() -> None:
    configure()
    ana = reader()
    answer = see(page(ana.pk))
    assert answer.status_code == 200
    assert '<span class="wrote" lang="en">The Harbour Letter</span>' in answer.text
    assert f'href="/u/{unsubscribe_token(ana.pk, "weekly")}"' in answer.text
    assert "Unsubscribe from all of them" not in answer.text
    assert answer.text.count("<h1") == 1
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies


def test_who_gets_several_may_leave_all_at_once() -> None:
    configure()
    ana, ben = reader(), reader("ben@example.com")
    also(ana, "monthly")
    text = see(page(ana.pk)).text
    everywhere = f"/u/{unsubscribe_token(ana.pk, '')}"
    assert f'href="{everywhere}"' in text
    assert "Stop receiving our newsletters?" in see(everywhere).text
    assert received(ana, now=NOW) == ["monthly", "weekly"]
    assert "You will not be sent our newsletters again" in leave(everywhere).text
    assert received(ana, now=NOW) == []
    assert received(ben, now=NOW) == ["weekly"]
    states = Subscription.objects.filter(subscriber=ana).values_list("state", flat=True)
    assert set(states) == {Subscription.State.LEFT}


def test_what_was_left_is_not_named() -> None:
    configure()
    ana = reader()
    also(ana, "monthly")
    unsubscribe(subscriber_id=ana.pk, newsletter="monthly", now=NOW)
    suppress(address_hash=ana.address_hash, newsletter="other", reason="staff", now=NOW)
    assert received(ana, now=NOW) == ["weekly"]


def test_who_gets_nothing_is_told_the_same_for_whatever_reason_s18() -> None:
    configure()
    left, erased = reader(), reader("ben@example.com")
    unsubscribe(subscriber_id=left.pk, newsletter="", now=NOW)
    erased.address = ""
    erased.save()
    pages = [see(page(number)).content for number in (left.pk, erased.pk, 4711)]
    assert pages == [pages[0]] * 3
    assert b"You are not sent any newsletter of ours." in pages[0]


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "Your newsletters"), ("ko", "내 뉴스레터"), ("es", "Sus boletines")],
)
def test_it_speaks_the_readers_language(language: str, title: str) -> None:
    configure()
    assert f"<h1>{title}</h1>" in see(page(reader(language=language).pk)).text


def test_a_token_of_another_purpose_opens_nothing_s19() -> None:
    ana = reader()
    assert see(link(ana).replace("/u/", "/p/")).status_code == 404
    assert see(page(ana.pk).replace("/p/", "/u/")).status_code == 404
    assert see("/p/nonsense").status_code == 404


def test_looking_changes_nothing_d7() -> None:
    configure()
    path = page(reader().pk)
    before = everything()
    for _ in range(10):
        see(path)
        ask("HEAD", path)
    assert ask("POST", path).status_code == 405
    assert everything() == before
