"""Nobody gets a title or a rank they have not earned (C11).

"Specialist" and "doctor" are protected in many countries; "best" and "leading" are claims that
somebody must be able to prove (Ahpra; Medical Service Act of Korea, article 56).
"""

from pipeline.stages.check.claims.rule import ClaimRule

RULE = ClaimRule(
    code="claim-title",
    number="C11",
    table="title",
    level="warning",
    message="“{words}” claims a rank or a title",
    source="https://www.ahpra.gov.au/Resources/Advertising-hub/Resources-for-advertisers/Titles-in-health-advertising.aspx",
)
