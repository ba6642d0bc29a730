"""What holds for every mail API alike, at a real server that speaks its wire format."""

import datetime as dt
import inspect
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from pipeline.channels.registry import open_channel
from pipeline.errors import RefusedError, SendError, SettingError, UnsureError
from pipeline.outbox.letter import Letter, Receipt, Safety
from tests.channels.api_server import ApiServer, Fault
from tests.channels.letters import BREAKS, EAI, HOME, NO_ADDRESS, letter, notice, reader
from tests.channels.providers import PROVIDERS, Api, Provider
from tests.channels.test_mailgun import NAMES
from tests.home import CHECKOUT

Pair = tuple[Api, ApiServer]


def cut(channel: Api, sent: Letter) -> Letter:
    """The letter for the last of its readers, if one call takes no more."""
    return replace(sent, recipients=sent.recipients[-channel.batch_size :])


def hand_over(channel: Api, sent: Letter) -> Receipt:
    """Hand a letter over as the queue does, by as many calls as it takes."""
    accepted: dict[int, str] = {}
    refused: dict[int, str] = {}
    for start in range(0, len(sent.recipients), channel.batch_size):
        readers = sent.recipients[start : start + channel.batch_size]
        try:
            receipt = channel.submit(replace(sent, key=f"{start:032x}", recipients=readers))
        except RefusedError as error:
            receipt = Receipt(refused={each.delivery: error.message for each in readers})
        accepted |= receipt.accepted
        refused |= receipt.refused
    return Receipt(accepted=accepted, refused=refused)


@pytest.fixture(params=PROVIDERS, ids=lambda provider: provider.name)
def provider(request: pytest.FixtureRequest) -> Provider:
    """Each in turn."""
    made: Provider = request.param
    return made


@pytest.fixture
def server(provider: Provider) -> Iterator[ApiServer]:
    """Its server."""
    made = provider.server()
    yield made
    made.close()


@pytest.fixture
def channel(provider: Provider, server: ApiServer) -> Iterator[Api]:
    """A channel to it."""
    made = provider.opened(server.url)
    yield made
    made.close()


# --- What arrives ---------------------------------------------------------------------------------


def test_one_call_carries_as_many_readers_as_the_provider_takes(
    channel: Api, server: ApiServer
) -> None:
    receipt = channel.submit(letter(channel.batch_size))
    assert server.posts() == 1
    assert server.received() == {
        f"reader-{n}@example.com": 1 for n in range(1, channel.batch_size + 1)
    }
    assert {number: m.id for number, m in enumerate(server.messages(), 1)} == receipt.accepted
    assert receipt.refused == {}


def test_d2_d36_each_reader_sees_an_own_link_and_nobody_else(
    channel: Api, server: ApiServer
) -> None:
    channel.submit(letter(channel.batch_size))
    for number, message in enumerate(server.messages(), start=1):
        url = f"{HOME}/u/{number}.weekly.{'s' * 43}"
        assert message.to == ((f"Reader {number}", f"reader-{number}@example.com"),)
        assert message.headers["List-Unsubscribe"] == f"<{url}>"
        assert message.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert message.text == f"Warmth helps – 70% of us.\n\nUnsubscribe: {url}\n"
        assert message.html == (
            f'<p>Warmth helps – 70% of us.</p>\n<a href="{url}">Unsubscribe</a>\n'
        )


def test_a_message_says_from_whom_and_of_which_list(
    channel: Api, server: ApiServer, provider: Provider
) -> None:
    """D1, D15, D26."""
    channel.submit(letter())
    (message,) = server.messages()
    assert message.subject == "Why Warmth Helps: 1. Vessels"
    assert message.sender == ("Harbour Street Acupuncture", "letter@harbour-street.example.com")
    assert message.reply_to == "hello@harbour-street.example.com"
    headers = {name.lower(): value for name, value in message.headers.items()}
    headers.pop("message-id", None)
    wanted = {
        "feedback-id": "2026-03-03.1da2e1:weekly:mail.issue:harbourstreetex",
        "list-id": '"The Harbour Letter" <weekly.harbour-street.example.com>',
        "list-unsubscribe": f"<{HOME}/u/1.weekly.{'s' * 43}>",
        "list-unsubscribe-post": "List-Unsubscribe=One-Click",
    }
    assert headers == {name: wanted[name] for name in wanted.keys() - provider.lacks}


