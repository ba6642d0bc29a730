"""Where the public pages of a newsletter are: fixed for ever, for mails of years ago lead there."""

from urllib.parse import quote


def archive_path(newsletter: str, article: str, part: int) -> str:
    """The path of an issue's web version: ``/archive/weekly/why-warmth-helps/1/``.

    Args:
        newsletter: The newsletter's key.
        article: The article's slug.
        part: The issue's place in its series, from 1.
    """
    return f"/archive/{quote(newsletter, safe='')}/{quote(article, safe='')}/{part}/"
