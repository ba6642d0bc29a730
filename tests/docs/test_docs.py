"""Documents are tested: what they name must exist, and what exists must be named."""

import re
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from pipeline.events.kinds import KINDS
from pipeline.management.front import COMMANDS
from pipeline.stages.check import ARTICLE_RULES, RULES
from pipeline.stages.merge import FIELDS, LONGEST_DEFAULT
from pipeline.stages.sandbox.budget import MOST_SOURCE
from pipeline.stages.sandbox.filters import FILTERS
from pipeline.stages.sandbox.loader import LONGEST
from pipeline.web.hooks.registry import HOOKS
from tests.home import CHECKOUT

DOCUMENTS = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")
SETTING = re.compile(
    r"environ(?:\.get\(|\[)\"([A-Z_]+)\"|_(?:url|count|listed|seconds)\(\"([A-Z_]+)\""
)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_to_a_file(document: Path) -> None:
    targets = [document.parent / target for target in LINK.findall(document.read_text("utf-8"))]

    assert [target for target in targets if not target.exists()] == []


def test_every_command_is_documented() -> None:
    text = "\n".join(document.read_text("utf-8") for document in DOCUMENTS)
    changelog = (CHECKOUT / "CHANGELOG.md").read_text("utf-8")

    named = {
        name for name in COMMANDS if re.search(rf"meridian {name}\b|`{name}`", text + changelog)
    }
    assert named == set(COMMANDS)


def test_every_check_is_documented_with_its_level() -> None:
    text = (CHECKOUT / "docs" / "checks.md").read_text("utf-8")
    told = dict(re.findall(r"^\| `([a-z-]+)` \| ([a-z]+)", text, re.MULTILINE))
    fields = {"code", "level", "message", "suggestion", "where", "span", "source"}

    levels = {rule.code: rule.level for rule in ARTICLE_RULES}
    levels |= {rule.code: rule.level for rule in RULES}
    assert {code: level for code, level in told.items() if code not in fields} == levels


def test_every_setting_is_documented() -> None:
    code = "\n".join(path.read_text("utf-8") for path in (CHECKOUT / "pipeline").rglob("*.py"))
    settings = {name for pair in SETTING.findall(code) for name in pair if name}
    settings -= {"DJANGO_SETTINGS_MODULE"}
    readme = (CHECKOUT / "README.md").read_text("utf-8")

    assert {name for name in settings if f"`{name}`" not in readme} == set()


def test_every_path_the_architecture_names_exists() -> None:
    text = (CHECKOUT / "docs" / "architecture.md").read_text("utf-8")
    named = set(re.findall(r"`((?:pipeline|tests)/[\w/]+(?:\.py|/))`", text))

    assert named
    assert {path for path in named if not (CHECKOUT / path).exists()} == set()


def test_every_migration_is_in_one_history() -> None:
    migrations = sorted((CHECKOUT / "pipeline" / "migrations").glob("0*.py"))

    assert [path.name[:4] for path in migrations] == [
        f"{number:04}" for number in range(1, len(migrations) + 1)
    ]


def test_no_file_names_an_index_or_a_place_of_one_machine() -> None:
    """Requirements are locked by hash and taken from whatever index the machine has."""
    forbidden = re.compile(r"index-url|find-links|https?://|/root/|/home/\w+/|file:///")
    files = [
        *CHECKOUT.glob("requirements/*.txt"),
        CHECKOUT / "pyproject.toml",
        CHECKOUT / "Makefile",
    ]

    assert [path.name for path in files if forbidden.search(path.read_text("utf-8"))] == []


def test_what_is_asked_for_with_extras_is_locked_with_them() -> None:
    """Pip 23.2 takes "coverage[toml]" for unpinned where the lock says only "coverage"."""
    locked = "\n".join(path.read_text() for path in (CHECKOUT / "requirements").glob("*.txt"))
    asked = {
        (normal(needed.name), extra)
        for package in distributions()
        if re.search(rf"^{normal(package.name)}(\[.*\])?==", locked, re.MULTILINE)
        for needed in map(Requirement, package.requires or ())
        if needed.marker is None or needed.marker.evaluate({"extra": ""})
        for extra in needed.extras
    }

    assert ("coverage", "toml") in asked
    assert {
        (name, extra)
        for name, extra in asked
        if not re.search(rf"^{name}\[.*\b{extra}\b.*\]==", locked, re.MULTILINE)
    } == set()


def test_every_webhook_and_every_kind_of_event_is_documented() -> None:
    text = (CHECKOUT / "docs" / "webhooks.md").read_text("utf-8")
    told = set(re.findall(r"^\| ([a-z, ]+?)(?:, \"| by |, the| \|)", text, re.MULTILINE))

    assert {name for name in HOOKS if f"`{name}`" not in text} == set()
    assert {kind for kind in KINDS if not any(kind in words for words in told)} == set()


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_merge_field_filter_and_limit_is_documented() -> None:
    text = (CHECKOUT / "docs" / "templates.md").read_text("utf-8")
    fields = re.findall(r"^\| `(\w+)` \|", text, flags=re.MULTILINE)
    assert fields == list(FIELDS)
    filters = text.partition("- Filters: `")[2].partition("`")[0].split()
    assert filters == sorted(set(FILTERS) - {"d", "e"})
    limits = (f"{LONGEST:,} bytes", f"{MOST_SOURCE:,} characters", f"{LONGEST_DEFAULT} characters")
    for limit in limits:
        assert limit in text