def test_a_letter_without_a_reply_address_has_none(channel: Api, server: ApiServer) -> None:
    channel.submit(letter(reply_to=""))
    assert server.messages()[0].reply_to == ""


def test_a_message_id_is_ours_where_the_provider_lets_us_set_it(
    channel: Api, server: ApiServer
) -> None:
    """D16: the same on every try."""
    channel.submit(letter(min(2, channel.batch_size)))
    for number, message in enumerate(server.messages(), start=1):
        asked = {name.lower(): value for name, value in message.headers.items()}
        wanted = f"<{number:032x}@harbour-street.example.com>"
        assert asked.get("message-id", wanted) == wanted


def test_p1_nothing_is_tracked(channel: Api, server: ApiServer, provider: Provider) -> None:
    if provider.tracking == "account":
        pytest.skip("it has no switch in a call: docs/providers.md says which to turn")
    channel.submit(letter(min(2, channel.batch_size)))
    channel.submit(notice(key="e" * 32))
    assert {message.tracked for message in server.messages()} == {False}


def test_p2_who_agreed_is_measured(channel: Api, server: ApiServer, provider: Provider) -> None:
    if provider.tracking == "account":
        pytest.skip("it has no switch in a call: docs/providers.md says which to turn")
    channel.submit(letter(tracked=True))
    assert [message.tracked for message in server.messages()] == [True]


def test_events_can_be_matched_by_the_batch(channel: Api, server: ApiServer) -> None:
    channel.submit(letter(min(2, channel.batch_size)))
    for number, message in enumerate(server.messages(), start=1):
        told = dict(message.metadata)
        assert told.pop("batch") == letter().key
        assert told in ({}, {"delivery": str(number)})


def test_p5_the_provider_learns_nothing_the_letter_does_not_say(
    channel: Api, server: ApiServer
) -> None:
    values = {**reader().values, "first_name": "Xaviera", "language": "es"}
    sent = letter(text="Hi", html="<p>Hi</p>", recipients=(reader(values=values),))
    assert b"Xaviera" not in channel.serialize(sent)
    channel.submit(sent)
    assert server.messages()[0].html.rstrip("\n") == "<p>Hi</p>"


@pytest.mark.parametrize("name", NAMES)
def test_d22_names_of_every_script_arrive_as_they_are(
    channel: Api, server: ApiServer, name: str
) -> None:
    readers = (reader(1, name=name), reader(2))
    hand_over(channel, letter(recipients=readers, from_name=name, subject=f"{name} 1"))
    message = server.messages()[0]
    assert message.to == ((name, "reader-1@example.com"),)
    assert message.subject == f"{name} 1"
    assert message.sender == (name, "letter@harbour-street.example.com")


def test_d22_a_list_name_outside_ascii_is_encoded_on_one_line(
    channel: Api, server: ApiServer, provider: Provider
) -> None:
    if "list-id" in provider.lacks:
        pytest.skip("it writes that header itself")
    channel.submit(letter(list_name="항구 거리 한의원의 편지 " * 5))
    header = server.messages()[0].headers["List-Id"]
    assert header.isascii()
    assert "\n" not in header
    assert header.endswith("<weekly.harbour-street.example.com>")


ODD = ["o'neil+news@example.com", "a!#$%&'*+/=?^_`{|}~-b@example.com", "UPPER.Case@Example.COM"]


@pytest.mark.parametrize("address", ODD)
def test_addresses_with_odd_letters_are_written_to(
    channel: Api, server: ApiServer, address: str
) -> None:
    receipt = hand_over(channel, letter(recipients=(reader(1, address=address), reader(2))))
    assert set(receipt.accepted) == {1, 2}
    assert server.messages()[0].recipient == address


def test_a_domain_outside_ascii_becomes_punycode(channel: Api, server: ApiServer) -> None:
    recipients = (reader(1, address="ana@bücher.example"),)
    channel.submit(letter(recipients=recipients, from_address="brief@müller.example"))
    (message,) = server.messages()
    assert message.recipient == "ana@xn--bcher-kva.example"
    assert message.sender[1] == "brief@xn--mller-kva.example"


def test_a_notice_has_no_way_to_leave_and_says_a_program_wrote_it(
    channel: Api, server: ApiServer
) -> None:
    """D25."""
    channel.submit(notice())
    (message,) = server.messages()
    headers = {name.lower(): value for name, value in message.headers.items()}
    headers.pop("message-id", None)
    assert headers == {"auto-submitted": "auto-generated"}
    assert message.to == (("", "reader-1@example.com"),)
    assert message.text == f"Shall we?\n\nYes: {HOME}/confirm/{'t' * 43}\n"
    assert message.html == f'<p>Shall we?</p>\n<a href="{HOME}/confirm/{"t" * 43}">Yes</a>\n'


