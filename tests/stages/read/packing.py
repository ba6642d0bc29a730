"""Word files, packed by hand: a part is a string of XML."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import PurePath

import pytest

from pipeline.errors import SourceError
from pipeline.stages.read import read
from pipeline.values import Line, plain

NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
KINDS = ("styles", "numbering", "footnotes", "endnotes")
CONTENT_TYPES = (
    '<Types><Override PartName="/word/document.xml" ContentType="document.main"/></Types>'
)


def relation(key: str, kind: str, target: str, *, outside: bool = False) -> str:
    """One relationship of a part."""
    mode = ' TargetMode="External"' if outside else ""
    return f'<Relationship Id="{key}" Type="{TYPE}{kind}" Target="{target}"{mode}/>'


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP archive of these parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return held.getvalue()


def packed(body: str, *, relations: str = "", **kinds: str) -> bytes:
    """A Word file with this body; ``kinds`` are the insides of styles, numbering and notes."""
    own = "".join(relation(kind, kind, f"{kind}.xml") for kind in kinds)
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": f"<R>{relation('d', 'officeDocument', 'word/document.xml')}</R>",
        "word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": f"<R>{own}{relations}</R>",
    }
    parts |= {f"word/{kind}.xml": f"<w:{kind} {NAMES}>{kinds[kind]}</w:{kind}>" for kind in kinds}
    return archive(parts)


def with_parts(content: bytes, more: Mapping[str, str | bytes]) -> bytes:
    """A file with some parts more, or others in their place."""
    with zipfile.ZipFile(io.BytesIO(content)) as good:
        parts: dict[str, str | bytes] = {key: good.read(key) for key in good.namelist()}
    return archive(parts | dict(more))


def p(text: str, properties: str = "", look: str = "") -> str:
    """A paragraph of one run."""
    return (
        f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t></w:r></w:p>"
    )


def styled(text: str, style: str) -> str:
    """A paragraph in a style."""
    return p(text, f'<w:pStyle w:val="{style}"/>')


def listed(text: str, number: int = 1, level: int = 0) -> str:
    """A paragraph in a list."""
    inner = f'<w:ilvl w:val="{level}"/><w:numId w:val="{number}"/>'
    return p(text, f"<w:numPr>{inner}</w:numPr>")


def lines(content: bytes) -> tuple[Line, ...]:
    """The lines of a Word file."""
    return read(PurePath("a.docx"), content).lines


def shown(content: bytes) -> list[tuple[str, str, str]]:
    """Kind, marker and words of each line."""
    return [(line.kind, line.marker, plain(line.text)) for line in lines(content)]


def texts(content: bytes) -> list[str]:
    """The words of each line."""
    return [plain(line.text) for line in lines(content)]


def told(content: bytes) -> str:
    """The error that reading gives."""
    with pytest.raises(SourceError) as error:
        lines(content)
    return str(error.value)
