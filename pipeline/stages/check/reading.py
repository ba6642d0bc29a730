"""How long an article is, and how easy to read: told, never held against it.

English by Flesch (1948) with the grade of Kincaid (1975), Spanish by INFLESZ (Barrio-Cantalejo,
2008, on the formula of Szigriszt-Pazos), Korean by the words in a sentence; other languages by
their length alone. See :mod:`pipeline.stages.text.ease`.
"""

from collections.abc import Iterator

from pipeline.stages.check.rule import Flaw, Material, Rule
from pipeline.stages.text.ease import Ease, ease
from pipeline.stages.text.inline import texts
from pipeline.values import Article, plain

# Words of prose that adults read in a minute, by Brysbaert (2019).
_A_MINUTE = 238


def _find(material: Material) -> Iterator[Flaw]:
    article = material.article
    said = _prose(article) if article else []
    measured = ease(said, article.language) if article else None
    if not measured:
        return
    minutes = max(1, round(measured.words / _A_MINUTE))
    yield Flaw(
        message=(
            f"the article has {measured.words:,} words, about {minutes} "
            f"{'minute' if minutes == 1 else 'minutes'} of reading{_told(measured)}"
        ),
        suggestion=(
            "Shorter sentences and everyday words help most."
            if measured.hard
            else "Nothing needs to be done."
        ),
        where="article",
    )


def _told(measured: Ease) -> str:
    return f"; {measured.told}" if measured.told else ""


def _prose(article: Article) -> list[str]:
    blocks = [*article.lead, *(block for part in article.sections for block in part.blocks)]
    kinds = ("paragraph", "quotation", "bullets", "numbered")
    return [plain(text) for block in blocks if block.kind in kinds for text in texts(block)]


RULE = Rule(
    code="reading-ease",
    level="info",
    source="https://scielo.isciii.es/scielo.php?script=sci_arttext&pid=S1137-66272008000300004",
    find=_find,
)
