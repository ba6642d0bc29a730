"""clinic.toml: what it says, and what is wrong with it by file, line and mend (S14, S15, D23)."""

import datetime as dt
from dataclasses import MISSING, fields
from pathlib import Path, PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SettingError
from pipeline.stages.read.configuration import read_configuration
from pipeline.values import Account, Brand, Clinic, Configuration, Newsletter, Practitioner

PATH = PurePath("content/clinic.toml")
EXAMPLE = (Path(__file__).parents[3] / "content/clinic.toml").read_text("utf-8")
TABLES: dict[str, type] = {
    "clinic": Clinic,
    "brand": Brand,
    "practitioners": Practitioner,
    "newsletters": Newsletter,
    "accounts": Account,
}

SHORT = """\
[clinic]
name = "Harbour Street Acupuncture"
postal_address = ["12 Harbour Street", "Fairhaven 00000"]
website = "https://clinic.example.com"
time_zone = "America/New_York"

[[newsletters]]
key = "weekly"
name = "The Harbour Letter"
from_name = "Harbour Street"
from_address = "letter@clinic.example.com"
weekday = "tuesday"
time = 10:00:00

[[newsletters]]
key = "monthly"
name = "The Long Letter"
from_name = "Harbour Street"
from_address = "long@clinic.example.com"
weekday = "friday"
time = 17:30:00
time_zone = "Asia/Seoul"
language = "ko"
reply_to = "hello@clinic.example.com"
"""


def read(text: str | bytes) -> Configuration:
    """The configuration in a text."""
    return read_configuration(PATH, text.encode() if isinstance(text, str) else text)


def refusal(text: str | bytes) -> tuple[int, str]:
    """The line and the words of the refusal, which is one line and names the file."""
    with pytest.raises(SettingError) as caught:
        read(text)
    error = caught.value
    assert error.path == PATH
    assert error.mend
    assert str(error).startswith("content/clinic.toml")
    assert str(error).isprintable()
    return error.line, error.message


def changed(old: str, new: str, text: str = SHORT) -> str:
    """The text with its first ``old`` replaced, which must be there."""
    assert old in text
    return text.replace(old, new, 1)


# --- What it says ---------------------------------------------------------------------------------


def test_the_example_reads() -> None:
    configuration = read(EXAMPLE)
    assert configuration.demo
    assert configuration.clinic.name == "Harbour Street Acupuncture"
    assert configuration.clinic.postal_address == ("12 Harbour Street", "Fairhaven 00000")
    assert configuration.brand == Brand()
    assert [account.network for account in configuration.accounts] == [
        "mastodon",
        "bluesky",
        "linkedin",
        "facebook",
        "instagram",
        "x",
    ]
    (weekly,) = configuration.newsletters
    assert weekly.time == dt.time(10)
    assert (weekly.weekday, weekly.approval, weekly.first_issue) == ("tuesday", "none", "at once")


def test_a_newsletter_takes_zone_and_language_from_the_clinic_unless_it_names_its_own() -> None:
    weekly, monthly = read(SHORT).newsletters
    assert (weekly.time_zone, weekly.language) == ("America/New_York", "en")
    assert (monthly.time_zone, monthly.language) == ("Asia/Seoul", "ko")


def test_what_is_left_out_has_the_careful_default() -> None:
    configuration = read(SHORT)
    weekly = configuration.newsletters[0]
    assert not configuration.demo
    assert weekly.approval == "practitioner"
    assert weekly.first_issue == "next slot"
    assert (configuration.accounts, configuration.practitioners) == ((), ())


@pytest.mark.parametrize(
    "spelling",
    [
        b"\xef\xbb\xbf" + SHORT.encode(),
        SHORT.replace("\n", "\r\n").encode(),
        SHORT.replace(" = ", "=").encode(),
        changed('name = "Harbour Street A', '"name" = "Harbour Street A').encode(),
        changed("time = 10:00:00", 'time = "10:00"').encode(),
        changed("[clinic]", "[ clinic ] # who sends").encode(),
    ],
)
def test_other_spellings_read_as_the_same(spelling: bytes) -> None:
    assert read(spelling) == read(SHORT)


@pytest.mark.parametrize(
    "name", ["침 클리닉", "Clínica Sol", "مركز", "A 👩‍⚕️ B", 'The "Old" Clinic']
)
def test_names_of_any_script_are_kept(name: str) -> None:
    quoted = name.replace('"', '\\"')
    text = changed('from_name = "Harbour Street"', f'from_name = "{quoted}"')
    assert read(text).newsletters[0].from_name == name


