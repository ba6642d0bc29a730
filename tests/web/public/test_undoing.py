"""Who left by mistake takes it back on the page right after it."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.http import HttpResponse

from pipeline.audience.complaints import bounce
from pipeline.audience.forgetting import forget
from pipeline.audience.leaving import UNDO, received, stop, undo, undoable, unsubscribe
from pipeline.audience.models import Rejoin, Subscriber, Subscription, Suppression
from pipeline.audience.suppression import is_suppressed, readmit, suppress
from pipeline.audience.tokens import undo_token
from tests.audience.forms import send, wish
from tests.audience.imports.lists import bring_in, put
from tests.web.readers import NOW, ask, configure, everything, leave, link, reader, see

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

SOON = NOW + dt.timedelta(minutes=59)


def way_back(answer: HttpResponse) -> str:
    """The path of the button on the page of whoever just left; "" if it has none."""
    found = re.search(r'action="(/undo/[^"]+)"', answer.text)
    return found[1] if found else ""


def gone(person: Subscriber, newsletter: str = "weekly") -> Suppression:
    """Let a person leave at NOW."""
    unsubscribe(subscriber_id=person.pk, newsletter=newsletter, now=NOW)
    return Suppression.objects.latest("pk")


def back(person: Subscriber, row: Suppression, *, now: dt.datetime = SOON) -> list[str]:
    """Take it back."""
    return undo(subscriber_id=person.pk, suppression_id=row.pk, now=now)


def test_one_button_brings_everything_back_as_it_was() -> None:
    configure()
    ana = reader()
    Subscription.objects.update(joined_at=NOW, frequency="monthly")
    path = way_back(leave(link(ana)))
    assert way_back(see(link(ana))) == path
    assert received(ana, now=NOW) == []

    answer = ask("POST", path)

    assert answer.status_code == 200
    assert "You are on the list again" in answer.text
    assert 'href="/p/' in answer.text
    assert received(ana, now=NOW) == ["weekly"]
    tie = ana.subscriptions.get()
    assert (tie.joined_at, tie.frequency) == (NOW, "monthly")
    assert Rejoin.objects.get().how == "undone"
    assert not answer.cookies


def test_pressing_twice_says_the_same_and_changes_nothing_more() -> None:
    configure()
    ana = reader()
    path = way_back(leave(link(ana)))
    first = ask("POST", path)
    before = everything()
    assert ask("POST", path).text == first.text
    assert everything() == before


def test_leaving_all_is_taken_back_as_it_was() -> None:
    ana = reader()
    for newsletter in ("monthly", "left earlier"):
        Subscription.objects.create(
            subscriber=ana, newsletter=newsletter, state="active", changed_at=NOW
        )
    unsubscribe(subscriber_id=ana.pk, newsletter="left earlier", now=NOW - dt.timedelta(minutes=5))
    assert back(ana, gone(ana, "")) == ["monthly", "weekly"]
    assert received(ana, now=SOON) == ["monthly", "weekly"]


def test_whoever_took_it_back_can_leave_again_and_take_it_back_again() -> None:
    ana = reader()
    for round_ in range(3):
        later = NOW + dt.timedelta(minutes=round_)
        unsubscribe(subscriber_id=ana.pk, newsletter="weekly", now=later)
        row = Suppression.objects.latest("pk")
        assert back(ana, row, now=later) == ["weekly"]
    assert received(ana, now=NOW) == ["weekly"]


def test_an_hour_later_it_is_too_late() -> None:
    ana = reader()
    row = gone(ana)
    assert back(ana, row, now=NOW + UNDO) == []
    assert received(ana, now=NOW) == []


def test_a_page_left_open_too_long_says_so() -> None:
    configure()
    ana = reader()
    row = gone(ana)
    answer = ask("POST", f"/undo/{undo_token(ana.pk, row.pk)}")
    assert "It is too late to undo this here" in answer.text
    assert 'href="/subscribe/?language=en"' in answer.text
    assert way_back(see(link(ana))) == ""


@pytest.mark.parametrize("reason", ["complained", "bounced", "staff", "erased"])
def test_nothing_but_a_leaving_is_taken_back_d28(reason: str) -> None:
    ana = reader()
    suppress(address_hash=ana.address_hash, newsletter="weekly", reason=reason, now=NOW)
    ana.subscriptions.update(state="left", changed_at=NOW)
    assert undoable(subscriber_id=ana.pk, newsletter="weekly", now=SOON) is None
    assert back(ana, Suppression.objects.get()) == []


def test_a_complaint_meanwhile_stands_d28() -> None:
    ana = reader()
    row = gone(ana)
    suppress(address_hash=ana.address_hash, newsletter="", reason="complained", now=NOW)
    back(ana, row)
    assert received(ana, now=SOON) == []


@pytest.mark.parametrize("how", ["bounced", "stopped", "forgotten", "listed"])
def test_what_else_ended_it_meanwhile_stands_d29_d34(how: str, tmp_path: Path) -> None:
    """It has a row of its own, though the leaving had ended everything before."""
    ana = reader()
    row = gone(ana, "")
    match how:
        case "bounced":
            bounce(address_hash=ana.address_hash, code="5.1.1", mailing="issue 1", now=NOW)
        case "stopped":
            stop(address=ana.address, newsletter="", actor="Kim", now=NOW)
        case "forgotten":
            forget(subscriber_id=ana.pk, actor="subscriber", now=NOW)
            send(wish(ana.address), now=NOW)
        case "listed":
            bring_in(put(tmp_path, f"{ana.address},cleaned", header="email,status"))
    ana.refresh_from_db()
    back(ana, row)
    assert received(ana, now=SOON) == []
    assert is_suppressed(ana.address_hash, "weekly")


def test_only_this_leaving_is_taken_back_no_other() -> None:
    ana = reader()
    suppress(address_hash=ana.address_hash, newsletter="", reason="bounced", now=NOW)
    row = gone(ana)
    back(ana, row)
    assert received(ana, now=SOON) == []
    assert list(Rejoin.objects.values_list("suppression", flat=True)) == [row.pk]


def test_what_was_confirmed_meanwhile_is_not_undone_again() -> None:
    ana = reader()
    row = gone(ana)
    readmit(subscriber=ana, newsletter="weekly", how="confirmed", now=SOON)
    ana.subscriptions.update(state="active", changed_at=SOON)
    assert back(ana, row) == []
    assert received(ana, now=SOON) == ["weekly"]


@pytest.mark.parametrize("named", ["", "ana@example.com"])
def test_who_was_forgotten_meanwhile_stays_so_l9(named: str) -> None:
    """Even once a form, of anybody, has filled the address again."""
    ana = reader()
    row = gone(ana)
    forget(subscriber_id=ana.pk, actor="subscriber", now=NOW)
    if named:
        send(wish(named), now=NOW)
    assert back(ana, row) == []
    assert ask("POST", f"/undo/{undo_token(ana.pk, row.pk)}").status_code == 200
    assert Subscriber.objects.get().address == named
    assert not Subscription.objects.filter(state="active").exists()


def test_another_persons_leaving_is_not_taken_back_s5() -> None:
    ana, ben = reader(), reader("ben@example.com")
    row = gone(ben)
    before = everything()
    assert back(ana, row) == []
    assert ask("POST", f"/undo/{undo_token(ana.pk, row.pk)}").status_code == 200
    assert ask("POST", f"/undo/{undo_token(ana.pk, 4711)}").status_code == 200
    assert everything() == before


def test_only_a_token_of_ours_and_only_a_post_s19() -> None:
    ana = reader()
    row = gone(ana)
    token = undo_token(ana.pk, row.pk)
    before = everything()
    for path in ("/undo/nonsense", link(ana).replace("/u/", "/undo/"), f"/undo/{token}x"):
        assert ask("POST", path).status_code == 404
    for method in ("GET", "HEAD", "PUT"):
        assert ask(method, f"/undo/{token}").status_code == 405
    assert everything() == before


def test_who_had_nothing_to_end_has_nothing_to_take_back() -> None:
    ana = reader()
    Subscription.objects.all().delete()
    assert way_back(leave(link(ana))) == ""
    assert Suppression.objects.count() == 1


@pytest.mark.parametrize(
    ("language", "title"),
    [("ko", "다시 구독 중입니다"), ("es", "Vuelve a estar en la lista")],
)
def test_it_speaks_the_readers_language(language: str, title: str) -> None:
    configure()
    ana = reader(language=language)
    assert f"<h1>{title}</h1>" in ask("POST", way_back(leave(link(ana)))).text


def test_the_way_somebody_left_is_written_down() -> None:
    ana, ben = reader(), reader("ben@example.com")
    leave(link(ana))
    ask("POST", link(ben), b"List-Unsubscribe=One-Click&from=page")
    rows = Suppression.objects.order_by("pk").values_list("source", flat=True)
    assert list(rows) == ["one-click", "page"]


def test_hearing_less_stands_beside_leaving() -> None:
    configure()
    ana = reader()
    text = see(link(ana)).text
    path = re.search(r'action="(/p/[^"]+)"', text)
    assert path is not None
    assert "Or hear from us less" in text
    assert "Unsubscribe from all of them" not in text
    answer = ask("POST", path[1], b"rhythm-weekly=pause-2")
    assert "Saved. It takes effect at once." in answer.text
    assert ana.subscriptions.get().paused_until is not None
    assert received(ana, now=NOW) == ["weekly"]


def test_leaving_all_stands_there_if_there_is_more_than_one_l2() -> None:
    configure()
    ana = reader()
    Subscription.objects.create(
        subscriber=ana, newsletter="monthly", state="active", changed_at=NOW
    )
    assert f'href="{link(ana, "")}"' in see(link(ana)).text
    assert "Or hear from us less" not in see(link(ana, "")).text
