"""An article in another language than its newsletter's: what differs from the original, and may.

A letter is in one language from its subject to its last line. So what the clinic wrote in its own
(why a reader gets it, a note, the words on a button, titles of practitioners) is left out, and the
template's words stand in, which are there in each language a translation may be in.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from pipeline.errors import SourceError
from pipeline.stages.design.wording import WORDS
from pipeline.stages.plan import plan
from pipeline.stages.read.decode import decode
from pipeline.stages.read.matter import take_matter
from pipeline.values import (
    ArrangedPart,
    Article,
    Configuration,
    Finding,
    Newsletter,
    SeriesForm,
    SeriesPlan,
)

DIFFERENT_PARTS = "different-parts"


def translation_of(path: PurePath, content: bytes) -> tuple[str, str]:
    """The slug that a file names as its original, and its language; "" of what it does not name.

    Raises:
        SourceError: Its front matter cannot be read.
    """
    # Nearly every file is an original, and need not be read to know it.
    if b"translation_of" not in content:
        return "", ""
    matter, _ = take_matter(path, decode(path, content))
    return str(matter.get("translation_of", "")), str(matter.get("language", ""))


def refuse_language(article: Article, newsletter: Newsletter) -> None:
    """Refuse a translation that no reader of the newsletter could get.

    Raises:
        SourceError: The newsletter does not list its language, or Meridian has no words in it.
    """
    language = article.language
    others = ", ".join(newsletter.languages) or "none"
    if language == newsletter.language or language not in newsletter.languages:
        raise SourceError(
            f"the newsletter {newsletter.key} comes in no {language} beside its own "
            f"{newsletter.language}; it lists {others}",
            mend=f'Write language: into the front matter, or languages = ["{language}"] into '
            "clinic.toml, under the newsletter.",
        )
    if language.partition("-")[0] not in WORDS:
        raise SourceError(
            f"a letter cannot be made in {language}: the words of its templates are missing",
            mend=f"It can be one of: {', '.join(WORDS)}.",
        )


def settings_in_translation(
    newsletter: Newsletter, configuration: Configuration
) -> tuple[Newsletter, Configuration]:
    """The settings without the sentences that stand there in the clinic's own language."""
    clinic = replace(configuration.clinic, booking_label="", note="")
    people = tuple(replace(person, title="") for person in configuration.practitioners)
    spoken = replace(configuration, clinic=clinic, practitioners=people)
    return replace(newsletter, why=""), spoken


def plan_translation(
    article: Article, original: Article, *, form: SeriesForm, parts: Sequence[ArrangedPart]
) -> tuple[SeriesPlan, tuple[Finding, ...]]:
    """The parts of a translation, and the finding that they are not as many as the original's.

    With as many sections as the original they hold the same ones, however many words these have.

    Args:
        article: The translation.
        original: What it is a translation of.
        form: What the original becomes.
        parts: The parts of the original.
    """
    if len(article.sections) == len(original.sections):
        # What a person wrote over the original's words is in the original's language.
        same = [ArrangedPart(part=part.part, sections=part.sections) for part in parts]
        return plan(article, form, parts=same), ()
    mine = plan(article, form)
    if len(mine.issues) == len(parts):
        return mine, ()
    return mine, (_different(article, original, len(mine.issues), len(parts)),)


def _different(article: Article, original: Article, mine: int, theirs: int) -> Finding:
    return Finding(
        code=DIFFERENT_PARTS,
        level="error",
        message=f"{article.slug} ({article.language}) makes {mine} parts, "
        f"and {original.slug} ({original.language}) makes {theirs}",
        suggestion="Give both the same headings, in the same order.",
        where="article",
    )