def test_a_note_may_have_lines() -> None:
    text = changed("[clinic]\n", '[clinic]\nnote = """One.\n\tTwo."""\n')
    assert read(text).clinic.note == "One.\n\tTwo."


@pytest.mark.parametrize(
    "address", ["letter@clínica.example", "a+b.c@x-y.example.com", "o'hara@clinic.example.com"]
)
def test_addresses_servers_take_are_taken(address: str) -> None:
    text = changed("letter@clinic.example.com", address)
    assert read(text).newsletters[0].from_address == address


# --- Files that are none --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"", 0, "clinic is missing"),
        (b"# nothing but a remark\n", 0, "clinic is missing"),
        (b"\n" * 500_000, 0, "clinic is missing"),
        (b"x" * 1_000_001, 0, "this is larger than 1 MB"),
        (SHORT.encode("utf-16"), 1, "this is not text in UTF-8"),
        (changed("12 Harbour", "12 Caf\xe9").encode("latin-1"), 3, "this is not text in UTF-8"),
        (b"Dear clinic,\n", 1, "this is not TOML: Expected '=' after a key in a key/value pair"),
        (b'a = 1\nb = "', 2, "this is not TOML: Unterminated string (at end of document)"),
        (b'a = "\0"', 1, "this is not TOML: Illegal character '\\x00'"),
        (
            SHORT.encode() + b"\n[clinic]\n",
            26,
            "this is not TOML: Cannot declare ('clinic',) twice",
        ),
        (b"a = " + b"[" * 100_000, 0, "lists or tables stand too deep in each other"),
        (b"%PDF-1.7\n%\xe2\xe3", 2, "this is not text in UTF-8"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_what_is_no_settings_file_is_refused(content: bytes, line: int, message: str) -> None:
    assert refusal(content) == (line, message)


def test_an_open_end_is_told_by_its_last_line() -> None:
    line, message = refusal("a = [1,\n2")
    assert message.startswith("this is not TOML: ")
    assert line == 2


# --- Unknown, missing, of the wrong kind ----------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "wrong", "near"),
    [
        ("", "demmo", "demo"),
        ("[clinic]", "naem", "name"),
        ("[clinic]", "postal_adress", "postal_address"),
        ("[brand]", "acent", "accent"),
        ("[[practitioners]]", "credential", "credentials"),
        ("[[newsletters]]", "from_adress", "from_address"),
        ("[[accounts]]", "handel", "handle"),
    ],
)
def test_a_misspelt_key_is_told_with_the_nearest(table: str, wrong: str, near: str) -> None:
    text = changed(f"{table}\n", f"{table}\n{wrong} = 1\n", f"\n{EXAMPLE}")
    line = next(n for n, row in enumerate(text.split("\n"), 1) if row.startswith(wrong))
    with pytest.raises(SettingError) as caught:
        read(text)
    assert caught.value.message == f"there is no setting {wrong}"
    assert caught.value.mend == f"Did you mean {near}?"
    assert caught.value.line == line


@pytest.mark.parametrize("table", [*TABLES, ""])
def test_a_key_unlike_any_other_is_told_with_those_known(table: str) -> None:
    brackets = {"": "", "clinic": "[clinic]", "brand": "[brand]"}.get(table, f"[[{table}]]")
    with pytest.raises(SettingError) as caught:
        read(changed(f"{brackets}\n", f"{brackets}\nzzzzzz = 1\n", f"\n{EXAMPLE}"))
    known = [setting.name for setting in fields(TABLES.get(table, Configuration))]
    assert caught.value.mend == f"Known here: {', '.join(known)}."


