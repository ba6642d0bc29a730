"""A treatment named beside a condition claims to help (C6), where accepted only with care (C7).

ASA, Eileen Mannion Acupuncture, 2017: "offers acupuncture for fertility support, headaches,
migraines, insomnia, anxiety" said neither "treat" nor "cure"; the complaint was upheld.
Evidence of short-term relief was accepted for seven conditions, which stand in the packs.
"""

from pipeline.stages.check.claims.rule import ClaimRule

_SOURCE = "https://www.asa.org.uk/advice-online/health-acupuncture.html"

RULE = ClaimRule(
    code="claim-implied",
    number="C6",
    table="implied",
    level="warning",
    message="“{words}” says that it helps, and nothing here shows it",
    source=_SOURCE,
    hedge_clears=True,
    evidence_clears=True,
)
UNQUALIFIED = ClaimRule(
    code="claim-unqualified",
    number="C7",
    table="implied",
    level="warning",
    message="“{words}” is accepted only as short-term relief",
    source=_SOURCE,
)