# --- Merge fields ---------------------------------------------------------------------------------


def test_defaults_are_applied_and_values_escaped_for_where_they_stand(
    channel: Api, server: ApiServer
) -> None:
    hi, there = "@@first_name.667269656e64@@", "@@first_name.796f75@@"
    hostile = "O'Neil <b>&\"\\ {{x}} {%y%} %recipient.z% [[var:w]] 배"
    readers = tuple(
        reader(number, values={**reader(number).values, "first_name": name})
        for number, name in ((1, hostile), (2, ""))
    )
    hand_over(
        channel,
        letter(
            subject=f"For {hi}",
            text=f"Hi {hi}, {there}",
            html=f"<p>Hi {hi}, {there}</p>",
            recipients=readers,
        ),
    )
    escaped = "O&#39;Neil &lt;b&gt;&amp;&#34;\\ {{x}} {%y%} %recipient.z% [[var:w]] 배"
    # A joiner that nobody sees may keep two braces apart.
    shown = [
        tuple(part.replace("\u2060", "").rstrip() for part in (each.subject, each.text, each.html))
        for each in server.messages()
    ]
    assert shown == [
        (f"For {hostile}", f"Hi {hostile}, {hostile}", f"<p>Hi {escaped}, {escaped}</p>"),
        ("For friend", "Hi friend, you", "<p>Hi friend, you</p>"),
    ]


def test_marks_nobody_knows_stay_as_they_are(channel: Api, server: ApiServer) -> None:
    text = "@@unknown@@ and 50% of %s, 5%-10% \u2028 \\ \" '"
    channel.submit(letter(text=text))
    assert server.messages()[0].text.rstrip("\n") == text


SYNTAX = [
    "{{unsubscribe_url}}",
    "{{{ email }}}",
    "}} {{ if x }} {{ end }}",
    "{% if contact.EMAIL %}",
    "{{ params.unsubscribe_url }}",
    "{{ 7 * 7 }}",
    "{# hidden #}",
    "[[var:unsubscribe_url]]",
    "[[data-msys-clicktrack]]",
    "%recipient.unsubscribe_url%",
    "-unsubscribe_url-",
    "{{{{",
]


def refusal(channel: Api, sent: Letter) -> RefusedError | None:
    """Why a letter is refused, if it is."""
    try:
        channel.submit(sent)
    except RefusedError as error:
        return error
    return None


@pytest.mark.parametrize("place", ["subject", "from_name", "list_name", "text", "html"])
@pytest.mark.parametrize("syntax", SYNTAX)
def test_s1_words_that_look_like_a_merge_field_are_printed_or_refused(
    channel: Api, server: ApiServer, place: str, syntax: str
) -> None:
    words = f"You are {syntax} to us"
    refused = refusal(channel, letter(**{place: words}))
    if refused:
        assert refused.final
        assert "would fill in" in str(refused)
        assert server.calls == []
        return
    (message,) = server.messages()
    list_id = message.headers.get("List-Id", f"{words} <")
    shown = {
        "subject": message.subject,
        "from_name": message.sender[0],
        "list_name": list_id.rpartition(" <")[0].strip('"'),
        "text": message.text.rstrip("\n"),
        "html": message.html.rstrip("\n"),
    }
    assert shown[place] == words


@pytest.mark.parametrize("syntax", SYNTAX)
def test_s1_a_reader_named_like_a_merge_field_is_written_to(
    channel: Api, server: ApiServer, syntax: str
) -> None:
    readers = (reader(1, name=syntax), reader(2, name="Ben"))
    receipt = hand_over(channel, letter(recipients=readers))
    assert set(receipt.accepted) == {1, 2}
    assert [message.to[0][0] for message in server.messages()] in ([syntax, "Ben"], ["", "Ben"])


