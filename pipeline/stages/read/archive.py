"""ZIP archives that strangers made, opened with care: what word processors save is one.

Nothing is unpacked to a disk and nothing outside is asked for: a part is looked up by its name in
the archive, so ``../`` leads nowhere, and an address in it stays a string. What could fill the
memory is measured before it is read, and again while it is.
"""

import io
import struct
import zipfile
import zlib
from pathlib import PurePath

from lxml import etree

from pipeline.errors import SourceError
from pipeline.stages.read.word.xml import Element

# Bytes of the list of parts: Word writes about a hundred for each part.
_LARGEST_DIRECTORY = 1_000_000
# Bytes of XML of all parts together, and how much smaller they may be in the archive. The longest
# book is less; what is packed tighter was made to burst.
_LARGEST_TOTAL = 32_000_000
_TIGHTEST = 250
_SMALL = 1_000_000
# A tree takes far more memory than its text; this many tags and values are a book.
_MOST_MARKS = 400_000

_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x07"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError,
)  # fmt: skip


class Archive:
    """The parts of one file.

    Attributes:
        kind: What such a file is called: "Word file".
        one: The same with its article: "a Word file".
        maker: The program that makes it.
        ending: How its name ends: ".docx".
        names: The names of its parts.

    Raises:
        SourceError: It is no archive, is broken or too large.
    """

    kind: str
    one: str
    maker: str
    ending: str

    def __init__(self, path: PurePath, content: bytes) -> None:
        self._path = path
        self._left = _LARGEST_TOTAL
        self._refuse_other(content)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except _BROKEN as error:
            raise self.broken() from error
        self.names = frozenset(self._zip.namelist())

    def broken(self) -> SourceError:
        """The error for what cannot be made sense of."""
        return self.refused(f"this {self.kind} is broken")

    def refused(self, message: str, mend: str = "") -> SourceError:
        """An error that names the file."""
        again = f"Open it in {self.maker} and save it again as {self.ending}."
        return SourceError(message, mend=mend or again, path=self._path)

    def part(self, name: str) -> Element | None:
        """The root of a part, or None if there is none of this name.

        Raises:
            SourceError: It is broken, too large, or declares a document type.
        """
        if name not in self.names:
            return None
        content = self._content(self._zip.getinfo(name))
        # No word processor declares a document type; only there can entities multiply or reach out.
        if b"<!DOCTYPE" in content.replace(b"\0", b""):
            raise self.refused(
                f"this {self.kind} declares a document type, which {self.maker} never does"
            )
        if content.count(b"<") + content.count(b"=") > _MOST_MARKS:
            raise self._too_large()
        return self._tree(content)

    def _refuse_other(self, content: bytes) -> None:
        if not content.startswith(b"PK"):
            raise self.refused(
                f"this is not {self.one}", f"Save the article as {self.ending}, .md or .txt."
            )
        end = content.rfind(_END, -65_557)
        if end < 0 or len(content) < end + 22:
            raise self.broken()
        (directory,) = struct.unpack_from("<I", content, end + 12)
        if directory > _LARGEST_DIRECTORY or content[end - 20 : end - 16] == _END_64:
            raise self._too_large()

    def _content(self, info: zipfile.ZipInfo) -> bytes:
        if info.flag_bits & 1:
            raise self.refused(
                f"this {self.kind} is locked", f"Save it as {self.ending} without a password."
            )
        tight = info.file_size > _SMALL and info.file_size > _TIGHTEST * info.compress_size
        if info.compress_type not in _METHODS:
            raise self.broken()
        if info.file_size > self._left or tight:
            raise self._too_large()
        try:
            with self._zip.open(info) as part:
                # What the archive says of its sizes may be a lie.
                content = part.read(self._left + 1)
        except _BROKEN as error:
            raise self.broken() from error
        self._left -= len(content)
        if self._left < 0:
            raise self._too_large()
        return content

    def _too_large(self) -> SourceError:
        return self.refused(
            f"this {self.kind} unpacks to more than an article can be",
            "Copy the article into a new document and save that.",
        )

    def _tree(self, content: bytes) -> Element:
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self.broken() from error
        if root.getroottree().docinfo.doctype:
            raise self.broken()
        return root
