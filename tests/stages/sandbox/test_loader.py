"""Templates come from the template folders and nowhere else (S1, S23)."""

import os
from pathlib import Path

import pytest

from pipeline.errors import TemplateError
from pipeline.stages.sandbox.loader import LONGEST
from pipeline.stages.templates import Templates


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A template folder with a secret beside it."""
    (tmp_path / "secret.txt").write_text("the secret", "utf-8")
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


def fault(templates: Templates, name: str = "a.txt") -> str:
    with pytest.raises(TemplateError) as refused:
        templates.fill(name, {})
    return refused.value.message


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("how", ["file", "folder"])
def test_a_link_out_of_the_folder_leads_nowhere_whether_something_is_there_or_not(
    own: Path, how: str, *, there: bool
) -> None:
    """No oracle: an existing and a missing file give the same answer."""
    name = "secret.txt" if there else "missing.txt"
    if how == "file":
        (own / "b.txt").symlink_to(own.parent / name)
    else:
        (own / "b").symlink_to(own.parent)
        name = f"b/{name}"
    target = "b.txt" if how == "file" else name
    (own / "a.txt").write_text(f"{{% include '{target}' %}}", "utf-8")
    original = own.parent / "original"
    (original / "b").mkdir(parents=True)
    (original / target).write_text("the original", "utf-8")
    templates = Templates([own, original])
    assert fault(templates) == f"there is no template {target}"
    with pytest.raises(TemplateError, match="there is no template"):
        templates.path(target)


def test_a_link_within_the_folder_is_followed(own: Path) -> None:
    (own / "b.txt").write_text("b", "utf-8")
    (own / "a.txt").symlink_to(own / "b.txt")
    assert Templates([own]).fill("a.txt", {}) == "b"


def test_the_folder_itself_may_be_a_link(own: Path) -> None:
    (own / "a.txt").write_text("a", "utf-8")
    link = own.parent / "link"
    link.symlink_to(own)
    assert Templates([link]).fill("a.txt", {}) == "a"


def test_a_template_that_is_too_long_is_refused(own: Path) -> None:
    (own / "a.txt").write_text("x" * LONGEST, "utf-8")
    assert len(Templates([own]).fill("a.txt", {})) == LONGEST
    (own / "a.txt").write_text("x" * (LONGEST + 1), "utf-8")
    assert (
        fault(Templates([own])) == "the template makes too much: a.txt is longer than 64,000 bytes"
    )


def test_all_parts_together_may_not_be_too_long(own: Path) -> None:
    for name in "bcd":
        (own / f"{name}.txt").write_text("x" * (LONGEST - 1), "utf-8")
    (own / "a.txt").write_text("{% include 'b.txt' %}" * 3, "utf-8")
    assert len(Templates([own]).fill("a.txt", {})) == 3 * (LONGEST - 1)
    (own / "a.txt").write_text(
        "{% include 'b.txt' %}{% include 'c.txt' %}{% include 'd.txt' %}", "utf-8"
    )
    told = "the template makes too much: its parts are longer than 160,000 characters together"
    assert fault(Templates([own])) == told


def test_a_changed_template_is_read_again(own: Path) -> None:
    templates = Templates([own])
    (own / "a.txt").write_text("one", "utf-8")
    assert templates.fill("a.txt", {}) == "one"
    (own / "a.txt").write_text("two", "utf-8")
    os.utime(own / "a.txt", (1, 1))
    assert templates.fill("a.txt", {}) == "two"


def test_a_template_that_is_removed_is_gone_and_the_one_behind_it_is_back(
    own: Path, tmp_path: Path
) -> None:
    behind = tmp_path / "behind"
    behind.mkdir()
    templates = Templates([own, behind])
    (own / "a.txt").write_text("one", "utf-8")
    assert templates.fill("a.txt", {}) == "one"
    (own / "a.txt").unlink()
    assert fault(templates) == "there is no template a.txt"
    (behind / "a.txt").write_text("two", "utf-8")
    assert templates.fill("a.txt", {}) == "two"
