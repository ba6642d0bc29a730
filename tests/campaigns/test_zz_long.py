"""Any edits of an article against any progress of its series: what is out stays, no word is lost.

The letters are stand-ins, words alone, so that hundreds of readings take seconds; which sections
make which part, and every row, is the real thing.
"""

import datetime as dt
import hashlib
import itertools
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.campaigns.models import Campaign, Card, Issue, LogEntry, Post
from pipeline.campaigns.series import Making, take_article
from pipeline.run import Outline, begin
from pipeline.stages.plan import plan
from pipeline.stages.sections import section_text
from pipeline.values import (
    ArrangedPart,
    ComposedPost,
    Edition,
    RenderedIssue,
    Section,
    SeriesForm,
    SeriesPlan,
)
from pipeline.values import Card as Picture
from tests.campaigns.desk import CLINIC, article, kept, parts, send, slots, take
from tests.factories import NOW

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

WORDS = ("warm", "slow", "deep", "still", "light", "round", "calm", "soft", "clear", "near")
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Piece:
    """A section as its author thinks of it: a heading and words of its own."""

    heading: str
    text: str

    @staticmethod
    def new() -> "Piece":
        """A section like no other."""
        number = next(_numbers)
        own = hashlib.sha256(str(number).encode()).hexdigest()
        words = " ".join(f"{word}{own[i : i + 4]}" for i, word in enumerate(WORDS * 2))
        return Piece(heading=f"Heading {own[:6]}", text=words)


def written(pieces: list[Piece], slug: str) -> bytes:
    """The article, numbered as it stands."""
    sections = [f"## {n}. {p.heading}\n\n{p.text}\n" for n, p in enumerate(pieces, 1)]
    return f"---\ntitle: {slug}\nslug: {slug}\n---\n\n{chr(10).join(sections)}".encode()


def complete(outline: Outline, *, form: SeriesForm, parts: tuple[ArrangedPart, ...]) -> Edition:
    """The plan for real; letters, posts and cards of words alone."""
    made, sections = plan(outline.article, form, parts=parts), outline.article.sections
    return Edition(
        article=outline.article,
        newsletter=outline.newsletter,
        plan=made,
        issues=tuple(_letter(made, part, sections) for part in made.parts if _is_made(made, part)),
        posts=tuple(_post(index, section) for index, section in enumerate(sections)),
        cards=tuple(
            Picture(section=index, png=section_text(section).encode(), alt=section.heading)
            for index, section in enumerate(sections)
        ),
        accounts=CLINIC.accounts,
    )


def _is_made(made: SeriesPlan, part: int) -> bool:
    return made.parts[part] in made.issues


def _letter(made: SeriesPlan, part: int, sections: tuple[Section, ...]) -> RenderedIssue:
    issue = made.parts[part]
    words = "\n".join(section_text(sections[index]) for index in issue.sections)
    return RenderedIssue(
        part=part,
        of=0,
        subject=issue.subject,
        preheader=issue.preheader,
        html=words,
        text=words,
    )


def _post(index: int, section: Section) -> ComposedPost:
    account, text = CLINIC.accounts[0], section_text(section)
    return ComposedPost(
        network=account.network,
        handle=account.handle,
        section=index,
        text=text,
        length=len(text),
        limit=5000,
    )


MAKING = Making(begin=partial(begin, configuration=CLINIC), complete=complete, surroundings="")


def read(pieces: list[Piece], slug: str) -> Campaign:
    """Take the article in."""
    content = written(pieces, slug)
    taken = take_article(PurePath(f"{slug}.md"), content, making=MAKING, actor="ana", now=NOW)
    return Campaign.objects.get(pk=taken.campaign)


def edit(pieces: list[Piece], act: str, at: int) -> tuple[list[Piece], set[str]]:
    """The article after one edit, and the texts of the sections that were touched."""
    at %= len(pieces)
    old, rest = pieces[at], pieces[:at] + pieces[at + 1 :]
    match act:
        case "insert":
            return [*pieces[:at], Piece.new(), *pieces[at:]], set()
        case "append":
            return [*pieces, Piece.new()], set()
        case "delete" if rest:
            return rest, {old.text}
        case "move":
            return [old, *rest], set()
        case "retitle":
            new = replace(old, heading=Piece.new().heading)
        case "edit":
            new = replace(old, text=old.text + " " + Piece.new().text[:10])
        case _:
            return pieces, set()
    return [*pieces[:at], new, *pieces[at + 1 :]], {old.text, new.text}


ACTS = st.sampled_from(["insert", "append", "delete", "move", "retitle", "edit", "send"])


