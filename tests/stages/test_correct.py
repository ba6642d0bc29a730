"""A person's answers are kept in the front matter, and nothing else in the file is touched."""

from pathlib import PurePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import SourceError
from pipeline.stages.correct import correct
from pipeline.stages.read import READERS, read
from pipeline.stages.read.matter import amend, quoted, take_matter
from pipeline.stages.split import split
from pipeline.stages.splitting.corrections import words_of
from tests.stages.strategies import strings

PATH = PurePath("rest.md")
BODY = "# T\n\nWords.\n\n## Rest\n\nWords.\n\nNote\n\nWords.\n"


def corrected(text: str, *headings: str, none: tuple[str, ...] = ()) -> str:
    """The text with answers."""
    return correct(PATH, text.encode(), headings=headings, not_headings=none).decode()


def refusal(
    text: str | bytes, *headings: str, none: tuple[str, ...] = (), name: str = "a.md"
) -> str:
    """The error that answers give."""
    content = text.encode() if isinstance(text, str) else text
    with pytest.raises(SourceError) as caught:
        correct(PurePath(name), content, headings=headings, not_headings=none)
    return str(caught.value)


def test_a_text_without_front_matter_gets_some() -> None:
    made = corrected(BODY, "Note", none=("Rest",))
    assert made == f'---\nheadings:\n- "Note"\nnot_headings:\n- "Rest"\n---\n\n{BODY}'
    article = split(read(PATH, made.encode()), language="en")
    assert [section.heading for section in article.sections] == ["Note"]


def test_all_else_in_the_front_matter_stays_as_it_was_written() -> None:
    above, below = "# ours\ntitle:   'T'   # kept\n\n", "\n# on tags\ntags:\n- a\n"
    text = f"---\n{above}headings: [Words.]  # old\n{below}---\n{BODY}"
    assert corrected(text, "Note") == (
        "---\n# ours\ntitle:   'T'   # kept\n\n\n# on tags\ntags:\n- a\n"
        f'headings:\n- "Words."\n- "Note"\n---\n{BODY}'
    )


@pytest.mark.parametrize(
    "old",
    [
        "headings:\n- Note\n- Words\n",
        "headings:\n  - Note\n\n  - Words\n",
        'headings: [Note,\n  "Words"]\n',
        "headings: [Note, Words] # why\n",
    ],
)
def test_a_new_answer_takes_the_place_of_an_older_one(old: str) -> None:
    made = corrected(f"---\n{old}# mine\nlanguage: en\n---\n{BODY}", none=("note.",))
    assert made == (
        f'---\n# mine\nlanguage: en\nheadings:\n- "Words"\nnot_headings:\n- "note."\n---\n{BODY}'
    )


def test_the_last_answer_taken_back_takes_its_key_along() -> None:
    made = corrected(f"---\nnot_headings: [Note]\n---\n{BODY}", "Note")
    assert made == f'---\nheadings:\n- "Note"\n---\n{BODY}'


def test_an_answer_given_twice_is_kept_once() -> None:
    first = corrected(BODY, "Note", "NOTE:")
    assert first == f'---\nheadings:\n- "NOTE:"\n---\n\n{BODY}'
    assert corrected(first, "NOTE:") == first


def test_line_ends_stay_those_of_the_file() -> None:
    made = correct(PATH, BODY.replace("\n", "\r\n").encode("utf-8-sig"), headings=["Note"])
    assert made.decode() == f'---\nheadings:\n- "Note"\n---\n\n{BODY}'.replace("\n", "\r\n")


def test_another_encoding_becomes_utf_8() -> None:
    made = correct(
        PurePath("a.txt"), "Título\n\nNotá\n\nWords.".encode("utf-16"), headings=["Notá"]
    )
    assert made.decode().startswith('---\nheadings:\n- "Notá"\n---\n\nTítulo')


def test_what_no_line_says_is_refused() -> None:
    assert refusal(BODY, "Note", "Nota") == (
        "a.md: no line under the title says “Nota”. Write the line as it stands in the text."
    )
    assert "says “T”" in refusal(BODY, none=("T",))
    assert "says “…”" in refusal(BODY, "…")


def test_a_line_that_is_to_be_both_is_refused() -> None:
    assert refusal(BODY, "Note", none=("note",)) == (
        'a.md, line 4: "note" stands in headings and in not_headings. '
        "Remove it from one of the two."
    )


def test_front_matter_in_braces_is_refused() -> None:
    assert refusal(f"---\n{{title: T}}\n---\n{BODY}", "Note") == (
        "a.md, line 2: the front matter stands in braces. "
        "Write each key on a line of its own, without braces."
    )


def test_an_answer_that_others_lean_on_is_refused_and_not_lost() -> None:
    matter = "---\nheadings: &a [Note]\ntags: *a\n---\n"
    assert "not valid YAML" in refusal(matter + BODY, "Rest")


@pytest.mark.parametrize("suffix", sorted(set(READERS) - {".txt", ".md", ".markdown"}))
def test_a_format_without_front_matter_is_refused_with_the_way_round(suffix: str) -> None:
    assert refusal(b"x", "x", name=f"a{suffix}") == (
        f"a{suffix}: files ending in '{suffix}' have no front matter. "
        "Make an article file of it with `meridian add`, and correct that one."
    )


@pytest.mark.parametrize(
    "words", ['Say "rest"', "a\\b", "침 치료: 무엇", "# no", "👩‍⚕️ you", "\x85\x9f?"]
)
def test_quoted_words_read_as_themselves(words: str) -> None:
    text = f"---\ntitle: {quoted(words)}\n---\nText"
    assert "\n" not in quoted(words)
    assert take_matter(PATH, text)[0]["title"] == " ".join(words.split())


_matters = st.lists(
    st.sampled_from([
        "title: T", "# a comment", "", "tags:\n- a\n# inside\n- b", "headings: [One, 'Two']",
        "not_headings:\n  - Three # yes\n\n  - \"Four\"", "byline: 'A: b'", "  # deep",
    ]),
    unique=True,
).map("\n".join)  # fmt: skip


@settings(max_examples=300)
@given(_matters, st.lists(strings, max_size=3), st.lists(strings, max_size=2))
def test_amend_changes_the_lists_it_is_given_and_no_more(
    matter: str, one: list[str], two: list[str]
) -> None:
    text = f"---\n{matter}\n---\n\nBody --- of it\n---\n"
    before, body = take_matter(PATH, text)
    taken = set(map(words_of, one))
    lists = {"headings": one, "not_headings": [t for t in two if words_of(t) not in taken]}
    after, rest = take_matter(PATH, amend(PATH, text, lists))
    kept = {key: value for key, value in before.items() if key not in lists}
    assert after == {**kept, **{key: tuple(items) for key, items in lists.items() if items}}
    assert rest.lstrip("\n") == body.lstrip("\n")
    assert comments(amend(PATH, text, lists)) == comments(text)


def comments(text: str) -> list[str]:
    """The lines that are comments."""
    return [line for line in text.split("\n") if line.lstrip()[:1] == "#"]
