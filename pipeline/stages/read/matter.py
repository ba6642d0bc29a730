"""Front matter: the lines between two ``---`` fences that say what an article cannot say itself."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import PurePath
from typing import cast, get_args

import yaml
from frontmatter.default_handlers import YAMLHandler

from pipeline.errors import SourceError
from pipeline.stages.splitting.corrections import HEADINGS, NOT_HEADINGS, words_of
from pipeline.stages.text.runs import fold
from pipeline.values import SeriesForm

_FENCE = re.compile(r"^-{3,}[ \t]*$", re.MULTILINE)
_OPENING = re.compile(r"\A\s*^-{3,}[ \t]*$", re.MULTILINE)
_SLUG = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
LONGEST_SEASON_NAME = 100
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def take_matter(path: PurePath, text: str) -> tuple[dict[str, object], str]:
    """Part the front matter from the body.

    Returns:
        The values by key, without those left empty, and the body: the text with the front matter
        blanked out, so that lines keep their numbers.

    Raises:
        SourceError: A fence without its pair, broken YAML, or a key or value nobody knows.
    """
    opening = _OPENING.match(text)
    if opening is None:
        return {}, text
    first = text.count("\n", 0, opening.end()) + 1
    closing = _FENCE.search(text, opening.end())
    if closing is None:
        raise SourceError(
            "the front matter has no closing fence",
            mend="Put a line of three hyphens (---) under its last line.",
            path=path,
            line=first,
        )
    inner = text[opening.end() : closing.start()].removeprefix("\n")
    values = _values(path, inner, first)
    lines_taken = text.count("\n", 0, closing.end())
    return values, "\n" * lines_taken + text[closing.end() :]


def amend(path: PurePath, text: str, lists: Mapping[str, Sequence[str]]) -> str:
    """Write lists into the front matter, which is made if there is none; all else stays as it is.

    Args:
        path: The name of the file, for errors.
        text: The text, with front matter that can be read or without any.
        lists: The lists by key, each in place of the one that stands there; an empty one is taken
            away.

    Raises:
        SourceError: The front matter stands in braces, on a line with other keys.
    """
    written = [line for key, items in lists.items() for line in _written(key, items)]
    opening = _OPENING.match(text)
    if opening is None:
        return "\n".join(["---", *written, "---", "", text])
    closing = _FENCE.search(text, opening.end())
    end = closing.start() if closing else len(text)
    inner = text[opening.end() : end].removeprefix("\n")
    root = yaml.compose(inner, Loader=yaml.SafeLoader)
    if isinstance(root, yaml.MappingNode) and root.flow_style:
        raise SourceError(
            "the front matter stands in braces",
            mend="Write each key on a line of its own, without braces.",
            path=path,
            line=text.count("\n", 0, opening.end()) + 2,
        )
    kept = inner.split("\n")[:-1]
    for key, value in reversed(root.value if root else []):
        if key.value in lists:
            del kept[key.start_mark.line : _end_line(value, kept)]
    return "\n".join([text[: opening.end()], *kept, *written, text[end:]])


def quoted(text: str) -> str:
    """Words as a value that YAML reads as these words, whatever signs are in them."""
    written = yaml.safe_dump(text, allow_unicode=True, default_style='"', width=float("inf"))
    return written.removesuffix("\n")


def _written(key: str, items: Sequence[str]) -> list[str]:
    return [f"{key}:", *(f"- {quoted(item)}" for item in items)] if items else []


def _end_line(value: yaml.Node, lines: Sequence[str]) -> int:
    """The line behind a value, without the comments and empty lines that stand below it."""
    end: int = value.end_mark.line + bool(value.end_mark.column)
    while end > value.start_mark.line + 1 and lines[end - 1].strip()[:1] in ("", "#"):
        end -= 1
    return end


def _values(path: PurePath, inner: str, first: int) -> dict[str, object]:
    try:
        # Python's own parser goes first: the C one behind YAMLHandler has no limit of depth and can
        # end the process. A date such as 2024-13-45 is a ValueError.
        lines = dict(_key_lines(path, inner, first))
        loaded = YAMLHandler().load(inner, Loader=yaml.SafeLoader) or {}
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _broken(path, error, first) from error
    taken = {
        key: _value(path, key, value, line=lines[key])
        for key, value in loaded.items()
        if value is not None
    }
    _refuse_contradiction(path, taken, lines)
    return {key: value for key, value in taken.items() if value}


def _refuse_contradiction(
    path: PurePath, taken: Mapping[str, object], lines: Mapping[str, int]
) -> None:
    """A line cannot be a heading and none."""
    headings, others = (cast("tuple[str, ...]", taken.get(k, ())) for k in (HEADINGS, NOT_HEADINGS))
    known = set(map(words_of, headings))
    for text in others:
        if words_of(text) in known:
            raise SourceError(
                f'"{text:.80}" stands in {HEADINGS} and in {NOT_HEADINGS}',
                mend="Remove it from one of the two.",
                path=path,
                line=lines[NOT_HEADINGS],
            )


def _key_lines(path: PurePath, inner: str, first: int) -> Iterator[tuple[str, int]]:
    """Each key with its 1-based line in the file; refuses what no key can hold."""
    root = yaml.compose(inner, Loader=yaml.SafeLoader)
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        raise SourceError(
            "the front matter is not made of keys and values",
            mend="Write each line as in: title: The title.",
            path=path,
            line=first,
        )
    seen: set[str] = set()
    for key, value in root.value:
        line = first + key.start_mark.line + 1
        told = _told_apart(key.value, value, seen)
        if told:
            raise SourceError(told[0], mend=told[1], path=path, line=line)
        seen.add(key.value)
        yield key.value, line


def _told_apart(key: object, value: yaml.Node, seen: set[str]) -> tuple[str, str] | None:
    """What is wrong with a key, and the mend; None if nothing is."""
    if not isinstance(key, str) or key not in KEYS:
        return f"the front matter has no key {key!s:.40}", _meant(str(key))
    if key in seen:
        return f"the key {key} stands here twice", "Remove one of the two."
    parts = value.value if isinstance(value, yaml.SequenceNode) else [value]
    if all(isinstance(part, yaml.ScalarNode) for part in parts):
        return None
    if isinstance(value, yaml.SequenceNode):
        return f"{key} holds keys of its own", 'Put what holds a colon into "double quotes".'
    return f"{key} holds keys of its own", f"Write one value behind {key}."


def _broken(path: PurePath, error: Exception, first: int) -> SourceError:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    return SourceError(
        f"the front matter is not valid YAML: {problem}",
        mend='Put a value that holds a colon, a hash or a quote into "double quotes".',
        path=path,
        line=first + mark.line + 1 if mark else first,
    )


def _value(path: PurePath, key: str, value: object, *, line: int) -> object:
    taken = KEYS[key](value)
    if isinstance(taken, _Refused):
        raise SourceError(f"{key} {taken.why}", mend=taken.mend, path=path, line=line)
    return taken


def _meant(key: str) -> str:
    close = get_close_matches(key.lower(), KEYS, n=1)
    question = f"Did you mean {close[0]}? " if close else ""
    return f"{question}The keys are: {', '.join(KEYS)}."


class _Refused:
    """Why a value cannot be taken, and the mend."""

    def __init__(self, why: str, mend: str) -> None:
        self.why = why
        self.mend = mend


def _text(value: object) -> object:
    if isinstance(value, str):
        return fold(value)
    return _Refused("must be text", 'Put it into "double quotes".')


def _date(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    return _text(value)


def _tags(value: object) -> object:
    if isinstance(value, list) and all(isinstance(tag, str) for tag in value):
        return tuple(tag for tag in (fold(tag).removeprefix("#") for tag in value) if tag)
    return _Refused("must be a list of words", "Write it as in: tags: [pain, sleep].")


def _series(value: object) -> object:
    *others, last = get_args(SeriesForm)
    if value in (*others, last):
        return value
    return _Refused(f"must be {', '.join(others)} or {last}", "Write it as in: series: one.")


def _yes_or_no(value: object) -> object:
    if isinstance(value, bool):
        return value
    return _Refused("must be true or false", "Write true, or remove the line.")


def _season(value: object) -> object:
    if isinstance(value, str) and 0 < len(fold(value)) <= LONGEST_SEASON_NAME:
        return fold(value)
    return _Refused(
        f"must be the name of a season, of at most {LONGEST_SEASON_NAME} characters",
        "Write it as in clinic.toml: season: pollen.",
    )


def _lines_under(key: str) -> Callable[[object], object]:
    """What takes the lines that a person names under a key."""

    def take(value: object) -> object:
        if isinstance(value, list) and all(isinstance(v, str) and words_of(v) for v in value):
            return tuple(fold(v) for v in value)
        return _Refused(
            "must be a list of lines of the text",
            f'Write it as in: {key}: ["What helps", "Rest"].',
        )

    return take


def _slug(value: object) -> object:
    if isinstance(value, str) and _SLUG.fullmatch(value) and value == value.lower():
        return value
    return _Refused(
        "must be small letters, digits and hyphens", "Write it as in: slug: science-of-pain."
    )


def _language(value: object) -> object:
    if isinstance(value, str) and _LANGUAGE.fullmatch(value):
        return value
    return _Refused("must be the code of a language", 'Write it as in: language: "en".')


KEYS: dict[str, Callable[[object], object]] = {
    "title": _text,
    "subtitle": _text,
    "byline": _text,
    "date": _date,
    "language": _language,
    "newsletter": _text,
    "tags": _tags,
    "series": _series,
    "evergreen": _yes_or_no,
    "season": _season,
    "welcome": _yes_or_no,
    "translation_of": _slug,
    "slug": _slug,
    HEADINGS: _lines_under(HEADINGS),
    NOT_HEADINGS: _lines_under(NOT_HEADINGS),
}
