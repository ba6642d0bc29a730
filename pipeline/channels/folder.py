"""The folder channel: emails as files that a person can open. The default, and safe to try.

A delivery has one file name for ever, so handing the same batch over twice writes the same file
twice: nothing is doubled, whenever the process died.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.conf import settings

from pipeline.campaigns.models import Issue
from pipeline.channels.files import sweep, write_whole
from pipeline.channels.message import build_message
from pipeline.errors import OutboxError, RefusedError
from pipeline.outbox.letter import Letter, Receipt, Recipient, Safety
from pipeline.stages import archive
from pipeline.stages.merge import translate
from pipeline.stages.web_version import web_version
from pipeline.values import Card, Edition

# What stands in the files for the links each reader has of their own.
_SHOWN = {
    "unsubscribe_url": "{}/u/each-reader-has-a-link-of-their-own",
    "preferences_url": "{}/p/each-reader-has-a-link-of-their-own",
    "view_url": "web.html",
    "archive_url": f"{{}}{archive.ROOT}",
}
_UNSAFE = re.compile(r"[^\w@.+-]")


class FolderChannel:
    """Writes each email to ``outbox/<issue>/messages/``, and a notice to ``outbox/notices/``."""

    name = "folder"
    batch_size = 100
    eai = True
    safety = Safety.KEYED
    key_lifetime: dt.timedelta | None = None
    timeout = dt.timedelta(seconds=5)
    serializer = "message-2"

    def __init__(self, outbox: Path) -> None:
        self._outbox = outbox

    def serialize(self, letter: Letter) -> bytes:
        """All messages of the letter, one behind the other; for a reader refused, the reason."""
        messages = (_message(letter, recipient) for recipient in letter.recipients)
        return b"".join(
            message if isinstance(message, bytes) else f"{message}\r\n".encode()
            for message in messages
        )

    def submit(self, letter: Letter) -> Receipt:
        """Write the messages. A reader who cannot be written to does not hold up the others.

        Raises:
            RefusedError: A file cannot be written. The ones before it stand: writing them again
                changes nothing.
        """
        folder = self._outbox / letter.folder
        folder = folder if letter.kind == "notice" else folder / "messages"
        accepted, refused = {}, {}
        for recipient in letter.recipients:
            message = _message(letter, recipient)
            if isinstance(message, bytes):
                _write(folder / _file_name(recipient), message)
                accepted[recipient.delivery] = letter.key
            else:
                refused[recipient.delivery] = str(message)
        sweep(folder / _file_name(recipient) for recipient in letter.recipients)
        return Receipt(accepted=accepted, refused=refused)

    def close(self) -> None:
        """Nothing is open."""


def _message(letter: Letter, recipient: Recipient) -> bytes | RefusedError:
    try:
        return build_message(letter, recipient, eai=FolderChannel.eai)
    except RefusedError as error:
        return error


def _write(path: Path, message: bytes) -> None:
    try:
        write_whole(path, message)
    except OutboxError as error:
        # The folder is named, not the file: its name holds an address (P8).
        raise RefusedError(f"{path.parent}: {error.message}") from None


def _file_name(recipient: Recipient) -> str:
    """``000017-ana@example.com.eml``: one name for each delivery, safe on every file system."""
    return f"{recipient.delivery:06}-{_UNSAFE.sub('_', recipient.address)[:150]}.eml"


def lay_out(issues: Iterable[Issue], outbox: Path) -> int:
    """Write what the issues hold, as files a person can open.

    Returns:
        How many files were new or changed.

    Raises:
        OutboxError: A file cannot be written.
    """
    files = {
        outbox / name: content for issue in issues for name, content in _stored_files(issue).items()
    }
    written = sum(write_whole(path, content) for path, content in files.items())
    sweep(files)
    return written


def _stored_files(issue: Issue) -> dict[str, bytes]:
    return issue_files(
        issue.folder,
        html=bytes(issue.html.content).decode(),
        text=bytes(issue.text.content).decode(),
        posts=[(post.section, post.network, post.handle, post.text) for post in issue.posts.all()],
        cards=[
            Card(section=card.section, png=bytes(card.png.content), alt=card.alt)
            for card in issue.cards.all()
        ],
    )


def edition_files(edition: Edition) -> dict[str, bytes]:
    """The files of an edition that was not stored: what ``meridian render`` writes."""
    files: dict[str, bytes] = {}
    for planned, issue in zip(edition.plan.issues, edition.issues, strict=True):
        files |= issue_files(
            f"part-{issue.part}",
            html=issue.html,
            text=issue.text,
            posts=[
                (post.section, post.network, post.handle, post.text)
                for post in edition.posts
                if post.section in planned.sections
            ],
            cards=[card for card in edition.cards if card.section in planned.sections],
        )
    return files


def issue_files(
    folder: str,
    *,
    html: str,
    text: str,
    posts: Sequence[tuple[int, str, str, str]],
    cards: Iterable[Card],
) -> dict[str, bytes]:
    """``issue.html``, ``web.html``, ``issue.txt``, ``posts/2-mastodon.txt``, ``cards/2.png``.

    Args:
        folder: Where they stand.
        html: The issue with merge marks.
        text: Its text part with merge marks.
        posts: Section (from 0), network, handle and text of each.
        cards: The pictures; their words stand beside them.
    """
    page = web_version(html, archive=settings.MERIDIAN_URL + archive.ROOT)
    files = {f"{folder}/issue.html": _shown(html), f"{folder}/issue.txt": _shown(text)}
    files[f"{folder}/web.html"] = page.html.encode()
    accounts = Counter((section, network) for section, network, _, _ in posts)
    for section, network, handle, words in posts:
        several = accounts[section, network] > 1
        account = f"-{_UNSAFE.sub('_', handle)[:80]}" if several else ""
        files[f"{folder}/posts/{section + 1}-{network}{account}.txt"] = words.encode()
    for card in cards:
        files[f"{folder}/cards/{card.section + 1}.png"] = card.png
        files[f"{folder}/cards/{card.section + 1}.txt"] = card.alt.encode()
    return files


def _shown(text: str) -> bytes:
    """A part as a reader without a name would see it, with links that say what stands there."""
    shown = {field: link.format(settings.MERIDIAN_URL) for field, link in _SHOWN.items()}
    return translate(text, lambda slot: shown.get(slot.field, slot.default)).encode()
