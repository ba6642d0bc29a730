"""The message builder, read back by the standard library's parser."""

import email.policy
import re
import sys
import unicodedata
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import unquote
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.channels.message import (
    _BREAK,
    build_message,
    headers,
    mailbox,
    one_address,
    phrase,
    unstructured,
)
from pipeline.errors import RefusedError
from pipeline.outbox.letter import Letter, Recipient
from tests.channels.letters import BREAKS, EAI, HOME, NO_ADDRESS, letter, reader

# Everything but what is refused anyway.
TEXT = st.text(
    st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=200
)
SCRIPTS = [
    "Plain",
    "Ána Müller-Ólafsdóttir",
    "배지원 선생님",
    "鍼灸院 港通り",
    "مريم العلي",
    "שלום עולם",
    "e\u0301a\u0308 combining",
    "👩🏽‍⚕️ 🫱🏻‍🫲🏿",
    "a\u202eright to left override",
    'Bae, Jiwon "JB" \\ (DC)',
    "=?utf-8?q?pretend?=",
    " spaces  around ",
    "x" * 200,
    "word " * 39 + "end",
    "é" * 200,
    "👩🏽‍⚕️" * 40,
]


def parsed(letter: Letter, recipient: Recipient | None = None) -> EmailMessage:
    content = build_message(letter, recipient or letter.recipients[0])
    message = BytesParser(policy=email.policy.default).parsebytes(content)
    assert isinstance(message, EmailMessage)
    return message


def unfolded(value: str) -> str:
    return value.replace("\r\n", "")


def part(message: EmailMessage, index: int) -> str:
    found = list(message.iter_parts())[index]
    assert isinstance(found, EmailMessage)
    content = found.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


def shown(value: str) -> str:
    """The display name in a mailbox.

    Not by the newer parser: that of Python 3.11 puts a space between two encoded words of a name.
    """
    name = unfolded(value).rpartition("<")[0].strip()
    return unquote(name) if name[:1] == '"' else str(make_header(decode_header(name)))


def test_message_holds_every_header_exactly_once() -> None:
    message = parsed(letter())
    assert sorted(message.keys()) == [
        "Content-Type",
        "Date",
        "Feedback-ID",
        "From",
        "List-Id",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "MIME-Version",
        "Message-ID",
        "Reply-To",
        "Subject",
        "To",
    ]


def test_message_headers_say_what_the_letter_says() -> None:
    message = parsed(letter())
    assert dict(message.items()) | {"Content-Type": ""} == {
        "From": "Harbour Street Acupuncture <letter@harbour-street.example.com>",
        "To": "Reader 1 <reader-1@example.com>",
        "Subject": "Why Warmth Helps: 1. Vessels",
        "Date": "Tue, 03 Mar 2026 15:00:00 +0000",
        "Message-ID": "<00000000000000000000000000000001@harbour-street.example.com>",
        "List-Id": '"The Harbour Letter" <weekly.harbour-street.example.com>',
        "Feedback-ID": "2026-03-03.1da2e1:weekly:mail.issue:harbourstreetex",
        "List-Unsubscribe": f"<{HOME}/u/1.weekly.{'s' * 43}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Reply-To": "hello@harbour-street.example.com",
        "MIME-Version": "1.0",
        "Content-Type": "",
    }
    assert message.defects == []


def test_message_without_reply_address_has_no_reply_header() -> None:
    assert "Reply-To" not in parsed(letter(reply_to=""))


def test_message_puts_the_text_first_and_merges_both_parts() -> None:
    message = parsed(letter())
    url = f"{HOME}/u/1.weekly.{'s' * 43}"
    assert message.get_content_type() == "multipart/alternative"
    assert [found.get_content_type() for found in message.iter_parts()] == [
        "text/plain",
        "text/html",
    ]
    assert part(message, 0).strip() == f"Warmth helps – 70% of us.\n\nUnsubscribe: {url}"
    assert part(message, 1).strip() == (
        f'<p>Warmth helps – 70% of us.</p>\n<a href="{url}">Unsubscribe</a>'
    )


def test_message_is_the_same_bytes_every_time() -> None:
    assert build_message(letter(), reader()) == build_message(letter(), reader())


def test_message_differs_from_reader_to_reader() -> None:
    first, second = (parsed(letter(), reader(number)) for number in (1, 2))
    assert first["List-Unsubscribe"] != second["List-Unsubscribe"]
    assert first["Message-ID"] != second["Message-ID"]
    assert first.get_boundary() != second.get_boundary()


