"""DMARC records, good and bad (D17)."""

import pytest

from pipeline.stages.sender_domain.dmarc import look
from tests.stages.sender_domain.zone import DOMAIN, asking


def told(domain: str, **zone: list[str]) -> list[tuple[str, str]]:
    records = {f"_dmarc.{key.replace('_', '.')} TXT": found for key, found in zone.items()}
    remarks = list(look(domain, asking(records)))
    assert all(bool(remark.mend) is (remark.health != "good") for remark in remarks)
    return [(remark.health, remark.message) for remark in remarks]


@pytest.mark.parametrize("policy", ["none", "quarantine", "Reject"])
def test_record_with_a_policy_is_good(policy: str) -> None:
    record = f"v=DMARC1; p={policy}; rua=mailto:reports@{DOMAIN}"
    assert told(DOMAIN, clinic_example_com=["other", record]) == [
        ("good", f"{DOMAIN} has a DMARC record: p={policy.lower()}")
    ]


def test_record_of_a_domain_above_holds() -> None:
    record = "v=DMARC1; p=none; rua=mailto:x@example.com"
    assert told(f"mail.{DOMAIN}", clinic_example_com=[record]) == [
        ("good", f"{DOMAIN} has a DMARC record: p=none")
    ]


def test_reports_to_nobody_are_advised_on() -> None:
    assert told(DOMAIN, clinic_example_com=["v=DMARC1; p=none"]) == [
        ("good", f"{DOMAIN} has a DMARC record: p=none"),
        ("advice", f"nobody is sent the reports about {DOMAIN}"),
    ]


def test_missing_record_is_wrong_and_the_mend_says_where() -> None:
    (remark,) = look(DOMAIN, asking({}))
    assert (remark.health, remark.message) == ("wrong", f"{DOMAIN} has no DMARC record")
    assert f"_dmarc.{DOMAIN}: v=DMARC1; p=none" in remark.mend


def test_two_records_are_none() -> None:
    assert told(DOMAIN, clinic_example_com=["v=DMARC1; p=none", "v=DMARC1; p=reject"]) == [
        ("wrong", f"{DOMAIN} has 2 DMARC records, so none counts")
    ]


@pytest.mark.parametrize("record", ["v=DMARC1", "v=DMARC1; p=", "v=DMARC1; p=maybe"])
def test_record_without_a_policy_is_wrong(record: str) -> None:
    assert told(DOMAIN, clinic_example_com=[record]) == [
        ("wrong", f"the DMARC record of {DOMAIN} has no policy that there is")
    ]
