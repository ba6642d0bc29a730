"""Nothing is certain to work (C2).

"Guaranteed", "100 %" and "clinically proven" claim a level of evidence: who says so must have it.
FTC, Health Products Compliance Guidance, on establishment claims.
"""

from pipeline.stages.check.claims.rule import ClaimRule

RULE = ClaimRule(
    code="claim-certainty",
    number="C2",
    table="certainty",
    level="error",
    message="“{words}” promises that it certainly works",
    source="https://www.ftc.gov/business-guidance/resources/health-products-compliance-guidance",
)
