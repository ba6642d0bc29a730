"""Each reader gets an issue in their language, whole, or waits (PAINS section 4, item 13)."""

import datetime as dt
from collections.abc import Sequence

import pytest

from pipeline.audience.models import Subscriber
from pipeline.audience.tokens import unsubscribe_token
from pipeline.campaigns.acts import let_go
from pipeline.campaigns.approval import approve, content_hash
from pipeline.campaigns.comments import send_back
from pipeline.campaigns.models import Issue, LogEntry, Variant
from pipeline.campaigns.parts import store
from pipeline.outbox.claim import claim
from pipeline.outbox.counts import counts
from pipeline.outbox.members import still_wanted
from pipeline.outbox.models import Batch, Delivery
from tests import factories
from tests.campaigns.desk import take
from tests.campaigns.test_variants import KOREAN, translated
from tests.campaigns.test_variants import OPEN as THREE
from tests.factories import NOW
from tests.outbox.channels import ListChannel
from tests.outbox.weeks import at, clinic, got, one_pass, person, series, waiting
from tests.web.readers import see

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

SLOTS = tuple(f"2026-03-{day:02}T10:00" for day in (3, 10, 17, 24, 31))
LISTED = 'languages = ["ko", "es"]'
FALLBACK = 'missing_language = "fallback"'


def reader(name: str, language: str) -> Subscriber:
    """Somebody who reads a language."""
    made = person(name)
    Subscriber.objects.filter(pk=made.pk).update(language=language)
    return made


def variant(issue: Issue, language: str, *, approved: bool = True) -> Variant:
    """The text of an issue in another language."""
    subject = f"{issue.subject} in {language}"
    made = Variant.objects.create(
        issue=issue,
        language=language,
        subject=subject,
        html_id=store(f"<p lang={language}>@@unsubscribe_url@@</p>".encode()),
        text_id=store(f"{language}: @@unsubscribe_url@@".encode()),
        envelope=issue.envelope,
        content_hash=content_hash({"subject": subject}),
    )
    if approved:
        say_yes(made)
    return made


def say_yes(made: Variant) -> None:
    """Approve a variant."""
    approve(issue=made.issue, content_hash=made.content_hash, approver="Mara Ellison", now=NOW)


def change(made: Variant) -> None:
    """Change a variant, which voids its approval."""
    made.subject += "!"
    made.content_hash = content_hash({"subject": made.subject})
    made.html_id = store(made.subject.encode())
    made.save()


def languages() -> dict[str, str]:
    """The language of each delivery, by the reader's name."""
    return dict(Delivery.objects.values_list("subscriber__name", "language"))


def told() -> list[str]:
    """What the log says beside approvals."""
    said = LogEntry.objects.exclude(kind="approved").order_by("pk")
    return list(said.values_list("told", flat=True))


@pytest.mark.parametrize(
    ("settings", "ready", "theirs"),
    [
        ([LISTED], ["ko"], ["ko", "ko", "es", "es", "", "", ""]),
        ([LISTED, FALLBACK], ["ko"], ["ko", "ko", "", "", "", "", ""]),
        ([LISTED, FALLBACK], [], [""] * 7),
        (['languages = ["es", "es-MX"]'], [], ["", "", "es", "es-MX", "", "", ""]),
        ([], ["ko"], [""] * 7),
    ],
)
def test_a_delivery_is_in_the_readers_language_if_the_newsletter_lists_it(
    settings: Sequence[str], ready: Sequence[str], theirs: Sequence[str]
) -> None:
    clinic(*settings)
    (issue,) = series(SLOTS[0])
    for language in ready:
        variant(issue, language)
    tags = ("ko", "ko-KR", "es", "es-MX", "en-GB", "", "kok")
    names = [reader(f"reader{place}", tag).name for place, tag in enumerate(tags)]
    one_pass(at(SLOTS[0]))
    assert [languages()[name] for name in names] == list(theirs)


def test_who_lacks_their_text_is_held_until_it_is_approved_and_the_log_says_so_once() -> None:
    clinic(LISTED)
    (issue,) = series(SLOTS[0])
    english, korean, spanish = reader("eve", "en"), reader("kim", "ko"), reader("luz", "es")
    reader("sol", "es")
    variant(issue, "ko")
    for hour in (0, 1, 2):
        one_pass(at(SLOTS[0]) + dt.timedelta(hours=hour))
    assert got(english) == got(korean) == [(SLOTS[0], "why-warmth-helps 1")]
    assert got(spanish) == []
    assert told() == ["held for 2 readers of es: part 1 has no Spanish text"]
    (sums,) = counts().values()
    assert (sums.planned, sums.sent, sums.waiting, sums.adds_up()) == (4, 2, 2, True)

    late = variant(issue, "es", approved=False)
    one_pass(at("2026-03-05T09:00"))
    assert got(spanish) == []
    say_yes(late)
    channel = one_pass(at("2026-03-05T10:00"))
    assert got(spanish) == [("2026-03-05T10:00", "why-warmth-helps 1")]
    (letter,) = channel.keys.values()
    assert (letter.subject, letter.text) == (late.subject, "es: @@unsubscribe_url@@")
    issue.refresh_from_db()
    assert issue.state == Issue.State.SENT


