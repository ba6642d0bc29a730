"""What is SendGrid's own, at a real server that speaks its wire format."""

import datetime as dt
import json
from collections.abc import Iterator

import pytest
from django.conf import settings

from pipeline.channels.sendgrid import SendGridChannel
from pipeline.errors import RefusedError, SettingError, UnsureError
from pipeline.outbox.letter import Receipt, Safety
from tests.channels.api_server import Fault
from tests.channels.letters import letter, notice, reader
from tests.channels.sendgrid_server import KEY, SendGridServer

PAST = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def server() -> Iterator[SendGridServer]:
    """A SendGrid of the test's own, where more history was bought."""
    made = SendGridServer()
    yield made
    made.close()


@pytest.fixture
def channel(server: SendGridServer) -> Iterator[SendGridChannel]:
    """A channel to it that may ask what it took."""
    made = SendGridChannel(
        api_key=KEY, activity=True, api_url=server.url, timeout=dt.timedelta(seconds=2)
    )
    yield made
    made.close()


# --- What arrives ---------------------------------------------------------------------------------


def test_ids_are_the_ones_its_events_will_bear(
    channel: SendGridChannel, server: SendGridServer
) -> None:
    receipt = channel.submit(letter(2))
    ids = {n: f"<{n:032x}@harbour-street.example.com>" for n in (1, 2)}
    assert receipt == Receipt(accepted=ids)
    assert [message.id for message in server.taken] == list(ids.values())
    assert [message.headers["Message-ID"] for message in server.taken] == list(ids.values())


def test_letter_stands_in_the_call_once(channel: SendGridChannel) -> None:
    sent = letter(1000, html=f"<p>{'Warmth helps. ' * 5_000}</p>@@unsubscribe_url@@")
    body = channel.serialize(sent)
    assert body.count(b"Warmth helps. Warmth helps.") == 2_500
    assert len(json.loads(body)["personalizations"]) == 1000


def test_value_that_holds_the_next_ones_place_is_only_a_value(
    channel: SendGridChannel, server: SendGridServer
) -> None:
    """S1: substitutions are put in one after the other."""
    first = "@@language@@ %language% @@unsubscribe_url@@"
    values = {**reader().values, "first_name": first, "language": "es"}
    text = "@@first_name@@ @@language@@"
    channel.submit(letter(text=text, html=text, recipients=(reader(values=values),)))
    assert server.taken[0].text == server.taken[0].html == f"{first} es"


@pytest.mark.parametrize("name", ["subject", "text", "html"])
@pytest.mark.parametrize("written", ["<%asm_group_unsubscribe_raw_url%>", "<% ASM_x", "[weblink]"])
def test_author_cannot_call_for_sendgrids_own_links(
    channel: SendGridChannel, server: SendGridServer, name: str, written: str
) -> None:
    with pytest.raises(RefusedError, match="which SendGrid would fill in") as refused:
        channel.submit(letter(**{name: f"Leave by {written}"}))
    assert refused.value.final
    assert server.calls == []


@pytest.mark.parametrize("name", ["<%asm_global_unsubscribe_url%>", "[weblink]"])
def test_reader_named_like_sendgrids_own_links_is_greeted_by_the_default(
    channel: SendGridChannel, server: SendGridServer, name: str
) -> None:
    values = {**reader().values, "first_name": name}
    channel.submit(
        letter(text="Hi @@first_name.667269656e64@@", recipients=(reader(values=values),))
    )
    assert server.taken[0].text == "Hi friend"


def test_one_address_it_refuses_stops_the_call_before_anything_is_taken(
    channel: SendGridChannel, server: SendGridServer
) -> None:
    """X3: it takes all or none."""
    server.disliked = {"reader-2@example.com"}
    with pytest.raises(RefusedError) as refused:
        channel.submit(letter(3))
    assert refused.value.message == "SendGrid answered 400: Does not contain a valid address: …"
    assert server.taken == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=200, headers={"X-Message-Id": "x"}),
        Fault(status=202, body=b""),
        Fault(status=202, body=b"<html>please sign in</html>"),
    ],
    ids=["sandbox", "no id", "html"],
)
def test_answer_that_is_not_its_own_is_unsure(
    channel: SendGridChannel, server: SendGridServer, fault: Fault
) -> None:
    server.misbehave(fault)
    with pytest.raises(UnsureError, match="not that it took"):
        channel.submit(letter())


