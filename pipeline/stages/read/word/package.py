"""The package around a Word file: a ZIP archive that strangers made, opened with care.

Nothing is unpacked to a disk and nothing outside is asked for: a part is looked up by its name in
the archive, so ``../`` leads nowhere, and an address in it stays a string. What could fill the
memory is measured before it is read, and again while it is.
"""

import io
import posixpath
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePath

from lxml import etree

from pipeline.errors import SourceError
from pipeline.stages.read.word.xml import Element, attribute, children

# Bytes of the list of parts: Word writes about a hundred for each part.
_LARGEST_DIRECTORY = 1_000_000
# Bytes of XML of all parts together, and how much smaller they may be in the archive. The longest
# book is less; what is packed tighter was made to burst.
_LARGEST_TOTAL = 32_000_000
_TIGHTEST = 250
_SMALL = 1_000_000
# A tree takes far more memory than its text; this many tags and values are a book.
_MOST_MARKS = 400_000

_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x07"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError,
)  # fmt: skip
_SAVE = "Open it in Word and save it again as .docx."


@dataclass(frozen=True, slots=True)
class Relation:
    """Where a part points: the last word of the kind, the target, whether it lies outside."""

    kind: str
    target: str
    outside: bool


class Package:
    """The parts of one Word file.

    Raises:
        SourceError: It is no Word file, is broken, locked or too large, or carries macros.
    """

    def __init__(self, path: PurePath, content: bytes) -> None:
        self._path = path
        self._left = _LARGEST_TOTAL
        self._refuse_other(content)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except _BROKEN as error:
            raise self.broken() from error
        self._names = set(self._zip.namelist())
        self.main = self._main()
        self._refuse_macros()

    def broken(self) -> SourceError:
        """The error for what cannot be made sense of."""
        return self.refused("this Word file is broken")

    def refused(self, message: str, mend: str = _SAVE) -> SourceError:
        """An error that names the file."""
        return SourceError(message, mend=mend, path=self._path)

    def part(self, name: str) -> Element | None:
        """The root of a part, or None if there is none of this name.

        Raises:
            SourceError: It is broken, too large, or declares a document type.
        """
        if name not in self._names:
            return None
        content = self._content(self._zip.getinfo(name))
        # Word never declares a document type; only there can entities multiply or reach outside.
        if b"<!DOCTYPE" in content.replace(b"\0", b""):
            raise self.refused("this Word file declares a document type, which Word never does")
        if content.count(b"<") + content.count(b"=") > _MOST_MARKS:
            raise self._too_large()
        return self._tree(content)

    def relations(self, name: str) -> dict[str, Relation]:
        """Where a part points, by the id it uses; ``""`` is the package itself."""
        folder, file = posixpath.split(name)
        root = self.part(posixpath.join(folder, "_rels", f"{file}.rels"))
        return {
            attribute(found, "Id"): Relation(
                attribute(found, "Type").rpartition("/")[2],
                self._target(folder, found),
                attribute(found, "TargetMode") == "External",
            )
            for found in children(root, "Relationship")
        }

    def related(self, kind: str) -> Element | None:
        """The root of the part of this kind that belongs to the main one, or None."""
        for relation in self.relations(self.main).values():
            if relation.kind == kind and not relation.outside:
                return self.part(relation.target)
        return None

    def _refuse_other(self, content: bytes) -> None:
        if content.startswith(_OLD):
            raise self.refused(
                "this is an old Word file, or one locked with a password",
                "Open it in Word and save it as .docx without a password.",
            )
        if not content.startswith(b"PK"):
            raise self.refused("this is not a Word file", "Save the article as .docx, .md or .txt.")
        end = content.rfind(_END, -65_557)
        if end < 0 or len(content) < end + 22:
            raise self.broken()
        (directory,) = struct.unpack_from("<I", content, end + 12)
        if directory > _LARGEST_DIRECTORY or content[end - 20 : end - 16] == _END_64:
            raise self._too_large()

    def _main(self) -> str:
        for relation in self.relations("").values():
            if relation.kind == "officeDocument" and relation.target in self._names:
                return relation.target
        raise self.refused("there is no Word document in this file")

    def _refuse_macros(self) -> None:
        kinds = self.part("[Content_Types].xml")
        types = [attribute(kind, "ContentType") for kind in (kinds if kinds is not None else ())]
        named = any(name.lower().endswith("vbaproject.bin") for name in self._names)
        if named or any("macroenabled" in kind.lower() for kind in types):
            raise self.refused(
                "this Word file carries macros", "Save it as a Word document without macros, .docx."
            )

    def _target(self, folder: str, relation: Element) -> str:
        target = attribute(relation, "Target")
        if attribute(relation, "TargetMode") == "External":
            return target
        return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")

    def _content(self, info: zipfile.ZipInfo) -> bytes:
        if info.flag_bits & 1:
            raise self.refused("this Word file is locked", "Save it as .docx without a password.")
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
            "this Word file unpacks to more than an article can be",
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
