"""The outbox as a person opens it: a folder for each issue, and a page that leads to them."""

from pathlib import Path
from urllib.parse import quote

from pipeline.campaigns.models import Issue
from pipeline.campaigns.revisions import current_configuration
from pipeline.channels.files import write_whole
from pipeline.channels.folder import lay_out
from pipeline.outbox.notices import FOLDER
from pipeline.reports.summary import campaigns, notices
from pipeline.stages.sandbox.budget import WORK
from pipeline.stages.templates import Templates, folders

# The page grows with the years; each issue brings what it costs to list it.
_PER_ISSUE = 50_000


def write_overview(home: Path) -> int:
    """Write every issue's files and ``outbox/index.html``; what is there already stays.

    Returns:
        How many files were new or changed.

    Raises:
        OutboxError: A file cannot be written.
        TemplateError: The page's template is broken.
    """
    outbox = home / "outbox"
    issues = Issue.objects.exclude(state=Issue.State.CANCELLED).select_related("html", "text")
    written = lay_out(issues.prefetch_related("posts", "cards__png").order_by("pk"), outbox)
    files = {issue.pk: _listed(outbox / issue.folder, issue.folder) for issue in issues}
    page = Templates(folders(home)).fill(
        "outbox/index.html",
        work=WORK + _PER_ISSUE * len(files),
        values={
            "clinic": current_configuration().clinic,
            "demo": current_configuration().demo,
            "campaigns": campaigns(),
            "files": files,
            "notices": notices(),
            "noticed": len(list((outbox / FOLDER).glob("*.eml"))),
        },
    )
    return written + write_whole(outbox / "index.html", page.encode())


def _listed(folder: Path, name: str) -> dict[str, list[tuple[str, str]]]:
    """The files of an issue's folders as (name, link), by folder."""
    return {
        kind: [
            (path.name, f"{quote(name)}/{kind}/{quote(path.name)}")
            for path in sorted((folder / kind).glob("*"))
            if not path.name.startswith(".")
        ]
        for kind in ("posts", "cards", "messages")
    }
