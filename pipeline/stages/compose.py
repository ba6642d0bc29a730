"""Posts: the author's own sentences, as many as a network takes, and nothing that was not written.

Each section of the top level, with the deeper ones below it, makes one post for each account. What
may be said, and what must not be parted, is told by :mod:`pipeline.stages.posts.pieces`.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import regex

from pipeline.errors import MeridianError, SourceError, TemplateError
from pipeline.stages.posts.networks import NETWORKS, Rule
from pipeline.stages.posts.pieces import Part, Piece, body, pack, parts
from pipeline.stages.templates import Templates
from pipeline.stages.text.runs import fold
from pipeline.values import Account, Article, ComposedPost, Configuration, Section


def compose(
    article: Article, *, configuration: Configuration, templates: Templates
) -> tuple[ComposedPost, ...]:
    """One post for each section of the top level and each account, section by section.

    Raises:
        SourceError: A heading alone is longer than a network takes; it is never cut.
        TemplateError: A template is broken, or alone longer than its network takes.
    """
    return tuple(
        _post(part, _Frame(article, account, configuration, templates))
        for part in parts(article)
        for account in configuration.accounts
    )


def hashtags(tags: Iterable[str], most: int | None = None) -> list[str]:
    """The author's tags as hashtags, each once: "back pain" becomes ``#BackPain``.

    A tag without a letter is left out, since networks take it for a number.
    """
    made: dict[str, str] = {}
    for tag in tags:
        words = _TAG_WORD.findall(unicodedata.normalize("NFC", tag))
        joined = words[0] if len(words) == 1 else "".join(w[0].upper() + w[1:] for w in words)
        if _LETTER.search(joined):
            made.setdefault(joined.casefold(), f"#{joined}")
    return list(made.values())[:most]


@dataclass(frozen=True, slots=True)
class _Frame:
    """What stands around the words of a section: the template of a network and what fills it."""

    article: Article
    account: Account
    configuration: Configuration
    templates: Templates

    @property
    def rule(self) -> Rule:
        return NETWORKS[self.account.network]

    @property
    def template(self) -> str:
        return f"social/{self.account.network}.txt"

    def extras(self) -> Iterator[Mapping[str, str]]:
        """Hashtags and link, then the link, then neither: the author's words come first."""
        tags = " ".join(hashtags(self.article.tags, self.rule.max_hashtags))
        link = self.configuration.clinic.website
        yield {"hashtags": tags, "link": link}
        yield {"link": link}
        yield {}

    def fill(self, section: Section, extras: Mapping[str, str], pieces: Sequence[Piece]) -> str:
        """The post with these pieces."""
        values = {
            "heading": fold(section.heading),
            "number": section.number,
            "title": fold(self.article.title),
            "clinic": self.configuration.clinic.name,
            "handle": self.account.handle,
            "hashtags": "",
            "link": "",
            "body": body(pieces),
        }
        filled = self.templates.fill(self.template, values | dict(extras))
        lines = "\n".join(line.rstrip() for line in filled.splitlines())
        return unicodedata.normalize("NFC", _HOLES.sub("\n\n", lines).strip())

    def fits(self, section: Section, extras: Mapping[str, str], pieces: Sequence[Piece]) -> bool:
        """Whether the network takes the post with these pieces."""
        return self.rule.fits(self.fill(section, extras, pieces))


def _post(part: Part, frame: _Frame) -> ComposedPost:
    text = next(_texts(part, frame), None)
    if text is None:
        raise _too_long(part.section, frame)
    return ComposedPost(
        network=frame.account.network,
        handle=frame.account.handle,
        section=part.index,
        text=text,
        length=frame.rule.count(text),
        limit=frame.rule.limit,
    )


def _texts(part: Part, frame: _Frame) -> Iterator[str]:
    """The posts that fit, the best first; heading alone only if no sentence fits below it."""
    for extras in frame.extras():
        pieces = pack(part.pieces, partial(frame.fits, part.section, extras))
        if pieces:
            yield frame.fill(part.section, extras, pieces)
    for extras in frame.extras():
        if frame.fits(part.section, extras, ()):
            yield frame.fill(part.section, extras, ())


def _too_long(section: Section, frame: _Frame) -> MeridianError:
    """Whose fault it is that not even the heading fits: the template's or the heading's."""
    rule = frame.rule
    bare = frame.fill(replace(section, heading=""), {}, ())
    if not rule.fits(bare):
        return TemplateError(
            f"the words of the template alone are too long for a post on {frame.account.network} "
            f"({rule.count(bare)} of {rule.limit})",
            mend="Shorten the template.",
            path=frame.template,
        )
    text = frame.fill(section, {}, ())
    length = f"{rule.count(text)} of {rule.limit}"
    fault = f"is too long ({length})" if rule.count(text) > rule.limit else "has too many hashtags"
    return SourceError(
        f"the heading “{fold(section.heading)[:60]}…” {fault} for a post on "
        f"{frame.account.network}",
        mend="Shorten it, or take the account out of clinic.toml.",
        path=frame.article.slug,
        line=section.line,
    )


_HOLES = regex.compile(r"\n{3,}")
_TAG_WORD = regex.compile(r"[\p{L}\p{M}\p{N}_]+")
_LETTER = regex.compile(r"\p{L}")
