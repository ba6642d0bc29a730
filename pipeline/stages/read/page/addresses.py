"""Addresses on a page: only those a reader may be sent to, made absolute."""

import re
from urllib.parse import urljoin, urlsplit

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_SAFE = re.compile(r"(?:https?|mailto|tel):|(?![a-z][a-z0-9+.-]*:)", re.IGNORECASE)
_BLANKS = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]+")
_LONGEST = 4_000


def safe_address(base: str, written: str) -> str:
    """An address a reader may be sent to, or "".

    Args:
        base: The page's own address; "" if it does not say.
        written: The address as it stands on the page.
    """
    squeezed = _BLANKS.sub("", written)
    bare = squeezed if _SCHEME.match(squeezed) else written.strip()
    if not bare or bare.startswith("#") or not _SAFE.match(bare) or len(bare) > _LONGEST:
        return ""
    try:
        urlsplit(bare)  # joining to no base would not look at it
        return urljoin(base, bare)
    except ValueError:
        return ""
