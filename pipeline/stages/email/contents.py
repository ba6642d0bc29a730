"""One email of a series: what it is made from, and what of the author's it has to show."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pipeline.stages.splitting.byline import is_review, unlabelled
from pipeline.stages.text import inline
from pipeline.values import (
    Article,
    Block,
    Configuration,
    Newsletter,
    Person,
    PlannedIssue,
    Practitioner,
    Section,
    SeriesPlan,
    Text,
    plain,
)

# Blocks whose words no style and no link can stand in.
_PLAIN = ("image", "code")


@dataclass(frozen=True, slots=True)
class Contents:
    """All that one email is made from."""

    article: Article
    series: SeriesPlan
    planned: PlannedIssue
    newsletter: Newsletter
    configuration: Configuration

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections of this issue."""
        return tuple(self.article.sections[index] for index in self.planned.sections)

    @property
    def closes(self) -> bool:
        """Whether it is the last issue: the one that ends with the author's call to action."""
        return self.planned.part == self.planned.of

    @property
    def title(self) -> tuple[str, str]:
        """Number and heading at the top: the article's title first, then a section's."""
        if not self.planned.opens and self.sections:
            return self.sections[0].number, self.sections[0].heading
        return "", self.article.title

    @property
    def people(self) -> tuple[Person, ...]:
        """The people of the byline if they are all it says, else the byline as one name."""
        people, byline = self.article.people, self.article.byline
        told = "".join(f"{person.name}{''.join(person.credentials)}" for person in people)
        # A byline may say more than names ("with", "photos by"): then it stands as written.
        whole = people and _letters(told) == _letters(unlabelled(byline))
        return people if whole else (Person(name=byline),)

    @property
    def reviewed(self) -> bool:
        """Whether the byline names a reviewer, who is no author."""
        return is_review(self.article.byline)

    def practitioner(self, person: Person) -> Practitioner | None:
        """What the clinic says of a person of the byline, known by the name."""
        known = {p.name.casefold(): p for p in self.configuration.practitioners}
        return known.get(person.name.casefold())

    def blocks(self) -> Iterator[Block]:
        """Every block of this issue, in its order."""
        yield from self.article.lead if self.planned.opens else ()
        for section in self.sections:
            yield from section.blocks
        yield from self.article.call_to_action if self.closes else ()
        yield from self.article.disclaimer

    def shown(self, words: Callable[[Text], str] = plain) -> Iterator[str]:
        """Every text of the author that the issue must show, in its order.

        Args:
            words: How a form writes the words of a text.
        """
        yield from self.title
        yield from (self.article.subtitle,) if self.planned.opens else ()
        for person in self.people:
            yield from (person.name, *person.credentials)
        if self.planned.opens:
            yield self.article.date_line
            yield from _words(self.article.lead, words)
        for index, section in enumerate(self.sections):
            if self.planned.opens or index:
                yield from (section.number, section.heading)
            yield from _words(section.blocks, words)
        if self.closes:
            yield self.article.call_to_action_heading
            yield from _words(self.article.call_to_action, words)
        yield from _words(self.article.disclaimer, words)
        yield from (plain(reference.text) for reference in self.planned.references)

    def pictures(self) -> frozenset[str]:
        """The addresses that opening the issue may ask for: the author's pictures, and photos."""
        shown = {picture(block) for block in self.blocks() if block.kind == "image"}
        known = map(self.practitioner, self.people)
        return frozenset(shown | {found.photo for found in known if found and found.photo})

    def links(self) -> dict[str, int]:
        """The links of the author that no words show, numbered behind the references.

        Those of the references are left out: they stand with their reference.
        """
        texts = (text for b in self.blocks() if b.kind not in _PLAIN for text in inline.texts(b))
        found = dict.fromkeys(link for text in texts for link in inline.links(text))
        after = max((reference.number for reference in self.article.references), default=0)
        return {link: number for number, link in enumerate(found, after + 1)}


def picture(block: Block) -> str:
    """The address of a picture; "" if it is none that a mail program should be given."""
    scheme, colon, _ = block.target.partition(":")
    # "a/b:c.png" is a path with a colon in it.
    strange = colon and scheme.lower() not in ("http", "https") and "/" not in scheme
    return "" if strange else block.target.strip()


def _words(blocks: Iterable[Block], words: Callable[[Text], str]) -> Iterator[str]:
    for block in blocks:
        yield from map(plain if block.kind in _PLAIN else words, inline.texts(block))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
