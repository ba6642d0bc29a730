"""Nobody is frightened into a visit (C10).

CAP Code, rule 4.2: no fear or distress without justifiable reason; no hints at what doctors hide.
"""

from pipeline.stages.check.claims.rule import ClaimRule

RULE = ClaimRule(
    code="claim-fear",
    number="C10",
    table="fear",
    level="warning",
    message="“{words}” frightens, or speaks of a secret",
    source="https://www.asa.org.uk/type/non_broadcast/code_section/04.html",
    negatable=False,
)
