"""What a reader gets, and the way out of each (S5, S18, S19)."""

import re
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.utils import timezone

from pipeline.audience.leaving import received, unsubscribe
from pipeline.audience.models import Subscriber, Subscription
from pipeline.audience.suppression import suppress
from pipeline.audience.tokens import preferences_token, unsubscribe_token
from tests.web.readers import NOW, ask, configure, everything, leave, link, reader, see

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


TOPIC = """\
[[newsletters.fields]]
key = "topic"
label = "Topic"
kind = "choice"
choices = ["Sleep", "Movement"]

"""
BEFORE = "# Posts and picture cards"
FIELDS = (BEFORE, TOPIC + BEFORE)


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
    assert f'href="/u/{unsubscribe_token(ana.pk, "")}"' in answer.text
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
    numbers = (left.pk, erased.pk, 4711)
    # Each leads on under the token it came by; else they are one page.
    pages = [see(page(number)).text.replace(page(number), "/p/token") for number in numbers]
    assert pages == [pages[0]] * 3
    assert "You are not sent any newsletter of ours." in pages[0]
    assert 'href="/p/token/delete"' in pages[0]
    assert "<form" not in pages[0]
    before = everything()
    answers = [ask("POST", page(n), b"name=Eve").text.replace(page(n), "/p/token") for n in numbers]
    assert answers == pages
    assert everything() == before


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "Your preferences"), ("ko", "수신 설정"), ("es", "Sus preferencias")],
)
def test_it_speaks_the_readers_language(language: str, title: str) -> None:
    configure()
    assert f"<h1>{title}</h1>" in see(page(reader(language=language).pk)).text


def test_a_token_of_another_purpose_opens_nothing_s19() -> None:
    ana = reader()
    assert see(link(ana).replace("/u/", "/p/")).status_code == 404
    assert see(page(ana.pk).replace("/p/", "/u/")).status_code == 404
    assert see("/p/nonsense").status_code == 404


@pytest.mark.no_cover
def test_looking_changes_nothing_d7() -> None:
    configure()
    path = page(reader().pk)
    before = everything()
    for _ in range(10):
        see(path)
        ask("HEAD", path)
        see(f"{path}/delete")
        ask("HEAD", f"{path}/delete")
    assert ask("PUT", path).status_code == 405
    assert everything() == before


# --- Setting things -------------------------------------------------------------------------------


def set_(person: Subscriber, **values: str) -> HttpResponse:
    """Press the button on the page as it stands, with some values changed."""
    shown = dict(re.findall(r'name="was-([^"]+)" value="([^"]*)"', see(page(person.pk)).text))
    typed = {**shown, **values, **{f"was-{name}": value for name, value in shown.items()}}
    return ask("POST", page(person.pk), urlencode(typed).encode())


def test_what_is_set_is_kept() -> None:
    configure(FIELDS)
    ana = reader()
    answer = set_(
        ana,
        name=" Ana  Ruiz ",
        language="ko",
        time_zone="Asia/Seoul",
        **{"field-topic": "sleep", "rhythm-weekly": "monthly"},
    )
    assert answer.status_code == 200
    # The page answers in the language that was just chosen.
    assert '<p class="notice" role="status">저장했습니다. 바로 적용됩니다.</p>' in answer.text
    ana.refresh_from_db()
    assert (ana.name, ana.language, ana.time_zone) == ("Ana Ruiz", "ko", "Asia/Seoul")
    assert ana.fields == {"topic": "Sleep"}
    assert ana.subscriptions.get().frequency == "monthly"
    assert 'value="Asia/Seoul" selected' in answer.text
    assert 'value="monthly" selected' in answer.text
    assert not answer.cookies


def test_an_answer_may_be_taken_away() -> None:
    configure(FIELDS)
    ana = reader()
    ana.fields, ana.name = {"topic": "Sleep", "old": "kept"}, "Ana"
    ana.save()
    set_(ana, name="", **{"field-topic": ""})
    ana.refresh_from_db()
    assert (ana.fields, ana.name) == ({"old": "kept"}, "")


@pytest.mark.parametrize(("value", "months"), [("pause-1", 1), ("pause-2", 2), ("pause-3", 3)])
def test_a_pause_ends_by_itself(value: str, months: int) -> None:
    configure()
    ana = reader()
    text = set_(ana, **{"rhythm-weekly": value}).text
    until = ana.subscriptions.get().paused_until
    assert until is not None
    day = f"{until:%B} {until.day}, {until.year}"
    assert f"Paused until {day}</option>" in text
    assert abs((until - timezone.now()).days - 30.4 * months) < 3
    # What stands there is kept, when something else is changed.
    set_(ana, name="Ana")
    assert ana.subscriptions.get().paused_until == until
    set_(ana, **{"rhythm-weekly": "every"})
    assert ana.subscriptions.get().paused_until is None


