"""Nobody is talked out of medical care (C4).

CAP Code, rule 12.2: marketers must not discourage essential treatment for conditions for which
medical supervision should be sought.
"""

from pipeline.stages.check.claims.rule import ClaimRule

RULE = ClaimRule(
    code="claim-replacement",
    number="C4",
    table="replacement",
    level="error",
    message="“{words}” may keep somebody from medical care",
    source="https://www.asa.org.uk/type/non_broadcast/code_section/12.html",
)
