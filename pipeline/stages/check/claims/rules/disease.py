"""No serious disease is said to be treated (C5).

In May 2020 the FTC wrote to acupuncture clinics that claimed to treat or prevent COVID-19, and gave
them 48 hours. The same evidence is asked for cancer, diabetes or depression.
"""

from pipeline.stages.check.claims.rule import ClaimRule

RULE = ClaimRule(
    code="claim-disease",
    number="C5",
    table="disease",
    level="error",
    message="“{words}” says that a serious disease is treated",
    source="https://www.ftc.gov/news-events/topics/truth-advertising/health-claims",
    teases=True,
)
