"""The words of an article, in order."""

from pipeline.stages.words import words
from pipeline.values import Article, Block, Reference, Run, Section, Text


def text(said: str) -> Text:
    """Plain words."""
    return (Run(said),)


def test_words_gives_every_word_once_and_in_order() -> None:
    made = Article(
        slug="s",
        language="en",
        title="a b",
        subtitle="c",
        byline="d",
        date_line="e",
        lead=(Block(kind="paragraph", text=(Run("f "), Run("g", bold=True))),),
        sections=(
            Section(
                level=1,
                number="1",
                heading="h",
                blocks=(
                    Block(kind="bullets", items=(text("i"), text("j"))),
                    Block(kind="table", rows=((text("k"), ()), (text("l"), text("m")))),
                    Block(kind="image", text=text("n"), target="no.png"),
                    Block(kind="code", text=text("o\n p")),
                ),
            ),
            Section(level=1, number="", heading="q"),
        ),
        references=(Reference(number=7, text=text("r")),),
        disclaimer=(Block(kind="quotation", text=text("s")),),
        tags=("no",),
    )
    assert "".join(words(made)) == "abcdefg1hijklmnopqrs"


def test_words_keeps_runs_of_one_word_together() -> None:
    lead = (Block(kind="paragraph", text=(Run("w", bold=True), Run("ord"))),)
    assert words(Article(slug="s", language="en", title="", lead=lead)) == ["word"]
