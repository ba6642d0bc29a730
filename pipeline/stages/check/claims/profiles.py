"""Whose rules apply: a profile names a regulator and says how much each rule weighs there.

us-ftc  Federal Trade Commission: health claims, express and implied, need competent evidence.
uk-cap  Committee of Advertising Practice: of acupuncture seven short-term claims are accepted.
au-ahpra  Ahpra and the National Boards: no testimonials about care, no unearned "specialist".
kr-msa  Medical Service Act of Korea, article 56: no testimonials, no "best" or "only", no promises.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.stages.check.claims.rule import ClaimRule
from pipeline.values import ClaimProfile, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How much each rule weighs.

    Attributes:
        levels: Levels of codes that weigh otherwise than by their rule.
        raised: Codes whose lighter patterns weigh as much as the others.
        accepted_only: Whether a hedge helps only what the regulator has seen evidence of (C7).
    """

    name: ClaimProfile
    levels: Mapping[str, Level] = field(default_factory=dict)
    raised: frozenset[str] = frozenset()
    accepted_only: bool = False

    def level(self, rule: ClaimRule) -> Level:
        """The level of a rule here."""
        return self.levels.get(rule.code, rule.level)


PROFILES: Mapping[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile(name="us-ftc"),
        Profile(name="uk-cap", accepted_only=True),
        Profile(
            name="au-ahpra",
            levels={"claim-testimonial": "error"},
            raised=frozenset({"claim-testimonial"}),
        ),
        Profile(
            name="kr-msa",
            levels={"claim-testimonial": "error", "claim-title": "error"},
            raised=frozenset({"claim-certainty", "claim-safety", "claim-testimonial"}),
        ),
    )
}
DEFAULT = PROFILES["us-ftc"]
