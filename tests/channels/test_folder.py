"""The folder channel, and the issues as files."""

from pathlib import Path

import pytest
from django.conf import settings

from pipeline.campaigns.models import Card, Issue, Post
from pipeline.campaigns.parts import store
from pipeline.channels.folder import FolderChannel, edition_files, lay_out
from pipeline.channels.message import build_message
from pipeline.errors import OutboxError, RefusedError
from pipeline.outbox.letter import Receipt, Safety
from pipeline.values import Card as PictureCard
from pipeline.values import ComposedPost, Edition, PlannedIssue, RenderedIssue, SeriesPlan
from tests import factories, samples
from tests.channels.letters import letter, reader

FOLDER = "2026-03-03-why-warmth-helps-part-1"


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_submit_writes_one_file_for_each_delivery(tmp_path: Path) -> None:
    sent = letter(2)
    receipt = FolderChannel(tmp_path).submit(sent)
    assert receipt == Receipt(accepted={1: sent.key, 2: sent.key})
    assert files(tmp_path) == {
        f"{FOLDER}/messages/000001-reader-1@example.com.eml": build_message(sent, reader(1)),
        f"{FOLDER}/messages/000002-reader-2@example.com.eml": build_message(sent, reader(2)),
    }


def test_submit_twice_writes_the_same_files_once(tmp_path: Path) -> None:
    channel = FolderChannel(tmp_path)
    first = channel.submit(letter(2))
    made = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.eml")}
    assert channel.submit(letter(2)) == first
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.eml")} == made


def test_submit_refuses_one_reader_and_writes_to_the_others(tmp_path: Path) -> None:
    readers = (reader(1), reader(2, address="ana@@example.com"), reader(3, name="a\r\nBcc: e@x.y"))
    sent = letter(recipients=readers)
    receipt = FolderChannel(tmp_path).submit(sent)
    assert receipt == Receipt(
        accepted={1: sent.key},
        refused={
            2: "an address is not one that mail servers take.",
            3: "the reader's name holds a line break or a control character.",
        },
    )
    assert list(files(tmp_path)) == [f"{FOLDER}/messages/000001-reader-1@example.com.eml"]


def test_submit_of_a_broken_letter_writes_nothing(tmp_path: Path) -> None:
    receipt = FolderChannel(tmp_path).submit(letter(2, subject="a\r\nBcc: eve@example.com"))
    assert receipt.accepted == {}
    assert set(receipt.refused) == {1, 2}
    assert files(tmp_path) == {}