@pytest.mark.parametrize("name", SCRIPTS)
def test_message_is_seven_bit_with_crlf_and_short_lines(name: str) -> None:
    content = build_message(
        letter(subject=name, from_name=name, list_name=name, text=name * 9, html=name * 9),
        reader(name=name),
    )
    assert content.isascii()
    assert content.endswith(b"\r\n")
    lines = content.split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert max(len(line) for line in lines if not line.startswith(b"List-Unsubscribe")) <= 78


@pytest.mark.parametrize("name", SCRIPTS)
def test_message_names_come_back_from_every_script(name: str) -> None:
    message = parsed(letter(from_name=name, subject=name), reader(name=name))
    found = headers(letter(from_name=name, list_name=name), reader(name=name))
    assert [shown(found[header]) for header in ("From", "To", "List-Id")] == [name] * 3
    assert message["Subject"] == name
    assert [address.addr_spec for address in message["To"].addresses] == ["reader-1@example.com"]
    assert len(message["From"].addresses) == 1


@given(TEXT)
@example("a  b")
@example("?= =?")
@example("x" * 75 + " y")
@example("日本語 ascii 日本語")
@example("a\u00a0b\u3000c")
def test_subject_comes_back_as_it_was(subject: str) -> None:
    value = unstructured("Subject", subject)
    message = BytesParser(policy=email.policy.default).parsebytes(
        f"Subject: {value}\r\n\r\n".encode("ascii")
    )
    assert message["Subject"] == subject
    assert all(len(line) <= 78 for line in f"Subject: {value}".split("\r\n"))
    assert all(len(word) <= 75 for word in re.findall(r"=\?\S+\?=", value))


@given(TEXT)
@example('"')
@example("\\")
@example("a, b <c@d.example>")
def test_display_name_comes_back_as_it_was(name: str) -> None:
    value = mailbox(name, "ana@example.com")
    message = BytesParser(policy=email.policy.default).parsebytes(
        f"To: {value}\r\n\r\n".encode("ascii")
    )
    assert [address.addr_spec for address in message["To"].addresses] == ["ana@example.com"]
    assert shown(value) == name
    assert all(len(line) <= 78 for line in f"To: {value}".split("\r\n"))


def test_text_that_only_looks_encoded_is_shown_as_written() -> None:
    looks = "=?utf-8?q?=65ve?="
    message = parsed(letter(subject=looks, from_name=looks), reader(name=looks))
    assert message["Subject"] == looks
    assert message["From"].addresses[0].display_name == looks
    assert message["To"].addresses[0].display_name == looks


@given(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="@"), max_size=300))
@example(" \t \n=\n.\nFrom me\n" + "x" * 200)
def test_body_comes_back_as_it_was(text: str) -> None:
    message = parsed(letter(text=text, html=text))
    # Line ends are CRLF on the wire, whatever they were.
    wanted = re.sub(r"\r\n?", "\n", text)
    for index in (0, 1):
        assert part(message, index).removesuffix("\n") == wanted.removesuffix("\n")


def test_unsubscribe_header_stays_on_one_line_however_long() -> None:
    url = f"{HOME}/u/{'x' * 300}"
    content = build_message(letter(), reader(values={"unsubscribe_url": url}))
    assert f"\r\nList-Unsubscribe: <{url}>\r\n".encode() in content
    assert content.count(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n") == 1


def test_list_id_is_the_same_for_every_issue() -> None:
    first = headers(letter(subject="One"), reader(1))["List-Id"]
    second = headers(letter(subject="Two"), reader(2))["List-Id"]
    assert first == second == '"The Harbour Letter" <weekly.harbour-street.example.com>'
    assert headers(letter(list_name=""), reader())["List-Id"] == (
        "<weekly.harbour-street.example.com>"
    )
    korean = headers(letter(list_name="항구 편지"), reader())["List-Id"]
    assert unfolded(korean).endswith(" <weekly.harbour-street.example.com>")


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS.keys())
@pytest.mark.parametrize(
    "name", ["from_name", "from_address", "reply_to", "subject", "list_name", "list_id", "folder"]
)
@pytest.mark.parametrize("before", ["a", "é"])
def test_line_break_in_a_letter_is_refused(name: str, broken: str, before: str) -> None:
    value = f"{before}{broken}@example.com"
    with pytest.raises(RefusedError) as refused:
        build_message(letter(**{name: value}), reader())
    assert refused.value.final
    assert "line break" in refused.value.message
    assert "eve@" not in str(refused.value)


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS.keys())
@pytest.mark.parametrize("name", ["name", "address", "message_id"])
def test_line_break_in_a_reader_is_refused(name: str, broken: str) -> None:
    with pytest.raises(RefusedError, match="line break") as refused:
        build_message(letter(), reader(**{name: f"é{broken}@example.com"}))
    assert refused.value.final


