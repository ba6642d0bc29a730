"""Merge fields: a closed list of names and one default, so no text can call for more (S1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages import merge as fields_of
from pipeline.stages.merge import (
    ADDRESSES,
    FIELDS,
    LONGEST_DEFAULT,
    MARKED,
    Form,
    Mark,
    Slip,
    Slot,
    fields,
    for_templates,
    link,
    mark,
    marks,
    merge,
    plainly,
    slips,
    slots,
    spans,
    translate,
    unmarked,
    write,
)
from tests.payloads import PAYLOADS

URL = "https://clinic.example.com/u/5.weekly.abc"
VALUES = dict.fromkeys(MARKED, "") | {"unsubscribe_url": URL, "first_name": "Ana"}
FRIEND = "@@first_name.667269656e64@@"


# --- Marks ----------------------------------------------------------------------------------------


def test_a_mark_is_found_again() -> None:
    assert mark("unsubscribe_url") == "@@unsubscribe_url@@"
    assert marks(f"a {mark('unsubscribe_url')} b {FRIEND} {mark('nonsense')}") == [
        "unsubscribe_url",
        "first_name",
        "nonsense",
    ]
    assert spans(f"a {FRIEND}") == [(2, 2 + len(FRIEND))]


def test_every_mark_is_filled() -> None:
    text = f'<a href="{mark("unsubscribe_url")}">{mark("unsubscribe_url")}</a>'
    assert merge(text, VALUES) == f'<a href="{URL}">{URL}</a>'


def test_a_default_stands_for_an_empty_value_only() -> None:
    assert merge(f"Hi {FRIEND}!", {"first_name": "Ana"}) == "Hi Ana!"
    assert merge(f"Hi {FRIEND}!", {"first_name": ""}) == "Hi friend!"
    assert merge("Hi @@first_name@@!", {"first_name": ""}) == "Hi !"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no marks",
        "@@nonsense@@",
        "@@postal_address@@",
        "@@UNSUBSCRIBE_URL@@",
        "@@unsubscribe_url@",
        "@@ unsubscribe_url @@",
        "@@unsubscribe_url.__class__@@",
        "@@first_name.6@@",
        "@@first_name.@@",
        "@@first_name.FF@@",
        "@@unsubscribe-url@@",
        "@@@@",
        "mara@@clinic@@example",
        "{{ unsubscribe_url }} {% include '/etc/passwd' %} ${7*7} <%= 7*7 %> %recipient.x% {0}",
    ],
)
def test_nothing_else_is_filled_s1(text: str) -> None:
    assert merge(text, VALUES) == text
    assert slots(text) == []


def test_a_field_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="unsubscribe_url"):
        merge(mark("unsubscribe_url"), {})


def test_marks_are_translated_to_a_providers_own() -> None:
    text = f"{mark('unsubscribe_url')} {FRIEND} @@nonsense@@"
    assert translate(text, lambda slot: f"%recipient.{slot.key}%") == (
        "%recipient.unsubscribe_url% %recipient.first_name_667269656e64% @@nonsense@@"
    )


def test_a_value_that_looks_like_a_mark_calls_for_nothing() -> None:
    value = "@@unsubscribe_url@@ {{ language }}"
    assert merge(mark("first_name"), {"first_name": value}) == value


def test_a_value_in_html_is_nothing_but_words_s3() -> None:
    value = "<img src=x onerror=alert(1)>\"'&"
    form = Form(f'<p title="{FRIEND}">{FRIEND}</p>', html=True)
    escaped = "&lt;img src=x onerror=alert(1)&gt;&#34;&#39;&amp;"
    assert form.fill({"first_name": value}).decode() == f'<p title="{escaped}">{escaped}</p>'
    assert merge(FRIEND, {"first_name": value}) == value


def test_a_default_in_html_is_nothing_but_words_s3() -> None:
    text = write('{{ first_name | default("<b>&") }}')
    assert merge(text, {"first_name": ""}, html=True) == "&lt;b&gt;&amp;"


def test_digits_somebody_wrote_by_hand_make_no_error() -> None:
    assert merge("@@first_name.ff@@", {"first_name": ""}) == "\ufffd"


def test_everybody_gets_defaults_and_no_link_of_a_reader() -> None:
    text = f"{FRIEND}, {mark('first_name')}: {mark('view_url')}{mark('archive_url')}/weekly"
    assert unmarked(text) == "friend, : /weekly"


@given(st.lists(st.sampled_from(["@", "@@", "unsubscribe_url", ".61", "a", *map(mark, MARKED)])))
def test_only_marks_change_and_all_of_them_do(pieces: list[str]) -> None:
    text = "".join(pieces)
    filled = merge(text, VALUES)
    assert filled.count(URL) == marks(text).count("unsubscribe_url")
    assert translate(text, lambda slot: slot.mark) == text


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(MARKED))
def test_a_mark_brings_back_any_default(words: str, field: str) -> None:
    made = Slot(field, words).mark
    assert slots(f"a{made}b") == [Slot(field, words)]
    assert made.isascii()
    assert not set(made) & set(" \t\r\n<>&\"'%=;:,|{}\\")


# --- What staff write -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        '{{ first_name | default("friend") }}',
        "{{ first_name | default('friend') }}",
        "{{ first_name | default(“friend”) }}",
        "{{ first_name | default(‘friend’) }}",
        '{{first_name|default("friend")}}',
        '{{\u00a0first_name\u00a0|\u00a0default( "friend" )\u00a0}}',
    ],
)
def test_a_field_is_a_name_and_one_default(written: str) -> None:
    assert write(f"Hi {written},") == f"Hi {FRIEND},"
    assert plainly(f"Hi {written},") == "Hi friend,"
    assert fields(written) == [(Slot("first_name", "friend"), (0, len(written)))]
    assert list(slips(written)) == []


@pytest.mark.parametrize("field", MARKED[:-1])
def test_each_field_may_stand_alone(field: str) -> None:
    assert write(f"{{{{ {field} }}}}") == mark(field)


def test_the_postal_address_is_the_same_for_all_so_it_is_no_mark() -> None:
    assert write("{{ postal_address }}", postal_address="12 Harbour St") == "12 Harbour St"
    assert write('{{ postal_address | default("here") }}') == "here"
    assert plainly("{{ postal_address }}", postal_address="12 Harbour St") == "12 Harbour St"


@pytest.mark.parametrize(
    "payload", [p for p in PAYLOADS if "name|" not in p] + ["{{ }}", "{{", "a { b } } {"]
)
def test_what_is_nobodys_merge_field_is_printed_as_it_stands_s1(payload: str) -> None:
    assert write(payload) == payload
    assert plainly(payload) == payload
    assert list(slips(payload)) == []


@pytest.mark.parametrize(
    ("payload", "meant"),
    [
        ("{{ frist_name }}", "first_name"),
        ("{{ First Name }}", "first_name"),
        ("{{ first-name }}", "first_name"),
        ("{{ firstname }}", "first_name"),
        ("{{ view - url }}", "view_url"),
        ("{{ first_name", ""),
        ("{{ first_name }", "first_name"),
        ("{{ first_name | upper }}", "first_name"),
        ("{{ first_name.upper() }}", "first_name"),
        ("{{ first_name | default(friend) }}", "first_name"),
        ('{{ first_name | default("a") | default("b") }}', "first_name"),
        ('{{ first_name | default("a", true) }}', "first_name"),
        ('{{ first_name | default("a" }}', "first_name"),
        (f'{{{{ first_name | default("{"x" * (LONGEST_DEFAULT + 1)}") }}}}', "first_name"),
        ('{{ first_name | default("a\nb") }}', "first_name"),
        ('{{ name | center("999999999") }}', ""),
        ("{{ unsubscribe }}", "unsubscribe_url"),
        ("{{ unsubscribe_link }}", "unsubscribe_url"),
        ("{{ archive_url }}", ""),
        ("{{ clinic_phone }}", ""),
    ],
)
def test_what_was_meant_as_a_field_and_is_none_is_told(payload: str, meant: str) -> None:
    text = f"Hi {payload}"
    assert write(text) == text
    expected = [] if payload == "{{ first_name" else [Slip(payload, (3, len(text)), meant)]
    assert list(slips(text)) == expected


def test_archive_url_is_ours_alone() -> None:
    assert "archive_url" in MARKED
    assert "archive_url" not in FIELDS


def test_the_target_of_a_link_is_a_field_of_a_link_or_none() -> None:
    assert link("{{ preferences_url }}") == mark("preferences_url")
    assert link(" {{view_url}} ") == mark("view_url")
    for target in ("{{ first_name }}", "https://x.example/{{ view_url }}", "https://x.example", ""):
        assert link(target) == ""


@given(st.text("{}|\"'“() \tfirst_nameduvlt@.", max_size=60))
def test_whatever_is_written_only_fields_become_marks(text: str) -> None:
    assert len(marks(write(text))) == len(fields(text)) + len(marks(text))
    told = [slip.span for slip in slips(text)]
    assert not {span for _, span in fields(text)} & set(told)


# --- What templates print -------------------------------------------------------------------------


def test_templates_get_each_mark_by_its_field() -> None:
    assert for_templates() == {field: mark(field) for field in MARKED}
    # The link of a notice is no letter's.
    assert set(ADDRESSES) - set(for_templates()) == {"confirm_url", "approve_url"}


def test_a_mark_takes_a_default_of_one_line() -> None:
    made = for_templates()["first_name"].default("friend")
    assert (made, type(made)) == (FRIEND, Mark)
    assert slots(made.default("x" * LONGEST_DEFAULT)) == [Slot("first_name", "x" * LONGEST_DEFAULT)]
    for words in ("a\nb", "x" * (LONGEST_DEFAULT + 1)):
        with pytest.raises(ValueError, match="one line of 40 characters"):
            made.default(words)


def test_a_text_is_split_once_however_many_readers_it_has() -> None:
    assert fields_of.form(FRIEND, html=True) is fields_of.form(FRIEND, html=True)
    assert fields_of.form(FRIEND, html=True) is not fields_of.form(FRIEND, html=False)
