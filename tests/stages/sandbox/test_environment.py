"""The sandbox: what a template may do, and how it is told what it may not (S1)."""

import datetime as dt
from pathlib import Path

import pytest

from pipeline.errors import TemplateError
from pipeline.stages.merge import for_templates
from pipeline.stages.templates import Templates

DAY = dt.date(2026, 3, 3)
NO_DATE = 'a template may ask a date for strftime("%d %b %Y"), and no more'
NO_FORMAT = "format takes %s, %d and %f with at most two digits before them"
NO_LIST = "a template makes no deeper lists than lists of a few words"


def fill(folder: Path, source: str, *, suffix: str = "txt", **values: object) -> str:
    (folder / f"a.{suffix}").write_text(source, "utf-8")
    return Templates([folder]).fill(f"a.{suffix}", values)


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("{{ 'a' ~ 1 ~ 2.5 }}", "a12.5"),
        ("{{ 'abcd'[1:3] }}{{ 'abcd'[::2] }}{{ 'abcd'[0] }}", "bcaca"),
        ("{% for n in range(2) %}{{ loop.index }}/{{ loop.length }} {% endfor %}", "1/2 2/2 "),
        ("{% for n in [1, 2] %}{{ n }}{{ ', ' if not loop.last }}{% endfor %}", "1, 2"),
        ("{% for a, b in {'x': 1}.items() %}{{ a }}{{ b }}{% endfor %}", "x1"),
        ("{% for n in [1, 2, 3] if n > 1 %}{{ n }}{% else %}none{% endfor %}", "23"),
        ("{% for n in [] %}{{ n }}{% else %}none{% endfor %}", "none"),
        ("{% set look = {'h1': (34, 40), 'on': true} %}{{ look.h1[1] }}{{ look.on }}", "40True"),
        ("{% set a, b = 1, 2 %}{{ [a, b] | join('-') }}", "1-2"),
        ("{% set told = ['a'] if true else [] %}{{ (told + ['b']) | join }}", "ab"),
        ("{% set some = [given] %}{{ some[0].x }}", "1"),
        (
            "{% set some = {'keys': 1, 'b': 2} %}{{ some.keys() | join('-') }}{{ some.b }}",
            "keys-b2",
        ),
        ("{{ ' %2d. ' | format(7) }}{{ '%s and %.1f' | format('a', 2) }}", "  7. a and 2.0"),
        ("{{ 'a\nb' | indent(2, first=true) }}", "  a\n  b"),
        ("{{ [{'a': 1}, {'a': 2}] | map(attribute='a') | join(', ') }}", "1, 2"),
        ("{{ [{'a': 'x'}, {'a': 'y'}] | join(', ', attribute='a') }}", "x, y"),
        ("{{ '{who}, hi'.format(who='Ana') }}", "Ana, hi"),
        ("{{ 'a-b'.replace('-', '+') }}{{ 'A'.lower() }}{{ 'abc'.endswith('c') }}", "a+baTrue"),
        ("{{ day.strftime('%d %b') }}", "03 Mar"),
        ("{{ 7 // 2 }} {{ 7 % 2 }} {{ 2 ** 3 }} {{ 2 * 3 - 1 }}", "3 1 8 5"),
        ("{{ -1 }} {{ 1 / 2 }}", "-1 0.5"),
        ("{{ 'ab' * 2 }}{{ 2 * 'c' }}", "ababcc"),
        ("{% if 'a' in 'abc' and 2 in [1, 2] and x is not defined %}yes{% endif %}", "yes"),
        ("{% macro m(a, b='d') %}{{ a }}{{ b }}{% endmacro %}{{ m('c') }}", "cd"),
        (
            "{% macro m(a) %}{{ a }}{{ caller() }}{% endmacro %}{% call m('e') %}f{% endcall %}",
            "ef",
        ),
        ("{% set n = namespace(k=1) %}{% if n %}{% set n.k = n.k + 1 %}{% endif %}{{ n.k }}", "2"),
        ("{% filter upper %}a{% endfilter %}{% set b %}c{% endset %}{{ b }}", "Ac"),
        ("{{ 'x' | default('y') }}{{ '' | default('y') }}{{ '' | d }}", "xy"),
        ("{{ ['b', 'a'] | sort | first }}{{ 'ab' | length }}{{ none }}", "a2None"),
    ],
)
def test_a_template_may_do_what_templates_do(tmp_path: Path, source: str, made: str) -> None:
    assert fill(tmp_path, source, day=DAY, given={"x": 1}) == made


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("{{ [1, 2] }}", "a list cannot be printed"),
        ("{{ {'a': 1} }}", "a dict cannot be printed"),
        ("{{ 'a' ~ [1] }}", "a list cannot be printed"),
        ("{{ [1] | string }}", "a list cannot be printed"),
        ("{{ [[1]] | join }}", "a list cannot be printed"),
        ("{{ frist | default('x') }}", "'frist' is undefined"),
        ("{{ lipsum() }}", "'lipsum' is undefined"),
        ("{{ 'a'.center(9) }}", "a template may not call center"),
        ("{{ {}.update({}) }}", "access to attribute 'update' of 'dict' object is unsafe."),
        ("{{ (1).bit_length() }}", "a template may not call bit_length"),
        ("{{ day.isoformat() }}", NO_DATE),
        ("{{ day.strftime('%9d') }}", NO_DATE),
        ("{{ '%s' % 1 }}", "a text is filled by format, not by %"),
        ("{{ '%(a)s' | format({'a': 1}) }}", NO_FORMAT),
        ("{{ '{0!r}'.format(1) }}", "format takes {name}, and nothing behind the name"),
        ("{{ 'a' | indent(81) }}", "a text is set in by 80 columns at most"),
        ("{{ 1001 ** 2 }}", "the power is too large"),
        ("{{ 2 ** -5 }}", "the power is too large"),
        ("{{ 1000000000 * 10000000 }}", "the number is too large"),
        ("{{ 1000000000 * -10000000 }}", "the number is too large"),
        ("{{ range(100001) | length }}", "a range has 100,000 steps at most"),
        ("{% set n = namespace(a=1) %}{% set b = [n] %}", NO_LIST),
        ("{% set a = [name, [name, [name]]] %}", NO_LIST),
        ("{% set a = (name, [name, [name]]) %}", NO_LIST),
        ("{% set a = [many] %}", NO_LIST),
        ("{% set a = {'a': given} %}", NO_LIST),
        ("{{ given.act() }}", "a template may not call act"),
    ],
)
def test_what_it_may_not_is_told_in_words(tmp_path: Path, source: str, fault: str) -> None:
    class Given(dict[str, int]):
        def act(self) -> None:
            """Be there."""

    with pytest.raises(TemplateError) as refused:
        fill(tmp_path, f"first\n{source}", day=DAY, given=Given(), name="x", many=[1] * 101)
    assert refused.value.message == f"the template asks for something it cannot have: {fault}"
    assert (refused.value.path, refused.value.line) == (str(tmp_path / "a.txt"), 2)


