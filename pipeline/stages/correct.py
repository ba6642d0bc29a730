"""A person's answer, kept in the front matter of the article's file."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import PurePath

from pipeline.errors import SourceError
from pipeline.stages.decisions import lost_corrections
from pipeline.stages.read import read
from pipeline.stages.read.decode import decode
from pipeline.stages.read.matter import amend
from pipeline.stages.splitting.corrections import HEADINGS, NOT_HEADINGS, named, words_of
from pipeline.stages.text.runs import fold
from pipeline.values import Source

WITH_MATTER = frozenset({".txt", ".md", ".markdown"})


def correct(
    path: PurePath,
    content: bytes,
    *,
    headings: Sequence[str] = (),
    not_headings: Sequence[str] = (),
) -> bytes:
    """Write into an article's file which of its lines are headings and which are none.

    A new answer takes the place of an older one on the same words; all else in the file stays as it
    is.

    Args:
        path: The name of the file; it is not opened.
        content: Its bytes.
        headings: Lines that are headings, by their words.
        not_headings: Lines that are none.

    Returns:
        The bytes of the file with the answers, in UTF-8.

    Raises:
        SourceError: It cannot be read, its format has no front matter, or no line has these words.
    """
    if path.suffix.lower() not in WITH_MATTER:
        raise SourceError(
            f"files ending in {path.suffix!r} have no front matter",
            mend="Make an article file of it with `meridian add`, and correct that one.",
            path=path,
        )
    source = read(path, content)
    answers = {HEADINGS: headings, NOT_HEADINGS: not_headings}
    _refuse_lost(path, replace(source, matter=answers))
    said = {words_of(text) for texts in answers.values() for text in texts}
    lists = {
        key: [*(text for text in named(source.matter, key) if words_of(text) not in said), *texts]
        for key, texts in ((key, _once(texts)) for key, texts in answers.items())
    }
    amended = amend(path, decode(path, content), lists).replace("\n", _line_end(content)).encode()
    # What contradicts itself, or could not be read again, is refused here and never written.
    read(path, amended)
    return amended


def _refuse_lost(path: PurePath, source: Source) -> None:
    for _, words in lost_corrections(source):
        raise SourceError(
            f"no line under the title says “{words}”",
            mend="Write the line as it stands in the text.",
            path=path,
        )


def _once(texts: Iterable[str]) -> list[str]:
    """Each line once, however often it was named."""
    return list({words_of(text): fold(text) for text in texts}.values())


def _line_end(content: bytes) -> str:
    return "\r\n" if b"\r\n" in content else "\n"
