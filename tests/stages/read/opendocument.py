"""OpenDocument texts, packed by hand: a part is a string of XML."""

from pathlib import PurePath

import pytest

from pipeline.errors import SourceError
from pipeline.stages.read import read
from pipeline.values import Line, plain
from tests.stages.read.packing import archive

NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in {
        "office": "office",
        "text": "text",
        "style": "style",
        "fo": "xsl-fo-compatible",
        "table": "table",
        "draw": "drawing",
        "svg": "svg-compatible",
        "manifest": "manifest",
        "xlink": "xlink",
    }.items()
)
STYLES = """
    <style:default-style style:family="paragraph"><style:text-properties fo:font-size="12pt"/>
    </style:default-style>
    <style:style style:name="Title" style:family="paragraph"/>
    <style:style style:name="Quotations" style:family="paragraph"/>
    <style:style style:name="Preformatted_20_Text" style:family="paragraph">
      <style:text-properties style:font-name="Liberation Mono" fo:font-size="10pt"/></style:style>
"""
AUTOMATIC = """
    <style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold"/>
    </style:style>
    <style:style style:name="I" style:family="text"><style:text-properties fo:font-style="italic"/>
    </style:style>
    <style:style style:name="H" style:family="text"><style:text-properties text:display="none"/>
    </style:style>
    <style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>
    <style:style style:name="P2" style:family="paragraph">
      <style:text-properties fo:font-weight="700" fo:font-size="150%"/></style:style>
    <text:list-style style:name="L1">
      <text:list-level-style-bullet text:level="1" text:bullet-char="•"/>
      <text:list-level-style-bullet text:level="2" text:bullet-char="◦"/></text:list-style>
    <text:list-style style:name="L2">
      <text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
      <text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")"/>
      <text:list-level-style-number text:level="3" style:num-format="1" style:num-suffix="."
        text:display-levels="3"/></text:list-style>
"""


def packed(body: str, *, styles: str = STYLES, automatic: str = AUTOMATIC) -> bytes:
    """An OpenDocument text with this body."""
    return archive({
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": (
            f"<office:document-content {NAMES}><office:automatic-styles>{automatic}"
            f"</office:automatic-styles><office:body><office:text>{body}</office:text>"
            "</office:body></office:document-content>"
        ),
        "styles.xml": (
            f"<office:document-styles {NAMES}><office:styles>{styles}</office:styles>"
            "</office:document-styles>"
        ),
        "META-INF/manifest.xml": (
            f'<manifest:manifest {NAMES}><manifest:file-entry manifest:full-path="/"/>'
            "</manifest:manifest>"
        ),
    })  # fmt: skip


def p(words: str, style: str = "") -> str:
    """A paragraph."""
    return f'<text:p text:style-name="{style}">{words}</text:p>'


def h(words: str, level: int = 1) -> str:
    """A heading."""
    return f'<text:h text:outline-level="{level}">{words}</text:h>'


def ul(*items: str, style: str = "L1", more: str = "") -> str:
    """A list whose items are XML."""
    inner = "".join(f"<text:list-item>{item}</text:list-item>" for item in items)
    return f'<text:list text:style-name="{style}" {more}>{inner}</text:list>'


def frame(inner: str) -> str:
    """A frame."""
    return f"<draw:frame>{inner}</draw:frame>"


def lines(content: bytes) -> tuple[Line, ...]:
    """The lines of an OpenDocument text."""
    return read(PurePath("a.odt"), content).lines


def shown(body: str) -> list[tuple[str, str, str]]:
    """Kind, marker and words of each line of a body."""
    return [(line.kind, line.marker, plain(line.text)) for line in lines(packed(body))]


def texts(body: str) -> list[str]:
    """The words of each line of a body."""
    return [words for _, _, words in shown(body)]


def told(content: bytes) -> str:
    """The error that reading gives."""
    with pytest.raises(SourceError) as error:
        lines(content)
    return str(error.value)
