"""Every rule of the check against its examples, which are data: tests/examples/check/<code>.json.

An example of a rule of articles is one (``article``, ``name``), split by simple weights. Any other
names what differs from an innocent edition: html, text, subject, preheader, post, length
and limit, fields of the newsletter and the clinic, what was ``written``, and what the links
``answer``. ``{pad:N}`` stands for N letters, ``{letters:N}`` for N Korean ones.
"""

import json
import quopri
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import CheckError
from pipeline.stages.answers import LinkAnswer
from pipeline.stages.check import ARTICLE_RULES, RULES, check, check_article, findings
from pipeline.stages.check.rule import Flaw, Material, Rule
from pipeline.stages.plan import plan
from pipeline.stages.read import read
from pipeline.stages.render import render
from pipeline.values import (
    Article,
    ComposedPost,
    Configuration,
    Finding,
    Person,
    Reference,
    RenderedIssue,
    Run,
    Source,
)
from tests.samples import article, configuration, paragraph, templates

EXAMPLES = Path(__file__).parents[2] / "examples" / "check"

Example = dict[str, Any]
EVERY: tuple[Rule, ...] = (*ARTICLE_RULES, *RULES)


def examples(code: str, kind: str) -> list[Example]:
    told: list[Example] = json.loads((EXAMPLES / f"{code}.json").read_text())[kind]
    return told


def cases(kind: str) -> list[Any]:
    return [
        pytest.param(
            rule, example, id=f"{rule.code}: {example['why']}".encode("ascii", "replace").decode()
        )
        for rule in EVERY
        if (EXAMPLES / f"{rule.code}.json").exists()
        for example in examples(rule.code, kind)
    ]


def checked(example: Example) -> Material | Source:
    return source(example) if "article" in example else material(example)


def source(example: Example) -> Source:
    name = example.get("name", "an-article.txt")
    return read(PurePath(name), example["article"].encode())


def material(example: Example) -> Material:
    issue = RenderedIssue(
        part=2,
        of=3,
        subject=example.get("subject", "Muscle"),
        preheader=example.get("preheader", "A guarding muscle forgets to stop."),
        html=padded(example.get("html", "")),
        text=padded(example.get("text", "Words")),
    )
    post = ComposedPost(
        network="mastodon",
        handle="@harbour@social.example.com",
        section=0,
        text=example.get("post", ""),
        length=example.get("length", 0),
        limit=example.get("limit", 500),
    )
    answers = {url: LinkAnswer(**told) for url, told in example.get("answers", {}).items()}
    return Material((issue,), (post,), settings(example), article=written(example), answers=answers)


def written(example: Example) -> Article | None:
    if "written" not in example:
        return None
    told = example["written"]
    return replace(
        article(),
        language=told.get("language", "en"),
        byline=told.get("byline", "Mara Ellison"),
        people=tuple(Person(name=name) for name in told.get("people", ["Mara Ellison"])),
        lead=tuple(map(paragraph, told.get("paragraphs", []))),
        sections=(),
        references=tuple(
            Reference(number=number, text=(Run("Sample A."),))
            for number in range(told.get("references", 0))
        ),
    )


def padded(text: str) -> str:
    text = re.sub(r"{letters:(\d+)}", lambda match: "따" * int(match[1]), text)
    return re.sub(r"{pad:(\d+)}", lambda match: "x" * int(match[1]), text)


def settings(example: Example) -> Configuration:
    made = configuration()
    clinic = example.get("clinic", {})
    if "postal_address" in clinic:
        clinic = {**clinic, "postal_address": tuple(clinic["postal_address"])}
    changes: Any = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in example.get("newsletter", {}).items()
    }
    newsletter = replace(made.newsletters[0], **changes)
    return replace(made, clinic=replace(made.clinic, **clinic), newsletters=(newsletter,))


def found(rule: Rule, **example: Any) -> tuple[Finding, ...]:
    return findings(rule, material(example))


def named(code: str) -> Rule:
    return {rule.code: rule for rule in RULES}[code]


# --- Every rule -----------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.code)
def test_every_rule_has_examples_of_both_kinds(rule: Rule) -> None:
    assert examples(rule.code, "flag")
    assert examples(rule.code, "pass")


