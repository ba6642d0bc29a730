"""MJML in, HTML out, and nothing goes out that is not what was meant.

Two engines, each for what it does well: ``mjml`` validates strictly and knows the lines, ``mrml``
compiles. :func:`harden` works around what mrml 0.2.4 gets wrong (measured against the reference
compiler); :func:`guard` looks at what came out and fails closed.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache
from html import unescape
from itertools import accumulate

import mrml

from pipeline.errors import TemplateError
from pipeline.stages import merge
from pipeline.stages.email.harmless import harm
from pipeline.stages.email.page import Page, page
from pipeline.stages.email.validity import faults
from pipeline.stages.text.inline import solid

# What is never closed goes to the end: else each beginning would be read to it.
_UNTOUCHED = re.compile(
    r"(<!--[^-]*+(?:-(?!->)[^-]*+)*+(?:-->|\Z)"
    r"|<mj-style\b[^<]*+(?:<(?!/mj-style>)[^<]*+)*+(?:</mj-style>|\Z)"
    r"|<style\b[^<]*+(?:<(?!/style>)[^<]*+)*+(?:</style>|\Z))",
    re.DOTALL | re.IGNORECASE,
)
_TAG = re.compile(r"""<[a-zA-Z][^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>""")
_EDGE = re.compile(rf"</|{_TAG.pattern}")
_DEEPEST = 1000
# Words, comments, tags and their like, each to its end; nothing is read twice.
_WHOLE = re.compile(
    r"""(?:[^<]++|<!--[^-]*+(?:-(?!->)[^-]*+)*+-->|<(?![a-zA-Z/!?])"""
    r"""|<(?!!--)(?:[^<>"']++|"[^"]*+"|'[^']*+')*+>)*+"""
)
# Ten times what a letter of ten thousand words has; the validator's time grows with their square.
_MOST = 20_000
_VALUE = re.compile(r"""=\s*("[^"]*"|'[^']*')""")
_LENGTHS = re.compile(
    r"""(\b(?:[a-z-]*padding[a-z-]*|border-width|border-radius)\s*=\s*)("[^"]*"|'[^']*')"""
)
_BARE_ZERO = re.compile(r"(?<![\w.])0(?![\w.%])")
_TITLE = re.compile(r"(<mj-title>)(.*?)(</mj-title>|\Z)", re.DOTALL)
# Categories that mrml prints in Rust's own notation (\u{a0}) when they stand in an attribute.
_TROUBLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Mn", "Me", "Mc"})
# The validator would open any file of this machine that an include names.
_INCLUDE = re.compile(r"<mj-include\b", re.IGNORECASE)
_PART = re.compile(r"<!-- (?:part|end): [a-z ]+ -->")
_UNFILLED = re.compile(r"\{\{|\{%")
_DEBUG = ("\\u{", "\\n", "\\t", '\\"')
_FIELDS = "The only merge fields are those of pipeline.stages.merge."
_PRINT_ALL = "Print every value that the original template prints, in its order."
_ACTIVE = frozenset({"script", "form", "iframe", "object", "embed", "input", "base"})


def compile_mjml(source: str, name: str) -> str:
    """Compile MJML to the HTML of an email.

    Args:
        source: A filled template.
        name: The template's name, for errors.

    Raises:
        TemplateError: It is not valid MJML; names the line, counted in the filled template.
    """
    source = unmarked(source)
    _refuse_found(_INCLUDE, source, "mj-include is not allowed", name)
    _refuse_found(_UNFILLED, source, "a part of the template was not filled", name)
    _refuse_unfinished(source, name)
    _refuse(_depth(source), "Close every tag, and put fewer into each other.", name)
    _refuse_invalid(source, name)
    html = _compiled(source, name)
    _refuse(_misprint(html, source), "Write this attribute in plain characters.", name)
    return html


def _compiled(source: str, name: str) -> str:
    try:
        made: str = mrml.to_html(harden(source)).content
    except BaseException as error:
        # A panic of Rust is no Exception, and has no name that could be caught.
        if not isinstance(error, OSError) and type(error).__name__ != "PanicException":
            raise
        raise TemplateError(
            f"the filled template does not compile: {error}",
            mend="Close every tag and quote every attribute.",
            path=name,
        ) from error
    return made


def unmarked(source: str) -> str:
    """The same MJML without the marks of its parts; see :mod:`pipeline.stages.email.parts`."""
    return _PART.sub("", source)


def harden(source: str) -> str:
    """The same MJML, written so that mrml compiles it as the reference compiler would.

    In attributes, white space becomes one space, and characters that mrml would print in Rust's
    notation become entities; ``0`` in a padding becomes ``0px``, for mrml leaves a bare one out of
    its widths; the title, which mrml makes an attribute of, is treated like one.
    """
    parts = _UNTOUCHED.split(source)
    parts[::2] = [_TAG.sub(lambda tag: _harden_tag(tag[0]), part) for part in parts[::2]]
    return _TITLE.sub(lambda m: m[1] + _harden_value(" ".join(m[2].split())) + m[3], "".join(parts))


def guard(
    html: str,
    *,
    words: Iterable[str],
    loads: Collection[str],
    name: str,
    marks: Collection[str] = merge.MARKED,
) -> None:
    """Fail closed if a compiled email is not exactly what was meant.

    Args:
        html: The compiled email.
        words: The texts it must show, in this order; white space does not count.
        loads: The addresses that opening it may ask for: the author's own images.
        name: The template's name, for errors.
        marks: The merge fields it may hold.

    Raises:
        TemplateError: Something is lost, left over, active, or would be fetched from elsewhere.
    """
    seen = page(html)
    _refuse(_unknown_mark(html, marks), _FIELDS, name)
    _refuse(
        _told_by_link(seen), "Take the reader's data out of it: links are followed and kept.", name
    )
    _refuse(_active(seen), "Remove it: a letter does nothing by itself.", name)
    _refuse(_stranger(seen, loads), "Remove it: opening a letter must not tell anybody.", name)
    _refuse(harm(html, loads), "Remove it: a letter is words, links and pictures.", name)
    _refuse(_lost(seen.text, words), _PRINT_ALL, name)


def guard_text(
    text: str, *, words: Iterable[str], name: str, marks: Collection[str] = merge.MARKED
) -> None:
    """Fail closed if a text part does not show the texts it must, in this order.

    Raises:
        TemplateError: Something is lost, or a merge field is unknown.
    """
    _refuse(_unknown_mark(text, marks), _FIELDS, name)
    _refuse(_lost(text, words), _PRINT_ALL, name)


def _refuse(fault: str, mend: str, name: str) -> None:
    if fault:
        told = f"the template made a letter that may not go out: {fault}"
        raise TemplateError(told, mend=mend, path=name)


def _refuse_found(unwanted: re.Pattern[str], source: str, fault: str, name: str) -> None:
    found = unwanted.search(source)
    if found:
        line = source.count("\n", 0, found.start()) + 1
        raise TemplateError(
            f"{fault}: {_quoted(source, line)}",
            mend='Values are printed by {{ name }}, parts by {% include "email/…" %}.',
            path=name,
            line=line,
        )


def _refuse_unfinished(source: str, name: str) -> None:
    """Refuse what begins and never ends: the validator reads to the end for each beginning."""
    found = _WHOLE.match(source)
    end = found.end() if found else 0
    if end < len(source):
        line = source.count("\n", 0, end) + 1
        raise TemplateError(
            f"the filled template is not MJML: a comment or a tag never ends: "
            f"“{source[end : end + 40].splitlines()[0]}”",
            mend="Begin with <mjml>, and close every tag.",
            path=name,
            line=line,
        )


def _refuse_invalid(source: str, name: str) -> None:
    try:
        findings = faults(source)
    # An alpha: what it cannot read, it meets with any error at all.
    except Exception as error:
        raise TemplateError(
            f"the filled template is not MJML: {error}",
            mend="Begin with <mjml>, and close every tag.",
            path=name,
        ) from error
    if findings:
        first = findings[0]
        line = first.line or 0
        raise TemplateError(
            f"the filled template is not valid MJML: {first.message} "
            f"(<{first.tag_name}> in {_quoted(source, line)})",
            mend="The line is counted in the filled template; search for the words quoted.",
            path=name,
            line=line,
        )


def _quoted(source: str, line: int) -> str:
    text = source.splitlines()[line - 1].strip() if line else source.strip()
    return f"“{text[:80]}…”" if len(text) > 80 else f"“{text}”"


@lru_cache(maxsize=4096)
def _harden_tag(tag: str) -> str:
    # In plain HTML a bare zero is as good as any.
    if tag.startswith("<mj"):
        tag = _LENGTHS.sub(lambda m: m[1] + _BARE_ZERO.sub("0px", m[2]), tag)
    return _VALUE.sub(_harden_attribute, tag)


def _harden_attribute(match: re.Match[str]) -> str:
    value = re.sub(r"[\r\n\t]+", " ", match[1][1:-1])
    return f'="{_harden_value(value)}"'


def _harden_value(value: str) -> str:
    value = value.replace("\\", "&#92;").replace('"', "&quot;")
    # Of what can be seen in ASCII, nothing troubles.
    if value.isascii() and value.isprintable():
        return value
    return "".join(f"&#{ord(c)};" if _troubles(c) else c for c in value)


def _troubles(character: str) -> bool:
    category = unicodedata.category(character)
    return category in _TROUBLE or (category == "Zs" and character != " ")


def _unknown_mark(made: str, known: Collection[str]) -> str:
    names = merge.unknown(made, known)
    return next((f"the merge field @@{name}@@ is unknown" for name in names), "")


def _told_by_link(seen: Page) -> str:
    """A link that would tell its server about the reader (P5)."""
    for link in seen.links:
        # An address of ours may go on behind its mark; nothing else has a mark in it.
        told = [name for name in merge.marks(link.href) if name not in merge.ADDRESSES]
        if told or len(merge.spans(link.href)) > link.href.startswith("@@"):
            return f"the link {link.href} has a merge field in it"
    return ""


def _depth(source: str) -> str:
    """Elements so deep that the compiler, which calls itself for each, would fall; or too many."""
    count = source.count("<")
    # Most letters have fewer elements than that.
    if count <= _DEEPEST:
        return ""
    steps = (-1 if tag == "</" else not tag.endswith("/>") for tag in _EDGE.findall(source))
    deepest = max(accumulate(steps), default=0)
    if deepest > _DEEPEST:
        return f"its elements are {deepest:,} deep"
    return f"it has {count:,} tags; no letter needs {_MOST:,}" if count > _MOST else ""


def _misprint(html: str, source: str) -> str:
    """A character in Rust's notation, unless the author wrote these very characters."""
    found = [sign for sign in _DEBUG if sign in html] if "\\" in html else []
    # Inlining styles decodes entities, so the author's own "\\u{" looks like a misprint.
    written = unescape(source) if found else ""
    misprints = (sign for sign in found if sign not in written)
    return next((f"the compiler wrote {sign} for a character" for sign in misprints), "")


def _active(seen: Page) -> str:
    # Sorted, so that the same letter always gives the same message.
    for element in sorted(seen.elements):
        if element in _ACTIVE or element.startswith("mj-"):
            return f"it holds a <{element}>"
    return f"it holds an {seen.handlers[0]} attribute" if seen.handlers else ""


def _stranger(seen: Page, loads: Collection[str]) -> str:
    return next((f"opening it would load {load}" for load in seen.loads if load not in loads), "")


def _lost(made: str, words: Iterable[str]) -> str:
    """The first text that is not shown after the one before it."""
    shown, place = solid(made), 0
    for text in words:
        wanted = solid(text)
        found = shown.find(wanted, place)
        if found < 0:
            return f"it lost the words “{' '.join(text.split())[:60]}”"
        place = found + len(wanted)
    return ""
