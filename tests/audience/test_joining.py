"""How people come in: row by row, with a consent for each, nobody revived (D34, L5, S14, S27)."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.audience.joining import COLUMNS, LONGEST, Reader, dismiss_demo, read_list, subscribe
from pipeline.audience.keys import address_hash
from pipeline.audience.leaving import unsubscribe
from pipeline.audience.models import Consent, Subscriber, Subscription, Suppression
from pipeline.audience.suppression import suppress
from pipeline.errors import SourceError
from tests.factories import NOW, subscriber
from tests.home import CHECKOUT

HEAD = ",".join(COLUMNS)
ANA, BEN = Reader(address="ana@example.com", name="Ana"), Reader(address="ben@example.com")

pytestmark = pytest.mark.database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a list is."""
    return tmp_path / "list.csv"


def refusal(path: Path) -> tuple[int, str]:
    """The line and the words of the refusal of a list."""
    with pytest.raises(SourceError) as caught:
        read_list(path)
    assert caught.value.path == path
    assert caught.value.mend
    return caught.value.line, caught.value.message


def join(*readers: Reader, newsletter: str = "weekly", basis: str = "demo") -> int:
    """Subscribe readers."""
    return subscribe(readers, newsletter=newsletter, basis=basis, source="list.csv", now=NOW)


def active(newsletter: str = "weekly") -> list[str]:
    """The addresses that are subscribed."""
    rows = Subscription.objects.filter(newsletter=newsletter, state="active").order_by("pk")
    return list(rows.values_list("subscriber__address", flat=True))


def everything() -> list[list[tuple[object, ...]]]:
    """All rows of the audience."""
    kinds = (Subscriber, Subscription, Consent, Suppression)
    return [list(kind.objects.order_by("pk").values_list()) for kind in kinds]


# --- Reading a list -------------------------------------------------------------------------------


def test_the_demo_audience_reads() -> None:
    readers = read_list(CHECKOUT / "content/demo-audience.csv")
    assert len(readers) == 24
    assert readers[0] == Reader(
        address="ana.demo@example.com",
        name="Ana Beltrán",
        language="es",
        time_zone="America/Mexico_City",
    )
    assert readers[-1].name == "Wilhelmina Featherstonehaugh-Cholmondeley, née St. John"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lists_of_any_program_read_the_same_s27(path: Path, mark: bytes, end: str) -> None:
    rows = [HEAD, " ANA@example.com ,Ana,,", "", 'ben@example.com,"Ben, Dr.",ko,Asia/Seoul', "", ""]
    path.write_bytes(mark + end.join(rows).encode())
    assert read_list(path) == (
        Reader(address="ana@example.com", name="Ana"),
        Reader(address="ben@example.com", name="Ben, Dr.", language="ko", time_zone="Asia/Seoul"),
    )


def test_a_list_of_nobody_is_empty(path: Path) -> None:
    path.write_text(f"{HEAD}\n", "utf-8")
    assert read_list(path) == ()


@pytest.mark.parametrize(
    "head",
    ["", "\n", "address,name,language", "Address,name,language,time_zone", "ana@example.com,,,",
     HEAD.replace(",", ";"), f"{HEAD},diagnosis", "address,address,language,time_zone"],
)  # fmt: skip
def test_other_columns_are_refused(path: Path, head: str) -> None:
    path.write_text(f"{head}\nana@example.com,,,\n", "utf-8")
    assert refusal(path) == (1, "the columns are others")