@pytest.mark.parametrize("url", ["", "https://x.example/ä", "https://x.example/> <b", "mailto:a"])
def test_unsubscribe_link_that_would_spoil_its_header_is_refused(url: str) -> None:
    with pytest.raises(RefusedError, match="unsubscribe link") as refused:
        build_message(letter(), reader(values={"unsubscribe_url": url}))
    assert refused.value.final


@pytest.mark.parametrize("address", NO_ADDRESS)
def test_what_is_not_one_address_is_refused_without_naming_it(address: str) -> None:
    with pytest.raises(RefusedError) as refused:
        one_address(address)
    assert refused.value.final
    assert "@" not in refused.value.message.replace("before the @", "")


@pytest.mark.parametrize("name", ["from_address", "reply_to"])
def test_letter_from_no_address_is_refused(name: str) -> None:
    with pytest.raises(RefusedError, match="not one that mail servers take"):
        build_message(letter(**{name: "a@x.example, b@y.example"}), reader())


def test_address_keeps_its_letters_and_its_domain_becomes_ascii() -> None:
    assert one_address("ana+news@example.com") == "ana+news@example.com"
    assert one_address("ana@bücher.example") == "ana@xn--bcher-kva.example"


def test_clinic_with_a_domain_outside_ascii_can_send() -> None:
    found = headers(
        letter(
            from_address="brief@müller.example",
            reply_to="hallo@müller.example",
            list_id="weekly.müller.example",
        ),
        reader(message_id="0123@müller.example"),
    )
    assert {name: unfolded(found[name]) for name in ("From", "Reply-To", "List-Id")} == {
        "From": '"Harbour Street Acupuncture" <brief@xn--mller-kva.example>',
        "Reply-To": "hallo@xn--mller-kva.example",
        "List-Id": '"The Harbour Letter" <weekly.xn--mller-kva.example>',
    }
    assert found["Message-ID"] == "<0123@xn--mller-kva.example>"


def test_d23_domain_is_written_by_the_newer_rules() -> None:
    """By IDNA 2003 straße.example would be strasse.example: somebody else's post box."""
    assert one_address("ana@straße.example") == "ana@xn--strae-oqa.example"


@pytest.mark.parametrize("address", EAI)
def test_d23_letters_outside_ascii_before_the_at_are_refused_with_the_reason(address: str) -> None:
    with pytest.raises(RefusedError, match="letters outside ASCII before the @") as refused:
        build_message(letter(), reader(address=address))
    assert refused.value.final
    assert address not in str(refused.value)


@pytest.mark.parametrize("address", EAI)
def test_d23_where_they_are_taken_they_stand_in_the_header_as_they_are(address: str) -> None:
    content = build_message(letter(), reader(address=address), eai=True)
    assert f'To: "Reader 1" <{address}>\r\n'.encode() in content
    assert content.replace(address.encode(), b"").isascii()


NO_EAI = [
    *("á..b@example.com", ".á@example.com", "á b@example.com", "á,b@example.com", "á@"),
    *("á<b@example.com", "á\u00a0b@example.com", "á\u202eb@example.com", "á@example..com"),
    f"{'é' * 33}@example.com",
]


@pytest.mark.parametrize("address", NO_EAI)
def test_d23_what_is_no_address_is_none_where_they_are_taken_either(address: str) -> None:
    with pytest.raises(RefusedError, match="not one that mail servers take"):
        one_address(address, eai=True)


def test_d23_sender_keeps_to_ascii_even_where_readers_need_not() -> None:
    with pytest.raises(RefusedError, match="letters outside ASCII before the @"):
        build_message(letter(from_address="briefträger@example.com"), reader(), eai=True)


@pytest.mark.parametrize("folder", ["", ".", "..", "../etc", "a/b", "a\\b", "/a"])
def test_s14_folder_that_leads_elsewhere_is_refused(folder: str) -> None:
    with pytest.raises(RefusedError, match="folder's name leads elsewhere") as refused:
        build_message(letter(folder=folder), reader())
    assert refused.value.final


# --- Feedback-ID (D26) ----------------------------------------------------------------------------


def feedback(**changes: Any) -> list[str]:
    return headers(letter(**changes), reader())["Feedback-ID"].split(":")


def test_d26_feedback_tells_campaign_list_type_and_sender() -> None:
    campaign, newsletter, kind, sender = feedback()
    assert campaign.startswith("2026-03-03.")
    assert (newsletter, kind, sender) == ("weekly", "mail.issue", "harbourstreetex")


