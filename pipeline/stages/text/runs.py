"""Runs of text in one canonical form, so that equal words in equal styles are equal values.

White space is one space, invisible characters are gone, neighbours of one style are one run, and a
space between two runs has only the styles both of them share.
"""

import unicodedata
from collections.abc import Iterable
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
# Accents heaped on one letter are put in order in a time that grows with their square.
_HEAP = regex.compile(r"(\p{M}{100,})")
_LONG = 1000


def clean(text: str) -> str:
    """The text without invisible characters, in NFC; white space is left as it is.

    Accents heaped up by the hundred stay as they are.
    """
    if text.isascii() and text.isprintable():
        return text
    # What is invisible is not printable either, and most texts are without it.
    visible = text if text.isprintable() else _INVISIBLE.sub("", text)
    if "\u200c" in visible or "\u200d" in visible:
        visible = _STRAY_JOINER.sub("", visible)
    if len(visible) < _LONG:
        return unicodedata.normalize("NFC", visible)
    pieces = _HEAP.split(visible)
    pieces[::2] = [unicodedata.normalize("NFC", piece) for piece in pieces[::2]]
    return "".join(pieces)


def fold(text: str) -> str:
    """The text cleaned, with every stretch of white space as one space and none at its ends."""
    return " ".join(clean(text).split())


def tidy(runs: Iterable[Run]) -> Text:
    """The runs in canonical form; the empty text if they hold no words."""
    merged = _merge(runs)
    if len(merged) == 1:
        folded = fold(merged[0].text)
        return (Run(folded, *_style(merged[0])),) if folded else ()
    return _merge(_share_spaces(_words_and_spaces(merged)))


def as_text(words: str) -> Text:
    """Words without any style, as a text in canonical form."""
    folded = fold(words)
    return (Run(folded),) if folded else ()


def _merge(runs: Iterable[Run]) -> Text:
    return tuple(
        Run("".join(run.text for run in group), *style)
        for style, group in groupby((run for run in runs if run.text), key=_style)
    )


def _style(run: Run) -> tuple[bool, bool, bool, str]:
    return run.bold, run.italic, run.code, run.link


def _words_and_spaces(runs: Text) -> list[Run]:
    """The words of each run, and each space between two runs, as a run of its own.

    Joined spaces are one, outer ones are none.
    """
    pieces: list[Run] = []
    parted = False
    for run in runs:
        text = clean(run.text)
        words = " ".join(text.split())
        parted = parted or text[:1].isspace()
        if words:
            if parted and pieces:
                pieces.append(Run(" "))
            pieces.append(Run(words, *_style(run)))
            parted = text[-1].isspace()
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
