"""A treatment is not said to cure, or to end a trouble for good (C1).

The FTC asks for competent and reliable scientific evidence, as a rule controlled trials of people,
for every claim a reader takes away, express or implied. Of a cure there hardly ever is any.
"""

from pipeline.stages.check.claims.rule import ClaimRule

RULE = ClaimRule(
    code="claim-cure",
    number="C1",
    table="cure",
    level="error",
    message="“{words}” promises a cure, or that a trouble ends for good",
    source="https://www.ftc.gov/business-guidance/resources/health-products-compliance-guidance",
    teases=True,
)