@pytest.mark.parametrize(
    ("rows", "line", "message"),
    [
        ("ana@example.com,,", 2, "3 columns instead of 4"),
        ("a@example.com,,,\nben@example.com,,,,", 3, "5 columns instead of 4"),
        ("a@example.com,,,\n\n\nben,,,", 5, "'ben' is not one email address"),
        ("a@example.com,,,\n,Ben,,", 3, "'' is not one email address"),
        ("a@example.com;b@example.com,,,", 2,
         "'a@example.com;b@example.com' is not one email address"),
        ('a@example.com,"A\nB",,', 2, "the name holds a line break or a control character"),
        ('a@example.com,"A",,\nb@example.com,"B\nC",,\nc,,,', 3,
         "the name holds a line break or a control character"),
        ("a@example.com,A\x1bB,,", 2, "the name holds a line break or a control character"),
        ("a@example.com,A\0B,,", 2, "the name holds a line break or a control character"),
        ("a@example.com,A\u2028B,,", 2, "the name holds a line break or a control character"),
        ("a@example.com,,e\x00n,", 2, "the language holds a line break or a control character"),
        (f"a@example.com,{'A' * 201},,", 2, "the name is longer than 200 characters"),
        (f"a@example.com,,{'e' * 36},", 2, "the language is longer than 35 characters"),
        (f"a@example.com,,,{'z' * 65}", 2, "the time_zone is longer than 64 characters"),
        ('a@example.com,"open,,\nb@example.com,,,', 2, "2 columns instead of 4"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_told_by_its_first_line(
    path: Path, rows: str, line: int, message: str
) -> None:
    path.write_text(f"{HEAD}\n{rows}\n", "utf-8", newline="")
    assert refusal(path) == (line, message)


def test_the_longest_texts_are_those_the_table_holds() -> None:
    fields = {field.name: getattr(field, "max_length", None) for field in Subscriber._meta.fields}
    assert {name: fields[name] for name in COLUMNS[1:]} == LONGEST


def test_rows_behind_one_of_several_lines_keep_their_numbers(path: Path) -> None:
    path.write_text(f'{HEAD}\na@example.com," A\n",,\nben,,,\n', "utf-8")
    assert refusal(path) == (4, "'ben' is not one email address")


@pytest.mark.parametrize(
    "content",
    [
        f"{HEAD}\nana@example.com,,,\n".encode("utf-16"),
        f"{HEAD}\nana@example.com,Jos\xe9,,\n".encode("latin-1"),
        f"{HEAD}\nana@example.com,{'A' * 200_000},,\n".encode(),
    ],
    ids=["utf-16", "latin-1", "a huge field"],
)
def test_a_list_that_cannot_be_read(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert refusal(path) == (0, "the list cannot be read")


def test_a_list_that_is_not_there_or_a_folder(path: Path) -> None:
    assert refusal(path) == (0, "the list cannot be read: No such file or directory")
    path.mkdir()
    assert refusal(path) == (0, "the list cannot be read: Is a directory")


@given(st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_a_list_or_refused(path: Path, text: str) -> None:
    path.write_bytes(f"{HEAD}\n{text}".encode(errors="surrogatepass"))
    told = ""
    try:
        read_list(path)
    except SourceError as error:
        told = str(error)
    assert len(told.splitlines()) <= 1


# --- Subscribing ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("database")
def test_each_person_gets_a_subscription_and_a_consent_l5() -> None:
    reader = Reader(address="ana@example.com", name="Ana", language="es", time_zone="Asia/Seoul")
    assert join(reader, BEN) == 2
    ana = Subscriber.objects.get(address="ana@example.com")
    assert (ana.name, ana.language, ana.time_zone) == ("Ana", "es", "Asia/Seoul")
    assert ana.address_hash == address_hash("ana@example.com")
    assert active() == ["ana@example.com", "ben@example.com"]
    consent = Consent.objects.get(subscriber_id=ana.pk)
    assert consent.address_hash == ana.address_hash
    assert (consent.newsletter, consent.basis, consent.source, consent.actor) == (
        "weekly",
        "demo",
        "list.csv",
        "meridian",
    )
    assert consent.created_at == NOW
    assert Consent.objects.count() == 2


@pytest.mark.usefixtures("database")
def test_a_consent_holds_no_address() -> None:
    join(ANA)
    (row,) = Consent.objects.values_list()
    assert "ana" not in repr(row)


@pytest.mark.usefixtures("database")
def test_one_person_twice_in_a_list_is_one_d35() -> None:
    assert join(ANA, BEN, ANA) == 2
    assert active() == ["ana@example.com", "ben@example.com"]
    assert Consent.objects.count() == 2


@pytest.mark.usefixtures("database")
def test_a_second_call_changes_nothing() -> None:
    join(ANA, BEN)
    before = everything()
    assert join(ANA, BEN) == 0
    assert join() == 0
    assert everything() == before


@pytest.mark.usefixtures("database")
def test_a_second_list_brings_the_new_ones_alone() -> None:
    join(ANA)
    assert join(ANA, BEN) == 1
    assert Consent.objects.count() == 2


@pytest.mark.usefixtures("database")
def test_a_second_newsletter_is_a_second_subscription_of_the_same_person() -> None:
    join(ANA)
    assert join(Reader(address="ana@example.com", name="Another"), newsletter="monthly") == 1
    assert Subscriber.objects.get().name == "Ana"
    assert active("weekly") == active("monthly") == ["ana@example.com"]
    assert Consent.objects.count() == 2


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("state", ["pending", "active", "left"])
def test_known_people_are_left_as_they_are(state: str) -> None:
    subscriber("ana@example.com", name="Ana", state=Subscription.State(state))
    before = everything()
    assert join(Reader(address="ana@example.com", name="Another"), basis="express") == 0
    assert everything() == before


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("newsletter", ["", "weekly"])
def test_suppressed_people_are_passed_over_d34(newsletter: str) -> None:
    suppress(
        address_hash=address_hash("ana@example.com"),
        newsletter=newsletter,
        reason="complained",
        now=NOW,
    )
    assert join(ANA, BEN) == 1
    assert active() == ["ben@example.com"]
    assert not Consent.objects.filter(address_hash=address_hash("ana@example.com")).exists()


@pytest.mark.usefixtures("database")
def test_who_left_another_newsletter_may_join_this_one() -> None:
    suppress(
        address_hash=address_hash("ana@example.com"),
        newsletter="monthly",
        reason="unsubscribed",
        now=NOW,
    )
    assert join(ANA) == 1


@pytest.mark.usefixtures("database")
def test_no_list_revives_who_left_or_was_erased_d34_l9() -> None:
    join(ANA)
    ana = Subscriber.objects.get()
    unsubscribe(subscriber_id=ana.pk, newsletter="weekly", now=NOW)
    assert join(ANA) == 0
    ana.delete()
    assert join(ANA) == 0
    assert active() == []


@pytest.mark.usefixtures("database")
def test_a_long_list_is_taken_whole() -> None:
    readers = [Reader(address=f"reader-{number}@example.com") for number in range(2_500)]
    assert join(*readers) == 2_500
    assert Subscription.objects.filter(state="active").count() == 2_500
    assert Consent.objects.count() == 2_500


# --- The end of a demo ----------------------------------------------------------------------------


@pytest.mark.usefixtures("database")
def test_made_up_readers_go_when_the_demo_ends() -> None:
    join(ANA, BEN)
    subscriber("real@example.com")
    join(Reader(address="asked@example.com"), basis="express")
    assert dismiss_demo(now=NOW) == 2
    assert active() == ["real@example.com", "asked@example.com"]
    assert Subscription.objects.filter(state="ended").count() == 2
    assert dismiss_demo(now=NOW) == 0


@pytest.mark.usefixtures("database")
def test_who_asked_for_it_too_is_not_made_up() -> None:
    join(ANA, BEN)
    join(ANA, newsletter="monthly", basis="express")
    ana = Subscriber.objects.get(address="ana@example.com")
    Consent.objects.create(
        subscriber_id=ana.pk,
        address_hash=ana.address_hash,
        newsletter="weekly",
        basis="express",
        source="form",
        actor="ana",
        created_at=NOW,
    )
    assert dismiss_demo(now=NOW) == 1
    assert active() == ["ana@example.com"]
    assert active("monthly") == ["ana@example.com"]


@pytest.mark.usefixtures("database")
def test_a_demo_of_one_newsletter_ends_in_that_one_alone() -> None:
    join(ANA)
    join(ANA, newsletter="monthly", basis="express")
    assert dismiss_demo(now=NOW) == 1
    assert active() == []
    assert active("monthly") == ["ana@example.com"]
