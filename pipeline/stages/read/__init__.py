"""Reading: the bytes of a file become lines that say what the format declares, and no more.

A reader is a function ``(name, text) -> Source`` in a file of its own; one line in ``READERS``
registers it. What all readers share, decoding and front matter, is done here once.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath

from pipeline.errors import SourceError
from pipeline.stages.read.decode import decode
from pipeline.stages.read.markdown import read_markdown
from pipeline.stages.read.matter import take_matter
from pipeline.stages.read.text import read_text
from pipeline.stages.text.runs import fold
from pipeline.values import Source

READERS: dict[str, Callable[[str, str], Source]] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
}


def read(path: PurePath, content: bytes) -> Source:
    """Read one article file.

    Args:
        path: The file's name; its suffix picks the reader. It is not opened.
        content: The bytes of the file.

    Raises:
        SourceError: No reader knows the suffix, the bytes are not text, there is not one word in
            it, or its front matter is broken. Names the file, the line and the mend.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise SourceError(
            f"no reader knows files ending in {path.suffix!r}",
            mend=f"Save the article as one of: {', '.join(sorted(READERS))}.",
            path=path,
        )
    text = decode(path, content)
    if not fold(text):
        raise SourceError("the file is empty", mend="Write the article into it.", path=path)
    matter, body = take_matter(path, text)
    return replace(reader(path.name, body), matter=matter)
