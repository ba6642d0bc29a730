"""An article as Markdown with front matter: what ``meridian add`` writes for people.

Reading and splitting it again gives the same article, but for the line numbers.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import yaml

from pipeline.stages.splitting.closing import disclaimer_word, references_word
from pipeline.values import Article, Block, Reference, Section, Text, plain

# Nothing to read, but it keeps the stars of one style apart from what stands beside them.
_APART = "<!-- -->"
_LAYERS = ("link", "bold", "italic")
_SPECIAL = re.compile(r"[\\`*\[\]]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w+;)|!(?=\[)")
_LINE_START = re.compile(
    r"#{1,6}(?=\s|$)|>|[-+](?=\s|$)|-(?=[-\s]*$)|~~~|\d{1,9}(?P<point>[.)])(?=\s|$)"
)
_PLAIN_ADDRESS = re.compile(r"[^\s()<>\\&]+")


def to_markdown(article: Article) -> str:
    """Write an article as Markdown.

    The front matter holds what has a value; headings begin at ``##``. What a person corrected is
    carried out in it: a line is a heading if it has its ``##``, and only then.
    """
    parts = [*_lead(article), *_closing(article)]
    matter = _matter(article)
    if not any(part.startswith("#") for part in parts):
        # Without one declared heading a reader would look for headings among the paragraphs.
        parts.insert(0, f"# {_heading(article.title)}")
        del matter["title"]
    fences = f"---\n{_yaml(matter)}---\n\n" if matter else ""
    return fences + "\n\n".join(parts) + "\n"


def _matter(article: Article) -> dict[str, object]:
    values: dict[str, object] = {
        "title": article.title,
        "subtitle": article.subtitle,
        "byline": article.byline,
        "date": article.date_line,
        "language": article.language,
        "newsletter": article.newsletter,
        "tags": list(article.tags),
        "series": article.series,
        "evergreen": article.evergreen,
        "season": article.season,
        "welcome": article.welcome,
    }
    return {key: value for key, value in values.items() if value}


def _yaml(values: dict[str, object]) -> str:
    # One line a value, however long: a person edits it.
    return yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=10**6)


def _lead(article: Article) -> Iterator[str]:
    yield from _blocks(article.lead)
    for section in article.sections:
        yield f"{'#' * (section.level + 1)} {_heading(_titled(section))}"
        yield from _blocks(section.blocks)


def _closing(article: Article) -> Iterator[str]:
    if article.call_to_action_heading:
        yield f"## {_heading(article.call_to_action_heading)}"
    yield from _blocks(article.call_to_action)
    if article.references:
        heading = article.references_heading or references_word(article.language)
        yield f"## {_heading(heading)}"
        yield "\n\n".join(_reference_lists(article.references))
    if article.disclaimer:
        heading = article.disclaimer_heading or disclaimer_word(article.language)
        yield f"## {_heading(heading)}"
        yield from _blocks(article.disclaimer)


def _titled(section: Section) -> str:
    """The heading with its number, in a form that reads as the same number again."""
    number = section.number
    if not number:
        return section.heading
    if re.fullmatch(r"\d+|[A-Z]+|[가-하]", number):
        return f"{number}. {section.heading}"
    separator = ": " if number[0].isalpha() else " "
    return f"{number}{separator}{section.heading}"


def _heading(text: str) -> str:
    # A closing row of # would be taken for decoration.
    return re.sub(r"#(?=#*$)", r"\\#", _escaped(text))


def _blocks(blocks: Sequence[Block]) -> Iterator[str]:
    before = ""
    for block in blocks:
        if block.kind == "numbered":
            # Two lists that touch are two lists only if they are marked in two ways.
            point = ")" if before == "." else "."
            yield _numbered(block.items, block.start, point)
            before = point
        else:
            yield _block(block)
            before = ""


def _block(block: Block) -> str:
    match block.kind:
        case "bullets":
            return "\n".join(f"- {_line(item)}" for item in block.items)
        case "quotation":
            return f"> {_line(block.text)}"
        case "table":
            return "\n".join(_rows(block))
        case "image":
            return f"![{_escaped(plain(block.text))}]({_address(block.target)}{_caption(block)})"
        case "code":
            return _fenced(plain(block.text))
        case _:
            return _line(block.text)


def _caption(block: Block) -> str:
    told = _escaped(plain(block.caption)).replace('"', r"\"")
    return f' "{told}"' if told else ""


def _numbered(items: Iterable[Text], start: int, point: str) -> str:
    return "\n".join(f"{n}{point} {_line(item)}" for n, item in enumerate(items, start=start))


def _reference_lists(references: Sequence[Reference]) -> Iterator[str]:
    """A list for each stretch of numbers that count on."""
    stretches = groupby(enumerate(references), key=lambda pair: pair[1].number - pair[0])
    for place, (_, stretch) in enumerate(stretches):
        members = [reference for _, reference in stretch]
        texts = [reference.text for reference in members]
        yield _numbered(texts, members[0].number, ".)"[place % 2])


def _rows(block: Block) -> Iterator[str]:
    for place, row in enumerate(block.rows):
        cells = (_inline(cell).replace("|", r"\|") for cell in row)
        yield f"| {' | '.join(cells)} |"
        if place == 0:
            yield "|" + " --- |" * len(row)


def _fenced(code: str) -> str:
    fence = "`" * max(3, 1 + _longest_row(code))
    return f"{fence}\n{code}\n{fence}"


def _longest_row(text: str) -> int:
    return max((len(row) for row in re.findall("`+", text)), default=0)


def _line(text: Text) -> str:
    """A text that begins a line: what would start a list, a heading or a quotation is escaped."""
    written = _inline(text)
    if written.startswith("[") and "]:" in written:
        # A link that begins a line could be read as the definition of one. The sign before it is
        # a space of no width, which a reader drops.
        return f"&#8203;{written}"
    found = _LINE_START.match(written)
    if found is None:
        return written
    place = found.start("point") if found["point"] else 0
    return f"{written[:place]}\\{written[place:]}"


def _inline(text: Text) -> str:
    # Stars for both would be anybody's guess inside a word, so italic gets the other mark.
    mixed = any(run.bold for run in text) and any(run.italic for run in text)
    return _layered(text, _LAYERS, mixed=mixed)


def _layered(text: Text, layers: Sequence[str], *, mixed: bool) -> str:
    """A text with its styles, the outermost of ``layers`` first."""
    if not layers:
        return "".join(_code(run.text) if run.code else _escaped(run.text) for run in text)
    parts: list[str] = []
    for style, group in groupby(text, key=lambda run: getattr(run, layers[0])):
        inner = _layered(tuple(group), layers[1:], mixed=mixed)
        parts += _styled(inner, style, mark=_mark(layers[0], mixed=mixed))
    return _joined(parts, mixed=mixed)


def _mark(layer: str, *, mixed: bool) -> str:
    return {"link": "[", "bold": "**", "italic": "_" if mixed else "*"}[layer]


def _styled(inner: str, style: object, *, mark: str) -> list[str]:
    """A stretch in its marks, with the spaces at its ends outside of them."""
    core = inner.strip(" ")
    if not style or not core:
        return [inner]
    before, _, after = inner.partition(core)
    marked = f"[{core}]({_address(str(style))})" if mark == "[" else f"{mark}{core}{mark}"
    return [part for part in (before, marked, after) if part]


def _joined(parts: Sequence[str], *, mixed: bool) -> str:
    written = ""
    for part in parts:
        if written.endswith("!") and part.startswith("["):
            written = written[:-1] + r"\!"
        written += _APART + part if written and _clash(written, part, mixed=mixed) else part
    return written


def _clash(before: str, after: str, *, mixed: bool) -> bool:
    """Whether marks at a border would be read otherwise: they count only beside a letter."""
    closes, opens = before[-1] in "*_", after[0] in "*_"
    if before[-1] == " " or after[0] == " " or not (closes or opens):
        return False
    inside = before.rstrip("*_")[-1:] if closes else after.lstrip("*_")[:1]
    outside = after[0] if closes else before[-1]
    return (mixed or not inside.isalnum()) and outside not in ",.;:)(!?"


def _code(code: str) -> str:
    fence = "`" * (1 + _longest_row(code))
    room = " " if code.startswith("`") or code.endswith("`") else ""
    return f"{fence}{room}{code}{room}{fence}"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _address(address: str) -> str:
    if _PLAIN_ADDRESS.fullmatch(address) or not address:
        return address
    return "<" + re.sub(r"[<>\\]|&(?=#?\w+;)", r"\\\g<0>", address) + ">"
