"""What the measures of a line mean, in words for whoever wrote the article.

A measure says one thing where it is at most a limit and another where it is more; "" where it says
nothing worth telling. Several measures may say the same.
"""

from collections.abc import Iterable, Iterator

from pipeline.stages.splitting.explain import Reason

_YES = 0.5
_TEXT_BELOW, _LITTLE_BELOW = "text below it", "little text below it"
_TEXT_ABOVE, _LITTLE_ABOVE = "text above it", "little text above it"
_BETWEEN = "stands between paragraphs"
_SHORT, _LONG = "short", "long"
_NO_STOP = "no full stop at its end"
_CAPITALS, _SMALL = "capitals as in a title", "no capitals as in a title"
_LIKE, _UNLIKE = "like the other likely headings", "unlike the other likely headings"
_ORDINARY, _SPECIAL = "like ordinary lines", "unlike ordinary lines"
_TWINS = "other lines begin or end with the same word"
_KIN_TEXT = "lines that begin or end like it are text"
_KIN_HEAD = "lines that begin or end like it head too"
_MANY_SHORT = "many short lines in this article"
_ROOM, _NO_ROOM = "more room above it than below", "no more room above it than below"

Phrase = tuple[float, str, str]

PHRASES: dict[str, Phrase] = {
    # The line itself
    "columns": (64, _SHORT, _LONG),
    "words": (10, _SHORT, _LONG),
    "ends question": (_YES, "", "ends in a question mark"),
    "ends colon": (_YES, "", "ends in a colon"),
    "ends stop": (_YES, _NO_STOP, "ends in a full stop"),
    "ends open": (_YES, "", _NO_STOP),
    "ends ellipsis": (_YES, "", "ends in …"),
    "ends call": (_YES, "", "ends in an exclamation mark"),
    "ends comma": (_YES, "", "ends in a comma"),
    "begins digit": (_YES, "", "begins with a number"),
    "begins quoted": (_YES, "", "begins with a quotation mark"),
    "begins mark": (_YES, "", "begins with a sign"),
    "begins small": (_YES, "", "begins with a small letter"),
    "begins large": (_YES, "", "begins with a capital"),
    "digit share": (0.1, "", "many digits in it"),
    "commas": (_YES, "no comma in it", "a comma in it"),
    "comma inside": (_YES, "no comma in it", "a comma in it"),
    "colon inside": (_YES, "", "a colon in it"),
    "wide letters": (_YES, "", ""),
    "like a name": (_YES, "", "looks like a name"),
    "caseless": (_YES, "", ""),
    "all capitals": (_YES, "", "all in capitals"),
    "capital share": (0.6, _SMALL, _CAPITALS),
    "capital share of long words": (0.6, _SMALL, _CAPITALS),
    "capitals after the first": (0.4, _SMALL, _CAPITALS),
    "several sentences": (_YES, "", "more than one sentence"),
    "Korean sentence": (_YES, "", "ends as a Korean sentence does"),
    "code": (_YES, "", "an address or code in it"),
    "handle": (_YES, "", "an @account in it"),
    "speaker": (_YES, "", "begins with a word and a colon"),
    "leads on": (_YES, "", "leads on to another page"),
    "pronoun": (_YES, "", "a word such as “you” or “this” in it"),
    "verb": (_YES, "", "a word such as “is” or “can” in it"),
    "bracketed end": (_YES, "", "ends in brackets"),
    "caption": (_YES, "", "reads like a caption"),
    "signature": (_YES, "", "reads like the end of a letter"),
    "points elsewhere": (_YES, "", "points to other texts"),
    "label": (_YES, "", "a label such as “Note”"),
    "usual heading": (_YES, "", "a usual heading, as “Conclusion” is"),
    "opener": (_YES, "", "opens as a question does"),
    "joining word first": (_YES, "", "begins with a word such as “and”"),
    # What stands around it
    "above columns": (80, "", _TEXT_ABOVE),
    "below columns": (80, "", _TEXT_BELOW),
    "above by own columns": (2, _LITTLE_ABOVE, _TEXT_ABOVE),
    "below by own columns": (2, _LITTLE_BELOW, _TEXT_BELOW),
    "second above columns": (80, "", ""),
    "second below columns": (80, "", ""),
    "columns until next short line": (150, _LITTLE_BELOW, _TEXT_BELOW),
    "lines of short above": (_YES, "", "another short line above it"),
    "lines of short below": (_YES, "", "another short line below it"),
    "room above": (0, "", "an empty line above it"),
    "room below": (0, "", "an empty line below it"),
    "room above less below": (0, _NO_ROOM, _ROOM),
    "line": (4, "near the top", ""),
    "lines left": (3, "near the end", ""),
    "twins": (_YES, "", "the same line stands elsewhere too"),
    "words that return": (0.3, "", "its words come again in the text below"),
    "same first word": (_YES, "", _TWINS),
    "same last word": (_YES, "", _TWINS),
    "same shape": (3, "", "many lines are made like it"),
    "lines of same shape": (3, "", "many lines are made like it"),
    "lines of same line": (_YES, "", "the same line stands elsewhere too"),
    "lines of same label": (_YES, "", "other lines begin with the same label"),
    "lines of same opening": (_YES, "", _TWINS),
    "lines of same first word": (_YES, "", _TWINS),
    "lines of same last word": (_YES, "", _TWINS),
    # The whole article
    "article median columns": (0, "", ""),
    "article usual room": (0, "", ""),
    "article gap share": (0, "", ""),
    "article roomy": (_YES, "", "short lines stand apart in this article"),
    "article short share": (0.35, "few short lines in this article", _MANY_SHORT),
    "article question share": (0, "", "questions in this article"),
    "article item share": (0.2, "", "many lists in this article"),
    # Its number
    "numbered": (_YES, "", "begins with a number"),
    "number listlike": (_YES, "", "numbered as lists are"),
    "number value": (0, "", ""),
    "run length": (1, "its number stands alone", "its number counts on"),
    "run first": (_YES, "", ""),
    "run last": (_YES, "", ""),
    "run touching share": (0.3, "", "the numbered lines touch, as in a list"),
    "run median apart": (2.5, "little stands between the numbers", "text between the numbers"),
    "run median columns": (60, "the numbered lines are short", "the numbered lines are long"),
    "run stop share": (_YES, "", "the numbered lines end in full stops"),
    "run over prose share": (_YES, "", "text under each number"),
    "run over item share": (_YES, "", "a list under each number"),
    "run several sentences share": (_YES, "", "several sentences behind a number"),
    # The lines that may be headings too
    "first opinion": (0, "", ""),
    "opinion of its run": (
        0, "the lines numbered with it look like a list",
        "the lines numbered with it look like headings",
    ),
    "opinion of same shape": (0, "lines made like it are text", "lines made like it head"),
    "opinion of same line": (0, "its twins are text", "its twins head too"),
    "opinion of same label": (0, _KIN_TEXT, _KIN_HEAD),
    "opinion of same opening": (0, _KIN_TEXT, _KIN_HEAD),
    "opinion of same first word": (0, _KIN_TEXT, _KIN_HEAD),
    "opinion of same last word": (0, _KIN_TEXT, _KIN_HEAD),
    "likeness": (0, _ORDINARY, _LIKE),
    "likeness of traits": (0, _ORDINARY, _LIKE),
    "likeness of lacks": (0, _ORDINARY, _LIKE),
    "headings over short lines": (0.5, "", "short lines below most headings"),
    "headings over headings": (0.3, "", "headings right below headings"),
    "likely headings": (2, "few headings in this article", "several headings in this article"),
    "likely heading above": (1, "a likely heading right above", ""),
    "likely heading below": (1, "a likely heading right below", ""),
    "form like headings": (0.7, f"ends {_UNLIKE}", f"ends {_LIKE}"),
    "manner like headings": (0.7, f"worded {_UNLIKE}", f"worded {_LIKE}"),
    "place like headings": (0.7, f"placed {_UNLIKE}", f"placed {_LIKE}"),
    "form like others": (0.7, f"ends {_SPECIAL}", f"ends {_ORDINARY}"),
    "manner like others": (0.7, f"worded {_SPECIAL}", f"worded {_ORDINARY}"),
    "place like others": (0.7, f"placed {_SPECIAL}", f"placed {_ORDINARY}"),
    "columns above headings": (12, "", "longer than the other likely headings"),
    "words above headings": (2, "", "longer than the other likely headings"),
    "columns above others": (-20, "shorter than ordinary lines", ""),
    "words above others": (-4, "shorter than ordinary lines", ""),
    "capitals after the first above headings": (
        -0.2, "fewer capitals than the other likely headings", "",
    ),
    "capitals after the first above others": (0.2, "", "more capitals than ordinary lines"),
    "room above less below above headings": (
        -0.5, "less room above it than the other likely headings have", "",
    ),
    "room above less below above others": (0.5, "", _ROOM),
}  # fmt: skip

