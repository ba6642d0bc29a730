"""Sample values for the marks of a letter: for whoever looks at it before readers get it.

No link among them is anybody's own, so none can change anything.
"""

from pipeline.stages import archive, merge

SAMPLE = "/sample/"
"""The page that stands where each reader has a link of their own."""
_NAMES = {"ko": "지우", "es": "Álex", "ar": "نور", "he": "נועם"}


def values(host: str, *, language: str) -> dict[str, str]:
    """A value for each merge field that a letter may hold.

    Args:
        host: The public address of the pages: "https://letters.example.com".
        language: The language of the letter, a BCP 47 tag.
    """
    links = dict.fromkeys(merge.LINKS, f"{host}{SAMPLE}")
    return {
        **links,
        "archive_url": f"{host}{archive.ROOT}",
        "first_name": _NAMES.get(language.partition("-")[0].lower(), "Alex"),
        "language": language,
    }