@pytest.mark.parametrize(
    ("table", "line", "key"),
    [
        (table, 1 if table == "clinic" else 7, setting.name)
        for table in ("clinic", "newsletters")
        for setting in fields(TABLES[table])
        if setting.default is MISSING
    ],
)
def test_a_missing_key_is_told_by_its_table(table: str, line: int, key: str) -> None:
    head, mark, tail = SHORT.partition("[clinic]" if table == "clinic" else "[[newsletters]]")
    row = next(row for row in tail.split("\n") if row.startswith(f"{key} ="))
    assert refusal(head + mark + tail.replace(f"{row}\n", "", 1)) == (line, f"{key} is missing")


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('"Harbour Street Ac', '5 #"', 2, "name: input should be a valid string"),
        ('["12 Harbour Street", "Fairhaven 00000"]', '"12"', 3,
         "postal_address: input should be a list"),
        ('"Fairhaven 00000"', "5", 3, "postal_address: input should be a valid string"),
        ("[clinic]", "[[clinic]]", 1, "clinic: input should be a table"),
        ("[clinic]", 'demo = "maybe"\n[clinic]', 1,
         "demo: input should be a valid boolean, unable to interpret input"),
        ('"tuesday"', '"Tuesday"', 12,
         "weekday: input should be 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'sat"),
        ("10:00:00", '"ten"', 13, "time: input should be in a valid time format, "),
        ("17:30:00", "true", 21, "time: input should be a valid time"),
        ("[clinic]", "newsletters = 5\n[clinic]", 1, "newsletters: input should be a list"),
    ],
    ids=str,
)  # fmt: skip
def test_a_value_of_the_wrong_kind(old: str, new: str, line: int, message: str) -> None:
    text = changed(old, new)
    if new.startswith("newsletters"):
        text = text.partition("[[newsletters]]")[0]
    found = refusal(text)
    assert (found[0], found[1][: len(message)]) == (line, message)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('approval = "none"', 'approval = "no"', "approval: input should be 'practitioner' or "),
        ('= "at once"', '= "soon"', "first_issue: input should be 'next slot' or 'at once'"),
        ('"linkedin"', '"linkdin"', "network: input should be 'bluesky', "),
    ],
)
def test_a_word_outside_its_list(old: str, new: str, message: str) -> None:
    text = changed(old, new, EXAMPLE)
    line, told = refusal(text)
    assert told.startswith(message)
    assert new in text.split("\n")[line - 1]


# --- Out of range ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('"Harbour Street Acupuncture"', '"  "', 2, "name is empty"),
        ('"https://clinic.example.com"', '""', 4, "website is empty"),
        ('"The Harbour Letter"', '""', 9, "name is empty"),
        ('["12 Harbour Street", "Fairhaven 00000"]', "[]", 3, "the postal address is empty"),
        ('["12 Harbour Street", "Fairhaven 00000"]', '[" "]', 3, "the postal address is empty"),
        ("America/New_York", "America/New York", 5, "'America/New York' is no time zone"),
        ("America/New_York", "America", 5, "'America' is no time zone"),
        ("America/New_York", "/etc/passwd", 5, "'/etc/passwd' is no time zone"),
        ("America/New_York", "../etc/passwd", 5, "'../etc/passwd' is no time zone"),
        ("Asia/Seoul", "Mars/Base", 22, "'Mars/Base' is no time zone"),
        ("[clinic]", '[clinic]\nlanguage = "English"', 2, "'English' is no language"),
        ('"ko"', "'x\">'", 23, "'x\">' is no language"),
        ('"weekly"', '"We ekly"', 8, "'We ekly' is no key"),
        ('"weekly"', '""', 8, "key is empty"),
        ('"weekly"', '"-"', 8, "'-' is no key"),
        ('"weekly"', f'"{"a" * 65}"', 8, f"'{'a' * 65}' is no key"),
        ('"monthly"', '"weekly"', 16, "two newsletters have the key weekly"),
        ("10:00:00", "10:00:30", 13, "10:00:30 is no time of a slot"),
        ("10:00:00", '"10:00+02:00"', 13, "10:00:00+02:00 is no time of a slot"),
        ("10:00:00", "36000", 13, "10:00:00+00:00 is no time of a slot"),
        ("hello@clinic.example.com", "hello", 24, "'hello' is no email address"),
        ("[clinic]", 'brand = {ink = "black"}\n[clinic]', 1, "ink is no colour"),
        ("[clinic]", '[brand]\npaper = "#fff"\n[clinic]', 2, "paper is no colour"),
        ("[clinic]", '[brand]\naccent = "#2f6f6g"\n[clinic]', 2, "accent is no colour"),
        ("[clinic]", '[brand]\nbrand = "red;x"\n[clinic]', 2, "brand is no colour"),
    ],
)  # fmt: skip
def test_a_value_out_of_its_range(old: str, new: str, line: int, message: str) -> None:
    assert refusal(changed(old, new)) == (line, message)


