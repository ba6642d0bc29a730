"""SPF records, good and bad (D17)."""

import pytest

from pipeline.stages.sender_domain.records import NoAnswerError
from pipeline.stages.sender_domain.spf import look
from tests.stages.sender_domain.zone import DOMAIN, asking


def told(*records: str, **zone: list[str]) -> list[tuple[str, str]]:
    """What is said of these records; ``name__TYPE`` gives others."""
    others = {key.replace("__", " ").replace("_", "."): found for key, found in zone.items()}
    remarks = list(look(DOMAIN, asking({f"{DOMAIN} TXT": records, **others})))
    assert all(remark.check == "spf" for remark in remarks)
    assert all(bool(remark.mend) is (remark.health != "good") for remark in remarks)
    return [(remark.health, remark.message) for remark in remarks]


def test_good_record_is_told_with_its_lookups() -> None:
    zone = {
        "mail_test__TXT": ["v=spf1 a:x.test -all"],
        "clinic_example_com__A": ["192.0.2.1"],
        "clinic_example_com__MX": ["10 mail.test."],
        "x_test__AAAA": ["2001:db8::1"],
    }
    found = told("v=spf1 ip4:192.0.2.0/24 a mx include:mail.test ~all", "site=x", **zone)
    assert found == [("good", f"{DOMAIN} has an SPF record, of 4 lookups out of 10")]


@pytest.mark.parametrize("record", ["v=spf1 -all", "V=SPF1 ip6:2001:db8::/32 ~ALL"])
def test_record_without_lookups_is_good(record: str) -> None:
    assert told(record) == [("good", f"{DOMAIN} has an SPF record, of 0 lookups out of 10")]


@pytest.mark.parametrize("records", [[], ["v=spf10 -all"], ["spf1 -all"]])
def test_missing_record_is_wrong(records: list[str]) -> None:
    assert told(*records) == [("wrong", f"{DOMAIN} has no SPF record")]


def test_two_records_are_none() -> None:
    assert told("v=spf1 -all", "v=spf1 ~all") == [
        ("wrong", f"{DOMAIN} has 2 SPF records, so none counts")
    ]


def test_more_than_ten_lookups_are_wrong_and_counting_ends() -> None:
    """One include names the next, and the last names the first."""
    zone = {f"n{n}_test__TXT": [f"v=spf1 include:n{(n + 1) % 9}.test -all"] for n in range(9)}
    assert told("v=spf1 include:n0.test -all", **zone) == [
        ("wrong", f"the SPF record of {DOMAIN} takes more than 10 lookups")
    ]


def test_ten_lookups_are_good() -> None:
    words = " ".join(f"exists:n{n}.test" for n in range(9))
    assert told(f"v=spf1 {words} redirect=n.test", n_test__TXT=["v=spf1 -all"]) == [
        ("good", f"{DOMAIN} has an SPF record, of 10 lookups out of 10")
    ]


def test_record_that_names_itself_ends() -> None:
    assert told(f"v=spf1 include:{DOMAIN} -all")[0][0] == "wrong"


def test_macros_are_counted_and_not_followed() -> None:
    assert told("v=spf1 exists:%{i}.list.test include:%{d}.test -all") == [
        ("good", f"{DOMAIN} has an SPF record, of 2 lookups out of 10")
    ]


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        ("v=spf1 includes:x.test -all", f"{DOMAIN} has 'includes:x.test' in its SPF record"),
        ("v=spf1 ip4=192.0.2.1 ! -all", f"{DOMAIN} has '!' in its SPF record"),
        ("v=spf1 include:x.test -all", "it names x.test, which has no SPF records"),
        ("v=spf1 redirect=two.test", "it names two.test, which has 2 SPF records"),
    ],
)
def test_term_that_cannot_be_followed_is_named(record: str, fault: str) -> None:
    (remark,) = told(record, two_test__TXT=["v=spf1 -all", "v=spf1 ~all"])
    assert remark[0] == "wrong"
    assert fault in remark[1]


@pytest.mark.parametrize("record", ["v=spf1 all", "v=spf1 ip4:192.0.2.1 +all", "v=spf1 +ALL"])
def test_everybody_may_send_is_wrong(record: str) -> None:
    assert told(record) == [("wrong", f"the SPF record of {DOMAIN} lets everybody send for it")]


@pytest.mark.parametrize("record", ["v=spf1 ip4:192.0.2.1", "v=spf1 ?all", "v=spf1"])
def test_record_that_says_nothing_of_others_is_advised_on(record: str) -> None:
    (remark,) = told(record)
    assert remark == (
        "advice",
        f"the SPF record of {DOMAIN} says nothing of servers it does not name",
    )


def test_hosts_that_are_not_there_are_advised_on() -> None:
    assert told("v=spf1 a:x.test mx:y.test a:z.test/24 -all") == [
        ("advice", f"the SPF record of {DOMAIN} names 3 hosts that are not there")
    ]


def test_no_answer_is_not_taken_for_no_record() -> None:
    with pytest.raises(NoAnswerError):
        told("no answer")