# --- Header injection and addresses ---------------------------------------------------------------


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS.keys())
@pytest.mark.parametrize(
    "place", ["subject", "from_name", "reply_to", "list_name", "list_id", "folder"]
)
def test_s14_injection_in_a_letter_never_reaches_the_wire(
    channel: Api, server: ApiServer, place: str, broken: str
) -> None:
    with pytest.raises(RefusedError, match="line break") as refused:
        channel.submit(letter(2, **{place: f"é{broken}Bcc: eve@example.com"}))
    assert refused.value.final
    assert server.calls == []


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS.keys())
@pytest.mark.parametrize("place", ["name", "address"])
def test_s14_a_hostile_reader_is_left_out_and_the_others_get_theirs(
    channel: Api, server: ApiServer, place: str, broken: str
) -> None:
    hostile = reader(2, **{place: f"é{broken}eve@example.com"})
    receipt = hand_over(channel, letter(recipients=(reader(1), hostile)))
    assert set(receipt.accepted) == {1}
    assert set(receipt.refused) == {2}
    assert server.received() == {"reader-1@example.com": 1}
    assert "eve" not in str(receipt)


@pytest.mark.parametrize("address", [*NO_ADDRESS, *EAI])
def test_s15_d23_who_has_not_one_address_is_left_out_with_the_reason(
    channel: Api, server: ApiServer, address: str
) -> None:
    readers = (reader(1), reader(2, address=address), reader(3))
    receipt = hand_over(channel, letter(recipients=readers))
    assert set(receipt.accepted) == {1, 3}
    assert set(receipt.refused) == {2}
    assert server.received() == {"reader-1@example.com": 1, "reader-3@example.com": 1}


# --- The same bytes -------------------------------------------------------------------------------

SERIALIZE = """
import django, sys
django.setup()
from tests.channels.letters import letter
from tests.channels.providers import PROVIDERS
(provider,) = [each for each in PROVIDERS if each.name == sys.argv[1]]
sys.stdout.buffer.write(provider.opened("https://elsewhere.test").serialize(letter(int(sys.argv[2]))))
"""


def test_serialize_is_the_same_twice_and_in_another_process(
    channel: Api, provider: Provider
) -> None:
    readers = min(25, channel.batch_size)
    first = channel.serialize(letter(readers))
    assert channel.serialize(letter(readers)) == first
    for seed in ("1", "2"):
        child = subprocess.run(
            [sys.executable, "-c", SERIALIZE, provider.name, str(readers)],
            capture_output=True,
            check=True,
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        assert child.stdout == first


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "f" * 32},
        {"subject": "Another"},
        {"from_name": "Another"},
        {"from_address": "another@harbour-street.example.com"},
        {"reply_to": ""},
        {"list_id": "monthly.harbour-street.example.com"},
        {"list_name": "Another"},
        {"html": "<p>@@unsubscribe_url@@</p>"},
        {"text": "@@unsubscribe_url@@"},
        {"recipients": (reader(1), reader(3))},
        {"recipients": (reader(1), reader(2, name="Another"))},
        {"recipients": (reader(1), reader(2, values={"unsubscribe_url": f"{HOME}/u/x"}))},
        {"recipients": (reader(2), reader(1))},
    ],
    ids=lambda changes: str(changes)[:40],
)
def test_serialize_differs_where_a_value_differs(
    channel: Api, provider: Provider, changes: dict[str, object]
) -> None:
    if "list_name" in changes and "list-id" in provider.lacks:
        pytest.skip("it writes that header itself")
    changed, same = cut(channel, letter(2, **changes)), cut(channel, letter(2))
    assert channel.serialize(changed) != channel.serialize(same)


def test_serialize_sends_nothing_and_of_a_refused_letter_is_the_reason(
    channel: Api, server: ApiServer
) -> None:
    assert channel.serialize(letter(subject="a\nb")) == (
        b"the subject holds a line break or a control character."
    )
    channel.serialize(letter())
    assert server.calls == []


# --- What goes wrong ------------------------------------------------------------------------------


def trouble(channel: Api) -> SendError:
    with pytest.raises(SendError) as failed:
        channel.submit(cut(channel, letter(3)))
    assert "@" not in str(failed.value)
    # What it was made of holds the payload, and so the addresses.
    assert failed.value.__suppress_context__ or failed.value.__context__ is None
    return failed.value


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("120", 120), ("Sun, 06 Nov 1994 08:51:37 GMT", 120), ("", None), ("soon", None)],
)
def test_x3_429_is_a_refusal_that_says_how_long_to_wait(
    channel: Api, server: ApiServer, asked: str, seconds: int | None
) -> None:
    date = "Sun, 06 Nov 1994 08:49:37 GMT"
    server.misbehave(Fault(status=429, headers={"Date": date, "Retry-After": asked}))
    error = trouble(channel)
    assert isinstance(error, RefusedError)
    assert not error.final
    assert error.wait == (dt.timedelta(seconds=seconds) if seconds is not None else None)
    assert server.posts() == 1