# --- Its class ------------------------------------------------------------------------------------


def test_whoever_bought_no_history_hands_over_one_reader_at_a_time(
    channel: SendGridChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X2: without a look-up a crash leaves one delivery open, no more."""
    assert (channel.batch_size, channel.safety) == (1000, Safety.LOOK_UP)
    for given, bought in (({}, False), ({"SENDGRID_EMAIL_ACTIVITY": "yes"}, True)):
        monkeypatch.setattr(settings, "ANYMAIL", {"SENDGRID_API_KEY": KEY, **given})
        made = SendGridChannel.from_settings()
        assert made.batch_size == (1000 if bought else 1)
        assert made.safety is (Safety.LOOK_UP if bought else Safety.NEITHER)
        made.close()


def test_history_was_bought_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"SENDGRID_API_KEY": KEY, "SENDGRID_EMAIL_ACTIVITY": "perhaps"}
    monkeypatch.setattr(settings, "ANYMAIL", given)
    with pytest.raises(SettingError, match="ANYMAIL_SENDGRID_EMAIL_ACTIVITY has a form"):
        SendGridChannel.from_settings()


# --- Looking up -----------------------------------------------------------------------------------


def test_look_up_finds_every_delivery_of_its_batch_and_no_other(
    channel: SendGridChannel, server: SendGridServer
) -> None:
    channel.submit(letter(5, key="e" * 32))
    accepted = channel.submit(letter(1000)).accepted
    assert channel.look_up(letter(1000), since=PAST) == accepted
    assert len(server.calls) == 3  # it lets one ask six times a minute


def test_look_up_finds_some_where_only_some_were_taken(
    channel: SendGridChannel, server: SendGridServer
) -> None:
    accepted = channel.submit(letter(2)).accepted
    assert channel.look_up(letter(3), since=PAST) == accepted
    assert channel.look_up(letter(3, key="e" * 32), since=PAST) == {}


def test_look_up_takes_an_address_in_any_case_and_writing(
    channel: SendGridChannel, server: SendGridServer
) -> None:
    people = (reader(1, address="Ana@Example.com"), reader(2, address="ben@bücher.example"))
    accepted = channel.submit(letter(recipients=people)).accepted
    asked = letter(recipients=(reader(1, address="ana@example.COM"), people[1]))
    assert channel.look_up(asked, since=PAST) == accepted


def test_look_up_of_a_notice(channel: SendGridChannel) -> None:
    accepted = channel.submit(notice()).accepted
    assert channel.look_up(notice(), since=PAST) == accepted


def test_look_up_that_was_not_bought_is_refused(
    channel: SendGridChannel, server: SendGridServer
) -> None:
    server.bought = False
    with pytest.raises(RefusedError, match="403") as refused:
        channel.look_up(letter(), since=PAST)
    assert not refused.value.final


def test_list_that_ignores_what_it_is_asked_for_proves_nothing(
    channel: SendGridChannel, server: SendGridServer
) -> None:
    """More than were handed over, from another sender, or from before the call."""
    server.deaf = True
    channel.submit(letter(3, key="e" * 32))
    with pytest.raises(UnsureError, match="another batch"):
        channel.look_up(letter(2), since=PAST)
    with pytest.raises(UnsureError, match="another batch"):
        channel.look_up(letter(3, from_address="other@example.com"), since=PAST)
    ahead = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    with pytest.raises(UnsureError, match="another batch"):
        channel.look_up(letter(3), since=ahead)


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {},
        {"messages": None},
        {"messages": [None]},
        {"messages": [{"to_email": "x"}]},
        {"messages": [{"to_email": "x", "from_email": "y", "last_event_time": "soon"}]},
        {"messages": [{"to_email": "x", "from_email": "y", "last_event_time": "2026-01-01"}]},
    ],
    ids=str,
)
def test_list_of_another_form_is_unsure(
    channel: SendGridChannel, server: SendGridServer, answer: object
) -> None:
    server.misbehave(Fault(body=json.dumps(answer).encode()))
    with pytest.raises(UnsureError, match="another form"):
        channel.look_up(letter(), since=PAST)