def test_a_text_that_was_sent_back_holds_its_readers_and_the_log_says_why() -> None:
    clinic(LISTED)
    (issue,) = series(SLOTS[0])
    korean = reader("kim", "ko")
    made = variant(issue, "ko")
    send_back(made, content_hash=made.content_hash, reason="Too bold", by="Ana", now=NOW)
    one_pass(at(SLOTS[0]))
    assert got(korean) == []
    why = "held for 1 readers of ko: the Korean text of part 1 is sent back by Ana: Too bold"
    assert told()[-1] == why
    let_go(article="why-warmth-helps", actor="Ana", now=NOW)
    one_pass(at("2026-03-05T10:00"))
    assert got(korean) == [("2026-03-05T10:00", issue.subject)]


def test_who_is_held_gets_the_parts_in_order_and_other_series_go_on() -> None:
    clinic(LISTED)
    first, second = series(*SLOTS[:2])
    (other,) = series(SLOTS[2], article="another")
    spanish = reader("luz", "es")
    variant(second, "es")
    variant(other, "es")
    for slot in SLOTS[:3]:
        one_pass(at(slot))
    # Part 2 waits for part 1; what is of another series does not.
    assert got(spanish) == [(SLOTS[2], "another 1")]
    assert set(waiting(spanish)) == {"why-warmth-helps 1", "why-warmth-helps 2"}
    variant(first, "es")
    for slot in SLOTS[3:]:
        one_pass(at(slot))
    assert [subject for _, subject in got(spanish)[1:]] == [
        "why-warmth-helps 1",
        "why-warmth-helps 2",
    ]


def test_who_waits_is_settled_anew_when_they_or_the_clinic_choose_otherwise() -> None:
    clinic(LISTED)
    (issue,) = series(SLOTS[0])
    moved, falls = reader("luz", "es"), reader("sol", "es")
    one_pass(at(SLOTS[0]))
    Subscriber.objects.filter(pk=moved.pk).update(language="en")
    one_pass(at("2026-03-03T11:00"))
    one_pass(at("2026-03-03T11:01"))
    assert (len(got(moved)), len(got(falls))) == (1, 0)

    clinic(LISTED, FALLBACK)
    one_pass(at("2026-03-03T12:00"))
    assert got(falls) == [("2026-03-03T12:00", issue.subject)]


def test_a_batch_is_of_one_language_and_of_what_is_approved_still() -> None:
    clinic(LISTED)
    (issue,) = series(SLOTS[0])
    for place, language in enumerate(("ko", "en", "ko", "en", "ko")):
        reader(f"reader{place}", language)
    made = variant(issue, "ko")
    channel = ListChannel(batch_size=100)
    one_pass(at(SLOTS[0]), channel)
    batches = {batch.language: batch.deliveries.count() for batch in Batch.objects.all()}
    assert batches == {"": 2, "ko": 3}
    assert sorted(letter.subject for letter in channel.keys.values()) == sorted(
        [issue.subject, made.subject]
    )


def test_a_variant_that_changes_in_a_senders_hands_is_not_sent() -> None:
    clinic(LISTED)
    issue = factories.issue()
    made = variant(issue, "ko")
    Delivery.objects.filter(pk=factories.delivery(issue, reader("kim", "ko")).pk).update(
        language="ko"
    )
    batch = claim(ListChannel(), owner="a", now=NOW)
    assert batch is not None
    assert still_wanted(batch, now=NOW)
    change(made)
    assert not still_wanted(batch, now=NOW)
    say_yes(made)
    # What was approved since is not what was frozen.
    assert not still_wanted(batch, now=NOW)


def test_nothing_of_a_letter_is_in_another_language() -> None:
    """Subject, body, footer, text part and unsubscribe page, of each reader in one language."""
    clinic(LISTED)
    take(clinic=THREE)
    spanish = (
        KOREAN.replace("ko\n", "es\n")
        .replace("온기가 도움이 되는 까닭", "Por qué ayuda el calor")
        .replace("1. 혈관", "1. Vasos")
        .replace("2. 근육", "2. Músculo")
        .replace("3. 신경", "3. Nervios")
    )
    for name, text in (("ko.md", KOREAN), ("es.md", spanish)):
        translated(text, clinic=THREE, name=name)
    people = {tag: reader(f"reader-{tag}", tag) for tag in ("en", "ko-KR", "es")}
    channel = one_pass(at("2026-03-10T10:00"))
    letters = {
        recipient.delivery: letter
        for letter in channel.keys.values()
        for recipient in letter.recipients
    }
    words = {
        "en": ("Vessels", "Part 1 of 3", "Unsubscribe"),
        "ko-KR": ("혈관", "3편 중 1편", "수신 거부"),
        "es": ("Vasos", "Parte 1 de 3", "Darse de baja"),
    }
    pages = {"en": 'lang="en"', "ko-KR": 'lang="ko"', "es": 'lang="es"'}
    for tag, someone in people.items():
        letter = letters[someone.deliveries.get().pk]
        assert letter.subject == words[tag][0]
        for body in (letter.html, letter.text):
            for other, (_, *said) in words.items():
                assert all((word in body) is (other == tag) for word in said)
        page = see(f"/u/{unsubscribe_token(someone.pk, 'weekly')}")
        assert pages[tag] in page.content.decode()
