"""An article goes out once, however its file or its slug is called."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.campaigns.acts import cancel
from pipeline.campaigns.models import ArticleRevision, Campaign, Issue
from pipeline.errors import SourceError
from tests.campaigns.desk import CLINIC, SLOTS, article, everything, send, slots, take
from tests.factories import NOW

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

COLD = article(title="Why cold helps")


def refusal(text: str, name: str = "warmth.md") -> str:
    """What is told of an article that is refused; nothing is changed by it."""
    before = everything()
    with pytest.raises(SourceError) as caught:
        take(text, name=name)
    assert str(caught.value.path) == name
    assert everything() == before
    return str(caught.value).partition(": ")[2]


def states(slug: str, newsletter: str = "weekly") -> set[str]:
    """The states of an article's issues."""
    issues = Issue.objects.filter(campaign__article=slug, newsletter=newsletter)
    return set(issues.values_list("state", flat=True))


# --- A slug that moves ----------------------------------------------------------------------------


def test_a_new_slug_calls_off_what_waited_under_the_old_one() -> None:
    take()
    take(article(matter="slug: heat\n"))
    assert states("warmth") == {"cancelled"}
    assert states("heat") == {"scheduled"}
    assert slots("heat") == SLOTS[:3]


def test_a_slug_that_moves_back_is_planned_anew() -> None:
    take()
    take(article(matter="slug: heat\n"))
    assert take().changed
    assert states("heat") == {"cancelled"}
    assert (states("warmth"), slots("warmth")) == ({"scheduled"}, SLOTS[:3])
    assert not take().changed


def test_a_new_slug_after_a_part_went_out_is_refused() -> None:
    take()
    send(1)
    assert refusal(article(matter="slug: heat\n")) == (
        "its slug was warmth when it began to go out. "
        "Write slug: warmth again: under a new one, readers would get it twice."
    )
    assert not take().changed


# --- A newsletter that moves ----------------------------------------------------------------------


def test_another_newsletter_calls_off_what_waited_for_the_first() -> None:
    take()
    take(article(matter="newsletter: monthly\n"))
    assert states("warmth") == {"cancelled"}
    assert states("warmth", "monthly") == {"scheduled"}
    assert Campaign.objects.count() == 2


def test_what_went_out_in_the_first_newsletter_stays_sent() -> None:
    take()
    send(1)
    take(article(matter="newsletter: monthly\n"))
    assert states("warmth") == {"sent", "cancelled"}


def test_a_newsletter_that_moves_back_is_planned_anew() -> None:
    take()
    take(article(matter="newsletter: monthly\n"))
    assert take().changed
    assert (states("warmth"), states("warmth", "monthly")) == ({"scheduled"}, {"cancelled"})
    assert not take().changed


def test_an_article_without_a_newsletter_follows_the_first_in_clinic_toml() -> None:
    take()
    turned = replace(CLINIC, newsletters=CLINIC.newsletters[::-1])
    take(clinic=turned)
    assert (states("warmth"), states("warmth", "monthly")) == ({"cancelled"}, {"scheduled"})
    take()
    assert (states("warmth"), states("warmth", "monthly")) == ({"scheduled"}, {"cancelled"})


def test_an_article_that_moves_leaves_the_others_alone() -> None:
    take()
    take(COLD, name="cold.md")
    take(article(matter="slug: heat\n"))
    assert states("cold") == {"scheduled"}
    assert not take(COLD, name="cold.md").changed


# --- Two files ------------------------------------------------------------------------------------


def test_the_same_words_under_another_name_are_refused() -> None:
    take()
    assert refusal(article(), "copy.md") == (
        "it is word for word the article warmth. "
        "Remove it; or, if you renamed its file, write slug: warmth into it."
    )


def test_a_renamed_file_goes_on_with_its_slug() -> None:
    take()
    send(1)
    renamed = article(matter="slug: warmth\n")
    assert take(renamed, name="heat.md").changed
    assert Campaign.objects.count() == 1
    assert states("warmth") == {"sent", "scheduled"}
    assert not take(renamed, name="heat.md").changed


def test_the_same_words_may_be_planned_again_once_they_are_cancelled() -> None:
    take()
    cancel(article="warmth", actor="ana", now=NOW)
    take(name="copy.md")
    assert states("copy") == {"scheduled"}


def test_words_that_another_article_no_longer_has_may_be_taken() -> None:
    take()
    take(article(title="How warmth helps"))
    take(name="copy.md")
    assert states("copy") == {"scheduled"}


def test_two_files_of_one_slug_are_refused(tmp_path: Path) -> None:
    """Else each pass would make the one from the other's words, and void its approvals."""
    for name in ("warmth.md", "Warmth!.md"):
        (tmp_path / name).touch()
    first, second = str(tmp_path / "warmth.md"), str(tmp_path / "Warmth!.md")
    take(name=first)
    told = "warmth.md has the same slug, warmth. "
    assert refusal(COLD, second).startswith(told)
    assert not take(name=first).changed
    (tmp_path / "warmth.md").unlink()
    assert take(COLD, name=second).changed
    assert Campaign.objects.get().title == "Why cold helps"


def test_a_slug_that_was_given_up_may_be_taken(tmp_path: Path) -> None:
    for name in ("warmth.md", "cold.md"):
        (tmp_path / name).touch()
    first, second = str(tmp_path / "warmth.md"), str(tmp_path / "cold.md")
    take(name=first)
    take(article(matter="slug: heat\n"), name=first)
    taken = article(title="Why cold helps", matter="slug: warmth\n")
    take(taken, name=second)
    assert (states("heat"), states("warmth")) == ({"scheduled"}, {"scheduled"})
    assert sorted(slots("heat") + slots("warmth")) == sorted({*slots("heat"), *slots("warmth")})
    assert not take(article(matter="slug: heat\n"), name=first).changed
    assert not take(taken, name=second).changed


# --- Names that cannot be kept --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (article(matter=f"slug: {'a' * 201}\n"), "a slug of 201 bytes is too long"),
        (article(matter=f"slug: {'침' * 67}\n"), "a slug of 201 bytes is too long"),
        (article(title="W" * 501), "a title of 501 characters is too long"),
    ],
    ids=["slug", "slug in Korean", "title"],
)
def test_a_name_that_is_too_long_is_refused(text: str, message: str) -> None:
    assert refusal(text).startswith(message)


def test_names_of_the_greatest_length_are_kept() -> None:
    slug = "a" * 200
    text = article(title="W" * 500, matter=f"slug: {slug}\n")
    take(text)
    first = Issue.objects.get(part=1)
    assert len(first.folder.encode()) <= 255
    assert ArticleRevision.objects.get().slug == slug
    assert str(Campaign.objects.get()) == f"{'W' * 500} (weekly)"
