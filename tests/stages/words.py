"""The words of an article, in order: what "nothing invented, nothing lost" is measured by."""

from collections.abc import Iterator

from pipeline.values import Article, Block, plain


def words(article: Article) -> list[str]:
    """Every word of an article in the order it is read, each exactly once.

    Markers of lists and the numbers of references are no words; numbers of sections are.
    """
    return " ".join(_texts(article)).split()


def _texts(article: Article) -> Iterator[str]:
    yield from (article.title, article.subtitle, article.byline, article.date_line)
    yield from _block_texts(article.lead)
    for section in article.sections:
        yield from (section.number, section.heading)
        yield from _block_texts(section.blocks)
    yield article.call_to_action_heading
    yield from _block_texts(article.call_to_action)
    yield article.references_heading
    for reference in article.references:
        yield plain(reference.text)
    yield article.disclaimer_heading
    yield from _block_texts(article.disclaimer)


def _block_texts(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        yield plain(block.text)
        yield from (plain(item) for item in block.items)
        yield from (plain(cell) for row in block.rows for cell in row)
