"""An article in the benchmark's format."""

from dataclasses import replace
from pathlib import PurePath

from pipeline.stages.prediction import predict, to_prediction
from pipeline.stages.read import read
from pipeline.values import Article, Block, Reference, Run, Section, Text


def text(said: str) -> Text:
    """Plain words."""
    return (Run(said),)


BLOCKS = (
    Block(kind="paragraph", text=text("a")),
    Block(kind="bullets", items=(text("b"),)),
    Block(kind="numbered", items=(text("c"),), start=3),
    Block(kind="quotation", text=text("d")),
    Block(kind="code", text=text("e")),
    Block(kind="table", rows=((text("f"), text("g")), (text("h"), ()))),
    Block(kind="image", text=text("i"), target="i.png"),
)
WRITTEN = [
    {"kind": "paragraph", "text": "a"},
    {"kind": "bullets", "items": ["b"]},
    {"kind": "numbered", "items": ["c"]},
    {"kind": "quote", "text": "d"},
    {"kind": "code", "text": "e"},
    {"kind": "paragraph", "text": "f g"},
    {"kind": "paragraph", "text": "h "},
    {"kind": "paragraph", "text": "i"},
]
ARTICLE = Article(
    slug="an-article",
    language="en",
    title="Title",
    sections=(
        Section(level=1, number="", heading="One", blocks=BLOCKS),
        Section(level=2, number="IV", heading="Two"),
    ),
)


def test_to_prediction_writes_sections_and_every_kind_of_block() -> None:
    assert to_prediction(ARTICLE) == {
        "id": "an-article",
        "title": "Title",
        "byline": None,
        "sections": [
            {"level": 1, "number": None, "heading": "One", "blocks": WRITTEN},
            {"level": 2, "number": "IV", "heading": "IV. Two", "blocks": []},
        ],
    }


def test_to_prediction_opens_the_lead_with_subtitle_and_date() -> None:
    made = replace(
        ARTICLE, subtitle="Sub", date_line="2026", byline="Ana", lead=BLOCKS[:1], sections=()
    )
    predicted = to_prediction(made)
    assert predicted["byline"] == "Ana"
    assert predicted["sections"] == [
        {
            "level": 0,
            "number": None,
            "heading": None,
            "blocks": [
                {"kind": "paragraph", "text": "Sub"},
                {"kind": "paragraph", "text": "2026"},
                {"kind": "paragraph", "text": "a"},
            ],
        }
    ]


def test_to_prediction_puts_references_and_disclaimer_into_the_last_section() -> None:
    references = (Reference(number=1, text=text("r")), Reference(number=2, text=text("s")))
    made = replace(
        ARTICLE,
        call_to_action=BLOCKS[:1],
        references=references,
        references_heading="Fuentes:",
        disclaimer=BLOCKS[:1],
        disclaimer_heading="Aviso",
    )
    sections = to_prediction(made)["sections"]
    assert isinstance(sections, list)
    assert sections[-1]["blocks"] == [
        {"kind": "paragraph", "text": "a"},
        {"kind": "paragraph", "text": "Fuentes:"},
        {"kind": "numbered", "items": ["r", "s"]},
        {"kind": "paragraph", "text": "Aviso"},
        {"kind": "paragraph", "text": "a"},
    ]


def test_to_prediction_gives_closing_parts_with_declared_headings_a_section() -> None:
    made = replace(
        ARTICLE,
        call_to_action=BLOCKS[:1],
        call_to_action_heading="Book a visit",
        references=(Reference(number=1, text=text("r")),),
        references_heading="Sources",
        disclaimer=BLOCKS[:1],
        disclaimer_heading="Disclaimer",
    )
    sections = to_prediction(made, declared=True)["sections"]
    assert isinstance(sections, list)
    listed = {"kind": "numbered", "items": ["r"]}
    assert sections[2:] == [
        {"level": 1, "number": None, "heading": "Book a visit", "blocks": WRITTEN[:1]},
        {"level": 1, "number": None, "heading": "Sources", "blocks": [listed]},
        {"level": 1, "number": None, "heading": "Disclaimer", "blocks": WRITTEN[:1]},
    ]
    undeclared = to_prediction(made)["sections"]
    assert isinstance(undeclared, list)
    assert [section["heading"] for section in undeclared] == ["One", "IV. Two", "Book a visit"]


def test_predict_gives_references_a_section_where_the_format_declares_headings() -> None:
    written = "# Tea\n\nIt is warm.\n\n## References\n\n1. A book\n"
    pasted = written.replace("# ", "").replace("#", "")
    found = {}
    for name, text in (("tea.md", written), ("tea.txt", pasted)):
        sections = predict(read(PurePath(name), text.encode()), language="en")["sections"]
        assert isinstance(sections, list)
        found[name] = [section["heading"] for section in sections]
    assert found == {"tea.md": [None, "References"], "tea.txt": [None]}