def test_only_what_was_changed_is_written() -> None:
    configure()
    ana = reader()
    shown = {"name": "", "was-name": "", "language": "es", "was-language": "en"}
    # Another page of the same reader was quicker.
    Subscriber.objects.filter(pk=ana.pk).update(name="Ana", time_zone="Asia/Seoul")
    ask("POST", page(ana.pk), urlencode(shown).encode())
    ana.refresh_from_db()
    assert (ana.name, ana.language, ana.time_zone) == ("Ana", "es", "Asia/Seoul")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("name", "x" * 201, "Write the name on one line"),
        ("name", "A\u202ena", "Write the name on one line"),
        ("language", "xx", "This answer cannot be kept."),
        ("time_zone", "Mars/Olympus", "This answer cannot be kept."),
        ("time_zone", "../../etc/passwd", "This answer cannot be kept."),
        ("field-topic", "Shoes", "This answer cannot be kept."),
        ("rhythm-weekly", "never", "This answer cannot be kept."),
    ],
)
def test_what_cannot_be_is_told_beside_its_field_and_nothing_is_written(
    name: str, value: str, told: str
) -> None:
    configure(FIELDS)
    ana = reader()
    before = everything()
    answer = set_(ana, **{"name": "Ana", name: value})
    assert answer.status_code == 422
    assert f'id="{name}-error"' in answer.text
    assert told in answer.text
    assert everything() == before


def test_a_newsletter_somebody_is_not_on_cannot_be_set_s5() -> None:
    configure()
    ana, ben = reader(), reader("ben@example.com")
    also(ben, "monthly")
    before = everything()
    ask("POST", page(ana.pk), b"rhythm-monthly=pause-3&address=eve@example.com&state=left")
    assert everything() == before


def test_a_name_is_escaped_s3() -> None:
    configure()
    ana = reader()
    text = set_(ana, name='"><script>alert(1)</script>').text
    assert "<script" not in text
    ana.refresh_from_db()
    assert ana.name == '"><script>alert(1)</script>'


def test_what_is_no_form_changes_nothing() -> None:
    configure()
    ana = reader()
    before = everything()
    for body in (b"", b"\xff\xfe", b"name", b"&" * 900):
        assert ask("POST", page(ana.pk), body).status_code in {200, 400}
    assert everything() == before


def test_a_zone_and_a_language_of_old_stay_in_their_lists() -> None:
    configure()
    ana = reader(language="tlh")
    Subscriber.objects.filter(pk=ana.pk).update(time_zone="Etc/GMT+5")
    text = see(page(ana.pk)).text
    assert '<option value="tlh" lang="tlh" selected>tlh</option>' in text
    assert '<option value="Etc/GMT+5" selected>Etc/GMT+5</option>' in text
    assert '<option value="ko" lang="ko">한국어</option>' in text


# --- Being forgotten ------------------------------------------------------------------------------


def test_deleting_asks_first_and_cannot_be_undone_l9() -> None:
    configure()
    ana = reader()
    path = f"{page(ana.pk)}/delete"
    asked = see(path)
    assert "Delete everything about you?" in asked.text
    assert Subscriber.objects.get(pk=ana.pk).address
    done = ask("POST", path)
    assert done.status_code == 200
    assert "Everything is deleted" in done.text
    assert Subscriber.objects.get(pk=ana.pk).address == ""
    assert ask("POST", path).text == done.text
    assert "You are not sent any newsletter of ours." in see(page(ana.pk)).text


def test_deleting_tells_nobody_who_was_known_s18() -> None:
    configure()
    ana = reader(language="")
    paths = [f"{page(number)}/delete" for number in (ana.pk, 4711)]
    asked = [see(path).text.replace(path.removesuffix("/delete"), "/p/token") for path in paths]
    assert asked[0] == asked[1]
    done = [ask("POST", path).text for path in paths]
    assert done[0] == done[1]


def test_a_token_of_ours_is_needed_to_delete_s19() -> None:
    ana = reader()
    assert ask("POST", f"{link(ana).replace('/u/', '/p/')}/delete").status_code == 404
    assert Subscriber.objects.get(pk=ana.pk).address
