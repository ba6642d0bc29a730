"""Where an issue stands on the web: an address that never changes once a letter has named it.

It is made of what an issue keeps for ever: the key of its newsletter, the slug of its article, its
part; of a variant the language, too. In a letter a merge field stands for the host, so that
approved bytes know none.
"""

from urllib.parse import quote

from pipeline.stages import merge

# Below MERIDIAN_URL; together they are the value of the merge field ``archive_url``.
ROOT = "/archive"


def path(newsletter: str, article: str, part: int, *, language: str = "") -> str:
    """The path of an issue's page on the clinic's site: ``/archive/weekly/warm-hands/2/``.

    Args:
        newsletter: The key of the newsletter.
        article: The slug of the article; letters of any script, written as RFC 3986 wants them.
        part: The place in the series, from 1.
        language: Of a variant: ``/archive/weekly/warm-hands/2/ko/``.
    """
    return ROOT + _page(newsletter, article, part, language)


def link(newsletter: str, article: str, part: int, *, language: str = "") -> str:
    """The same page as a link in a letter: ``@@archive_url@@/weekly/warm-hands/2/``."""
    return merge.mark("archive_url") + _page(newsletter, article, part, language)


def _page(newsletter: str, article: str, part: int, language: str) -> str:
    tongue = f"{quote(language, safe='')}/" if language else ""
    return f"/{quote(newsletter, safe='')}/{quote(article, safe='')}/{part}/{tongue}"
