"""The template engine: strict, sandboxed, escaping, and the home's own templates first."""

import subprocess
import sys

import pytest
from django.template import engines
from jinja2.exceptions import SecurityError, UndefinedError

from tests.home import CHECKOUT, Home

ERROR_PAGE = """
import django
django.setup()
from tests.web.readers import see
print(see("/nothing").text)
"""


def fill(source: str, **values: object) -> str:
    """A template given as text, filled."""
    return str(engines["jinja2"].from_string(source).render(values))


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        fill("{{ nobody }}")


def test_what_is_printed_is_escaped() -> None:
    assert fill("{{ name }}", name="<b>") == "&lt;b&gt;"


@pytest.mark.parametrize("source", ["{{ x.__class__.__mro__ }}", "{{ x.append(1) }}"])
def test_the_sandbox_holds(source: str) -> None:
    with pytest.raises(SecurityError):
        fill(source, x=[])


def test_static_files_and_routes_have_addresses() -> None:
    assert fill("{{ static('public.css') }}") == "/static/public.css"
    assert fill("{{ url('unsubscribe', args=['a.b']) }}") == "/u/a.b"


def test_block_lines_leave_no_trace() -> None:
    assert fill("a\n  {% if true %}\nb\n  {% endif %}\nc") == "a\nb\nc"


def test_the_home_may_bring_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = Home(tmp_path_factory.mktemp("own") / "home")
    folder = home.path / "templates" / "web" / "public"
    folder.mkdir(parents=True)
    (folder / "error.html").write_text("Own words: {{ problem.title }}", "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", ERROR_PAGE],
        env=home.env,
        cwd=home.path,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout == "Own words: This page does not exist\n"


def test_public_templates_call_for_nothing_from_elsewhere_s33() -> None:
    # embed.html is no page of ours: it is pasted into other sites.
    files = (CHECKOUT / "templates" / "web").rglob("*.*")
    for file in (file for file in files if file.name != "embed.html"):
        text = file.read_text("utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
        # Data for search engines: no browser runs it.
        text = text.replace('<script type="application/ld+json">{{ data }}</script>', "")
        for foreign in (
            "http:",
            "https:",
            '"//',
            "url(//",
            "@import",
            "<script",
            "style=",
            "data:",
        ):
            assert foreign not in text, file
