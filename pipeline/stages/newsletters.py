"""Which newsletter an article is for, and where notices about one come from."""

from pipeline.errors import SourceError
from pipeline.values import Configuration, Newsletter


def newsletter_of(configuration: Configuration, key: str) -> Newsletter:
    """The newsletter with this key, or the first one if the key is "".

    Raises:
        SourceError: No newsletter has this key.
    """
    if not key:
        return configuration.newsletters[0]
    by_key = {newsletter.key: newsletter for newsletter in configuration.newsletters}
    if key not in by_key:
        raise SourceError(
            f"the front matter names a newsletter that is not there: {key}",
            mend=f"Write one of these, or put it into clinic.toml: {', '.join(by_key)}.",
        )
    return by_key[key]


def notices_from(configuration: Configuration, newsletter: Newsletter) -> str:
    """The address that notices about a newsletter come from; never a newsletter's own (D14)."""
    domain = newsletter.from_address.rpartition("@")[2]
    return configuration.clinic.notices_from or f"notices@{domain}"
