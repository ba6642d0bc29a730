"""A named person answers for a claim that the check would stop, and says why (C13)."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from pipeline.campaigns.models import Waiver
from pipeline.campaigns.waivers import (
    applied,
    fingerprint,
    meant,
    standing,
    waive,
    withdraw,
    words_hash,
)
from pipeline.errors import WaiverError
from pipeline.values import Finding
from tests.factories import NOW

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

LATER = NOW + dt.timedelta(days=2)
WORDS = "We cure migraine."
ARTICLE = "warm-hands"


def given(**other: str) -> Waiver:
    told = {"article": ARTICLE, "code": "claim-cure", "words": WORDS, "waiver": "Mara Ellison"}
    return waive(**{**told, "reason": "A quotation", **other}, now=NOW)


def finding(code: str = "claim-cure", words: str = WORDS) -> Finding:
    return Finding(
        code=code, level="error", message="m", suggestion="s", where="issue 1, HTML", words=words
    )


# --- Giving ---------------------------------------------------------------------------------------


def test_c13_a_waiver_is_kept_with_name_reason_words_and_time() -> None:
    made = given(waiver="  Mara\tEllison ", reason=" A\nquotation ")
    assert list(Waiver.objects.values()) == [
        {
            "id": made.pk,
            "article": ARTICLE,
            "code": "claim-cure",
            "words": WORDS,
            "words_hash": words_hash(WORDS),
            "waived_by": "Mara Ellison",
            "reason": "A quotation",
            "created_at": NOW,
            "withdrawn_by": "",
            "withdrawn_at": None,
        }
    ]
    assert str(made) == "waiver of claim-cure in warm-hands by Mara Ellison"


def test_the_first_to_waive_it_is_the_one_who_answers() -> None:
    assert given() == given(waiver="Jiwon Bae", reason="Another")
    assert Waiver.objects.get().waived_by == "Mara Ellison"


@pytest.mark.parametrize(
    ("other", "message", "mend"),
    [
        ({"waiver": " \n"}, "nobody is named who waives it", "Say who answers for it: --by NAME."),
        ({"waiver": "M" * 201}, "the name is too long", "Say who answers for it: --by NAME."),
        ({"reason": " "}, "no reason is given", 'Say why it may stand: --reason "…".'),
    ],
)
def test_c13_a_waiver_of_nobody_or_without_reason_is_none(
    other: dict[str, str], message: str, mend: str
) -> None:
    with pytest.raises(WaiverError) as caught:
        given(**other)
    assert (caught.value.message, caught.value.mend) == (message, mend)
    assert not Waiver.objects.exists()


def test_only_claims_can_be_waived() -> None:
    with pytest.raises(WaiverError, match="no-unsubscribe-link cannot be waived") as caught:
        given(code="no-unsubscribe-link")
    assert "claim-body, claim-certainty, claim-cure" in caught.value.mend


# --- What it counts for ---------------------------------------------------------------------------


def test_c13_what_is_waived_says_by_whom_and_why_and_stops_nothing() -> None:
    given()
    (found,) = applied([finding()], article=ARTICLE)
    assert found.waived == "waived by Mara Ellison on 2026-03-03: A quotation"
    assert (found.level, found.stops, finding().stops) == ("error", False, True)


@pytest.mark.parametrize(
    "other",
    [
        {"words": "We cure migraine!"},
        {"words": "we cure migraine."},
        {"words": ""},
        {"code": "claim-disease"},
    ],
)
def test_c13_one_changed_letter_and_the_claim_is_found_again(other: dict[str, str]) -> None:
    given()
    changed = finding(**other)
    assert applied([changed], article=ARTICLE) == (changed,)


def test_spaces_and_line_ends_are_no_change() -> None:
    given()
    (found,) = applied([finding(words="We  cure\nmigraine.")], article=ARTICLE)
    assert found.waived


def test_half_a_character_in_the_words_is_no_fault() -> None:
    given(words="We cure \ufffd.")
    assert words_hash("\ud800") == words_hash("\ud800")
    assert not applied([finding(words="We cure \ud800.")], article="other")[0].waived


def test_a_waiver_counts_for_its_own_article() -> None:
    given()
    assert applied([finding()], article="other") == (finding(),)


# --- Taking back ----------------------------------------------------------------------------------


def test_c13_a_withdrawal_keeps_the_row_and_ends_it() -> None:
    made = given()
    ended = withdraw(
        article=ARTICLE, code="claim-cure", words=WORDS, withdrawer=" Jiwon  Bae ", now=LATER
    )
    assert ended == made
    assert Waiver.objects.values_list("waived_by", "withdrawn_by", "withdrawn_at").get() == (
        "Mara Ellison",
        "Jiwon Bae",
        LATER,
    )
    assert not standing(article=ARTICLE).exists()
    assert applied([finding()], article=ARTICLE) == (finding(),)


def test_what_was_withdrawn_can_be_waived_again() -> None:
    given()
    withdraw(article=ARTICLE, code="claim-cure", words=WORDS, withdrawer="Jiwon Bae", now=LATER)
    again = given(reason="Another")
    assert list(standing(article=ARTICLE)) == [again]
    assert Waiver.objects.count() == 2


def test_what_nobody_waived_cannot_be_withdrawn() -> None:
    given()
    for other in ({"article": "other"}, {"code": "claim-body"}, {"words": "Other."}):
        told = {"article": ARTICLE, "code": "claim-cure", "words": WORDS, **other}
        with pytest.raises(WaiverError, match="no waiver of"):
            withdraw(**told, withdrawer="Jiwon Bae", now=LATER)
    with pytest.raises(WaiverError, match="nobody is named who withdraws it"):
        withdraw(article=ARTICLE, code="claim-cure", words=WORDS, withdrawer="", now=LATER)
    assert standing(article=ARTICLE).exists()


def test_the_database_keeps_one_standing_waiver_for_a_claim() -> None:
    made = given()
    made.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save(force_insert=True)


# --- Finding out what is meant --------------------------------------------------------------------


def test_a_part_of_a_sentence_is_enough() -> None:
    found = [finding(), finding(words="We cure colds."), finding(code="claim-body", words="Detox")]
    assert meant(found, code="claim-cure", words="cure  migraine") == WORDS
    assert meant(found, code="claim-body", words="Detox") == "Detox"


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ("cure", "claim-cure", "these words stand in 2 sentences. Give the whole sentence."),
        (
            "heal",
            "claim-cure",
            (
                "no finding claim-cure has these words. "
                "There is: “We cure migraine.”; “We cure colds.”."
            ),
        ),
        (
            "cure",
            "claim-fear",
            "no finding claim-fear has these words. `meridian check FILE` shows what is found.",
        ),
    ],
)
def test_words_that_do_not_tell_one_sentence_are_told(words: str, code: str, told: str) -> None:
    found = [finding(), finding(words="We cure colds.")]
    with pytest.raises(WaiverError) as caught:
        meant(found, code=code, words=words)
    assert str(caught.value) == told


def test_a_fingerprint_changes_with_every_act() -> None:
    assert fingerprint(article=ARTICLE) == ""
    made = given()
    assert fingerprint(article=ARTICLE) == f"{made.pk}+"
    withdraw(article=ARTICLE, code="claim-cure", words=WORDS, withdrawer="Jiwon Bae", now=LATER)
    again = given()
    assert fingerprint(article=ARTICLE) == f"{made.pk}- {again.pk}+"
    assert fingerprint(article="other") == ""
