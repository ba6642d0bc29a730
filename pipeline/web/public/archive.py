"""The web version of an issue: what "view in browser" leads to."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from pipeline.campaigns.archive import archived
from pipeline.stages.archive import ROOT
from pipeline.stages.web_version import web_version


@require_safe
def issue(_: HttpRequest, newsletter: str, article: str, part: int) -> HttpResponse:
    """Show an issue as everybody may read it.

    Raises:
        Http404: There is none, it has not begun to go out, or it was called off: one answer.
    """
    # PostgreSQL takes no such letter, not even to look for it.
    if "\x00" in newsletter + article:
        raise Http404
    found = archived().filter(newsletter=newsletter, campaign__article=article, part=part)
    kept = found.values_list("html__content", flat=True).first()
    if kept is None:
        raise Http404
    page = web_version(bytes(kept).decode(), archive=ROOT)
    return HttpResponse(
        page.html,
        headers={"Content-Security-Policy": page.policy, "Cache-Control": "public, max-age=300"},
    )