_KINDS = {
    "prose": "text",
    "sentence": "text",
    "short": "another short line",
    "question": "a question",
    "colon": "a line that ends in a colon",
    "item": "a list",
    "heading": "a heading",
    "quotation": "a quotation",
    "code": "code",
    "table": "a table",
    "image": "a picture",
    "nothing": "nothing",
}
_PLACES = {
    "above": "above",
    "below": "below",
    "second above": "two lines above",
    "second below": "two lines below",
}
# What a family of measures is about, for those without words of their own.
_FAMILIES = {
    "article ": "the way the whole article is written",
    "opinion ": "what the lines around it are",
    "second ": "what stands two lines above or below it",
    "above ": "what stands above it",
    "below ": "what stands below it",
    "run ": "the lines it counts on with",
    "number ": "its number",
}
_COMPARED = (" like headings", " above headings", " like others", " above others")


def plainly(name: str, value: float) -> str:
    """What a measure says, in plain words; "" if that is nothing worth telling."""
    if name in PHRASES:
        most, low, high = PHRASES[name]
        return high if value > most else low
    where, _, kind = name.rpartition(" ")
    if where in _PLACES and kind in _KINDS:
        return f"{_KINDS[kind]} {_PLACES[where]} it" if value else ""
    for beginning, about in _FAMILIES.items():
        if name.startswith(beginning):
            return about
    if name.endswith(_COMPARED):
        return "how it compares to the other lines"
    # A measure is named in plain English; a yes is told by its name.
    return name if value else ""


def weighed(reasons: Iterable[Reason]) -> Iterator[tuple[str, float]]:
    """Each thing to say with the log odds it added, the weightiest first."""
    sums: dict[str, float] = {}
    for reason in reasons:
        told = plainly(reason.name, reason.value)
        if told:
            sums[told] = sums.get(told, 0.0) + reason.weight
    if min(sums.get(_TEXT_ABOVE, 0), sums.get(_TEXT_BELOW, 0)) > 0:
        sums[_BETWEEN] = sums.pop(_TEXT_ABOVE) + sums.pop(_TEXT_BELOW)
    yield from sorted(sums.items(), key=lambda each: (-abs(each[1]), each[0]))
