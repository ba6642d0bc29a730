"""Runs of text in one canonical form, so that equal words in equal styles are equal values.

White space is one space, invisible characters are gone, neighbours of one style are one run, and a
space between two runs has only the styles both of them share.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

import regex

from pipeline.values import Run, Text

# Soft hyphen, zero-width space, word joiner, byte order mark, and control characters.
_INVISIBLE = regex.compile(r"[\u00ad\u200b\u2060\ufeff\x00-\x08\x0e-\x1f\x7f]")
# A joiner inside an emoji, or in a script that spells with it, belongs to the word. Elsewhere it is
# dirt.
_STRAY_JOINER = regex.compile(
    r"(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f\u20e3](?=.\p{Extended_Pictographic}))"
    r"(?<![\p{Arabic}\p{Devanagari}\p{Bengali}\p{Sinhala}\p{Malayalam}\p{Kannada}](?=.\w))"
    r"[\u200c\u200d]"
)
_SPACE = regex.compile(r"(\s+)")


def clean(text: str) -> str:
    """The text without invisible characters, in NFC; white space is left as it is."""
    return unicodedata.normalize("NFC", _STRAY_JOINER.sub("", _INVISIBLE.sub("", text)))


def fold(text: str) -> str:
    """The text cleaned, with every stretch of white space as one space and none at its ends."""
    return " ".join(clean(text).split())


def tidy(runs: Iterable[Run]) -> Text:
    """The runs in canonical form; the empty text if they hold no words."""
    merged = _merge(runs)
    if len(merged) == 1:
        folded = fold(merged[0].text)
        return (replace(merged[0], text=folded),) if folded else ()
    return _merge(_share_spaces(_words_and_spaces(merged)))


def as_text(words: str) -> Text:
    """Words without any style, as a text in canonical form."""
    return tidy((Run(words),))


def _merge(runs: Iterable[Run]) -> Text:
    return tuple(
        Run("".join(run.text for run in group), *style)
        for style, group in groupby((run for run in runs if run.text), key=_style)
    )


def _style(run: Run) -> tuple[bool, bool, bool, str]:
    return run.bold, run.italic, run.code, run.link


def _words_and_spaces(runs: Text) -> list[Run]:
    """Each word and each space as a run of its own; joined spaces are one, outer ones are none."""
    pieces: list[Run] = []
    for run in runs:
        for piece in _SPACE.split(clean(run.text)):
            if not piece.isspace() and piece:
                pieces.append(replace(run, text=piece))
            elif piece and pieces and pieces[-1].text != " ":
                pieces.append(Run(" "))
    if pieces and pieces[-1].text == " ":
        pieces.pop()
    return pieces


def _share_spaces(pieces: list[Run]) -> list[Run]:
    shared = list(pieces)
    for place in range(1, len(pieces) - 1):
        if pieces[place].text == " ":
            before, after = pieces[place - 1], pieces[place + 1]
            shared[place] = Run(
                " ",
                bold=before.bold and after.bold,
                italic=before.italic and after.italic,
                # Code that ended in a space could not be written down.
                code=before.code and _style(before) == _style(after),
                link=before.link if before.link == after.link else "",
            )
    return shared
