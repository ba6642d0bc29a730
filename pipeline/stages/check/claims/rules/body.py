"""What cannot be measured is not promised (C8).

"Detox", "boosts your immune system", "balances hormones": vague claims about the body that a reader
takes for medical ones. FTC, Health Products Compliance Guidance, on implied claims.
"""

from pipeline.stages.check.claims.rule import ClaimRule

RULE = ClaimRule(
    code="claim-body",
    number="C8",
    table="body",
    level="warning",
    message="“{words}” is a vague claim about the body",
    source="https://www.ftc.gov/business-guidance/resources/health-products-compliance-guidance",
)