def test_every_example_belongs_to_a_rule() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.json")} <= {rule.code for rule in EVERY}


@pytest.mark.usefixtures("simple_weights")
@pytest.mark.parametrize(("rule", "example"), cases("flag"))
def test_a_bad_example_is_found(rule: Rule, example: Example) -> None:
    (finding,) = findings(rule, checked(example))
    assert finding.code == rule.code
    assert finding.level == example.get("level", rule.level)
    assert finding.source == rule.source


@pytest.mark.usefixtures("simple_weights")
@pytest.mark.parametrize(("rule", "example"), cases("pass"))
def test_a_good_example_is_left_alone(rule: Rule, example: Example) -> None:
    assert findings(rule, checked(example)) == ()


@pytest.mark.usefixtures("simple_weights")
@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.code)
def test_a_finding_tells_what_where_and_the_mend(rule: Rule) -> None:
    for example in examples(rule.code, "flag"):
        for finding in findings(rule, checked(example)):
            assert re.match(r"[a-z]", finding.message)
            assert not finding.message.endswith(".")
            assert re.search(r"[.…)]\.?$", finding.suggestion)
            assert re.match(
                r"(issue 2, (HTML|text|subject|preheader)|post 1 for mastodon"
                r"|newsletter weekly, \w+|clinic, name|content/clinic\.toml"
                r"|article(, byline|, references)?"
                r"|an-article\.(txt|md), (line \d+|front matter))$",
                finding.where,
            )


def test_codes_are_names_and_unlike() -> None:
    codes = [rule.code for rule in EVERY]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in codes)


def test_every_rule_names_its_source() -> None:
    assert [rule.code for rule in EVERY if not rule.source.startswith("https://")] == []


# --- The whole ------------------------------------------------------------------------------------


def test_a_good_edition_has_no_findings() -> None:
    made, series = configuration(), plan(article())
    issues = render(
        article(), series, made.newsletters[0], configuration=made, templates=templates()
    )
    assert check(issues, (), configuration=made) == ()


def test_a_rule_that_fails_lets_nothing_through() -> None:
    """What was not checked does not go out: the error is one that stops this article alone."""

    def broken(_: Material) -> Iterator[Flaw]:
        raise ZeroDivisionError("division by zero")

    rule = Rule(code="broken", level="info", source="https://example.com", find=broken)
    with pytest.raises(CheckError, match="the check broken failed on it: ZeroDivisionError"):
        findings(rule, material({}))


def test_nothing_to_check_finds_nothing() -> None:
    assert check((), (), configuration=configuration()) == ()


def test_findings_come_in_the_order_of_the_rules() -> None:
    bad = material({"subject": "", "html": "", "text": "", "length": 9, "limit": 1})
    codes = [finding.code for finding in check(*unpacked(bad), configuration=bad.configuration)]
    assert codes == [
        "no-unsubscribe-link",
        "no-unsubscribe-link",
        "no-postal-address",
        "no-postal-address",
        "empty-subject",
        "post-too-long",
        "text-part",
    ]


def unpacked(made: Material) -> tuple[tuple[RenderedIssue, ...], tuple[ComposedPost, ...]]:
    return made.issues, made.posts


# --- What single findings say ---------------------------------------------------------------------


def test_d13_the_way_out_is_looked_for_in_both_forms() -> None:
    html, text = found(named("no-unsubscribe-link"), html="<p>x</p>", text="x")
    assert (html.where, text.where) == ("issue 2, HTML", "issue 2, text")


def test_l1_a_clinic_without_address_is_told_once() -> None:
    (finding,) = found(named("no-postal-address"), clinic={"postal_address": []})
    assert finding == Finding(
        code="no-postal-address",
        level="error",
        message="the clinic has no postal address",
        suggestion="Write it under [clinic] as postal_address.",
        where="content/clinic.toml",
        source=named("no-postal-address").source,
    )


def test_d20_the_size_is_told_in_bytes_as_a_reader_gets_it() -> None:
    (finding,) = found(named("html-size"), html="{pad:100000}@@unsubscribe_url@@")
    assert finding.message == "the HTML is 100,512 bytes long; 100,000 are sure to be shown"
    assert finding.level == "error"