def test_too_much_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(TemplateError) as refused:
        fill(tmp_path, "\n\n{{ 'x' * 20000000 }}")
    assert str(refused.value) == (
        f"{tmp_path}/a.txt, line 3: the template makes too much: it repeats too much, or makes too "
        "long a text. Look for a loop in a loop, or a text that grows."
    )


def test_one_long_text_may_be_given_to_a_function(tmp_path: Path) -> None:
    def beside(text: str, sign: str) -> str:
        return f"{sign} {text}"

    assert fill(tmp_path, "{{ f('x' * 300, '*') }}", f=beside) == "* " + "x" * 300
    with pytest.raises(TemplateError, match="a function takes one long text, not two"):
        fill(tmp_path, "{{ f('x' * 300, 'y' * 300) }}", f=beside)


def test_markup_stays_markup_and_words_are_escaped(tmp_path: Path) -> None:
    source = "{{ '<b>' | safe ~ word }} {{ '<i>' ~ word }} {{ '{w}' | safe | e }}"
    made = fill(tmp_path, source, suffix="html", word="<x>")
    assert made == "<b>&lt;x&gt; &lt;i&gt;&lt;x&gt; {w}"
    assert fill(tmp_path, "{{ '<b>' | safe ~ word }}", word="<x>") == "<b><x>"
    assert fill(tmp_path, "{{ ('<' ~ 'i') | length }}", suffix="html") == "2"


def test_a_merge_field_has_the_same_form_in_a_template(tmp_path: Path) -> None:
    source = '{{ first_name | default("friend") }} {{ first_name }} {{ view_url }}'
    for suffix in ("txt", "mjml"):
        made = fill(tmp_path, source, suffix=suffix, **for_templates())
        assert made == "@@first_name.667269656e64@@ @@first_name@@ @@view_url@@"


def test_blocks_of_a_parent_are_filled(tmp_path: Path) -> None:
    (tmp_path / "base.txt").write_text("<{% block x %}a{% endblock %}>{{ self.x() }}", "utf-8")
    child = "{% extends 'base.txt' %}{% set y = 1 %}{% block x %}{{ super() }}b{% endblock %}"
    assert fill(tmp_path, child) == "<ab>ab"


def test_a_filling_begins_with_all_there_is(tmp_path: Path) -> None:
    source = "{{ 'x' * 4000000 }}"
    for _ in range(3):
        assert len(fill(tmp_path, source)) == 4_000_000


def test_a_loop_that_calls_itself_does_not_parse(tmp_path: Path) -> None:
    with pytest.raises(TemplateError) as refused:
        fill(tmp_path, "\n{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}")
    assert refused.value.message == "the template does not parse: A loop may not be recursive."
    assert refused.value.line == 2