def test_d26_sender_is_the_same_for_every_issue_and_newsletter() -> None:
    monthly = feedback(folder="2027-01-01-other", list_id="monthly.harbour-street.example.com")
    assert monthly[1] == "monthly"
    assert monthly[3] == feedback()[3]
    assert feedback(from_address="a@b.kr")[3] == "bkr00"


def test_d26_campaigns_of_one_day_differ_in_every_alphabet() -> None:
    folders = ["2026-03-03-목이-뻣뻣할-때", "2026-03-03-어깨가-굳을-때", "2026-03-03-rodilla"]
    assert len({feedback(folder=folder)[0] for folder in folders}) == 3
    assert all("".join(feedback(folder=folder)).isascii() for folder in folders)


@given(st.text(st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1))
def test_d26_feedback_holds_four_short_parts_whatever_the_names(name: str) -> None:
    folder = name.replace("/", "-").replace("\\", "-").replace(".", "-")
    found = feedback(folder=folder, list_id=f"{'w' * 60}.harbour-street.example.com")
    assert [5 <= len(part) <= 20 for part in found] == [True] * 4
    assert len("Feedback-ID: " + ":".join(found)) <= 78
    assert len(set(found)) == 4


def test_d26_feedback_names_no_reader() -> None:
    first, second = (headers(letter(2), reader(number)) for number in (1, 2))
    assert first["Feedback-ID"] == second["Feedback-ID"]


def test_d15_list_id_differs_between_newsletters_and_survives_a_new_name() -> None:
    renamed = headers(letter(list_name="Letters from the Harbour"), reader())["List-Id"]
    other = headers(letter(list_id="monthly.harbour-street.example.com"), reader())["List-Id"]
    assert renamed == '"Letters from the Harbour" <weekly.harbour-street.example.com>'
    assert other == '"The Harbour Letter" <monthly.harbour-street.example.com>'


def test_d36_message_names_one_reader_and_no_other() -> None:
    message = parsed(letter(3))
    assert message.get_all("To") == ["Reader 1 <reader-1@example.com>"]
    assert (message["Cc"], message["Bcc"]) == (None, None)
    assert "reader-2" not in str(message)


@given(TEXT)
def test_d22_lines_of_every_header_are_short_and_encoded_words_too(text: str) -> None:
    found = headers(letter(subject=text, from_name=text, list_name=text), reader(name=text))
    for name in ("From", "To", "Subject", "List-Id", "Feedback-ID"):
        lines = f"{name}: {found[name]}".split("\r\n")
        assert max(map(len, lines)) <= 78
        assert all(len(word) <= 75 for word in re.findall(r"=\?\S+\?=", found[name]))


def test_phrase_of_nothing_is_nothing() -> None:
    assert phrase("") == ""
    assert mailbox("", "ana@example.com") == "ana@example.com"


# --- Merge fields ---------------------------------------------------------------------------------

GREETING = "Warmth for @@first_name.667269656e64@@"


@pytest.mark.parametrize(
    ("name", "shown_name"), [("Ana", "Ana"), ("", "friend"), ("배지원", "배지원")]
)
def test_a_subject_may_greet_its_reader(name: str, shown_name: str) -> None:
    values = reader().values | {"first_name": name}  # type: ignore[operator]
    message = parsed(letter(subject=GREETING), reader(values=values))
    assert message["Subject"] == f"Warmth for {shown_name}"


def test_a_value_is_escaped_in_html_and_stands_as_it_is_in_text_s3() -> None:
    values = {**reader().values, "first_name": "<b>O'Neil</b>"}
    message = parsed(letter(html=f"<p>{GREETING}</p>", text=GREETING), reader(values=values))
    assert part(message, 0).strip() == "Warmth for <b>O'Neil</b>"
    assert part(message, 1).strip() == "<p>Warmth for &lt;b&gt;O&#39;Neil&lt;/b&gt;</p>"


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS.keys())
def test_a_value_that_would_break_a_header_is_refused_s14(broken: str) -> None:
    values = {**reader().values, "first_name": f"Ana{broken}"}
    with pytest.raises(RefusedError, match="the reader's first_name holds a line break"):
        build_message(letter(subject=GREETING), reader(values=values))


def test_a_default_that_would_break_a_header_is_refused_s14() -> None:
    values = {**reader().values, "first_name": ""}
    with pytest.raises(RefusedError, match="the subject holds a line break"):
        build_message(letter(subject="@@first_name.0d0a@@"), reader(values=values))


def test_s14_every_character_that_ends_a_line_or_is_none_is_refused() -> None:
    """The categories of Unicode that a header must not hold, one by one."""
    for code in range(sys.maxunicode + 1):
        broken = unicodedata.category(chr(code)) in {"Cc", "Cs", "Zl", "Zp"}
        assert bool(_BREAK.search(chr(code))) == broken
