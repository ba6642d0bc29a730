"""Whether answers arrive (D18), and whether a domain is one's own (D17)."""

import pytest

from pipeline.stages.sender_domain import owner, receiving
from tests.stages.sender_domain.zone import DOMAIN, asking


@pytest.mark.parametrize(
    ("zone", "health", "words"),
    [
        ({f"{DOMAIN} MX": ["10 mail.test."]}, "good", "takes answers"),
        ({f"{DOMAIN} MX": ["0 ."]}, "advice", "says that it takes no mail"),
        ({f"{DOMAIN} A": ["192.0.2.1"]}, "advice", "names no mail server"),
        ({f"{DOMAIN} AAAA": ["2001:db8::1"]}, "advice", "names no mail server"),
        ({}, "advice", "takes no mail, so nobody can answer"),
    ],
)
def test_d18_domain_takes_mail_or_a_person_is_told(
    zone: dict[str, list[str]], health: str, words: str
) -> None:
    (remark,) = receiving.look(DOMAIN, asking(zone))
    assert remark.health == health
    assert words in remark.message
    assert bool(remark.mend) is (health == "advice")


@pytest.mark.parametrize(
    "domain",
    ["gmail.com", "Googlemail.com", "yahoo.com", "yahoo.co.uk", "outlook.com", "hotmail.fr",
     "icloud.com", "gmx.de", "naver.com", "pm.me", "proton.me"],
)  # fmt: skip
def test_d17_mailbox_is_nobodys_to_send_newsletters_from(domain: str) -> None:
    (remark,) = owner.look(domain)
    assert remark.health == "wrong"
    assert remark.mend


@pytest.mark.parametrize(
    "domain", [DOMAIN, "gmail.com.example", "mygmail.com", "mail.clinic.com", "yahoo.example"]
)
def test_domain_of_ones_own_is_passed_over(domain: str) -> None:
    assert list(owner.look(domain)) == []
