"""Settings that are there and cannot be meant: out of range, twice, or hostile (S14, S15, D23)."""

import pytest

from tests.stages.read.clinic import SHORT, changed, read, refusal

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
        ("10:00:00", "10:00:00\njoins_per_hour = 0", 14, "0 is no number of people"),
        ("10:00:00", "10:00:00\njoins_per_hour = 100001", 14, "100001 is no number of people"),
        ("10:00:00", "10:00:00\nmissed_hours = 0", 14, "0 is no number of hours"),
        ("10:00:00", "10:00:00\nper_hour = -1", 14, "-1 is no number of letters"),
        ("10:00:00", "10:00:00\nwarm_up = 1000001", 14, "1000001 is no number of letters"),
        ("10:00:00", '10:00:00\nlanguages = ["Korean"]', 14, "'Korean' is no language"),
        ("10:00:00", '10:00:00\nmissed = "late"', 14,
         "missed: input should be 'send', 'hold' or 'skip'"),
        ("[clinic]", '[clinic]\nstaff = ["front desk"]', 2, "'front desk' is no email address"),
        ("hello@clinic.example.com", "hello", 24, "'hello' is no email address"),
        ("[clinic]", 'brand = {ink = "black"}\n[clinic]', 1, "ink is no colour"),
        ("[clinic]", '[brand]\npaper = "#fff"\n[clinic]', 2, "paper is no colour"),
        ("[clinic]", '[brand]\naccent = "#2f6f6g"\n[clinic]', 2, "accent is no colour"),
        ("[clinic]", '[brand]\nbrand = "red;x"\n[clinic]', 2, "brand is no colour"),
        ("[clinic]", '[checks]\nprofile = "ftc"\n[clinic]', 2,
         "profile: input should be 'us-ftc', 'uk-cap', 'au-ahpra' or 'kr-msa'"),
        ("[clinic]", '[checks]\nprofiel = "us-ftc"\n[clinic]', 2, "there is no setting profiel"),
    ],
)  # fmt: skip
def test_a_value_out_of_its_range(old: str, new: str, line: int, message: str) -> None:
    assert refusal(changed(old, new)) == (line, message)


CALENDAR = '[calendar]\ncountry = "KR"\n'
SEASON = f'{CALENDAR}[[calendar.seasons]]\nname = "spring"\n'


@pytest.mark.parametrize(
    ("setting", "line", "message"),
    [
        (CALENDAR.replace("KR", "Korea"), 2, "'Korea' is no country"),
        (CALENDAR.replace("KR", "UQ"), 2, "no holidays of a country UQ are known"),
        (f'{CALENDAR.replace("KR", "US")}region = "NQ"\n', 3, "US has no region NQ"),
        (f'{SEASON}holiday = "Chusok"\n', 5, "KR has no holiday Chusok"),
        ('[calendar]\nregion = "NY"\n', 2, "'NY' is no region of a country"),
        (f'{CALENDAR}region = "New York"\n', 3, "'New York' is no region of a country"),
        (SEASON, 4, "the season spring has either a holiday or a first and a last day"),
        (f'{SEASON}holiday = "Seollal"\nfirst = "03-01"\nlast = "03-02"\n', 4,
         "the season spring has either a holiday or a first and a last day"),
        (f'{SEASON}first = "03-15"\n', 3, "'' is no day of a year"),
        (f'{SEASON}first = "02-30"\nlast = "03-01"\n', 5, "'02-30' is no day of a year"),
        (f'{SEASON}first = "3-1"\nlast = "03-01"\n', 5, "'3-1' is no day of a year"),
        (f'{SEASON}first = "03-15"\nlast = "05-31"\nafter = 1\n', 7,
         "1 is no number of days around a holiday"),
        (f'{SEASON}holiday = "Seollal"\nbefore = 61\n', 6,
         "61 is no number of days around a holiday"),
        ('[calendar]\n[[calendar.seasons]]\nname = "x"\nholiday = "Seollal"\n', 4,
         "no country says when Seollal is"),
        (f'{SEASON}frist = "03-15"\n', 5, "there is no setting frist"),
    ],
)  # fmt: skip
def test_a_calendar_of_which_some_day_cannot_be_found(
    setting: str, line: int, message: str
) -> None:
    told_line, told = refusal(setting + SHORT)
    assert (told_line, told[: len(message)]) == (line, message)


def test_a_calendar_with_seasons_on_both_sides_of_the_new_year() -> None:
    second = SEASON.removeprefix(CALENDAR)
    leap = f'{SEASON}first = "12-20"\nlast = "02-29"\n{second}holiday = "Seollal"\n'
    calendar = read(leap + SHORT).calendar
    assert [season.holiday for season in calendar.seasons] == ["", "Seollal"]


@pytest.mark.parametrize(
    ("rhythm", "line", "message"),
    [
        ("days = []", 28, "[] are no days after an issue"),
        ("days = [2, 0]", 28, "[2, 0] are no days after an issue"),
        ("days = [0, 0]", 28, "[0, 0] are no days after an issue"),
        ("days = [28]", 28, "[28] are no days after an issue"),
        ("time = 12:30:15", 28, "12:30:15 is no time of a slot"),
    ],
)
def test_a_rhythm_of_posts_that_cannot_be_kept(rhythm: str, line: int, message: str) -> None:
    account = f'[[accounts]]\nnetwork = "x"\nhandle = "@harbour"\n{rhythm}\n'
    assert refusal(SHORT + account) == (line, message)


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


NOTICES = '[clinic]\nnotices_from = "{}"\n'


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        (changed("[clinic]\n", NOTICES.format("hello")), 2, "'hello' is no email address"),
        (
            changed("[clinic]\n", NOTICES.format("Long@clinic.example.com")),
            2,
            "a newsletter and notices would both come from long@clinic.example.com",
        ),
        (
            changed("long@clinic.example.com", "notices@clinic.example.com"),
            19,
            "a newsletter and notices would both come from notices@clinic.example.com",
        ),
    ],
)
def test_notices_come_from_no_newsletters_address_d14(text: str, line: int, told: str) -> None:
    assert refusal(text) == (line, told)


def test_a_clinic_may_say_where_notices_come_from() -> None:
    text = changed("[clinic]\n", NOTICES.format("hello@example.com"))
    # Then a newsletter may have the name that notices would have had.
    text = changed("long@clinic.example.com", "notices@clinic.example.com", text)
    assert read(text).clinic.notices_from == "hello@example.com"
