"""What a template reads and makes is paid for out of one sum (S2)."""

from pathlib import Path

import pytest

from pipeline.errors import TemplateError
from pipeline.stages.sandbox.budget import TooMuchError, budget, spend
from pipeline.stages.templates import Templates


def test_all_that_is_left_may_be_spent_and_no_more() -> None:
    with budget(10):
        spend(10)
        with pytest.raises(TooMuchError):
            spend(1)


def test_a_filling_within_a_filling_has_the_outer_ones_budget() -> None:
    with budget(10) as outer, budget(1000) as inner:
        assert inner is outer
        assert inner.left == 10


def a_long_text() -> str:
    """What a function of ours may give a template."""
    return "x" * 10_000


@pytest.mark.parametrize(
    "source",
    [
        "{{ long }}",
        "{% set a = given() %}",
        "{% set a = long.endswith('y') %}",
        "{% set a = 500 * ten %}",
        "{% set a = ten * 500 %}",
        "{% set a = long[1:] %}",
        "{% if long == 'x' %}{% endif %}",
        "{% set a = long | length %}",
        "{% set a = signs | e %}",
        "{% set a = signs | replace('&', ten) %}",
    ],
)
def test_what_reads_or_makes_a_long_text_is_paid_for(tmp_path: Path, source: str) -> None:
    """S2: whichever way it comes about; a budget that has room for it lets it pass."""
    (tmp_path / "a.txt").write_text(source, "utf-8")
    values = {"long": a_long_text(), "given": a_long_text, "ten": "x" * 10, "signs": "&" * 1000}
    templates = Templates([tmp_path])
    templates.fill("a.txt", values)
    with pytest.raises(TemplateError, match="the template makes too much"):
        templates.fill("a.txt", values, work=4000)


BODY = "{% if a %}{% endif %}" * 50
MACRO = "{% macro m() %}" + BODY + "{% endmacro %}"
CALL = "{% call m() %}" + BODY + "{% endcall %}"


@pytest.mark.parametrize(
    ("head", "once", "tail"),
    [(MACRO, "{{ m() }}", ""), ("{% macro m() %}", "{{ caller() }}", "{% endmacro %}" + CALL)],
    ids=["macro", "call"],
)
def test_a_body_is_paid_for_each_time_it_runs(
    tmp_path: Path, head: str, once: str, tail: str
) -> None:
    """S2: it makes no text, and still takes time."""
    spent = []
    for times in (1, 20):
        (tmp_path / f"{times}.txt").write_text(head + once * times + tail, "utf-8")
        with budget() as left:
            before = left.left
            Templates([tmp_path]).fill(f"{times}.txt", {"a": ""})
            spent.append(before - left.left)
    assert spent[1] - spent[0] >= 19 * 2 * 50
