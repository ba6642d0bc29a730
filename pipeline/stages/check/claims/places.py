"""Every text of an edition that a reader meets (C12): what it is called, and its words."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.stages.check.rule import Material

# A line of the text part that goes on in the next one: no blank between, no bullet, no underline.
_WRAPPED = re.compile(r"(?<![\n=~_-])\n(?=[ \t]*(?!(?:[-=~•*#>|]|\d{1,3}[.)]\s))[^\s])")
# An address is made of words that nobody says.
_ADDRESS = re.compile(r"(?<!\S)\S*?(?:://|@@)\S*")


class Place(NamedTuple):
    """A text and where it stands: "issue 1, subject"."""

    where: str
    text: str


def places(material: Material) -> Iterator[Place]:
    """Subjects and preheaders, letters with their links and pictures, posts, cards."""
    for name, issue, page in material.pages():
        yield Place(f"{name}, subject", issue.subject)
        yield Place(f"{name}, preheader", issue.preheader)
        yield Place(f"{name}, HTML", page.text)
        for image in page.images:
            yield Place(f"{name}, words of a picture", image.alt or "")
        for link in page.links:
            yield Place(f"{name}, words of a link", link.text)
        yield Place(f"{name}, text", _unaddressed(unwrapped(issue.text)))
    for number, post in enumerate(material.posts, 1):
        yield Place(f"post {number} for {post.network}", _unaddressed(post.text))
    for number, card in enumerate(material.cards, 1):
        yield Place(f"card {number}", card.alt)


def unwrapped(text: str) -> str:
    """A text part with each sentence on one line, and every character in its place."""
    return _WRAPPED.sub(" ", text)


def _unaddressed(text: str) -> str:
    """A text without its addresses, and every character in its place."""
    return _ADDRESS.sub(lambda found: " " * len(found[0]), text)