@pytest.mark.parametrize(
    ("status", "final"),
    [(400, True), (401, False), (402, False), (403, False), (404, False), (413, True), (422, True)],
)
def test_x3_other_4xx_is_a_refusal(
    channel: Api, server: ApiServer, status: int, final: bool
) -> None:
    if channel.name == "ses" and final:
        pytest.skip("an error that has no name may be mended")
    said = {"message": "eve@example.com is\nnot known"}
    server.misbehave(Fault(status=status, body=json.dumps(said).encode()))
    error = trouble(channel)
    assert isinstance(error, RefusedError)
    assert (error.final, error.wait) == (final, None)
    assert f" answered {status}" in error.message
    assert server.posts() == 1


@pytest.mark.parametrize("body", [b"Forbidden", b'["a"]', b"{}", b"", b'{"message": 7}'])
def test_a_refusal_without_a_reason_is_told_by_its_number(
    channel: Api, server: ApiServer, provider: Provider, body: bytes
) -> None:
    server.misbehave(Fault(status=403, body=body))
    assert trouble(channel).message.startswith(f"{provider.who} answered 403")


@pytest.mark.parametrize("accepts", [True, False])
@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 502, "body": b"<html>Bad Gateway</html>"},
        {"status": 503, "headers": {"Retry-After": "1"}},
        {"status": 302, "headers": {"Location": "/elsewhere"}},
        {"status": 307, "headers": {"Location": "/elsewhere"}},
        {"body": b"<html>please sign in</html>"},
        {"body": b'{"id": "<2026@mg'},
        {"body": b'{"id": "<2026@mg', "cuts": True},
        {"body": b"{}"},
        {"body": b"[]"},
        {"body": b"null"},
        {"body": b"7"},
        {"body": b""},
        {"body": b"", "status": 204},
        {"body": b"[" * 100_000},
        {"body": b" " * 5_000_001},
        {"stalls": True},
    ],
    ids=lambda fault: str(fault)[:40],
)
def test_x3_a_lost_answer_is_unsure_and_the_call_is_made_once(
    channel: Api, server: ApiServer, fault: dict[str, Any], accepts: bool
) -> None:
    server.misbehave(Fault(accepts=accepts, **fault))
    error = trouble(channel)
    server.release()
    assert isinstance(error, UnsureError)
    assert server.posts() == 1
    assert len(server.messages()) == (min(3, channel.batch_size) if accepts else 0)


def test_x3_an_answer_that_drips_is_given_up_in_time(
    channel: Api, server: ApiServer, provider: Provider
) -> None:
    """Slow-loris: every byte comes before the time-out, and the answer would take for ever."""
    server.misbehave(Fault(accepts=True, drips=True))
    error = trouble(channel)
    assert isinstance(error, UnsureError)
    assert not error.final
    # Nobody let go: the channel itself did.
    assert not server.wait(0)


def test_an_error_keeps_the_payload_out_of_tracebacks(channel: Api, server: ApiServer) -> None:
    """P8."""
    server.close()
    error = trouble(channel)
    assert isinstance(error, RefusedError)
    assert not error.final
    assert error.message.endswith("cannot be reached")


