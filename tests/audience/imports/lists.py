"""Lists of tests, and reading them in."""

from collections.abc import Callable
from pathlib import Path

from pipeline.audience.imports.importing import Result, import_list, look_at
from pipeline.audience.imports.terms import agreed
from pipeline.audience.models import (
    Consent,
    ImportChange,
    Subscriber,
    Subscription,
    Suppression,
)
from tests.audience.lists.test_columns import WEEKLY
from tests.factories import NOW


def put(folder: Path, *rows: str, header: str = "email,name") -> Path:
    """A list as a file."""
    path = folder / "list.csv"
    path.write_text("\n".join([header, *rows, ""]), "utf-8")
    return path


def bring_in(
    path: Path,
    *,
    basis: str = "express",
    until: str = "",
    update: bool = False,
    dry_run: bool = False,
    allowed: dict[str, str] | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Result:
    """Read a list in."""
    terms = agreed(newsletter=WEEKLY, basis=basis, until=until, actor="Kim", update=update, now=NOW)
    plan = look_at(path, terms, mapping={}, allowed=allowed or {})
    return import_list(plan, terms, dry_run=dry_run, now=NOW, progress=progress)


def counted(result: Result) -> dict[str, int]:
    """The outcomes there were."""
    return {outcome: number for outcome, number in result.counts.items() if number}


def reported(result: Result) -> list[str]:
    """The rows of the report."""
    return result.report.read_text("utf-8-sig").splitlines()[1:]


def states() -> dict[str, str]:
    """How each subscription to the newsletter stands, by address."""
    rows = Subscription.objects.filter(newsletter="weekly").order_by("pk")
    return dict(rows.values_list("subscriber__address", "state"))


def everything() -> list[list[tuple[object, ...]]]:
    """All rows of the audience, but those that tell of imports."""
    kinds = (Subscriber, Subscription, Consent, Suppression, ImportChange)
    return [list(kind._default_manager.order_by("pk").values_list()) for kind in kinds]
