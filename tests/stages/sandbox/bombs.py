"""Templates that would take for ever, or all memory (S2). Each is refused before it does."""

_EIGHT = "{% set a = 'xxxxxxxx' %}"
_LONG = "{% set y = 'ab' * 450000 %}{% set z = 'ab' * 450000 %}"
_MANY = "{% for n in range(100000) %}"
_LOOP = "{% for a in range(1000) %}"
_END = "{% endfor %}"
_TWICE = "{% macro d(x) %}{{ x }}{{ x }}{% endmacro %}"
_SPARE = "{% if name == '' %}x{% endif %}" * 1500


def doubled(step: str) -> str:
    """Eight letters, doubled forty times."""
    return _EIGHT + step * 40 + "{{ a | length }}"


BOMBS = {
    "center": "{{ name | center(999999999) }}",
    "center, as Django writes it": '{{ name|center:"999999999" }}',
    "center, a method": "{{ 'x'.center(999999999) }}",
    "ljust": "{{ name.ljust(999999999) }}",
    "replace": "{{ ('x' * 100000).replace('x', 'x' * 100000) }}",
    "a text times": "{{ 'a' * 1000000000 }}",
    "times a text": "{{ 1000000000 * 'a' }}",
    "markup times": "{{ ('a' | safe) * 1000000000 }}",
    "a list times": "{{ ([1] * 100000000) | length }}",
    "a range": "{% for n in range(1000000000) %}x{% endfor %}",
    "loops in loops": _LOOP * 3 + "x" + _END * 3,
    "silent loops in loops": _LOOP * 3 + _END * 3,
    "loops in a macro": "{% macro m() %}" + _LOOP * 3 + "x" + _END * 3 + "{% endmacro %}{{ m() }}",
    "a tree of macros": "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}"
    "{% endmacro %}{{ m(60) }}",
    "callers": "{% macro m() %}{{ caller() }}{{ caller() }}{% endmacro %}"
    + "{% call m() %}" * 30
    + "x"
    + "{% endcall %}" * 30,
    "recursion": "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
    "a recursive loop": "{% for a in [1] recursive %}{{ loop([1]) }}{{ loop([1]) }}{% endfor %}",
    "includes": "{% include 'a.txt' %}{% include 'a.txt' %}",
    "~": doubled("{% set a = a ~ a %}"),
    "+": doubled("{% set a = a + a %}"),
    "join": doubled("{% set a = [a, a] | join %}"),
    "join of attributes": doubled("{% set a = [{'b': a}, {'b': a}] | join('', 'b') %}"),
    "a set block": doubled("{% set a %}{{ a }}{{ a }}{% endset %}"),
    "the filter replace": doubled("{% set a = a | replace('x', 'xx') %}"),
    "format": doubled("{% set a = '%s%s' | format(a, a) %}"),
    "format, a method": doubled("{% set a = '{a}{a}'.format(a=a) %}"),
    "a macro's text": _TWICE + doubled("{% set a = d(a) %}"),
    "a namespace": "{% set n = namespace(a='xxxxxxxx') %}{% for x in range(60) %}"
    "{% set n.a = n.a ~ n.a %}{% endfor %}",
    "lists of lists": "{% set a = [1] %}" + "{% set a = [a, a] %}" * 40 + "{{ a }}",
    "tuples of tuples": "{% set a = (1,) %}" + "{% set a = (a, a) %}" * 40 + "{{ {a: 1} }}",
    "dicts of dicts": "{% set a = {} %}" + "{% set a = {'a': a, 'b': a} %}" * 40 + "{{ a }}",
    "a width": "{{ '%999999999d' | format(1) }}",
    "a starred width": "{{ '%*d' | format(999999999, 1) }}",
    "a width of a method": "{{ '{:999999999}'.format(1) }}",
    "a width in a width": "{{ '{0:{1}}'.format(1, 999999999) }}",
    "a width of %": "{{ '%999999999d' % 1 }}",
    "a date": "{{ day.strftime('%999999999d') }}",
    "a power": "{{ 10 ** 10 ** 9 }}",
    "a large number": "{% set a = 10 %}" + "{% set a = a * a %}" * 40 + "{{ a }}",
    "bytes of a number": "{{ (1).to_bytes(1000000000, 'big') }}",
    "indent": "{{ 'a\n' | indent(1000000000) }}",
    "many indents": "{{ ('a\n' * 1000000) | indent(80) }}",
    "wrap": "{{ wrap('a ' * 400000, 'x' * 400000) }}",
    "underline": "{{ underline('a' * 400000, 'x' * 400000) }}",
    "searching": f"{_LONG}{_MANY}{{% if z in y %}}{{% endif %}}{_END}",
    "comparing": f"{_LONG}{_MANY}{{% if z == y %}}{{% endif %}}{_END}",
    "testing": f"{_LONG}{_MANY}{{% if z is eq(y) %}}{{% endif %}}{_END}",
    "sorting": f"{_LONG}{{% set l = [y, z] * 1000 %}}{_MANY}{{% set q = l | sort %}}{_END}",
    "lower": f"{_LONG}{_MANY}{{% set q = y.lower() %}}{_END}",
    "slices": _LONG + "".join(f"{{% set a{n} = y[1:] %}}" for n in range(2000)),
    "letters": "{% set y = '침' * 900000 %}" + "{% set q = y | list %}" * 20,
    "mapped in loops": "{% for x in range(100000) | map('string') %}"
    "{% for y in range(100000) | map('string') %}{% endfor %}{% endfor %}",
    "escapes": "{% set a = '&' * 1000000 %}" + "{{ a | e | string | e | string | e }}" * 3,
    "a million fields": "{{ name }}" * 1_000_000,
    "steps that say little": f"{{% macro m() %}}{_MANY}{_SPARE}{_END}{{% endmacro %}}{{{{ m() }}}}",
    "much said in a loop": _MANY + "x" * 60_000 + _END,
    "much said in a macro": "{% macro m() %}"
    + _MANY
    + "x" * 60_000
    + _END
    + "{% endmacro %}{{ m() }}",
    "lipsum": "{{ lipsum(n=1000000) }}",
    "parentheses": "{{ " + "(" * 20_000 + "1" + ")" * 20_000 + " }}",
    "filters on filters": "{{ name" + "|e" * 30_000 + " }}",
    "loops nested deep": "{% for a in name %}" * 1500 + "{% endfor %}" * 1500,
}  # fmt: skip
