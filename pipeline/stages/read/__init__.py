"""Reading: the bytes of a file become lines that say what the format declares, and no more.

A reader is a function ``(path, bytes) -> Source`` in a file of its own; one line in ``READERS``
registers it. What readers of text share, decoding and front matter, is done here once.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath

from pipeline.errors import SourceError
from pipeline.stages.read.decode import decode
from pipeline.stages.read.docx import read_docx
from pipeline.stages.read.html import read_html
from pipeline.stages.read.limits import refuse_large, refuse_shreds
from pipeline.stages.read.markdown import read_markdown
from pipeline.stages.read.matter import take_matter
from pipeline.stages.read.odt import read_odt
from pipeline.stages.read.rtf import read_rtf
from pipeline.stages.read.text import read_text
from pipeline.stages.text.runs import fold
from pipeline.values import Source

Reader = Callable[[PurePath, bytes], Source]


def _of_text(reader: Callable[[str, str], Source]) -> Reader:
    """A reader of bytes from a reader ``(name, text) -> Source`` of what is text."""

    def read_decoded(path: PurePath, content: bytes) -> Source:
        text = decode(path, content)
        refuse_large(path, text)
        if not any(map(fold, text.split("\n"))):
            raise _empty(path)
        matter, body = take_matter(path, text)
        return replace(reader(path.name, body), matter=matter)

    return read_decoded


def _of_looks(reader: Reader) -> Reader:
    """A reader of a word processor's files, which may hold no more lines than a text may."""

    def read_lines(path: PurePath, content: bytes) -> Source:
        source = reader(path, content)
        refuse_shreds(path, source.lines)
        return source

    return read_lines


def _empty(path: PurePath) -> SourceError:
    return SourceError("the file is empty", mend="Write the article into it.", path=path)


READERS: dict[str, Reader] = {
    ".docx": _of_looks(read_docx),
    ".htm": read_html,
    ".html": read_html,
    ".odt": _of_looks(read_odt),
    ".rtf": _of_looks(read_rtf),
    ".txt": _of_text(read_text),
    ".md": _of_text(read_markdown),
    ".markdown": _of_text(read_markdown),
}


def read(path: PurePath, content: bytes) -> Source:
    """Read one article file.

    Args:
        path: The file's name; its suffix picks the reader. It is not opened.
        content: The bytes of the file.

    Raises:
        SourceError: No reader knows the suffix, the bytes are not of its format, there is not one
            word in it, or its front matter is broken. Names the file, the line and the mend.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise SourceError(
            f"no reader knows files ending in {path.suffix!r}",
            mend=f"Save the article as one of: {', '.join(sorted(READERS))}.",
            path=path,
        )
    if not content:
        raise _empty(path)
    return reader(path, content)
