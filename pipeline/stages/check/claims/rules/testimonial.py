"""No patient is made to promise a result (C9).

What somebody says of their own recovery counts as the clinic's claim (16 CFR 255.2), must be
genuine (16 CFR 465), and is forbidden to health practitioners in Australia and Korea.
"""

from pipeline.stages.check.claims.rule import ClaimRule

RULE = ClaimRule(
    code="claim-testimonial",
    number="C9",
    table="testimonial",
    level="warning",
    message="“{words}” lets a patient tell of a result",
    source="https://www.ecfr.gov/current/title-16/chapter-I/subchapter-B/part-255",
    quoted=True,
)
