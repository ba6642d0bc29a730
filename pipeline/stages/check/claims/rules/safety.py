"""Nothing is without any risk (C3).

Absolute safety is a claim like any other and needs the same evidence; what is natural is not safe
for that. Ahpra's guidelines ask that risks are not made less of.
"""

from pipeline.stages.check.claims.rule import ClaimRule

RULE = ClaimRule(
    code="claim-safety",
    number="C3",
    table="safety",
    level="error",
    message="“{words}” promises that there is no risk",
    source="https://www.ahpra.gov.au/Resources/Advertising-hub/Advertising-guidelines-and-other-guidance/Advertising-guidelines.aspx",
)
