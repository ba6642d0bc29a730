"""The rules of health claims, a file each. To register one is a line here."""

from pipeline.stages.check.claims.rule import ClaimRule
from pipeline.stages.check.claims.rules import (
    body,
    certainty,
    cure,
    disease,
    fear,
    implied,
    replacement,
    safety,
    testimonial,
    title,
)

RULES: tuple[ClaimRule, ...] = (
    cure.RULE,
    certainty.RULE,
    safety.RULE,
    replacement.RULE,
    disease.RULE,
    implied.RULE,
    implied.UNQUALIFIED,
    body.RULE,
    testimonial.RULE,
    fear.RULE,
    title.RULE,
)
