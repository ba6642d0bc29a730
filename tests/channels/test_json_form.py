"""JSON with gaps: what a library writes, and each reader's own values in their places."""

import json

from hypothesis import given
from hypothesis import strategies as st

from pipeline.channels.json_form import JsonForm, Merged, Own, dumps
from pipeline.outbox.letter import Recipient
from tests.channels.letters import reader

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=10,
)


def filled(document: object, *readers: Recipient) -> object:
    return json.loads(JsonForm(document).fill(readers))


@given(VALUES)
def test_a_document_without_gaps_is_what_the_library_writes(document: object) -> None:
    assert JsonForm(document).fill([reader()]) == b"[" + dumps(document) + b"]"


@given(TEXT, TEXT)
def test_any_value_in_any_text_is_what_the_reader_gets(words: str, name: str) -> None:
    document = {"text": Merged(f"{words}@@first_name@@{words}")}
    ana = reader(values={"first_name": name})
    assert filled(document, ana) == [{"text": f"{words}{name}{words}"}]


def test_each_reader_gets_their_own() -> None:
    mark = "@@first_name.667269656e64@@"
    document = {
        "n": Own(lambda each: each.delivery),
        "both": [Merged(f"Hi {mark}"), Merged(f"<p>{mark}</p>", html=True), "@@unknown@@"],
    }
    ana, ben = (reader(n, values={"first_name": name}) for n, name in ((1, 'A "&" <b>'), (2, "")))
    assert filled(document, ana, ben) == [
        {
            "n": 1,
            "both": ['Hi A "&" <b>', "<p>A &#34;&amp;&#34; &lt;b&gt;</p>", "@@unknown@@"],
        },
        {"n": 2, "both": ["Hi friend", "<p>friend</p>", "@@unknown@@"]},
    ]


def test_nobody_is_an_empty_list() -> None:
    assert filled({"a": Merged("@@first_name@@")}) == []
