"""A part in other languages: hashes and approvals of its own (PAINS section 4, item 13)."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import PurePath

import pytest

from pipeline.campaigns.acts import approve_issues, let_go
from pipeline.campaigns.comments import send_back
from pipeline.campaigns.models import ArticleRevision, Campaign, Issue, LogEntry, Variant
from pipeline.campaigns.revisions import sha256
from pipeline.campaigns.series import Making, Taken
from pipeline.campaigns.variants import ready_languages, take_variant, text_of
from pipeline.errors import ApprovalError, CheckError, MeridianError, SourceError
from pipeline.outbox.models import Delivery
from pipeline.run import begin, complete, translate
from pipeline.stages.translation import translation_of
from pipeline.values import Configuration
from tests import factories
from tests.campaigns.desk import CLINIC, article, parts, send, take
from tests.factories import NOW
from tests.samples import templates

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

_newsletter = replace(CLINIC.newsletters[0], languages=("ko", "es", "fr"))
THREE = replace(CLINIC, newsletters=(_newsletter,))
OPEN = replace(CLINIC, newsletters=(replace(_newsletter, approval="none"),))

KOREAN = """---
title: 온기가 도움이 되는 까닭
language: ko
translation_of: warmth
---

따뜻한 손은 가장 오래된 처방입니다.

## 1. 혈관

온기는 피부 아래의 가는 혈관을 넓히고, 그만큼 더 많은 피가 흐릅니다.

## 2. 근육

아픈 곳을 지키느라 굳은 근육은 따뜻해질 때까지 힘을 빼는 법을 잊습니다.

## 3. 신경

온기도 하나의 신호이며, 아픔보다 먼저 척수에 닿습니다.
"""


def translated(text: str = KOREAN, *, clinic: Configuration = THREE, name: str = "ko.md") -> Taken:
    """Take a translation in."""
    path = PurePath(name)
    return take_variant(
        path,
        text.encode(),
        of=translation_of(path, text.encode()),
        translate=partial(translate, configuration=clinic, templates=templates()),
        making=Making(
            begin=partial(begin, configuration=clinic),
            complete=partial(complete, configuration=clinic, templates=templates()),
            surroundings=sha256(repr(clinic).encode()),
        ),
        actor="ana",
        now=NOW,
    )


def hashes() -> Mapping[int, str]:
    """The hash of each part's Korean."""
    return dict(Variant.objects.values_list("issue__part", "content_hash"))


def approved() -> dict[int, list[str]]:
    """The languages each part may go out in."""
    return {part: ready_languages(issue) for part, issue in parts().items()}


def test_a_translation_is_the_same_parts_in_its_language_and_no_campaign() -> None:
    take(clinic=THREE)
    assert translated().changed
    assert not translated().changed
    assert Campaign.objects.count() == 1
    assert ArticleRevision.objects.count() == 2
    subjects = Variant.objects.order_by("issue__part").values_list("subject", flat=True)
    assert list(subjects) == ["혈관", "근육", "신경"]
    made = Variant.objects.get(issue__part=2)
    for content in (made.html.content, made.text.content):
        told = bytes(content).decode()
        assert "3편 중 2편" in told
        assert "수신 거부" in told
        # What it leads to stands under the original's name.
        assert "/warmth/1/" in told
        for english in ("Unsubscribe", "Part 2", "min read", "Book a visit", "You get this"):
            assert english not in told
    assert made.about["language"] == "ko"


def test_an_approval_is_given_for_all_and_voided_for_what_changed_alone() -> None:
    take(clinic=THREE)
    translated()
    assert approved() == {1: [], 2: [], 3: []}
    approve_issues(article="warmth", approver="Mara Ellison", now=NOW)
    assert approved() == {1: ["ko"], 2: ["ko"], 3: ["ko"]}

    before = hashes()
    translated(KOREAN.replace("굳은 근육은", "굳은 근육이"))
    after = hashes()
    assert [part for part in before if before[part] != after[part]] == [2]
    assert approved() == {1: ["ko"], 2: [], 3: ["ko"]}
    assert all(
        issue.approvals.filter(content_hash=issue.content_hash) for issue in parts().values()
    )

    # The other way round: a changed original leaves what its translation says as it is.
    take(article().replace("more blood passes", "much more blood passes"), clinic=THREE)
    translated(KOREAN.replace("굳은 근육은", "굳은 근육이"))
    assert hashes() == after


def test_what_voided_the_yes_to_a_variant_is_told_by_its_own_log_s31() -> None:
    take(clinic=THREE)
    translated()
    approve_issues(article="warmth", approver="Mara Ellison", now=NOW)
    translated(KOREAN.replace("1. 혈관", "1. 가는 혈관"))

    told = list(
        LogEntry.objects.filter(kind="voided").order_by("pk").values_list("told", flat=True)
    )
    assert [line.partition(" waits")[0] for line in told] == [
        "part 1 in ko",
        "part 2 in ko",
        "part 3 in ko",
    ]
    listed = "; of the parts that it lists, part 1 is “가는 혈관” now, and was “혈관”"
    assert [line.endswith(listed) for line in told] == [False, True, True]
    assert all(
        issue.approvals.filter(content_hash=issue.content_hash) for issue in parts().values()
    )


