"""The languages of a part on the page for practitioners: each shown, approved as shown (S31)."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from pipeline.audience.models import Subscription
from pipeline.campaigns.approval import approve
from pipeline.campaigns.models import Approval, Campaign, Comment, Issue, LogEntry, Variant
from pipeline.campaigns.parts import store
from pipeline.campaigns.requests import Standing, standing
from pipeline.campaigns.revisions import current_configuration
from pipeline.campaigns.variants import approved_variants
from pipeline.web.public.approving.part_words import part_words
from pipeline.web.public.approving.words import approving_words
from tests.campaigns.asking import clinic, path, waiting
from tests.outbox.test_languages import variant
from tests.web.public.approving.test_pages import asked, page
from tests.web.readers import NOW, ask, reader, see

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

WORDS = approving_words("en")
HOLD = 'languages = ["ko", "es"]'
FALLBACK = f'{HOLD}\nmissing_language = "fallback"'


def korean(issue: Issue) -> Variant:
    """What there is of an issue in Korean: nobody has approved it."""
    made = variant(issue, "ko", approved=False)
    made.subject, made.preheader = "온기", "작은 것 셋"
    made.about = {"language": "ko", "authors": [{"name": "Jiwon Bae"}]}
    made.text_id = store("온기가 도움이 됩니다.\n\n@@unsubscribe_url@@\n".encode())
    made.findings = [
        {"code": "claim-cure", "level": "warning", "message": "says much", "suggestion": "Less.",
         "where": "issue 1, text", "words": "온기가 낫게 합니다."},
    ]  # fmt: skip
    made.save()
    return made


def press(there: str, act: str, *shown: str, **fields: str) -> int:
    """A button pressed for texts named as the page names them; the status of the answer."""
    body = "&".join([f"act={act}", *(f"shown={each}" for each in shown)])
    body += "".join(f"&{name}={value}" for name, value in fields.items())
    return ask("POST", there, body.encode()).status_code


def change(made: Variant) -> None:
    """A new reading gives the variant other bytes."""
    Variant.objects.filter(pk=made.pk).update(content_hash="e" * 64)


# --- What is shown --------------------------------------------------------------------------------


def test_each_language_stands_there_with_all_that_is_its_own_s31() -> None:
    clinic(letter=HOLD)
    issue = waiting()
    made = korean(issue)
    for place, tongue in enumerate(("en", "ko-KR", "ko", "es", "")):
        reader(f"reader{place}@example.com", language=tongue)
    shown = page(see(path(asked())))
    own, _, other = shown.partition('id="part-1-ko"')
    for words in ("In English", f'value="1:{issue.content_hash}"', "Approve part 1 in English as"):
        assert words in own, words
    for words in (
        "In Korean",
        "온기",
        "작은 것 셋",
        "온기가 도움이 됩니다.",
        "온기가 낫게 합니다.",
        f'value="1-ko:{made.content_hash}"',
        "Approve part 1 in Korean as Mara Ellison",
        "Approve part 1 in 2 languages as Mara Ellison",
    ):
        assert words in other, words
        assert words not in own, words
    # The sum: who gets it is who reads it in each language, and who waits for one.
    assert "5 now, of 5 who were ever on the list." in own
    assert "Of them 2 now read this language." in own
    assert "Of them 2 now read this language." in other
    assert "Those who read it (2 now) get nothing until it is approved." in other
    assert "There is no text in Spanish. Those who read it (1 now) get nothing until" in own
    assert "@@" not in shown


def test_what_readers_get_of_a_missing_language_is_said_as_it_is_set() -> None:
    clinic(letter=FALLBACK)
    korean(waiting())
    reader(language="es")
    shown = page(see(path(asked())))
    assert "There is no text in Spanish. Those who read it (1 now) get the one in English." in shown
    assert "Until it is approved, those who read it (0 now) get the text in English." in shown


def test_the_letter_of_a_language_is_its_stored_bytes_s33() -> None:
    clinic(letter=HOLD)
    korean(waiting())
    there = path(asked())
    answer = see(f"{there}letter/1/ko")
    assert answer.content.decode() == "<p lang=ko>http://127.0.0.1:8000/sample/</p>"
    assert answer.headers["Content-Security-Policy"].endswith("sandbox")
    assert (see(f"{there}letter/1/es").status_code, see(f"{there}letter/2/ko").status_code) == (
        404,
        404,
    )


def test_comments_stand_with_their_language() -> None:
    clinic(letter=HOLD)
    made = korean(waiting())
    there = path(asked())
    shown = f"1-ko:{made.content_hash}"
    assert press(there, "comment", shown, text="So nicht", paragraph="0") == 303
    (comment,) = Comment.objects.all()
    assert (comment.language, comment.quotation) == ("ko", "온기가 도움이 됩니다.")
    own, _, other = page(see(there)).partition('id="part-1-ko"')
    assert ("So nicht" in own, other.count("So nicht")) == (False, 2)


# --- What is approved -----------------------------------------------------------------------------


def test_a_yes_to_a_part_is_to_exactly_the_texts_on_the_page_s31() -> None:
    clinic(letter=HOLD)
    issue = waiting()
    made = korean(issue)
    there = path(asked())
    texts = (f"1:{issue.content_hash}", f"1-ko:{made.content_hash}")
    # One that came after the page was read is none of them.
    later = variant(issue, "es", approved=False)
    assert press(there, "approve", *texts) == 303
    assert set(Approval.objects.values_list("content_hash", flat=True)) == {
        issue.content_hash,
        made.content_hash,
    }
    assert list(approved_variants().values_list("language", flat=True)) == ["ko"]
    shown = page(see(there))
    assert WORDS.nothing_left.title not in shown
    assert f'value="1-es:{later.content_hash}"' in shown
    assert "Approve part 1 in 2" not in shown


def test_where_one_text_changed_meanwhile_none_is_approved_s31() -> None:
    clinic(letter=HOLD)
    issue = waiting()
    made = korean(issue)
    there = path(asked())
    change(made)
    texts = (f"1:{issue.content_hash}", f"1-ko:{made.content_hash}")
    assert press(there, "approve", *texts) == 409
    assert not Approval.objects.exists()
    assert press(there, "approve", texts[0]) == 303


@pytest.mark.parametrize("place", ["1-es", "1-", "2-ko", "1-ko-ko"])
def test_a_text_that_is_not_on_the_page_is_none(place: str) -> None:
    clinic(letter=HOLD)
    made = korean(waiting())
    assert press(path(asked()), "approve", f"{place}:{made.content_hash}") == 422
    assert not Approval.objects.exists()


def test_a_language_that_comes_late_is_approved_by_the_link_though_its_part_is_out() -> None:
    clinic(letter=HOLD)
    issue = waiting()
    approve(issue=issue, content_hash=issue.content_hash, approver="Ana", now=timezone.now())
    Issue.objects.update(state=Issue.State.SENDING)
    made = korean(issue)
    request = asked()
    assert standing(request, configuration=current_configuration(), now=NOW) == Standing.OPEN
    assert press(path(request), "approve", f"1:{issue.content_hash}") == 409
    assert press(path(request), "approve", f"1-ko:{made.content_hash}") == 303
    assert standing(request, configuration=current_configuration(), now=NOW) == Standing.SETTLED
    assert WORDS.nothing_left.title in page(see(path(request)))


def test_who_wrote_a_translation_sees_no_button_for_it_s31() -> None:
    clinic(letter=f"{HOLD}\nfour_eyes = true")
    issue = waiting(four_eyes=True)
    made = korean(issue)
    made.about["authors"] = [{"name": "Mara Ellison"}]
    made.save()
    there = path(asked())
    own, _, other = page(see(there)).partition('id="part-1-ko"')
    assert WORDS.own in other
    assert WORDS.own not in own
    assert press(there, "approve", f"1-ko:{made.content_hash}") == 409
    assert press(there, "approve", f"1:{issue.content_hash}") == 303


def test_a_language_is_sent_back_alone_and_its_part_goes_on() -> None:
    clinic(letter=HOLD)
    issue = waiting()
    made = korean(issue)
    there = path(asked())
    shown = f"1-ko:{made.content_hash}"
    assert press(there, "send-back", shown, text="Zu kühn") == 303
    made.refresh_from_db()
    issue.refresh_from_db()
    assert (made.held, issue.held) == ("sent back by Mara Ellison: Zu kühn", "")
    assert "Sent back by Mara Ellison: Zu kühn" in page(see(there))
    assert LogEntry.objects.get(kind="sent back").told == "part 1 in ko sent back: Zu kühn"
    # Another's yes lets it go no more than the letter itself would.
    approve(issue=issue, content_hash=made.content_hash, approver="Ana", now=NOW)
    assert not approved_variants().exists()


def test_what_changed_in_a_language_is_told_by_its_own_yes() -> None:
    clinic(letter=HOLD)
    issue = waiting()
    made = korean(issue)
    there = path(asked())
    assert press(there, "approve", f"1-ko:{made.content_hash}") == 303
    Variant.objects.filter(pk=made.pk).update(subject="따뜻함", content_hash="e" * 64)
    own, _, other = page(see(there)).partition('id="part-1-ko"')
    assert WORDS.since not in own
    assert re.search(rf"{WORDS.since}</dt>\s*<dd>subject", other)


# --- Who gets it ----------------------------------------------------------------------------------


def weekly_and_monthly() -> None:
    """Two who want each letter, of whom one pauses, and one who wants one a month."""
    reader("ana@example.com")
    reader("moe@example.com")
    reader("pia@example.com")
    ties = Subscription.objects.order_by("pk")
    ties.filter(subscriber__address="moe@example.com").update(frequency="monthly")
    late = timezone.now() + dt.timedelta(days=9)
    ties.filter(subscriber__address="pia@example.com").update(paused_until=late)


@pytest.mark.parametrize(
    ("kind", "whom", "counted", "excluded"),
    [
        ("series", "who gets the letters of", "1 now, of 3", "digest: 1, pausing: 1"),
        ("evergreen", "who gets the letters of", "1 now, of 3", "digest: 1, pausing: 1"),
        ("digest", "who wants one letter of", "1 now, of 3", "get the weekly letters: 2"),
        ("welcome", "whoever confirms", "", ""),
    ],
)
def test_the_audience_is_who_really_gets_it_and_its_sum_adds_up(
    kind: str, whom: str, counted: str, excluded: str
) -> None:
    clinic(letter=HOLD)
    waiting()
    Campaign.objects.update(kind=kind)
    weekly_and_monthly()
    shown = page(see(path(asked())))
    assert whom in shown
    assert counted in shown
    assert excluded in shown
    assert ("who were ever on the list" in shown) is (kind != "welcome")


def test_of_a_newsletter_that_is_gone_and_without_a_day_no_more_is_said_than_is_known() -> None:
    clinic()
    waiting(slot="")
    Campaign.objects.update(newsletter="former")
    shown = page(see(path(asked())))
    assert WORDS.no_slot in shown
    assert "on the list" not in shown
    assert WORDS.receivers not in shown


def test_a_welcome_that_was_changed_goes_to_who_waited_for_it_too() -> None:
    clinic()
    waiting(released_at=NOW)
    Campaign.objects.update(kind="welcome")
    assert "who has confirmed The Harbour Letter while it waited" in page(see(path(asked())))


# --- Why a yes is void ----------------------------------------------------------------------------


def test_a_heading_that_changed_elsewhere_is_named_as_the_reason() -> None:
    clinic()
    first, second = waiting(1, subject="Vessels"), waiting(2, subject="Muscle")
    third = waiting(3, subject="Nerves")
    there = path(asked())
    assert press(there, "approve", f"2:{second.content_hash}") == 303
    Issue.objects.filter(pk=second.pk).update(content_hash="e" * 64)
    Issue.objects.filter(pk=first.pk).update(subject="Small <vessels>")
    Issue.objects.filter(pk=third.pk).update(state=Issue.State.CANCELLED)
    waiting(4, subject="Evenings")
    shown = page(see(there))
    for words in (
        "Each letter lists the parts of its series, and that list is another now:",
        "part 1 is “Small &lt;vessels&gt;”, and was “Vessels”",
        "part 4, “Evenings”, is new",
        "“Nerves” is no part any more",
    ):
        assert words in shown, words
    assert shown.count("<li>part 1 is") == 1


def test_every_language_says_the_same_things_of_parts() -> None:
    english = part_words("en")
    for language in ("ko", "es"):
        words = part_words(language)
        for field in english.__slots__:
            one, other = getattr(english, field), getattr(words, field)
            assert sorted(re.findall(r"{\w+}", str(one))) == sorted(
                re.findall(r"{\w+}", str(other))
            )
            assert not isinstance(one, dict) or one.keys() == other.keys()
    assert part_words("ko").tongue("es") == "스페인어"
    assert part_words("en").tongue("x-?") == "x-?"
