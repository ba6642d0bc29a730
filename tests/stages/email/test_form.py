from pipeline.stages.email.form import AS_HTML, as_text, blocks, groups, reference
from pipeline.values import Block, Reference, Run
from tests.samples import block, paragraph


def kinds(*made: Block) -> list[tuple[object, int]]:
    found = groups(blocks(made, AS_HTML))
    return [(group["kind"], len(group.get("blocks", [0]))) for group in found]  # type: ignore[arg-type]


def test_what_runs_on_as_text_is_one_group() -> None:
    assert kinds(paragraph("a"), block("bullets", "b\nc"), block("numbered", "d")) == [("flow", 3)]


def test_what_stands_apart_is_a_group_of_its_own() -> None:
    image = Block(kind="image", text=(Run("a hand"),))
    made = (image, paragraph("a"), block("quotation", "b"), block("code", "c"), paragraph("d"))
    assert kinds(*made) == [
        ("image", 1),
        ("flow", 1),
        ("quotation", 1),
        ("code", 1),
        ("flow", 1),
    ]


def test_nothing_makes_no_group() -> None:
    assert kinds() == []


def test_every_block_is_in_one_group_in_its_order() -> None:
    made = [paragraph("a"), block("quotation", "b"), paragraph("c"), paragraph("d")]
    told = blocks(made, AS_HTML)
    found = [b for group in groups(told) for b in group.get("blocks", [group.get("block")])]  # type: ignore[attr-defined]
    assert found == told


def test_the_text_form_writes_a_number_for_a_link() -> None:
    made = Block(kind="paragraph", text=(Run("Read "), Run("more", link="https://x.example")))
    form = as_text({"https://x.example": 4})
    assert blocks([made], form)[0]["text"] == "Read more [4]"


def test_a_reference_keeps_its_numbers_on_one_line_and_its_links_below() -> None:
    made = Reference(number=3, text=(Run("A. 2021; 12: 34–41.", link="https://x.example/3"),))
    assert reference(made, as_text({})) == {
        "number": 3,
        "text": "A. 2021;\xa012:\xa034–41.",
        "links": ("https://x.example/3",),
    }