def test_a_variant_that_was_sent_back_waits_until_it_changes_or_is_let_go_s31() -> None:
    take(clinic=THREE)
    translated()
    approve_issues(article="warmth", approver="Mara Ellison", now=NOW)
    for part in (1, 2):
        text = text_of(parts()[part], "ko")
        send_back(text, content_hash=text.content_hash, reason="Too bold", by="Ana", now=NOW)
    assert approved() == {1: [], 2: [], 3: ["ko"]}

    translated(KOREAN.replace("굳은 근육은", "굳은 근육이"))
    assert text_of(parts()[2], "ko").held == ""
    assert approved() == {1: [], 2: [], 3: ["ko"]}
    approve_issues(article="warmth", approver="Mara Ellison", now=NOW)
    assert approved() == {1: [], 2: ["ko"], 3: ["ko"]}

    assert let_go(article="warmth", actor="Ana", now=NOW, part=1) == [parts()[1]]
    assert approved()[1] == ["ko"]
    told = LogEntry.objects.get(kind="let go").told
    assert told == "part 1 in ko is let go; it was held: sent back by Ana: Too bold"


def test_who_sent_a_variant_back_may_think_better_of_it() -> None:
    take(clinic=THREE)
    translated()
    text = text_of(parts()[1], "ko")
    send_back(text, content_hash=text.content_hash, reason="Too bold", by="Mara Ellison", now=NOW)
    approve_issues(article="warmth", approver="Mara Ellison", now=NOW)
    assert approved()[1] == ["ko"]


def test_a_variant_that_readers_have_or_that_changed_is_not_sent_back() -> None:
    take(clinic=THREE)
    translated()
    text = text_of(parts()[1], "ko")
    with pytest.raises(ApprovalError, match="has changed since it was read"):
        send_back(text, content_hash="e" * 64, reason="Too bold", by="Ana", now=NOW)
    Issue.objects.filter(part=1).update(state=Issue.State.SENDING)
    reader = factories.delivery(parts()[1], factories.subscriber())
    Delivery.objects.filter(pk=reader.pk).update(language="ko", sent_at=NOW)
    text = text_of(parts()[1], "ko")
    with pytest.raises(ApprovalError, match="or has gone out"):
        send_back(text, content_hash=text.content_hash, reason="Too bold", by="Ana", now=NOW)
    with pytest.raises(ApprovalError, match="part 1 has no text in es"):
        text_of(parts()[1], "es")


def test_where_nobody_is_asked_the_variants_are_approved_with_it() -> None:
    take(clinic=OPEN)
    translated(clinic=OPEN)
    assert approved() == {1: ["ko"], 2: ["ko"], 3: ["ko"]}


def test_what_somebody_was_sent_never_changes_and_what_is_missing_may_come_late() -> None:
    take(clinic=THREE)
    Issue.objects.filter(part=1).update(state=Issue.State.SENDING)
    translated()
    before = hashes()
    reader = factories.delivery(parts()[1], factories.subscriber())
    Delivery.objects.filter(pk=reader.pk).update(language="ko", sent_at=NOW)
    send(2)

    translated(KOREAN.replace("온기는", "따뜻함은").replace("굳은 근육은", "굳은 근육이"))
    assert hashes() == before
    assert not translated(
        KOREAN.replace("온기는", "따뜻함은").replace("굳은 근육은", "굳은 근육이")
    ).changed


@pytest.mark.parametrize(
    ("old", "new", "error", "told"),
    [
        ("of: warmth", "of: cold", SourceError, "translation of cold, and there is no such"),
        ("language: ko", "language: de", SourceError, "no de beside its own en; it lists ko"),
        ("language: ko\n", "", SourceError, "comes in no en"),
        ("language: ko", "language: fr", SourceError, "cannot be made in fr"),
        ("## 3. 신경\n", "", CheckError, r"ko \(ko\) makes 2 parts, and warmth \(en\) makes 3"),
    ],
)
def test_what_cannot_be_a_variant_is_told_and_nothing_is_changed(
    old: str, new: str, error: type[MeridianError], told: str
) -> None:
    take(clinic=THREE)
    with pytest.raises(error, match=told):
        translated(KOREAN.replace(old, new))
    assert not Variant.objects.exists()


def test_the_parts_hold_the_same_sections_however_many_words_they_have() -> None:
    """In the original a short section goes with its neighbour: so it does in the translation."""
    long = "Warmth lets the small vessels under the skin widen. " * 10
    matter = "---\ntitle: Why warmth helps\n---\n\n"
    take(
        f"{matter}## Vessels\n\n{long}\n\n## Muscle\n\nShort.\n\n## Nerves\n\n{long}\n",
        clinic=THREE,
    )
    text = KOREAN
    for number in ("1. ", "2. ", "3. "):
        text = text.replace(f"## {number}", "## ")
    translated(text)
    subjects = Variant.objects.order_by("issue__part").values_list("subject", flat=True)
    assert list(subjects) == ["혈관", "신경"]