def test_the_key_goes_to_no_proxy_and_nobody_elses_is_taken(
    provider: Provider, server: ApiServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login eve password eve\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    channel = provider.opened(server.url)
    assert set(channel.submit(letter()).accepted) == {1}
    channel.close()


def test_more_readers_than_one_call_may_have_are_refused(
    channel: Api, server: ApiServer, provider: Provider
) -> None:
    if not provider.capped:
        pytest.skip("it takes more, but advises against it")
    with pytest.raises(RefusedError) as refused:
        channel.submit(letter(channel.batch_size + 1))
    assert refused.value.final
    assert server.messages() == []


def test_a_channel_speaks_over_one_connection(channel: Api, server: ApiServer) -> None:
    for number in range(3):
        channel.submit(letter(key=f"{number:032x}"))
    assert len(server.ports) == 3
    assert len(set(server.ports)) == 1


def test_x3_a_reader_the_provider_refuses_does_not_stop_the_others(
    channel: Api, server: ApiServer, provider: Provider
) -> None:
    if provider.tells != "which":
        pytest.skip("it does not say who")
    server.disliked = {"reader-2@example.com", "reader-3@example.com"}
    receipt = channel.submit(letter(4))
    assert server.received() == {"reader-1@example.com": 1, "reader-4@example.com": 1}
    assert receipt.accepted == {1: server.messages()[0].id, 4: server.messages()[1].id}
    assert set(receipt.refused) == {2, 3}
    assert all(told.startswith(f"{provider.who} refused it") for told in receipt.refused.values())
    assert "@" not in str(receipt.refused)


# --- Keys -----------------------------------------------------------------------------------------


def test_x4_a_key_used_with_other_bytes_is_an_alarm_and_never_a_refusal(
    channel: Api, server: ApiServer, provider: Provider
) -> None:
    if provider.conflict is None:
        pytest.skip("it knows no keys, or compares no bytes")
    server.misbehave(provider.conflict)
    error = trouble(channel)
    assert isinstance(error, UnsureError)
    assert error.final


def test_a_second_call_with_the_same_key_sends_nothing(
    channel: Api, server: ApiServer, provider: Provider
) -> None:
    if channel.safety is not Safety.KEYED:
        pytest.skip("it knows no keys")
    first = channel.submit(letter(3))
    second = channel.submit(letter(3))
    assert second.accepted.keys() == first.accepted.keys()
    assert (second == first) == provider.replays
    assert set(server.received().values()) == {1}


# --- Opening --------------------------------------------------------------------------------------


@pytest.fixture
def _settings(provider: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MERIDIAN_HOME", tmp_path)
    monkeypatch.setattr(settings, "MERIDIAN_URL", "https://letters.example.com")
    monkeypatch.setattr(settings, "ANYMAIL", dict(provider.settings))


def opening(provider: Provider, *, demo: bool = False) -> str:
    """What is said against opening it as things are set."""
    with pytest.raises(SettingError) as refused:
        open_channel(provider.name, demo=demo)
    assert refused.value.mend
    return refused.value.message


@pytest.mark.usefixtures("_settings")
def test_it_is_opened_by_anymails_settings_and_asks_by_https(provider: Provider) -> None:
    channel = open_channel(provider.name, demo=False)
    assert (channel.name, channel.eai) == (provider.name, False)
    address = inspect.getattr_static(channel, "api_url", "") or channel.__dict__["api_url"]
    assert address.startswith("https://")
    channel.close()


def test_it_is_told_how_to_set_it_up(provider: Provider) -> None:
    guide = (CHECKOUT / "docs" / "providers.md").read_text("utf-8")
    assert f"\n## {provider.who}\n" in guide
    assert f"MERIDIAN_MAIL_API={provider.name}" in guide
    table = (CHECKOUT / "README.md").read_text("utf-8")
    wanted = [*provider.settings, provider.address]
    assert [name for name in wanted if f"`ANYMAIL_{name}`" not in table] == []


@pytest.mark.usefixtures("_settings")
def test_a_demo_refuses_it(provider: Provider) -> None:
    assert opening(provider, demo=True).endswith(f"so the way out '{provider.name}' is refused")


@pytest.mark.usefixtures("_settings")
def test_each_of_its_settings_is_needed_and_none_is_shown(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in provider.settings.items():
        others = {key: each for key, each in provider.settings.items() if key != name}
        monkeypatch.setattr(settings, "ANYMAIL", others)
        assert opening(provider) == f"ANYMAIL_{name} is not set"
        monkeypatch.setattr(settings, "ANYMAIL", {**others, name: f"{value} secret"})
        assert opening(provider) == f"ANYMAIL_{name} has a form that {provider.who} does not give"


@pytest.mark.usefixtures("_settings")
def test_an_address_without_https_is_refused(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = {**provider.settings, provider.address: "http://api.provider.test/v1"}
    monkeypatch.setattr(settings, "ANYMAIL", elsewhere)
    assert opening(provider) == "the mail API at api.provider.test is not asked by https"
    monkeypatch.setattr(settings, "ANYMAIL", {**provider.settings, provider.address: "ftp://x"})
    assert opening(provider).startswith(f"ANYMAIL_{provider.address} has a form")


@pytest.mark.usefixtures("_settings")
def test_it_sends_as_it_is_set(
    provider: Provider, server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ANYMAIL", {**provider.settings, provider.address: server.url})
    channel = open_channel(provider.name, demo=False)
    assert channel.submit(letter()).accepted == {1: server.messages()[0].id}
    channel.close()
