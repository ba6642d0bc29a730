"""Front matter: every mistake has a line and a mend."""

from pathlib import PurePath

import pytest

from pipeline.errors import SourceError
from pipeline.stages.read.matter import KEYS, take_matter

PATH = PurePath("a.md")


def matter(*lines: str) -> dict[str, object]:
    """The values that these lines of front matter give."""
    return take_matter(PATH, "\n".join(["---", *lines, "---", "Text"]))[0]


def told(text: str) -> str:
    """The error that a text gives."""
    with pytest.raises(SourceError) as error:
        take_matter(PATH, text)
    return str(error.value)


def test_take_matter_reads_every_key() -> None:
    assert matter(
        'title: "Pain: a map"',
        "subtitle: For  everyone",
        "byline: Jiwon Bae, DC",
        "date: 2026-03-01",
        "language: es-MX",
        "newsletter: weekly",
        'tags: [pain, "#sleep", "#"]',
        "slug: pain-a-map",
        "series: one",
        "evergreen: true",
        "season: Pollen  time",
        'headings: ["What  helps", Rest]',
        "not_headings: [Note]",
    ) == {
        "title": "Pain: a map",
        "subtitle": "For everyone",
        "byline": "Jiwon Bae, DC",
        "date": "2026-03-01",
        "language": "es-MX",
        "newsletter": "weekly",
        "tags": ("pain", "sleep"),
        "slug": "pain-a-map",
        "series": "one",
        "evergreen": True,
        "season": "Pollen time",
        "headings": ("What helps", "Rest"),
        "not_headings": ("Note",),
    }


def test_take_matter_keeps_a_date_as_it_was_written() -> None:
    assert matter("date: March 3, 2026") == {"date": "March 3, 2026"}


def test_take_matter_leaves_out_what_is_empty() -> None:
    assert matter("title:", 'byline: ""', "tags: []") == {}
    assert matter("# only a comment") == {}


def test_take_matter_leaves_out_an_empty_list_of_headings() -> None:
    assert matter("headings: []", "not_headings:") == {}


def test_take_matter_blanks_itself_out_of_the_body() -> None:
    assert take_matter(PATH, "\n---\ntitle: T\n--- \nText\n---\n") == (
        {"title": "T"},
        "\n\n\n\nText\n---\n",
    )


def test_take_matter_leaves_a_text_without_any() -> None:
    assert take_matter(PATH, "Text\n---\nmore") == ({}, "Text\n---\nmore")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            "\n---\ntitle: T\n\nText",
            (
                "a.md, line 2: the front matter has no closing fence. "
                "Put a line of three hyphens (---) under its last line."
            ),
        ),
        (
            "---\n- a\n- b\n---\nText",
            (
                "a.md, line 1: the front matter is not made of keys and values. "
                "Write each line as in: title: The title."
            ),
        ),
        (
            "---\njust words\n---\nText",
            (
                "a.md, line 1: the front matter is not made of keys and values. "
                "Write each line as in: title: The title."
            ),
        ),
        (
            "---\ntitle: T\nsubtitle: Pain: a map\n---\nText",
            (
                "a.md, line 3: the front matter is not valid YAML: mapping values are not allowed "
                "here. "
                'Put a value that holds a colon, a hash or a quote into "double quotes".'
            ),
        ),
        (
            "---\ntitle: T\nlanguage: en\nsubtitel: S\n---\nText",
            (
                "a.md, line 4: the front matter has no key subtitel. "
                f"Did you mean subtitle? The keys are: {', '.join(KEYS)}."
            ),
        ),
        (
            "---\nxyz: 1\n---\nText",
            f"a.md, line 2: the front matter has no key xyz. The keys are: {', '.join(KEYS)}.",
        ),
        (
            "---\ntitle: T\ntitle: U\n---\nText",
            "a.md, line 3: the key title stands here twice. Remove one of the two.",
        ),
        (
            "---\ntitle: 2024\n---\nText",
            'a.md, line 2: title must be text. Put it into "double quotes".',
        ),
        (
            "---\ntitle: {a: b}\n---\nText",
            "a.md, line 2: title holds keys of its own. Write one value behind title.",
        ),
        (
            "---\ndate: 7\n---\nText",
            'a.md, line 2: date must be text. Put it into "double quotes".',
        ),
        (
            "---\ntags: pain\n---\nText",
            "a.md, line 2: tags must be a list of words. Write it as in: tags: [pain, sleep].",
        ),
        (
            "---\nseries: two\n---\nText",
            "a.md, line 2: series must be one, sections or grouped. Write it as in: series: one.",
        ),
        (
            "---\nevergreen: maybe\n---\nText",
            "a.md, line 2: evergreen must be true or false. Write true, or remove the line.",
        ),
        (
            f"---\nseason: {'x' * 101}\n---\nText",
            (
                "a.md, line 2: season must be the name of a season, of at most 100 characters. "
                "Write it as in clinic.toml: season: pollen."
            ),
        ),
        (
            "---\ntags: [1]\n---\nText",
            "a.md, line 2: tags must be a list of words. Write it as in: tags: [pain, sleep].",
        ),
        (
            "---\nslug: My Slug\n---\nText",
            (
                "a.md, line 2: slug must be small letters, digits and hyphens. "
                "Write it as in: slug: science-of-pain."
            ),
        ),
        (
            "---\nlanguage: no\n---\nText",
            (
                "a.md, line 2: language must be the code of a language. "
                'Write it as in: language: "en".'
            ),
        ),
        (
            "---\nheadings: What helps\n---\nText",
            (
                "a.md, line 2: headings must be a list of lines of the text. "
                'Write it as in: headings: ["What helps", "Rest"].'
            ),
        ),
        (
            "---\ntitle: T\nnot_headings: [2024]\n---\nText",
            (
                "a.md, line 3: not_headings must be a list of lines of the text. "
                'Write it as in: not_headings: ["What helps", "Rest"].'
            ),
        ),
        (
            '---\nheadings: ["…"]\n---\nText',
            (
                "a.md, line 2: headings must be a list of lines of the text. "
                'Write it as in: headings: ["What helps", "Rest"].'
            ),
        ),
        (
            "---\nheadings:\n- Day 1: Rest\n---\nText",
            (
                "a.md, line 2: headings holds keys of its own. "
                'Put what holds a colon into "double quotes".'
            ),
        ),
        (
            "---\nheadings: [Rest]\nnot_headings: [Note, rest.]\n---\nText",
            (
                'a.md, line 3: "rest." stands in headings and in not_headings. '
                "Remove it from one of the two."
            ),
        ),
        (
            "---\nheading: [Rest]\n---\nText",
            (
                "a.md, line 2: the front matter has no key heading. "
                f"Did you mean headings? The keys are: {', '.join(KEYS)}."
            ),
        ),
    ],
)
def test_take_matter_says_what_is_wrong_and_where(text: str, error: str) -> None:
    assert told(text) == error


@pytest.mark.parametrize(
    "hostile",
    [
        "title: " + "[" * 3000 + "]" * 3000,
        "title: " + "[" * 300_000,
        "date: 2024-13-45",
        "title: !!python/object:os.system x",
        "a: &a [x, x]\nb: &b [*a, *a]",
        "<<: {title: T}",
        "? [a, b]\n: c",
        "title: \x07",
        "title: 'open",
    ],
)
def test_take_matter_meets_hostile_yaml_with_one_line(hostile: str) -> None:
    error = told(f"---\n{hostile}\n---\nText")
    assert error.startswith("a.md, line ")
    assert "\n" not in error
    assert len(error) < 500
