"""What is Postmark's own, at a real server that speaks its wire format."""

import datetime as dt
import json
from collections.abc import Iterator

import pytest

from pipeline.channels import postmark as module
from pipeline.channels.postmark import PostmarkChannel
from pipeline.errors import RefusedError, UnsureError
from pipeline.outbox.letter import Receipt, Safety
from tests.channels.api_server import Fault
from tests.channels.letters import HOME, letter, notice, reader
from tests.channels.postmark_server import TOKEN, PostmarkServer, error

PAST = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def server() -> Iterator[PostmarkServer]:
    """A Postmark of the test's own."""
    made = PostmarkServer()
    yield made
    made.close()


@pytest.fixture
def channel(server: PostmarkServer) -> Iterator[PostmarkChannel]:
    """A channel to it."""
    made = PostmarkChannel(server_token=TOKEN, api_url=server.url, timeout=dt.timedelta(seconds=2))
    yield made
    made.close()


def answers(server: PostmarkServer, *given: object) -> None:
    """Let the next call take nothing and answer this."""
    server.misbehave(Fault(body=json.dumps(list(given)).encode()))


# --- What arrives ---------------------------------------------------------------------------------


def test_message_is_whole(channel: PostmarkChannel, server: PostmarkServer) -> None:
    receipt = channel.submit(letter(2))
    assert receipt == Receipt(accepted={1: server.kept[0].id, 2: server.kept[1].id})
    url = f"{HOME}/u/2.weekly.{'s' * 43}"
    assert server.kept[1].document == {
        "From": '"Harbour Street Acupuncture" <letter@harbour-street.example.com>',
        "To": '"Reader 2" <reader-2@example.com>',
        "ReplyTo": "hello@harbour-street.example.com",
        "Subject": "Why Warmth Helps: 1. Vessels",
        "TextBody": f"Warmth helps – 70% of us.\n\nUnsubscribe: {url}\n",
        "HtmlBody": f'<p>Warmth helps – 70% of us.</p>\n<a href="{url}">Unsubscribe</a>\n',
        "Headers": [
            {
                "Name": "List-Id",
                "Value": '"The Harbour Letter" <weekly.harbour-street.example.com>',
            },
            {
                "Name": "Feedback-ID",
                "Value": "2026-03-03.1da2e1:weekly:mail.issue:harbourstreetex",
            },
            {"Name": "List-Unsubscribe", "Value": f"<{url}>"},
            {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"},
            {"Name": "Message-ID", "Value": f"<{2:032x}@harbour-street.example.com>"},
            {"Name": "X-PM-KeepID", "Value": "true"},
        ],
        "Metadata": {"batch": letter().key, "delivery": "2"},
        "MessageStream": "broadcast",
        "TrackOpens": False,
        "TrackLinks": "None",
    }


def test_notice_goes_by_the_other_stream_and_is_looked_up_there_d14(
    channel: PostmarkChannel, server: PostmarkServer
) -> None:
    accepted = channel.submit(notice()).accepted
    assert server.kept[0].stream == "outbound"
    assert channel.look_up(notice(), since=PAST) == accepted
    assert channel.look_up(letter(key=notice().key), since=PAST) == {}


def test_letter_without_a_reply_address_has_none(
    channel: PostmarkChannel, server: PostmarkServer
) -> None:
    channel.submit(letter(reply_to=""))
    assert "ReplyTo" not in server.kept[0].document


def test_largest_letters_of_a_full_batch_fit_into_one_call(
    channel: PostmarkChannel, server: PostmarkServer
) -> None:
    """D20: 102,000 bytes of HTML are the most that passes the checks."""
    html = '<p class="x">' + 'a"' * 50_500 + "@@unsubscribe_url@@</p>"
    sent = letter(channel.batch_size, html=html, text="@@unsubscribe_url@@" + "x" * 10_000)
    assert len(channel.submit(sent).accepted) == channel.batch_size


@pytest.mark.parametrize("name", ["subject", "text", "html"])
@pytest.mark.parametrize("written", ["{{{ pm:unsubscribe }}}", "{{{PM:x", "{{ pm:unsubscribe }}"])
def test_author_cannot_call_for_postmarks_own_link(
    channel: PostmarkChannel, server: PostmarkServer, name: str, written: str
) -> None:
    with pytest.raises(RefusedError, match="which Postmark would fill in") as refused:
        channel.submit(letter(**{name: f"Leave by {written}"}))
    assert refused.value.final
    assert server.calls == []


def test_reader_who_is_named_like_postmarks_link_is_greeted_by_the_default(
    channel: PostmarkChannel, server: PostmarkServer
) -> None:
    hostile = {**reader().values, "first_name": "{{{ pm:unsubscribe }}}"}
    good = {**reader(2).values, "first_name": "{Ben}"}
    hi = "Hi @@first_name.667269656e64@@"
    channel.submit(letter(text=hi, recipients=(reader(1, values=hostile), reader(2, values=good))))
    assert [each.document["TextBody"] for each in server.kept] == ["Hi friend", "Hi {Ben}"]
    assert f"{HOME}/u/1." in str(server.kept[0].document["HtmlBody"])


def test_channel_is_of_the_class_that_is_looked_up(channel: PostmarkChannel) -> None:
    assert (channel.name, channel.safety, channel.key_lifetime) == (
        "postmark",
        Safety.LOOK_UP,
        None,
    )
    assert channel.memory < dt.timedelta(days=7)  # the shortest time that Postmark keeps them


# --- A part of a batch (X3) -----------------------------------------------------------------------


def test_each_reader_has_an_answer_of_their_own(
    channel: PostmarkChannel, server: PostmarkServer
) -> None:
    server.inactive = {"reader-2@example.com"}
    server.codes = {"reader-4@example.com": 300}
    receipt = channel.submit(letter(4))
    assert set(receipt.accepted) == {1, 3}
    assert receipt.refused == {
        2: "Postmark refused it: 406, You tried to send to recipient(s) that have been marked as "
        "inactive. Found inactive addresses: … Inactive recipients are ones that have generated "
        "a hard bounce, a spam complaint, or a manual suppressi",
        4: "Postmark refused it: 300, It does not go out.",
    }


def test_part_that_was_not_taken_for_the_accounts_sake_leaves_the_batch_to_a_look_up(
    channel: PostmarkChannel, server: PostmarkServer
) -> None:
    server.codes = {"reader-2@example.com": 405}
    with pytest.raises(UnsureError, match="took a part only; Postmark answered: 405"):
        channel.submit(letter(3))
    assert set(channel.look_up(letter(3), since=PAST)) == {1, 3}


def test_batch_of_which_nothing_was_taken_for_the_accounts_sake_can_go_later(
    channel: PostmarkChannel, server: PostmarkServer
) -> None:
    server.codes = {"reader-1@example.com": 300, "reader-2@example.com": 413}
    with pytest.raises(RefusedError, match="Postmark answered: 413") as refused:
        channel.submit(letter(2))
    assert not refused.value.final


@pytest.mark.parametrize("code", [100, 400, 401, 405, 412, 413, 429, 1235])
def test_refusal_that_a_person_or_time_can_mend_is_not_final(
    channel: PostmarkChannel, server: PostmarkServer, code: int
) -> None:
    told = json.dumps(error(code, "Not eve@example.com")).encode()
    server.misbehave(Fault(status=422, body=told))
    with pytest.raises(RefusedError) as refused:
        channel.submit(letter())
    assert not refused.value.final
    assert refused.value.message == f"Postmark answered: {code}, Not …"


@pytest.mark.parametrize(
    ("status", "final"), [(401, False), (413, True), (422, True), (429, False)], ids=str
)
def test_other_refusals_are_as_of_any_server(
    channel: PostmarkChannel, server: PostmarkServer, status: int, final: bool
) -> None:
    server.misbehave(Fault(status=status, body=b'{"ErrorCode": 402, "Message": "Invalid JSON"}'))
    with pytest.raises(RefusedError) as refused:
        channel.submit(letter())
    assert (refused.value.final, refused.value.message) == (
        final,
        f"Postmark answered {status}: Invalid JSON",
    )


@pytest.mark.parametrize(
    "given",
    [
        [],
        [{}],
        [{"ErrorCode": 0, "Message": "OK"}],
        [{"ErrorCode": 0, "Message": "OK", "MessageID": ""}],
        [{"ErrorCode": "0", "Message": "OK", "MessageID": "x"}],
        [{"MessageID": "x"}],
        [None],
        [{"ErrorCode": 0, "Message": "OK", "MessageID": "x"}] * 2,
    ],
    ids=str,
)
def test_answer_of_another_form_is_unsure(
    channel: PostmarkChannel, server: PostmarkServer, given: list[object]
) -> None:
    answers(server, *given)
    with pytest.raises(UnsureError, match="not what became of each message"):
        channel.submit(letter())


def test_message_that_may_be_late_is_taken(
    channel: PostmarkChannel, server: PostmarkServer
) -> None:
    """Such an answer has no code (django-anymail, issue 392)."""
    late = {"Message": "Message accepted, but delivery may be delayed.", "MessageID": "late"}
    answers(server, late, {"ErrorCode": 0, "Message": "OK", "MessageID": "x"})
    assert channel.submit(letter(2)).accepted == {1: "late", 2: "x"}


def test_wrong_token_is_refused_by_the_server(server: PostmarkServer) -> None:
    channel = PostmarkChannel(server_token="wrong", api_url=server.url)
    with pytest.raises(RefusedError, match="Postmark answered 401: No Account") as refused:
        channel.submit(letter())
    assert not refused.value.final
    channel.close()


# --- Looking up -----------------------------------------------------------------------------------


def test_look_up_finds_every_delivery_of_its_batch_and_no_other(
    channel: PostmarkChannel, server: PostmarkServer
) -> None:
    channel.submit(letter(5, key="e" * 32))
    accepted = channel.submit(letter(300)).accepted
    assert channel.look_up(letter(300), since=PAST) == accepted
    assert server.calls[-1] == (
        f"GET /messages/outbound?count=500&offset=0&messagestream=broadcast"
        f"&metadata_batch={letter().key}"
    )


def test_look_up_goes_on_page_after_page(
    channel: PostmarkChannel, server: PostmarkServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE", 2)
    accepted = channel.submit(letter(5)).accepted
    assert channel.look_up(letter(5), since=PAST) == accepted
    assert [call.partition("offset=")[2][:1] for call in server.calls[1:]] == ["0", "2", "4"]


def test_look_up_of_a_letter_nobody_took_finds_nothing(channel: PostmarkChannel) -> None:
    assert channel.look_up(letter(2), since=PAST) == {}


def test_look_up_finds_some_where_only_some_were_taken(
    channel: PostmarkChannel, server: PostmarkServer
) -> None:
    accepted = channel.submit(letter(2)).accepted
    assert channel.look_up(letter(3), since=PAST) == accepted
    # Of a reader who is no longer of the batch, nothing is asked.
    assert channel.look_up(letter(1), since=PAST) == {1: accepted[1]}


def test_search_that_ignores_what_it_is_asked_for_proves_nothing(
    channel: PostmarkChannel, server: PostmarkServer
) -> None:
    channel.submit(letter(2, key="e" * 32))
    server.deaf = True
    with pytest.raises(UnsureError, match="another batch"):
        channel.look_up(letter(2), since=PAST)


def test_search_that_never_ends_is_ended(
    channel: PostmarkChannel, server: PostmarkServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE", 1)
    monkeypatch.setattr(module, "DEEPEST", 3)
    channel.submit(letter(4))
    with pytest.raises(UnsureError, match="more than 3 messages"):
        channel.look_up(letter(4), since=PAST)


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {},
        {"Messages": [], "TotalCount": "0"},
        {"Messages": [None], "TotalCount": 1},
        {"Messages": [{"MessageID": "x"}], "TotalCount": 1},
        {"Messages": [{"MessageID": "", "Metadata": {}}], "TotalCount": 1},
    ],
    ids=str,
)
def test_search_of_another_form_is_unsure(
    channel: PostmarkChannel, server: PostmarkServer, answer: object
) -> None:
    server.misbehave(Fault(body=json.dumps(answer).encode()))
    with pytest.raises(UnsureError, match="another form"):
        channel.look_up(letter(), since=PAST)


def test_search_whose_count_is_wrong_ends(channel: PostmarkChannel, server: PostmarkServer) -> None:
    server.misbehave(Fault(body=b'{"Messages": [], "TotalCount": 9}'))
    assert channel.look_up(letter(), since=PAST) == {}


def test_search_that_is_refused_says_so(channel: PostmarkChannel, server: PostmarkServer) -> None:
    server.misbehave(Fault(status=401))
    with pytest.raises(RefusedError, match="401"):
        channel.look_up(letter(), since=PAST)


def test_sending_and_looking_up_go_over_one_connection(
    channel: PostmarkChannel, server: PostmarkServer
) -> None:
    channel.submit(letter())
    channel.look_up(letter(), since=PAST)
    channel.submit(letter())
    assert len(set(server.ports)) == 1