@given(st.text("ab =.é한\t\r\n", min_size=1, max_size=90), st.integers(-2, 2))
def test_d20_no_letter_is_too_long_on_its_way_unseen(piece: str, more: int) -> None:
    """Counted by hand for every letter about as long as the longest that are sure to be shown."""
    times = 100_000 // len(quopri.encodestring(piece.encode())) + more
    html = piece * times
    there, travels = len(html.encode()), len(quopri.encodestring(html.encode()))
    told = found(named("html-size"), html=html)
    assert bool(told) == (there > 80_000 or travels > 100_000)


def test_d19_the_trick_is_pointed_at() -> None:
    (finding,) = found(named("reply-subject"), subject="Re: your visit")
    assert finding.span == (0, 3)
    assert finding.message == "the subject begins with “Re:” but answers nobody"


def test_d21_each_missing_link_is_told_once() -> None:
    link = '<a href="https://example.com/{0}">{0}</a>'
    html = link.format("a") * 2 + link.format("b")
    assert [finding.message for finding in found(named("text-part"), html=html)] == [
        "the text part lacks the link https://example.com/a",
        "the text part lacks the link https://example.com/b",
    ]


def test_s14_the_character_and_its_place_are_told() -> None:
    (finding,) = found(named("header-injection"), subject="Muscle\u2028Bcc")
    assert finding.message == "the character U+2028 would break a header"
    assert finding.span == (6, 7)


def test_s14_every_broken_field_is_told() -> None:
    fields = {"name": "a\n", "from_name": "b\n", "from_address": "c\n", "reply_to": "d\n"}
    told = found(
        named("header-injection"),
        subject="e\n",
        preheader="f\n",
        newsletter=fields,
        clinic={"name": "g\n"},
    )
    assert [finding.where for finding in told] == [
        "issue 2, subject",
        "issue 2, preheader",
        "newsletter weekly, name",
        "newsletter weekly, from_name",
        "newsletter weekly, from_address",
        "newsletter weekly, reply_to",
        "clinic, name",
    ]


def test_a_link_told_twice_is_one_finding() -> None:
    html = '<a href="http://example.com">a</a><a href="http://example.com">b</a>'
    (finding,) = found(named("link-not-https"), html=html)
    assert finding.message == "the address http://example.com is not encrypted"


def test_a_link_without_address_is_told_so() -> None:
    (finding,) = found(named("link-not-https"), html='<a href="">a</a>')
    assert finding.message == "the address (empty) leads nowhere from an inbox"


def test_an_image_is_named_by_its_address() -> None:
    html = '<img src="https://example.com/a.png"><img>'
    assert [finding.message for finding in found(named("image-without-text"), html=html)] == [
        "the image https://example.com/a.png has no words",
        "the image without an address has no words",
    ]


def test_a_letter_that_cannot_be_encoded_is_checked_all_the_same() -> None:
    bad = material({"subject": "\ud800", "html": "<p>\ud800</p>", "text": "\ud800"})
    codes = {finding.code for finding in check(*unpacked(bad), configuration=bad.configuration)}
    assert "header-injection" in codes


@pytest.mark.usefixtures("simple_weights")
def test_an_unsure_line_is_told_with_the_words_to_copy() -> None:
    text = 'Rest\n\nThe body keeps books.\n\nSay "rest"\n\nA walk does.\n\nNote:\n\nIt does.'
    taken, left = check_article(source({"article": text}))
    assert taken == Finding(
        code="unsure-heading",
        level="warning",
        message='a line was taken for a heading that may be none: “Say "rest"”',
        suggestion=(
            'If it is none, write not_headings: ["Say \\"rest\\""] in the article\'s front matter; '
            "if it is one, headings: with the same words."
        ),
        where="an-article.txt, line 5",
        source=ARTICLE_RULES[0].source,
    )
    assert (left.message, left.where) == (
        "a line was left in the text that may be a heading: “Note:”",
        "an-article.txt, line 9",
    )
    assert left.suggestion.startswith('If it is one, write headings: ["Note:"] in the article')
    answer = '---\nnot_headings: ["Say \\"rest\\""]\nheadings: ["Note:"]\n---\n'
    assert check_article(source({"article": answer + text})) == ()