@settings(max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 5), st.lists(st.tuples(ACTS, st.integers(0, 9)), max_size=7))
def test_any_edit_against_any_progress(count: int, acts: list[tuple[str, int]]) -> None:
    Issue.objects.all().delete()
    pieces = [Piece.new() for _ in range(count)]
    campaign = read(pieces, f"warmth-{next(_numbers)}")
    sent: dict[int, tuple[object, ...]] = {}
    gone: set[str] = set()
    for act, at in acts:
        waiting = campaign.issues.filter(state="scheduled").order_by("part")
        if act == "send" and waiting.exists():
            issue = waiting[0]
            gone |= {text for text in _texts(issue) if text}
            Issue.objects.filter(pk=issue.pk).update(state="sent", released_at=NOW)
            sent[issue.pk] = kept(Issue.objects.get(pk=issue.pk))
            continue
        before = {issue.pk: issue for issue in waiting}
        pieces, touched = edit(pieces, act, at)
        campaign = read(pieces, campaign.article)
        # What is out stays to the byte.
        assert {pk: kept(Issue.objects.get(pk=pk)) for pk in sent} == sent
        after = list(campaign.issues.filter(state="scheduled").order_by("part"))
        told = [text for issue in after for text in _texts(issue) if text]
        # Every word is out or waits, once; a section that is out is in no other part.
        assert len(told) == len(set(told))
        stands = {piece.text for piece in pieces}
        assert {text for text in stands if not _is_out(text, gone)} <= set(told) <= stands
        assert not any(_is_out(text, gone) for text in told)
        # Numbers without a gap, slots in their order, none twice.
        every = campaign.issues.exclude(state="cancelled").order_by("part")
        assert [issue.part for issue in every] == list(range(1, len(every) + 1))
        waits = [issue.slot for issue in after]
        assert waits == sorted(set(waits))
        # Untouched parts that wait keep their hash; an only one is named as its article is.
        for issue in after:
            was = before.get(issue.pk)
            if was and min(was.of, issue.of) > 1 and not touched & (_texts(issue) | _texts(was)):
                assert issue.content_hash == was.content_hash
        _check_posts(after)


def _texts(issue: Issue) -> set[str]:
    return set(bytes(issue.text.content).decode().split("\n"))


def _is_out(text: str, gone: set[str]) -> bool:
    """Whether a section went out, as it is or as it read before it was edited."""
    first = text.split()[:5]
    return any(first == out.split()[:5] for out in gone)


def _check_posts(issues: list[Issue]) -> None:
    for issue in issues:
        keys = list(issue.sections)
        assert sorted(issue.posts.values_list("key", flat=True)) == sorted(keys)
        assert sorted(issue.cards.values_list("key", flat=True)) == sorted(keys)
    posts = Post.objects.exclude(slot="").exclude(issue__state="cancelled")
    days = [slot[:10] for slot in posts.values_list("slot", flat=True)]
    assert len(days) == len(set(days))


# --- By example -----------------------------------------------------------------------------------


def test_a_new_section_before_sent_parts_comes_behind_them_and_the_log_says_so() -> None:
    take(article(2))
    send(1)
    before = kept(parts()[1])
    new = "## 0. Hands\n\nA hand gives warmth as well as any towel, and it knows where to stay.\n\n"
    take(article(2).replace("## 1. Vessels", new + "## 1. Vessels"))
    assert kept(parts()[1]) == before
    assert [issue.subject for issue in parts().values()] == ["Vessels", "Hands", "Muscle"]
    assert slots() == ["2026-03-10T10:00", "2026-03-17T10:00", "2026-03-24T10:00"]
    assert list(LogEntry.objects.values_list("kind", "told")) == [
        ("added", "“Hands” became part 2 of 3, on 2026-03-17 10:00."),
        (
            "moved",
            "“Muscle” moved from 2026-03-17 10:00 to 2026-03-24 10:00: the series has other parts.",
        ),
    ]


def test_a_renamed_and_a_moved_section_keep_their_rows_posts_and_cards() -> None:
    take(article(3))
    rows = {issue.subject: issue.pk for issue in parts().values()}
    posts = dict(Post.objects.values_list("pk", "key"))
    cards = dict(Card.objects.values_list("pk", "key"))
    text = article(3).replace("## 2. Muscle", "## 2. Why it lets go")
    head, first, second, third = text.split("## ")
    take(f"{head}## {third.strip()}\n\n## {first}## {second}")
    after = {issue.subject: issue.pk for issue in parts().values()}
    assert list(after) == ["Nerves", "Vessels", "Why it lets go"]
    assert after["Why it lets go"] == rows["Muscle"]
    assert (after["Nerves"], after["Vessels"]) == (rows["Nerves"], rows["Vessels"])
    assert dict(Post.objects.values_list("pk", "key")) == posts
    assert dict(Card.objects.values_list("pk", "key")) == cards
    assert Post.objects.get(pk=min(posts)).section == 1


def test_what_changed_after_it_went_out_is_told() -> None:
    take(article(2))
    send(1)
    taken = take(article(2).replace("small vessels", "very small vessels"))
    assert [finding.code for finding in taken.findings][:1] == ["changed-after-sending"]


def test_a_sent_section_that_comes_back_does_not_go_out_again() -> None:
    take(article(2))
    send(1)
    only_second = article(2).replace("## 1. Vessels", "<!-- ").replace("\n\n## 2", " -->\n\n## 2")
    take(only_second, now=NOW + dt.timedelta(days=1))
    take(article(2), now=NOW + dt.timedelta(days=2))
    assert [(issue.part, issue.state) for issue in parts().values()] == [
        (1, "sent"),
        (2, "scheduled"),
    ]
