"""clinic.toml: what it says, and what is wrong with it by file, line and mend (promise 9)."""

import datetime as dt
from dataclasses import MISSING, fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SettingError
from pipeline.values import Brand, Configuration
from tests.stages.read.clinic import EXAMPLE, SHORT, TABLES, changed, read, refusal

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
    assert configuration.checks.profile == "us-ftc"


@pytest.mark.parametrize("profile", ["us-ftc", "uk-cap", "au-ahpra", "kr-msa"])
def test_c13_the_clinic_says_whose_rules_hold_for_its_claims(profile: str) -> None:
    assert read(f'{SHORT}\n[checks]\nprofile = "{profile}"\n').checks.profile == profile


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
    brackets = {"": "", "clinic": "[clinic]", "brand": "[brand]", "checks": "[checks]"}.get(
        table, f"[[{table}]]"
    )
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
        ('approval = "none"', 'require = ["photo"]', "require: input should be 'byline' or 'ref"),
        ('= "at once"', '= "soon"', "first_issue: input should be 'next slot' or 'at once'"),
        ('"linkedin"', '"linkdin"', "network: input should be 'bluesky', "),
    ],
)
def test_a_word_outside_its_list(old: str, new: str, message: str) -> None:
    text = changed(old, new, EXAMPLE)
    line, told = refusal(text)
    assert told.startswith(message)
    assert new in text.split("\n")[line - 1]


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


@pytest.mark.no_cover
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


# --- How letters look -----------------------------------------------------------------------------


def test_a_newsletter_is_calm_and_grouped_unless_it_says_otherwise() -> None:
    weekly, monthly = read(
        changed('language = "ko"', 'language = "ko"\ndesign = "editorial"\nseries = "one"')
    ).newsletters
    assert (weekly.design, weekly.series) == ("calm", "grouped")
    assert (monthly.design, monthly.series) == ("editorial", "one")


def test_everybody_may_read_what_went_out_unless_the_newsletter_says_otherwise() -> None:
    text = changed('language = "ko"', 'language = "ko"\narchive = "unlisted"')
    assert [newsletter.archive for newsletter in read(text).newsletters] == ["public", "unlisted"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("design", "design: input should be 'calm', 'editorial' or 'compact'"),
        ("series", "series: input should be 'one', 'sections' or 'grouped'"),
        ("archive", "archive: input should be 'public', 'unlisted' or 'off'"),
    ],
)
def test_what_nobody_designed_is_refused_with_its_line(name: str, message: str) -> None:
    text = changed('weekday = "tuesday"', f'weekday = "tuesday"\n{name} = "baroque"')
    assert refusal(text) == (13, message)


PHOTO = '\n[[practitioners]]\nname = "Mara"\nphoto = "{}"\n'


def test_a_practitioner_may_have_a_photo() -> None:
    address = "https://clinic.example.com/mara.jpg"
    assert read(SHORT + PHOTO.format(address)).practitioners[0].photo == address


@pytest.mark.parametrize(
    "photo", ["mara.jpg", "http://clinic.example.com/m.jpg", "https://", "https://a b.example"]
)
def test_a_photo_no_mail_program_would_show_is_refused(photo: str) -> None:
    line, message = refusal(SHORT + PHOTO.format(photo))
    assert (line, message) == (28, f"photo is {photo!r}, which no mail program would show")


# --- Fields of one's own --------------------------------------------------------------------------

TOWN = '\n[[newsletters.fields]]\nkey = "town"\nlabel = "Your town"\n'
TOPIC = (
    '\n[[newsletters.fields]]\nkey = "topic"\nlabel = "Topic"\nkind = "choice"\n'
    'choices = ["Sleep", "Movement"]\n'
)


def test_a_newsletter_may_ask_for_more() -> None:
    town, topic = read(SHORT + TOWN + TOPIC).newsletters[-1].fields
    assert (town.key, town.label, town.kind) == ("town", "Your town", "text")
    assert (topic.kind, topic.choices) == ("choice", ("Sleep", "Movement"))


@pytest.mark.parametrize(
    ("old", "new", "row", "message"),
    [
        ('"town"', '"Town 1"', "key", "'Town 1' is no key of a field"),
        ('"town"', '"name"', "key", "name is known already"),
        ('"town"', '"topic"', "", "two fields have the key topic"),
        ('"town"', '"diagnosis"', "key", "a newsletter does not ask about health: diagnosis"),
        ("Your town", "Fecha de nacimiento", "label",
         "a newsletter does not ask about health: Fecha de nacimiento"),
        ('"Your town"', '"Your town"\nkind = "choice"', "[[newsletters.fields]]",
         "a choice needs two answers at least, and no other kind has any"),
        ('"Your town"', '"Your town"\nchoices = ["a", "b"]', "choices",
         "a choice needs two answers at least, and no other kind has any"),
        ('["Sleep", "Movement"]', '["Sleep", "Movement", "Sleep"]', "choices",
         "an answer is here twice"),
        ("label", "lable", "lable", "there is no setting lable"),
        ('label = "Your town"\n', "", "[[newsletters.fields]]", "label is missing"),
        ('"Your town"', '"Your\\ntown"', "label",
         "label holds the character U+000A, which breaks a header"),
    ],
    ids=str,
)  # fmt: skip
def test_a_field_that_cannot_be_p5(old: str, new: str, row: str, message: str) -> None:
    text = (SHORT + TOPIC + TOWN).replace(old, new, 1)
    line, told = refusal(text)
    assert told == message
    # The place is that of the field's own line, or of its table.
    assert text.split("\n")[line - 1].startswith(row)
    assert line > text[: text.index("[[newsletters.fields]]")].count("\n")
