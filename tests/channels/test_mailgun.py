"""Mailgun, at a real server that speaks its wire format."""

import datetime as dt
import os
import subprocess
import sys
from dataclasses import asdict
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import pytest
from anymail.backends.mailgun import EmailBackend
from anymail.message import AnymailMessage

from pipeline.channels.mail import sort_out
from pipeline.channels.mailgun import MailgunChannel
from pipeline.errors import RefusedError, SendError, UnsureError
from pipeline.outbox.letter import Letter, Receipt, Safety
from tests.channels.anymail_call import message_for
from tests.channels.api_server import Fault, read_form
from tests.channels.letters import HOME, letter, reader
from tests.channels.mailgun_server import DOMAIN, KEY, MailgunServer, Stored

PAST = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
NAMES = [
    "Ána Müller-Ólafsdóttir",
    "배지원 선생님",
    "鍼灸院 港通り",
    "مريم العلي",
    "שלום עולם",
    "e\u0301a\u0308",
    "👩🏽‍⚕️ 🫱🏻‍🫲🏿",
    'Bae, Jiwon "JB" \\ (DC) <x@y.example>; :',
    "100 % recipient",
    "",
]

# --- What arrives ---------------------------------------------------------------------------------


def test_thousand_readers_get_a_message_each_by_one_call(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    receipt = channel.submit(letter(channel.batch_size))
    assert len(mailgun.calls) == 1
    assert mailgun.received() == {f"reader-{n}@example.com": 1 for n in range(1, 1001)}
    assert receipt == Receipt(accepted=dict.fromkeys(range(1, 1001), f"<{mailgun.stored[0].id}>"))


def test_each_reader_sees_an_own_link_and_nobody_else(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    channel.submit(letter(1000))
    for number, message in enumerate(mailgun.stored, start=1):
        url = f"{HOME}/u/{number}.weekly.{'s' * 43}"
        assert message.to == ((f"Reader {number}", f"reader-{number}@example.com"),)
        assert message.headers["List-Unsubscribe"] == f"<{url}>"
        assert message.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert message.text == f"Warmth helps – 70% of us.\n\nUnsubscribe: {url}\n"
        assert message.html == (
            f'<p>Warmth helps – 70% of us.</p>\n<a href="{url}">Unsubscribe</a>\n'
        )
    assert len({message.headers["List-Unsubscribe"] for message in mailgun.stored}) == 1000


def test_single_reader_gets_a_message_with_a_link(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    channel.submit(letter())
    (message,) = mailgun.stored
    assert message.headers["List-Unsubscribe"] == f"<{HOME}/u/1.weekly.{'s' * 43}>"


def test_message_says_from_whom_and_of_which_list(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    channel.submit(letter())
    (message,) = mailgun.stored
    assert message.subject == "Why Warmth Helps: 1. Vessels"
    assert message.sender == '"Harbour Street Acupuncture" <letter@harbour-street.example.com>'
    assert message.headers == {
        "Feedback-ID": "2026-03-03.1da2e1:weekly:mail.issue:harbourstreetex",
        "List-Id": '"The Harbour Letter" <weekly.harbour-street.example.com>',
        "List-Unsubscribe": f"<{HOME}/u/1.weekly.{'s' * 43}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Reply-To": "hello@harbour-street.example.com",
    }


def test_tracking_is_off_and_the_batch_is_all_that_is_told(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    channel.submit(letter())
    (message,) = mailgun.stored
    assert message.options == {
        "o:tracking": "no",
        "o:tracking-clicks": "no",
        "o:tracking-opens": "no",
    }
    assert message.variables == {"batch": letter().key}


@pytest.mark.parametrize("name", NAMES)
def test_names_of_every_script_arrive_as_they_are(
    channel: MailgunChannel, mailgun: MailgunServer, name: str
) -> None:
    channel.submit(
        letter(recipients=(reader(1, name=name), reader(2)), from_name=name, subject=f"{name} 1")
    )
    assert mailgun.stored[0].to == ((name, "reader-1@example.com"),)
    assert mailgun.stored[0].subject == f"{name} 1"
    sender = parseaddr(mailgun.stored[0].sender)
    assert sender == (name, "letter@harbour-street.example.com")


def test_list_name_outside_ascii_is_encoded_on_one_line(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    channel.submit(letter(list_name="항구 거리 한의원의 편지 " * 5))
    header = mailgun.stored[0].headers["List-Id"]
    assert header.isascii()
    assert "\n" not in header
    assert header.endswith(" <weekly.harbour-street.example.com>")


def test_marks_nobody_knows_stay_as_they_are(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    channel.submit(letter(text="@@unknown@@ and 50% of %s, 5%-10%"))
    assert mailgun.stored[0].text == "@@unknown@@ and 50% of %s, 5%-10%"


@pytest.mark.parametrize("name", ["subject", "from_name", "list_name", "text", "html"])
@pytest.mark.parametrize(
    "field",
    [
        "%recipient.unsubscribe_url%",
        "%recipient.x",
        "%recipient%",
        "%recipient_email%",
        "%Recipient.Name%",
        "%unsubscribe_url%",
        "%tag_unsubscribe_url%",
        "%mailing_list_unsubscribe_url%",
        "%unsubscribe_email%",
    ],
)
def test_author_cannot_call_for_a_field_of_mailguns(
    channel: MailgunChannel, mailgun: MailgunServer, name: str, field: str
) -> None:
    with pytest.raises(RefusedError, match="Mailgun would fill in") as refused:
        channel.submit(letter(**{name: f"You are {field} to us"}))
    assert refused.value.final
    assert mailgun.calls == []


def test_reader_named_like_a_field_is_written_to_without_the_name(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    names = ("%recipient.unsubscribe_url%", "Ben")
    readers = tuple(reader(n, name=name) for n, name in enumerate(names, start=1))
    receipt = channel.submit(letter(recipients=readers))
    assert set(receipt.accepted) == {1, 2}
    assert [message.to[0][0] for message in mailgun.stored] == ["", "Ben"]


def test_server_reads_multipart_as_well() -> None:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="to"\r\n\r\nAna <a@example.com>\r\n'
        b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xc3\xa4\r\n--b--\r\n'
    )
    assert read_form("multipart/form-data; boundary=b", body) == {
        "to": ["Ana <a@example.com>"],
        "text": ["ä"],
    }


# --- The same bytes -------------------------------------------------------------------------------

SERIALIZE = """
from pipeline.channels.mailgun import MailgunChannel
from tests.channels.letters import letter
import django, sys
django.setup()
channel = MailgunChannel(api_key="other", domain="mg.harbour-street.example.com")
sys.stdout.buffer.write(channel.serialize(letter(25)))
"""


def test_serialize_is_the_same_twice_and_in_another_process(channel: MailgunChannel) -> None:
    first = channel.serialize(letter(25))
    assert channel.serialize(letter(25)) == first
    for seed in ("1", "2"):
        child = subprocess.run(
            [sys.executable, "-c", SERIALIZE],
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
    channel: MailgunChannel, changes: dict[str, object]
) -> None:
    assert channel.serialize(letter(2, **changes)) != channel.serialize(letter(2))


def test_serialize_is_what_is_sent_and_sends_nothing(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    body = channel.serialize(letter(2))
    assert mailgun.calls == []
    channel.submit(letter(2))
    kind = f"multipart/form-data; boundary=meridian-{letter().key}"
    assert mailgun.forms == [read_form(kind, body)]


def test_a_server_reads_the_same_as_from_anymails_own_call(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    html = f"{letter().html}<p>@@first_name.667269656e64@@ &amp; @@first_name@@</p>"
    names = ["", *NAMES]
    readers = tuple(
        reader(number, name=name, values={**reader(number).values, "first_name": name})
        for number, name in enumerate(names, start=1)
    )
    sent = letter(recipients=readers, html=html, subject="For @@first_name.667269656e64@@")
    channel.submit(sent)
    ours, mailgun.stored = mailgun.stored, []
    backend, message = by_anymail(sent, mailgun)
    assert backend.send_messages([message]) == 1
    assert [as_read(message) for message in ours] == [as_read(each) for each in mailgun.stored]
    assert len(ours) == len(names)


def by_anymail(sent: Letter, mailgun: MailgunServer) -> tuple[EmailBackend, AnymailMessage]:
    backend = EmailBackend(api_key=KEY, sender_domain=DOMAIN, api_url=mailgun.url)
    message = message_for(sent, sort_out(sent)[0], field=lambda name: f"%recipient.{name}%")
    message.esp_extra = {"o:tracking": "no"}
    return backend, message


def as_read(message: Stored) -> dict[str, object]:
    """A message without what is of one call only."""
    headers = {name.lower(): value for name, value in message.headers.items()}
    sender = parseaddr(message.sender)
    return asdict(message) | {"id": "", "time": 0, "sender": sender, "headers": headers}


def test_serialize_of_a_refused_letter_is_the_reason(channel: MailgunChannel) -> None:
    assert channel.serialize(letter(subject="a\nb")) == (
        b"the subject holds a line break or a control character."
    )


def test_serialize_leaves_out_whom_it_refuses(channel: MailgunChannel) -> None:
    sent = letter(recipients=(reader(1), reader(2, address="none")))
    assert channel.serialize(sent) == channel.serialize(letter(1))


# --- What goes wrong ------------------------------------------------------------------------------


def trouble(channel: MailgunChannel) -> SendError:
    with pytest.raises(SendError) as failed:
        channel.submit(letter(3))
    assert "@" not in str(failed.value)
    return failed.value


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("120", 120), ("Sun, 06 Nov 1994 08:51:37 GMT", 120), ("", None)],
)
def test_429_is_a_refusal_that_says_how_long_to_wait(
    channel: MailgunChannel, mailgun: MailgunServer, asked: str, seconds: int | None
) -> None:
    date = "Sun, 06 Nov 1994 08:49:37 GMT"
    mailgun.misbehave(Fault(status=429, headers={"Date": date, "Retry-After": asked}))
    error = trouble(channel)
    assert isinstance(error, RefusedError)
    assert not error.final
    assert error.wait == (dt.timedelta(seconds=seconds) if seconds is not None else None)
    assert mailgun.posts() == 1


@pytest.mark.parametrize(
    ("status", "final"),
    [(400, True), (401, False), (402, False), (403, False), (404, False), (413, True), (422, True)],
)
def test_other_4xx_is_a_refusal(
    channel: MailgunChannel, mailgun: MailgunServer, status: int, final: bool
) -> None:
    said = b'{"message": "eve@example.com is\\nnot known"}'
    mailgun.misbehave(Fault(status=status, body=said))
    error = trouble(channel)
    assert isinstance(error, RefusedError)
    assert (error.final, error.wait) == (final, None)
    assert error.message == f"Mailgun answered {status}: … is not known"
    assert mailgun.posts() == 1


@pytest.mark.parametrize("body", [b"Forbidden", b'["a"]', b"{}", b""])
def test_refusal_without_a_reason_is_told_by_its_number(
    channel: MailgunChannel, mailgun: MailgunServer, body: bytes
) -> None:
    mailgun.misbehave(Fault(status=403, body=body))
    assert trouble(channel).message == "Mailgun answered 403"


@pytest.mark.parametrize("accepts", [True, False])
@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 502, "body": b"<html>Bad Gateway</html>"},
        {"status": 302, "headers": {"Location": "/v3/elsewhere"}},
        {"status": 307, "headers": {"Location": f"/v3/{DOMAIN}/messages"}},
        {"body": b"<html>Mailgun Magnificent API</html>"},
        {"body": b"<html>please sign in</html>"},
        {"body": b'{"id": "<2026@mg'},
        {"body": b'{"id": "<2026@mg', "cuts": True},
        {"body": b'{"message": "Queued. Thank you."}'},
        {"body": b'{"id": "<1@x>", "message": "Perhaps"}'},
        {"body": b"", "status": 204},
        {"stalls": True},
    ],
    ids=str,
)
def test_lost_answer_is_unsure_and_the_call_is_made_once(
    channel: MailgunChannel, mailgun: MailgunServer, fault: dict[str, Any], accepts: bool
) -> None:
    mailgun.misbehave(Fault(accepts=accepts, **fault))
    error = trouble(channel)
    mailgun.release()
    assert isinstance(error, UnsureError)
    assert len(mailgun.calls) == 1
    assert len(mailgun.stored) == (3 if accepts else 0)


def test_patience_is_that_of_the_channel(channel: MailgunChannel, mailgun: MailgunServer) -> None:
    mailgun.misbehave(Fault(stalls=True))
    # An answer that does come is told in other words.
    assert trouble(channel).message == "the line to Mailgun was lost, or the answer came too late"


def test_answer_that_says_nothing_is_told_as_such(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    mailgun.misbehave(Fault(body=b"<html>please sign in</html>"))
    assert trouble(channel).message == "Mailgun answered, but not that it took the letter"


def test_wrong_key_is_refused_by_the_server(mailgun: MailgunServer) -> None:
    channel = MailgunChannel(api_key="wrong", domain=DOMAIN, api_url=mailgun.url)
    assert trouble(channel).message == "Mailgun answered 401"
    channel.close()


def test_wrong_domain_is_refused_by_the_server(mailgun: MailgunServer) -> None:
    channel = MailgunChannel(api_key=KEY, domain="other.example.com", api_url=mailgun.url)
    assert trouble(channel).message == "Mailgun answered 404: Domain not found"
    channel.close()


def test_server_that_is_gone_is_a_refusal(channel: MailgunChannel, mailgun: MailgunServer) -> None:
    mailgun.close()
    error = trouble(channel)
    assert isinstance(error, RefusedError)
    assert (error.message, error.final) == ("Mailgun cannot be reached", False)


def test_more_readers_than_one_call_may_have_are_refused(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    with pytest.raises(RefusedError, match="Too many recipients") as refused:
        channel.submit(letter(1001))
    assert refused.value.final
    assert mailgun.stored == []


def test_channel_speaks_over_one_connection(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    for _ in range(3):
        channel.submit(letter())
    channel.look_up(letter(), since=PAST)
    assert len(mailgun.ports) == 4
    assert len(set(mailgun.ports)) == 1


def test_channel_is_of_the_class_that_is_looked_up(channel: MailgunChannel) -> None:
    assert (channel.name, channel.batch_size, channel.safety) == ("mailgun", 1000, Safety.LOOK_UP)
    assert channel.key_lifetime is None


# --- Merge fields ---------------------------------------------------------------------------------


def test_defaults_are_applied_by_us_and_values_escaped_for_where_they_stand(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    hi, there = "@@first_name.667269656e64@@", "@@first_name.796f75@@"
    readers = tuple(
        reader(number, values={**reader(number).values, "first_name": name})
        for number, name in ((1, "O'Neil"), (2, ""))
    )
    channel.submit(
        letter(
            subject=f"For {hi}",
            text=f"Hi {hi}, {there}",
            html=f"<p>Hi {hi}, {there}</p>",
            recipients=readers,
        )
    )
    assert [(m.subject, m.text, m.html) for m in mailgun.stored] == [
        ("For O'Neil", "Hi O'Neil, O'Neil", "<p>Hi O&#39;Neil, O&#39;Neil</p>"),
        ("For friend", "Hi friend, you", "<p>Hi friend, you</p>"),
    ]


def test_mailgun_learns_nothing_the_letter_does_not_say_p5(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    values = {**reader().values, "first_name": "Ana", "language": "es"}
    channel.submit(letter(text="Hi", html="<p>Hi</p>", recipients=(reader(values=values),)))
    assert "Ana" not in str(mailgun.forms[0])
    assert list(mailgun.stored[0].variables) == ["batch"]


def test_a_default_that_is_a_field_of_mailguns_is_refused_s1(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    hostile = b"%recipient.unsubscribe_url%".hex()
    with pytest.raises(RefusedError, match="which Mailgun would fill in"):
        channel.submit(letter(text=f"Hi @@first_name.{hostile}@@"))
    assert mailgun.calls == []
