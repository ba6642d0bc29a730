"""Records of tags, and domains that belong together."""

import pytest

from pipeline.stages.sender_domain.records import domains_above, is_aligned, is_dmarc, tags
from tests.stages.sender_domain.zone import asking


@pytest.mark.parametrize(
    ("record", "found"),
    [
        ("v=DKIM1; k=rsa; p=AB=", {"v": "DKIM1", "k": "rsa", "p": "AB="}),
        (" v = DMARC1 ;P=none;;", {"v": "DMARC1", "p": "none"}),
        ("a=1;b;=2;c=", {"a": "1", "c": ""}),
        ("", {}),
        ("; ; \n", {}),
    ],
)
def test_tags_are_read_and_the_rest_is_passed_over(record: str, found: dict[str, str]) -> None:
    assert tags(record) == found


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("v=DMARC1; p=none", True),
        ("v=DMARC1", True),
        ("v = DMARC1;p=none", True),
        ("v=DMARC12; p=none", False),
        ("v=dmarc1; p=none", False),  # RFC 7489, 6.4: the value is case-sensitive
        ("p=none; v=DMARC1", False),
    ],
)
def test_dmarc_record_begins_as_one(text: str, is_one: bool) -> None:
    assert is_dmarc(text) is is_one


def test_domains_above_end_before_the_last_label() -> None:
    assert list(domains_above("A.b.Clinic.example.")) == [
        "a.b.clinic.example",
        "b.clinic.example",
        "clinic.example",
    ]
    assert list(domains_above("localhost")) == []


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("clinic.example", "Clinic.example.", True),
        ("mail.clinic.example", "clinic.example", True),
        ("clinic.example", "mail.clinic.example", True),
        ("mail.clinic.example", "news.clinic.example", True),
        ("otherclinic.example", "clinic.example", False),
        ("a.co.example", "b.co.example", False),
        ("provider.test", "clinic.example", False),
        ("", "clinic.example", False),
    ],
)
def test_d17_domains_are_aligned_within_one_that_has_a_policy(
    one: str, other: str, together: bool
) -> None:
    ask = asking({"_dmarc.clinic.example TXT": ["v=DMARC1; p=none"]})
    assert is_aligned(one, other, ask) is together
