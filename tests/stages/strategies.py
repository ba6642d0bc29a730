"""Articles that no person would write, for the properties that must hold for all of them."""

from dataclasses import replace

from hypothesis import strategies as st

from pipeline.stages.splitting.numbering import numbering
from pipeline.stages.text.runs import fold, tidy
from pipeline.values import Article, Block, Reference, Run, Section, Text

# Every sign that means something in Markdown or YAML, and letters of several scripts.
_ALPHABET = [
    *"abcXYZ 019 .,:;!?'\"()[]{}<>*_`~#|\\/+-=&@$%^",
    "é", "ñ", "침", "은", "。", "“", "”", "…", "—", "①",
    "👩‍⚕️", "❤️", "&amp;", "&#42;", "<b>", "1. ", "- ", "---",
]  # fmt: skip

words = st.lists(st.sampled_from(_ALPHABET), min_size=1, max_size=14).map("".join)
strings = words.map(fold).filter(lambda text: any(letter.isalnum() for letter in text))
_addresses = st.sampled_from(
    ["", "", "", "https://example.com/a_b?x=1&copy;=2", "https://example.com/a(b)", "/c*d%20e"]
)
_runs = st.builds(
    Run, text=words, bold=st.booleans(), italic=st.booleans(), code=st.booleans(), link=_addresses
)
texts = st.lists(_runs, min_size=1, max_size=5).map(tidy).filter(bool)
_cells = st.one_of(st.just(()), texts)


def _tables(width: int) -> st.SearchStrategy[Block]:
    row = st.tuples(*[_cells] * width)
    rows = st.lists(row, min_size=1, max_size=3).map(tuple)
    return st.builds(Block, kind=st.just("table"), rows=rows)


_codes = (
    st.lists(words, min_size=1, max_size=4)
    .map(lambda lines: "\n".join(fold(line) for line in lines).strip("\n"))
    .filter(lambda code: bool(code.strip()))
)
_blocks = st.one_of(
    st.builds(Block, kind=st.just("paragraph"), text=texts),
    st.builds(Block, kind=st.just("quotation"), text=texts),
    st.builds(
        Block, kind=st.just("bullets"), items=st.lists(texts, min_size=1, max_size=3).map(tuple)
    ),
    st.builds(
        Block,
        kind=st.just("numbered"),
        items=st.lists(texts, min_size=1, max_size=3).map(tuple),
        start=st.integers(0, 12),
    ),
    st.builds(Block, kind=st.just("code"), text=_codes.map(lambda code: (Run(code),))),
    st.builds(
        Block,
        kind=st.just("image"),
        text=strings.map(lambda alt: (Run(alt),)),
        target=st.sampled_from(["a.png", "https://example.com/a b.png".replace(" ", "%20")]),
        caption=st.one_of(st.just(()), strings.map(lambda told: (Run(told),))),
    ),
    st.integers(1, 3).flatmap(_tables),
)


def _one_list_after_another(blocks: list[Block]) -> tuple[Block, ...]:
    """Without bullets that touch bullets: those are one list."""
    return tuple(
        block
        for before, block in zip([None, *blocks], blocks, strict=False)
        if not (before and before.kind == block.kind == "bullets")
    )


block_lists = st.lists(_blocks, max_size=4).map(_one_list_after_another)


def _section(level: int, heading: str, blocks: tuple[Block, ...]) -> Section:
    number = numbering(heading)
    if number is None:
        return Section(level=level, number="", heading=heading, blocks=blocks)
    return Section(level=level, number=number.number, heading=number.rest, blocks=blocks)


_numbers = st.sampled_from(
    [
        "",
        "",
        "1. ",
        "12) ",
        "IV. ",
        "① ",
        "Step 3 – ",
        "First, ",
        "셋째, ",
        "A. ",
        "나) ",
        "Reason No. 2: ",
        "두 번째, ",
    ]
)
_headings = st.tuples(_numbers, strings).map("".join).filter(lambda text: text == fold(text))
_sections = st.builds(_section, st.integers(1, 5), _headings, block_lists)


_calls = st.sampled_from(
    ["Book a visit today.", "Tired of it? Call us at 555-0100.", "지금 예약하세요!"]
).map(lambda said: Block(kind="paragraph", text=(Run(said),)))


def _article(article: Article, lead: Text) -> Article:
    first = Block(kind="paragraph", text=(Run("Word "), *lead))
    sections = tuple(
        replace(section, level=1) if place == 0 else section
        for place, section in enumerate(article.sections)
    )
    opening = (replace(first, text=tidy(first.text)), *article.lead)
    # A call stands behind something: the only block of a section is its text.
    bare = sections and not sections[-1].blocks and not article.call_to_action_heading
    call = () if bare else article.call_to_action
    return replace(
        article,
        lead=opening,
        sections=sections,
        call_to_action=call,
        call_to_action_heading=article.call_to_action_heading if call else "",
        references_heading=article.references_heading if article.references else "",
        disclaimer_heading=article.disclaimer_heading if article.disclaimer else "",
    )


def _references(texts: list[Text], steps: list[int]) -> tuple[Reference, ...]:
    numbers = [sum(steps[: place + 1]) for place in range(len(texts))]
    return tuple(
        Reference(number=number, text=text) for number, text in zip(numbers, texts, strict=True)
    )


articles = st.builds(
    _article,
    st.builds(
        Article,
        slug=st.just("an-article"),
        language=st.sampled_from(["en", "ko", "es-MX", "de"]),
        title=strings,
        subtitle=st.one_of(st.just(""), strings),
        byline=st.one_of(st.just(""), st.just("Jiwon Bae, DC")),
        date_line=st.sampled_from(["", "2026-03-01", "March 3, 2026"]),
        lead=block_lists,
        sections=st.lists(_sections, max_size=4).map(tuple),
        call_to_action=st.lists(_calls, max_size=2).map(tuple),
        call_to_action_heading=st.sampled_from(["", "", "Book your visit", "예약"]),
        references_heading=st.sampled_from(["References", "SOURCES:", "참고 문헌"]),
        disclaimer_heading=st.sampled_from(["Disclaimer", "Aviso legal"]),
        references=st.integers(0, 3).flatmap(
            lambda count: st.builds(
                _references,
                st.lists(texts, min_size=count, max_size=count),
                st.lists(st.integers(1, 3), min_size=count, max_size=count),
            )
        ),
        disclaimer=block_lists,
        newsletter=st.sampled_from(["", "weekly"]),
        tags=st.sampled_from([(), ("pain", "sleep")]),
        series=st.sampled_from(["", "one", "sections", "grouped"]),
    ),
    texts,
)
