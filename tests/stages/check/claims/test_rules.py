"""Every rule of claims against its examples: tests/examples/check/claims/<code>.json.

An example is a text with its language; ``profile`` says whose rules apply, ``level`` what it weighs
there, ``words`` which of its words are pointed at.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pipeline.stages.check.claims import finding
from pipeline.stages.check.claims.asking import Claim
from pipeline.stages.check.claims.lint import lint
from pipeline.stages.check.claims.pack import pack
from pipeline.stages.check.claims.profiles import PROFILES
from pipeline.stages.check.claims.rule import ClaimRule
from pipeline.stages.check.claims.rules import RULES

EXAMPLES = Path(__file__).parents[3] / "examples" / "check" / "claims"
LANGUAGES = ("en", "es", "ko")

Example = dict[str, Any]


def examples(code: str, kind: str) -> list[Example]:
    told: list[Example] = json.loads((EXAMPLES / f"{code}.json").read_text("utf-8"))[kind]
    return told


def cases(kind: str) -> list[Any]:
    return [
        pytest.param(rule, example, id=f"{rule.code}: {example['why']}, {example['lang']}")
        for rule in RULES
        if (EXAMPLES / f"{rule.code}.json").exists()
        for example in examples(rule.code, kind)
    ]


def claims(example: Example) -> tuple[Claim, ...]:
    profile = PROFILES[example.get("profile", "us-ftc")]
    return lint(example["text"], language=example["lang"], profile=profile)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_has_examples_of_both_kinds_in_every_language(rule: ClaimRule) -> None:
    for kind in ("flag", "pass"):
        spoken = {example["lang"] for example in examples(rule.code, kind)}
        assert spoken | {"ko"} == set(LANGUAGES)
    assert "ko" in {example["lang"] for example in examples(rule.code, "flag")}


def test_every_example_belongs_to_a_rule() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.json")} == {rule.code for rule in RULES}


@pytest.mark.parametrize(("rule", "example"), cases("flag"))
def test_c1_to_c11_a_claim_is_found(rule: ClaimRule, example: Example) -> None:
    found = [claim for claim in claims(example) if claim.rule is rule]
    profile = PROFILES[example.get("profile", "us-ftc")]
    assert found
    assert {claim.level for claim in found} == {example.get("level", profile.level(rule))}
    assert example.get("words", found[0].words) in [claim.words for claim in found]


@pytest.mark.parametrize(("rule", "example"), cases("pass"))
def test_c1_to_c11_what_claims_nothing_is_left_alone(rule: ClaimRule, example: Example) -> None:
    assert [claim.words for claim in claims(example) if claim.rule is rule] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_c13_a_finding_tells_what_where_why_and_what_else_to_say(rule: ClaimRule) -> None:
    example = examples(rule.code, "flag")[0]
    (claim, *_) = [claim for claim in claims(example) if claim.rule is rule]
    told = finding(claim, "issue 1, subject")
    start, end = claim.span
    assert example["text"][start:end] == claim.words
    assert told.message == rule.message.format(words=claim.words)
    assert (told.code, told.level, told.where) == (rule.code, claim.level, "issue 1, subject")
    assert (told.span, told.source, told.words) == (claim.span, rule.source, claim.sentence)
    assert re.fullmatch(r"Say less, or leave it out\. Softer: “.+”\.", told.suggestion)


def test_codes_numbers_and_sources_are_told() -> None:
    assert [rule.number for rule in RULES] == [f"C{number}" for number in range(1, 12)]
    assert all(re.fullmatch(r"claim-[a-z]+", rule.code) for rule in RULES)
    assert all(rule.source.startswith("https://") for rule in RULES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_c13_what_is_suggested_is_none_of_what_is_flagged(language: str) -> None:
    for wording in pack(language).rules.values():
        for softer in wording.softer:
            flagged = lint(softer, language=language, profile=PROFILES["us-ftc"])
            assert [claim.words for claim in flagged] == [], softer


@pytest.mark.parametrize("language", LANGUAGES)
def test_c13_every_rule_has_words_and_softer_ones_in_every_pack(language: str) -> None:
    for rule in RULES:
        wording = pack(language).rules[rule.table]
        assert wording.flag.each
        assert wording.softer