@pytest.mark.parametrize("form", ["newsletters = []\n" + SHORT.partition("[[")[0]])
def test_no_newsletter(form: str) -> None:
    assert refusal(form) == (1, "there is no newsletter")
    assert refusal(SHORT.partition("[[")[0]) == (0, "newsletters is missing")


def test_two_accounts_that_are_one() -> None:
    account = '[[accounts]]\nnetwork = "x"\nhandle = "@harbour"\n'
    assert len(read(SHORT + account).accounts) == 1
    assert refusal(SHORT + account + account) == (30, "'@harbour' is here twice")
    long = account.replace("@harbour", "h" * 256)
    assert refusal(SHORT + account + long) == (30, "handle is longer than 255 characters")
    other = account.replace('"x"', '"threads"')
    assert len(read(SHORT + account + other).accounts) == 2


@pytest.mark.parametrize(
    "address",
    [
        "letter",
        "letter@clinic",
        "@clinic.example",
        "a@x.example,b@y.example",
        "Clinic <a@x.example>",
        '"a b"@x.example',
        "a@b@x.example",
        "a..b@x.example",
        ".a@x.example",
        "a@x..example",
        "a@-x.example",
        "a@10.0.0.1",
        "a@[10.0.0.1]",
        "jürgen@x.example",
        "a(b)@x.example",
        f"{'a' * 65}@x.example",
        f"a@{'b.' * 130}example",
        f"a@{'ä' * 70}.example",
        "a @x.example",
    ],
)
def test_what_is_not_one_address_is_refused_s15(address: str) -> None:
    toml = address.replace("\\", "\\\\").replace('"', '\\"')
    text = changed("letter@clinic.example.com", toml)
    assert refusal(text) == (11, f"{address!r} is no email address")


@pytest.mark.parametrize(
    ("escape", "code"),
    [
        ("\\r\\n", "000D"),
        ("\\n", "000A"),
        ("\\t", "0009"),
        ("\\u0000", "0000"),
        ("\\u001B", "001B"),
        ("\\u007F", "007F"),
        ("\\u0085", "0085"),
        ("\\u2028", "2028"),
        ("\\u2029", "2029"),
    ],
)
@pytest.mark.parametrize(
    ("line", "key"),
    [
        (2, "name"),
        (3, "postal_address"),
        (9, "name"),
        (10, "from_name"),
        (11, "from_address"),
        (24, "reply_to"),
    ],
)
def test_what_would_break_a_header_is_refused_s14(
    line: int, key: str, escape: str, code: str
) -> None:
    rows = SHORT.split("\n")
    head, quote, tail = rows[line - 1].rpartition('"')
    rows[line - 1] = f"{head}{escape}Bcc: victim@example.com{quote}{tail}"
    told = f"{key} holds the character U+{code}, which breaks a header"
    assert refusal("\n".join(rows)) == (line, told)


def test_a_control_character_in_a_note_is_refused() -> None:
    text = changed("[clinic]\n", '[clinic]\nnote = "One.\\u001B[2J"\n')
    assert refusal(text) == (2, "note holds the character U+001B, which breaks a header")


# --- Anything at all ------------------------------------------------------------------------------

_VALUES = st.recursive(
    st.sampled_from(["1", "true", '"x"', '""', '"a@b.example"', "10:00:00", "nan", "1979-05-27"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2).map(lambda items: f"[{', '.join(items)}]"),
        inner.map(lambda item: f"{{name = {item}}}"),
    ),
    max_leaves=3,
)
_NAMES = [setting.name for kind in TABLES.values() for setting in fields(kind)]


@given(st.sampled_from(sorted({*_NAMES, *TABLES, "demo"})), _VALUES, st.sampled_from([*TABLES, ""]))
def test_any_value_at_any_place_reads_or_is_refused(name: str, value: str, table: str) -> None:
    setting, head = f"{name} = {value}\n", f"[{table}]\n" if table else ""
    for text in (head + setting, setting + SHORT, SHORT + setting, SHORT + head + setting):
        told = ""
        try:
            read(text)
        except SettingError as error:
            told = str(error)
        assert len(told.splitlines()) <= 1


@given(st.binary(max_size=60))
def test_any_bytes_read_or_are_refused(content: bytes) -> None:
    with pytest.raises(SettingError):
        read(content)
