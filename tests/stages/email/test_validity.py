"""What is passed over without asking the validator is what the validator lets pass."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mjml import validate

from pipeline.stages.email import validity
from pipeline.stages.email.validity import faults

LETTER = """<mjml><mj-head><mj-title>A letter</mj-title></mj-head><mj-body width="600px">
<mj-section padding="0px"><mj-column><mj-text color="#111111"><b>Warm</b></mj-text>
<mj-button href="https://example.com/book">Book</mj-button></mj-column></mj-section>
</mj-body></mjml>"""


@pytest.fixture(autouse=True)
def nothing_passed() -> Iterator[None]:
    """Each test begins as a new process does."""
    validity._passed.clear()
    yield
    validity._passed.clear()


def test_a_valid_letter_has_no_faults_at_first_and_again() -> None:
    assert faults(LETTER) == []
    assert faults(LETTER.replace("Warm", "Slow").replace("/book", "/call")) == []


def test_a_letter_of_known_elements_is_not_asked_about() -> None:
    faults(LETTER)
    known = set(validity._passed)
    faults(LETTER.replace("<b>Warm</b>", "<p>Slow &amp; <br>warm</p>"))

    assert validity._passed == known


@pytest.mark.parametrize(
    ("was", "becomes", "message"),
    [
        ("<mj-column>", "<mj-bogus/><mj-column>", "mj-bogus doesn't exist"),
        ('color="#111111"', 'colour="#111111"', "colour"),
        ('padding="0px"', 'padding="wide"', "wide"),
        ("<mj-section", "<mj-text>Warm</mj-text><mj-section", "mj-text cannot be used inside"),
        ("<b>Warm</b></mj-text>", "Warm</mj-text><b>Warm</b>", "Element b doesn't exist"),
        ('href="https', 'link="https', "link"),
    ],
)
def test_a_fault_is_found_in_what_was_known_before(was: str, becomes: str, message: str) -> None:
    faults(LETTER)
    found = faults(LETTER.replace(was, becomes))

    assert [fault for fault in found if message in fault.message] != []
    assert faults(LETTER.replace(was, becomes)) == found


def test_what_is_no_mjml_is_the_validators_to_refuse() -> None:
    faults(LETTER)
    with pytest.raises(ValueError, match="parse"):
        faults("words alone")


def test_a_template_that_counts_up_does_not_fill_the_memory() -> None:
    columns = "".join(f'<mj-column width="{n}px"></mj-column>' for n in range(validity._MOST))
    letter = f"<mjml><mj-body><mj-section>{columns}</mj-section></mj-body></mjml>"
    faults(letter)
    faults(LETTER)

    assert len(validity._passed) < 20


NAMES = st.sampled_from(
    ["mj-section", "mj-column", "mj-text", "mj-wrapper", "mj-image", "p", "mj-x"]
)
ATTRIBUTES = st.sampled_from(
    ["", ' padding="4px"', ' padding="x"', ' src="a"', " src='b'", ' colour="red"', ' alt="a > b"']
)
LEAVES = st.sampled_from(["", "words", "<!-- <mj-x> -->", "<br>"])


def element(name: str, attributes: str, inside: list[str]) -> str:
    return f"<{name}{attributes}>{''.join(inside)}</{name}>"


TREES = st.recursive(
    LEAVES, lambda inside: st.builds(element, NAMES, ATTRIBUTES, st.lists(inside, max_size=3))
)


@given(st.lists(TREES, min_size=1, max_size=6))
def test_what_was_let_pass_before_hides_no_fault(bodies: list[str]) -> None:
    for body in bodies:
        letter = f"<mjml><mj-body>{body}</mj-body></mjml>"
        assert bool(faults(letter)) == bool(validate(letter))


def test_elements_are_told_by_what_they_stand_in() -> None:
    places = set(validity._places(re.sub(r"\s+", " ", LETTER)))

    assert ("mj-column", "mj-text", ' color="#111111"') in places
    assert ("mj-column", "mj-button", " href") in places
    assert {name for _, name, _ in places if not name.startswith("mj")} == set()
