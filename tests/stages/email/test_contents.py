from dataclasses import replace

import pytest

from pipeline.stages.email.contents import Contents, picture
from pipeline.stages.plan import plan
from pipeline.values import Article, Block, Configuration, Practitioner, Reference, Run
from tests.samples import article, block, configuration, paragraph, section


def contents(
    made: Article | None = None, *, part: int = 1, configured: Configuration | None = None
) -> Contents:
    made, configured = made or article(), configured or configuration()
    series = plan(made)
    return Contents(made, series, series.issues[part - 1], configured.newsletters[0], configured)


def linked(*targets: str) -> Block:
    return Block(kind="paragraph", text=tuple(Run("there", link=target) for target in targets))


def test_the_first_issue_shows_the_article_from_its_title_on() -> None:
    shown = list(contents().shown())
    assert shown[:6] == ["", article().title, "", "Mara Ellison", "DAcOM", "L.Ac."]
    assert shown[-2:] == [
        "This article is for learning and does not replace a visit.",
        "Sample A, Example B. Warmth and skin blood flow. ",
    ]


def test_a_later_issue_shows_its_section_once_as_its_title() -> None:
    shown = list(contents(part=2).shown())
    assert shown[:2] == ["2", "Muscle: Letting Go by Degrees"]
    assert shown.count("Muscle: Letting Go by Degrees") == 1


def test_only_the_last_issue_closes() -> None:
    assert [contents(part=part).closes for part in (1, 2, 3)] == [False, False, True]


def test_links_are_numbered_behind_the_references_each_once() -> None:
    references = (Reference(number=7, text=(Run("S", link="https://x.example/s"),)),)
    one, two = "https://x.example/1", "https://x.example/2"
    made = replace(
        article(), lead=(linked(one, two), linked(one)), sections=(), references=references
    )
    assert contents(made).links() == {one: 8, two: 9}


def test_links_that_cannot_be_followed_have_no_number() -> None:
    made = replace(article(), lead=(linked("javascript:x", "nowhere"),), sections=())
    assert contents(made).links() == {}


def test_a_link_in_an_alternative_text_or_in_code_has_no_number() -> None:
    text = (Run("a hand", link="https://x.example/1"),)
    blocks = (Block(kind="image", text=text, target="https://x.example/a.png"),)
    made = replace(article(), lead=(*blocks, Block(kind="code", text=text)), sections=())
    assert contents(made).links() == {}


def test_a_form_writes_the_words_but_not_those_of_pictures_and_code() -> None:
    blocks = (paragraph("one"), block("code", "two"), block("bullets", "three\nfour"))
    made = replace(article(), lead=blocks, sections=(), disclaimer=(), references=())
    shown = contents(made).shown(lambda text: f"<{text[0].text}>" if text else "")
    assert [word for word in shown if word][-4:] == ["<one>", "two", "<three>", "<four>"]


def test_a_photo_of_who_wrote_it_may_be_loaded() -> None:
    photo = "https://clinic.example.com/mara.jpg"
    known = (
        Practitioner(name="MARA ELLISON", photo=photo),
        Practitioner(name="Jun Park", photo="https://clinic.example.com/jun.jpg"),
    )
    configured = replace(configuration(), practitioners=known)
    assert contents(configured=configured).pictures() == {photo}


def test_who_is_in_no_list_has_nothing_told() -> None:
    made = replace(article(), byline="Jun Park", people=())
    known = contents(made)
    assert [known.practitioner(person) for person in known.people] == [None]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("https://x.example/a.png", "https://x.example/a.png"),
        (" hand.png ", "hand.png"),
        ("a/b:c.png", "a/b:c.png"),
        ("data:image/png;base64,x", ""),
        ("JavaScript:alert(1)", ""),
    ],
)
def test_a_picture_has_an_address_a_mail_program_may_be_given(target: str, expected: str) -> None:
    assert picture(Block(kind="image", target=target)) == expected


def test_blocks_are_those_of_this_issue() -> None:
    made = replace(
        article(),
        sections=(section("One", "first", number="1"), section("Two", "second", number="2")),
        call_to_action=(paragraph("come"),),
        disclaimer=(),
    )
    told = [[b.text[0].text for b in contents(made, part=part).blocks()] for part in (1, 2)]
    assert told == [[article().lead[0].text[0].text, "first"], ["second", "come"]]
