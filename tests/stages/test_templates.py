"""Templates: where they are found, what they may do, and what is told when they fail (S1, S23)."""

import builtins
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import TemplateError
from pipeline.stages.templates import PACKAGE, Templates, folders

Make = Callable[..., Templates]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Templates of one folder, given as name and text."""

    def made(**files: str | bytes) -> Templates:
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return Templates([tmp_path])

    return made


def refusal(templates: Templates, name: str = "a.txt", **values: object) -> TemplateError:
    """The error of filling a template, which is one line."""
    with pytest.raises(TemplateError) as caught:
        templates.fill(name, values)
    assert len(str(caught.value).splitlines()) == 1
    assert "root:" not in str(caught.value)
    return caught.value


# --- Where they are -------------------------------------------------------------------------------


def test_a_homes_template_wins_over_the_checkouts(tmp_path: Path) -> None:
    home = tmp_path / "templates/email"
    home.mkdir(parents=True)
    (home / "issue.txt").write_text("from home: {{ word }}", "utf-8")
    found = folders(tmp_path)
    assert found == (tmp_path / "templates", PACKAGE.parent / "templates")
    assert Templates(found).fill("email/issue.txt", {"word": "침"}) == "from home: 침"
    assert Templates(found).path("email/issue.txt") == home / "issue.txt"
    assert Templates(found).path("email/calm/issue.mjml").is_relative_to(PACKAGE.parent)


def test_a_home_without_templates_has_the_checkouts(tmp_path: Path) -> None:
    assert folders(tmp_path) == folders() == (PACKAGE.parent / "templates",)
    assert folders(PACKAGE.parent) == folders()


def test_a_homes_template_may_build_on_the_original(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "original").mkdir()
    (tmp_path / "own/a.txt").write_text("{% include 'b.txt' %}!", "utf-8")
    (tmp_path / "original/b.txt").write_text("b", "utf-8")
    templates = Templates([tmp_path / "own", tmp_path / "original"])
    assert templates.fill("a.txt", {}) == "b!"


def test_a_file_for_another_program_that_is_not_there(make: Make) -> None:
    with pytest.raises(TemplateError) as caught:
        make().path("card.typ")
    assert str(caught.value) == "card.typ: there is no template card.typ."


# --- What they print ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "printed"),
    [("a.txt", "<b>&"), ("a.mjml", "&lt;b&gt;&amp;"), ("a.html", "&lt;b&gt;&amp;")],
)
def test_markup_is_escaped_and_plain_text_is_not(make: Make, name: str, printed: str) -> None:
    templates = make(**{name.replace(".", "_"): "{{ word }}"})
    assert templates.fill(name, {"word": "<b>&"}) == printed


def test_line_ends_stay_and_blocks_leave_none(make: Make) -> None:
    templates = make(a_txt="{% for n in many %}\n  {{ n }}\n{% endfor %}\nend\n")
    assert templates.fill("a.txt", {"many": [1, 2]}) == "  1\n  2\nend\n"


@given(st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_filled_in_is_never_run_s1(make: Make, text: str) -> None:
    hostile = f"{text}{{{{ 7 * 7 }}}}{{% include '/etc/passwd' %}}"
    assert make(a_txt="{{ word }}").fill("a.txt", {"word": hostile}) == hostile


# --- What they may not ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ ''['__class__']['__mro__'] }}",
        "{{ ''|attr('__class__')|attr('__mro__') }}",
        "{{ thing.__class__.__init__.__globals__ }}",
        "{{ thing._secret }}",
        "{{ (thing.act)['__globals__'] }}",
        "{{ '{0.__class__.__mro__}'.format(1) }}",
        "{{ many.append(3) }}",
        "{{ self.__init__.__globals__.__builtins__ }}",
        "{{ lipsum.__globals__['os'].popen('id').read() }}",
        "{{ cycler.__init__.__globals__.os }}",
        "{{ settings.SECRET_KEY }}",
        "{{ env('HOME') }}",
        "{{ range(10000000)|length }}",
        "{{ unknown }}",
        "{{ thing.unknown }}",
        "{{ unknown.deeper }}",
        "{% for n in unknown %}{% endfor %}",
        "{% if unknown %}{% endif %}",
        "{{ 1 / 0 }}",
        "{{ 1 + 'a' }}",
        "{{ many|first(1, 2, 3) }}",
        "{{ thing() }}",
        "{% include 'a.txt' %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    ],
)
@pytest.mark.parametrize("suffix", ["txt", "mjml"])
def test_a_template_stays_in_its_sandbox_s1(make: Make, suffix: str, attack: str) -> None:
    class Thing:
        _secret = "the secret"

        def act(self) -> None:
            """Be there."""

    name = f"a.{suffix}"
    attack = attack.replace("a.txt", name)
    templates = make(**{f"a_{suffix}": f"first\n\n  {attack}\n"})
    many = [1, 2]
    error = refusal(templates, name, thing=Thing(), many=many)
    assert error.message.startswith(
        ("the template asks for something it cannot have: ", "the template does not parse: No ")
    )
    assert (Path(str(error.path)).name, error.line) == (name, 3)
    assert "secret" not in str(error).replace("_secret", "")
    assert many == [1, 2]


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../../../../../../etc/passwd",
        "..",
        ".",
        "",
        "sub/../../a.txt",
        "http://example.com/a.txt",
        "file:///etc/passwd",
        "missing.txt",
        "sub",
        "a.txt\\0",
    ],
)
@pytest.mark.parametrize("how", ["include", "import", "extends", "from"])
def test_a_template_opens_no_other_file_s1_s23(make: Make, how: str, name: str) -> None:
    ending = {"import": " as x", "from": " import x"}.get(how, "")
    templates = make(a_txt=f"first\n{{% {how} '{name}'{ending} %}}", sub__b_txt="b")
    error = refusal(templates)
    assert (Path(str(error.path)).name, error.line) == ("a.txt", 2)
    assert error.message.startswith(("there is no template ", "the template asks for something"))


def test_a_missing_template_is_told_by_its_name(make: Make) -> None:
    error = refusal(make(), "email/issue.txt")
    assert str(error) == (
        "email/issue.txt: there is no template email/issue.txt. "
        "Look in templates/ for its right name, or remove your override."
    )


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a\n{% if %}", 2, "Expected an expression, got 'end of statement block'"),
        ("a\n\n{{ 'open }}", 3, "unexpected char"),
        ("{% for n in [1] %}\n{{ n }}", 2, "Unexpected end of template."),
        ("\n{{ 1|nofilter }}", 2, "No filter named 'nofilter'."),
        ("\n{% load x %}", 2, "Encountered unknown tag 'load'."),
        ("\n{% debug %}", 2, "Encountered unknown tag 'debug'."),
    ],
)
def test_a_template_that_does_not_parse(make: Make, text: str, line: int, message: str) -> None:
    error = refusal(make(a_txt=text))
    assert error.message.startswith(f"the template does not parse: {message}")
    assert (Path(str(error.path)).name, error.line) == ("a.txt", line)


def test_the_innermost_template_is_to_blame(make: Make) -> None:
    templates = make(a_txt="\n\n{% include 'b.txt' %}", b_txt="\n{{ unknown }}")
    error = refusal(templates)
    assert (Path(str(error.path)).name, error.line) == ("b.txt", 2)
    assert error.message.endswith("'unknown' is undefined")


def test_an_include_that_does_not_parse_is_to_blame(make: Make) -> None:
    error = refusal(make(a_txt="{% include 'b.mjml' %}", b_mjml="\n\n{% nothing %}"))
    assert (Path(str(error.path)).name, error.line) == ("b.mjml", 3)


def test_a_template_that_is_not_utf_8(make: Make) -> None:
    error = refusal(make(a_txt=b"caf\xe9"))
    assert error.message.startswith("the template asks for something it cannot have: ")
    assert error.path == "a.txt"


def test_no_builtin_is_in_reach(make: Make) -> None:
    given = {"range", "False", "True", "None"}
    for name in sorted(set(dir(builtins)) - given):
        if name.isidentifier():
            error = refusal(make(a_txt=f"{{{{ {name} }}}}"))
            assert error.message.endswith(f"'{name}' is undefined")
