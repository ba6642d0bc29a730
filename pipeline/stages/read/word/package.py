"""The package around a Word file: which part is the document, and where the parts point."""

import posixpath
from dataclasses import dataclass
from pathlib import PurePath

from pipeline.errors import SourceError
from pipeline.stages.read.archive import Archive
from pipeline.stages.read.word.xml import Element, attribute, children

_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Relation:
    """Where a part points: the last word of the kind, the target, whether it lies outside."""

    kind: str
    target: str
    outside: bool


class Package(Archive):
    """The parts of one Word file.

    Raises:
        SourceError: It is no Word file, is broken, locked or too large, or carries macros.
    """

    kind, one, maker, ending = "Word file", "a Word file", "Word", ".docx"

    def __init__(self, path: PurePath, content: bytes) -> None:
        if content.startswith(_OLD):
            raise SourceError(
                "this is an old Word file, or one locked with a password",
                mend="Open it in Word and save it as .docx without a password.",
                path=path,
            )
        super().__init__(path, content)
        self.main = self._main()
        self._refuse_macros()

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

    def _main(self) -> str:
        for relation in self.relations("").values():
            if relation.kind == "officeDocument" and relation.target in self.names:
                return relation.target
        raise self.refused("there is no Word document in this file")

    def _refuse_macros(self) -> None:
        kinds = self.part("[Content_Types].xml")
        types = [attribute(kind, "ContentType") for kind in (kinds if kinds is not None else ())]
        named = any(name.lower().endswith("vbaproject.bin") for name in self.names)
        if named or any("macroenabled" in kind.lower() for kind in types):
            raise self.refused(
                "this Word file carries macros", "Save it as a Word document without macros, .docx."
            )

    def _target(self, folder: str, relation: Element) -> str:
        target = attribute(relation, "Target")
        if attribute(relation, "TargetMode") == "External":
            return target
        return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