def test_submit_where_nothing_can_be_written_is_refused_without_an_address(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_bytes(b"in the way")
    with pytest.raises(RefusedError) as refused:
        FolderChannel(tmp_path).submit(letter())
    assert "cannot be written" in str(refused.value)
    assert "@" not in str(refused.value)
    assert not refused.value.final


def test_file_name_is_safe_and_tells_the_reader(tmp_path: Path) -> None:
    readers = (
        reader(7, address="o'neil/a+b@example.com"),
        reader(1234567, address=f"{'a' * 64}@x.example"),
    )
    FolderChannel(tmp_path).submit(letter(recipients=readers))
    assert [Path(name).name for name in files(tmp_path)] == [
        "000007-o_neil_a+b@example.com.eml",
        f"1234567-{'a' * 64}@x.example.eml",
    ]


def test_serialize_is_all_messages_and_never_fails(tmp_path: Path) -> None:
    channel = FolderChannel(tmp_path)
    sent = letter(recipients=(reader(1), reader(2, name="a\nb")))
    assert channel.serialize(sent) == (
        build_message(sent, reader(1))
        + b"the reader's name holds a line break or a control character.\r\n"
    )
    assert channel.serialize(sent) == channel.serialize(sent)
    assert channel.safety is Safety.KEYED
    assert files(tmp_path) == {}


def filled_issue() -> Issue:
    """An issue with a card and posts on three accounts."""
    issue = factories.issue()
    for section, network, handle in (
        (0, "mastodon", "@harbour@social.example.com"),
        (0, "facebook", "하버 침술원"),
        (0, "facebook", "포트 한의원"),
    ):
        text = f"Warmth, for {handle}"
        Post.objects.create(
            issue=issue, section=section, network=network, handle=handle, text=text,
            length=len(text), limit=500,
        )  # fmt: skip
    Card.objects.create(issue=issue, section=0, png_id=store(b"\x89PNG"), alt="Warmth helps.")
    return issue


@pytest.mark.database
def test_lay_out_writes_what_the_issue_holds(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "MERIDIAN_URL", "https://letters.example.com")
    url = "https://letters.example.com/u/each-reader-has-a-link-of-their-own"
    assert lay_out([filled_issue()], tmp_path) == 8
    assert files(tmp_path / FOLDER) == {
        "issue.html": (f'<p>Warmth helps. <a href="{url}">Unsubscribe</a></p>\n'.encode()),
        "issue.txt": f"Warmth helps.\n\nUnsubscribe: {url}\n".encode(),
        "web.html": b"<!doctype html>\n<html><body><p>Warmth helps. </p>\n</body></html>\n",
        "posts/1-mastodon.txt": b"Warmth, for @harbour@social.example.com",
        "posts/1-facebook-하버_침술원.txt": "Warmth, for 하버 침술원".encode(),
        "posts/1-facebook-포트_한의원.txt": "Warmth, for 포트 한의원".encode(),
        "cards/1.png": b"\x89PNG",
        "cards/1.txt": b"Warmth helps.",
    }


def test_edition_files_are_those_of_each_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MERIDIAN_URL", "https://letters.example.com")
    url = "https://letters.example.com/u/each-reader-has-a-link-of-their-own"
    assert edition_files(edition()) == {
        "part-1/issue.html": f'<a href="{url}">'.encode(),
        "part-1/issue.txt": b"text 1",
        "part-1/web.html": b"<!doctype html>\n<html><body></body></html>\n",
        "part-1/posts/1-mastodon.txt": b"post 0",
        "part-1/cards/1.png": b"card 0",
        "part-1/cards/1.txt": b"words 0",
        "part-2/issue.html": f'<a href="{url}">'.encode(),
        "part-2/issue.txt": b"text 2",
        "part-2/web.html": b"<!doctype html>\n<html><body></body></html>\n",
        "part-2/posts/2-mastodon.txt": b"post 1",
        "part-2/cards/2.png": b"card 1",
        "part-2/cards/2.txt": b"words 1",
    }


def edition() -> Edition:
    """Two parts of one section each, with a post and a card."""
    return Edition(
        article=samples.article(),
        newsletter=samples.configuration().newsletters[0],
        plan=SeriesPlan(
            issues=tuple(
                PlannedIssue(
                    part=part, of=2, subject="s", preheader="p", opens=False, sections=(part - 1,)
                )
                for part in (1, 2)
            )
        ),
        issues=tuple(
            RenderedIssue(
                part=part,
                of=2,
                subject="s",
                preheader="p",
                html='<a href="@@unsubscribe_url@@">',
                text=f"text {part}",
            )
            for part in (1, 2)
        ),
        posts=tuple(
            ComposedPost(
                network="mastodon",
                handle="@a@b.example",
                section=section,
                text=f"post {section}",
                length=6,
                limit=500,
            )
            for section in (0, 1)
        ),
        cards=tuple(
            PictureCard(section=section, png=f"card {section}".encode(), alt=f"words {section}")
            for section in (0, 1)
        ),
    )


@pytest.mark.database
def test_lay_out_again_changes_nothing_and_mends_what_was_emptied(
    database: str, tmp_path: Path
) -> None:
    issue = filled_issue()
    lay_out([issue], tmp_path)
    assert lay_out([issue], tmp_path) == 0
    (tmp_path / FOLDER / "issue.txt").unlink()
    (tmp_path / FOLDER / "issue.html").write_text("changed by hand")
    assert lay_out([issue], tmp_path) == 2


@pytest.mark.database
def test_lay_out_where_nothing_can_be_written_is_told(database: str, tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_bytes(b"in the way")
    with pytest.raises(OutboxError, match="cannot be written"):
        lay_out([filled_issue()], tmp_path)