def test_a_lost_correction_is_told_by_its_key_and_words() -> None:
    text = "---\nnot_headings: [What helps, Note]\n---\n# T\n\n## Note\n\nWords."
    (finding,) = check_article(source({"article": text, "name": "a.md"}))
    assert finding.message == "not_headings names a line that is not there: “What helps”"
    assert (finding.where, finding.level) == ("a.md, front matter", "warning")


def test_contrast_is_told_once_for_each_pair_of_colours_and_scheme() -> None:
    html = (
        "<style>@media (prefers-color-scheme: dark) { p { background: #fff } }</style>"
        '<p style="color:#999;background:#fff">One</p><p style="color:#999;background:#fff">Two</p>'
        '<p style="color:#999;background:#eee">Three</p>'
    )
    assert [finding.message for finding in found(named("contrast"), html=html)] == [
        (
            "the words “One” have a contrast of 2.8 : 1 in the light scheme, #999999 on #ffffff; "
            "4.5 : 1 is needed"
        ),
        (
            "the words “Three” have a contrast of 2.5 : 1 in the light scheme, #999999 on #eeeeee; "
            "4.5 : 1 is needed"
        ),
        (
            "the words “One” have a contrast of 2.8 : 1 in the dark scheme, #999999 on #ffffff; "
            "4.5 : 1 is needed"
        ),
        (
            "the words “Three” have a contrast of 2.5 : 1 in the dark scheme, #999999 on #eeeeee; "
            "4.5 : 1 is needed"
        ),
    ]


def test_d27_hidden_words_are_told_with_what_hides_them() -> None:
    html = '<p style="display:none">Buy now</p><p style="color:#fff">And this</p>'
    assert [finding.message for finding in found(named("hidden-text"), html=html)] == [
        "the words “Buy now” are hidden by display: none",
        "the words “And this” are hidden by the colour of its ground",
    ]


def test_d24_every_place_with_a_domain_is_looked_at() -> None:
    twin = "p\u0430ypal.example"
    told = found(
        named("lookalike-domain"),
        html=f'<a href="https://{twin}/">Pay</a>',
        post=f"https://{twin}/",
        newsletter={"from_address": f"a@{twin}", "reply_to": f"b@{twin}"},
    )
    assert [(finding.where, finding.level) for finding in told] == [
        ("newsletter weekly, from_address", "error"),
        ("newsletter weekly, reply_to", "error"),
        ("issue 2, HTML", "error"),
        ("post 1 for mastodon", "error"),
    ]


def test_a_misspelt_field_is_told_with_the_right_one() -> None:
    (finding,) = found(named("unknown-merge-field"), text="@@unsubscribe_ulr@@")
    assert finding.message == "there is no merge field @@unsubscribe_ulr@@"
    assert finding.suggestion == "Write {{ unsubscribe_url }}, or take it out."


def test_a_level_left_out_is_told_by_its_heading() -> None:
    (finding,) = found(named("heading-order"), html="<h1>A</h1><h3>Deep</h3>")
    assert finding.message == "the heading “Deep” is of level 3, right below level 1"


def test_own_names_are_told_beside_what_was_written() -> None:
    (finding,) = found(named("own-name"), text="Come to Harbor Street Acupuncture!")
    assert finding.message == (
        "the words “Harbor Street Acupuncture” are nearly your own “Harbour Street Acupuncture”"
    )


def test_reading_ease_tells_length_time_and_the_mend() -> None:
    hard = "Neurophysiological investigations demonstrate considerable interindividual variability."
    (easy,) = found(named("reading-ease"), written={"paragraphs": ["Warm hands help. " * 200]})
    (steep,) = found(named("reading-ease"), written={"paragraphs": [hard]})
    assert easy.message.startswith("the article has 600 words, about 3 minutes of reading; reading")
    assert easy.suggestion == "Nothing needs to be done."
    assert steep.message.startswith("the article has 6 words, about 1 minute of reading; reading")
    assert steep.suggestion == "Shorter sentences and everyday words help most."


def test_no_rule_of_articles_stops_a_campaign() -> None:
    assert {rule.level for rule in ARTICLE_RULES} == {"warning"}
