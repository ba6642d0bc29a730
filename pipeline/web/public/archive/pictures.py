"""The picture cards of what has gone out."""

import re

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from pipeline.campaigns.archive import archived, publication_of
from pipeline.campaigns.models import Part
from pipeline.campaigns.publications import house
from pipeline.web.public.archive.answers import answered

_SHA256 = re.compile(r"[0-9a-f]{64}")
_FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def picture(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """A card by the hash of its bytes.

    Raises:
        Http404: It is no card of an issue whose page may be seen.
    """
    if not _SHA256.fullmatch(sha256):
        raise Http404
    known, issues = house(), archived().filter(cards__png=sha256)
    keys = issues.order_by("newsletter").values_list("newsletter", flat=True).distinct()
    open_to = {found.archive for key in keys if (found := publication_of(key, known))}
    if not open_to - {"off"}:
        raise Http404
    png = bytes(Part.objects.values_list("content", flat=True).get(pk=sha256))
    return answered(
        request, png, content_type="image/png", indexed="public" in open_to, keep=_FOR_EVER
    )
