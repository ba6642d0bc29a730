"""Who of the staff is called a doctor and has no degree that makes one (C11)."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from pipeline.values import Practitioner

# Degrees behind which "Dr" stands by right or by long use.
_DOCTORS = re.compile(
    r"(?:MD|DO|MBBS|MB ?ChB|MBBCh|BMBS|DDS|DMD|BDS|DC|DPT|DPM|OD|AuD|PharmD|DNP|ND|PhD|DPhil|PsyD"
    r"|DAOM|DAcOM|DACM|DOM|KMD|OMD|의사|한의사|치과의사|의학박사|한의학박사|Dr\.? ?med)",
    re.IGNORECASE,
)
# Where a title may begin: hardly any text calls anybody a doctor, so most are read no further.
_CALLED = re.compile(r"[dD](?:[rR]|[oO][cC][tT][oO][rR])")


def unearned(text: str, staff: Iterable[Practitioner]) -> Iterator[tuple[int, int]]:
    """Where somebody of the staff is given a title the staff table does not bear out."""
    if not _CALLED.search(text):
        return
    for person in staff:
        if not any(map(_is_doctor, person.credentials)):
            yield from (found.span() for found in _titled(person).finditer(text))


def _is_doctor(credential: str) -> bool:
    return _DOCTORS.fullmatch(credential.replace(".", "").strip()) is not None


@lru_cache(maxsize=256)
def _titled(person: Practitioner) -> re.Pattern[str]:
    names = person.name.split() or [""]
    first = r"\s+".join(map(re.escape, names[:-1]))
    return re.compile(
        rf"\b(?:dr|dra|doctor|doctora)\b\.?\s+(?:{first}\s+)?{re.escape(names[-1])}\b",
        re.IGNORECASE,
    )
