"""What the doctor looks at, at a real DNS server on loopback (D12, D17, D18)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.campaigns.revisions import file_configuration
from pipeline.channels.dns import open_dns
from pipeline.engine.doctor import CHECKS, Scene, examine, tracking
from pipeline.values import Remark
from tests.channels.providers import PROVIDERS
from tests.dns_server import DnsServer
from tests.home import CHECKOUT
from tests.stages.sender_domain.keys import REAL_1024, REAL_2048

DOMAIN = "harbour-street.example.com"


def text(record: str) -> str:
    """A TXT record, in strings of at most 255 bytes."""
    parts = [record[start : start + 255] for start in range(0, len(record), 255)]
    return " ".join(f'"{part}"' for part in parts)


GOOD = {
    (DOMAIN, "TXT"): [text("v=spf1 include:mail.test ~all")],
    (DOMAIN, "MX"): ["10 mail.example.com."],
    ("mail.test", "TXT"): [text("v=spf1 ip4:192.0.2.0/24 -all")],
    (f"_dmarc.{DOMAIN}", "TXT"): [text("v=DMARC1; p=none; rua=mailto:reports@example.com")],
    (f"s1._domainkey.{DOMAIN}", "TXT"): [text(f"v=DKIM1; p={REAL_2048}")],
    (f"s2._domainkey.{DOMAIN}", "CNAME"): ["s2.provider.test."],
    ("s2.provider.test", "TXT"): [text(f"v=DKIM1; p={REAL_1024}")],
}


@pytest.fixture
def server() -> Iterator[DnsServer]:
    made = DnsServer(dict(GOOD))
    yield made
    made.close()


@pytest.fixture
def scene(server: DnsServer) -> Scene:
    """The example home, with SendGrid for its mail API."""
    clinic = CHECKOUT / "content" / "clinic.toml"
    return Scene(
        configuration=file_configuration(clinic),
        mail_api="sendgrid",
        ask=open_dns(server.address, patience=dt.timedelta(seconds=1)),
    )


def said(scene: Scene) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for remark in examine(scene):
        found.setdefault(remark.check, []).append((remark.health, remark.message))
    return found


def test_home_whose_domain_is_set_up_hears_only_good(scene: Scene) -> None:
    assert said(scene) == {
        "spf": [("good", f"{DOMAIN} has an SPF record, of 1 lookups out of 10")],
        "dkim": [
            ("good", f"the DKIM key at s1._domainkey.{DOMAIN} has 2048 bits"),
            ("advice", f"the DKIM key at s2._domainkey.{DOMAIN} has 1024 bits"),
        ],
        "dmarc": [("good", f"{DOMAIN} has a DMARC record: p=none")],
        "receiving": [("good", f"{DOMAIN} takes answers")],
    }


def test_home_whose_domain_is_bare_hears_how_to_mend_it(scene: Scene, server: DnsServer) -> None:
    server.records = {}
    remarks = list(examine(scene))
    assert [(remark.check, remark.health) for remark in remarks] == [
        ("spf", "wrong"),
        ("dkim", "advice"),
        ("dmarc", "wrong"),
        ("receiving", "advice"),
    ]
    assert all(remark.mend.endswith(".") for remark in remarks)
    assert not any(remark.message.endswith(".") for remark in remarks)


def test_keys_are_asked_for_where_a_person_says(scene: Scene, server: DnsServer) -> None:
    server.records[f"own._domainkey.{DOMAIN}", "TXT"] = [text(f"p={REAL_2048}")]
    assert said(replace(scene, selectors=("own",)))["dkim"] == [
        ("good", f"the DKIM key at own._domainkey.{DOMAIN} has 2048 bits")
    ]


def test_keys_are_asked_for_at_the_domain_that_signs(scene: Scene, server: DnsServer) -> None:
    server.records[f"mx._domainkey.mg.{DOMAIN}", "TXT"] = [text(f"p={REAL_2048}")]
    assert said(replace(scene, mail_api="mailgun", signer=f"mg.{DOMAIN}"))["dkim"] == [
        ("good", f"the DKIM key at mx._domainkey.mg.{DOMAIN} has 2048 bits")
    ]


def test_answers_that_go_elsewhere_are_looked_at_too(scene: Scene, server: DnsServer) -> None:
    """D18: ``reply_to`` may be a mailbox of another domain; nothing is sent from there."""
    server.records["answers.example.com", "MX"] = ["0 ."]
    first, *others = scene.configuration.newsletters
    newsletters = (replace(first, reply_to="clinic@Answers.example.com"), *others)
    changed = replace(scene, configuration=replace(scene.configuration, newsletters=newsletters))
    (told,) = [each for each in said(changed)["receiving"] if each[1].startswith("answers")]
    assert told[0] == "advice"
    assert ("answers.example.com", "TXT") not in server.asked


def test_mailbox_is_no_sender(scene: Scene) -> None:
    clinic = replace(scene.configuration.clinic, notices_from="clinic@gmail.com")
    changed = replace(scene, configuration=replace(scene.configuration, clinic=clinic))
    assert said(changed)["owner"] == [
        ("wrong", "letters come from gmail.com, from which its owner alone may send")
    ]


def test_domain_outside_ascii_is_asked_for_as_dns_writes_it(
    scene: Scene, server: DnsServer
) -> None:
    clinic = replace(scene.configuration.clinic, notices_from="notices@bücher.example")
    changed = replace(scene, configuration=replace(scene.configuration, clinic=clinic))
    said(changed)
    assert ("xn--bcher-kva.example", "TXT") in server.asked


def test_server_that_gives_no_answer_is_told_and_the_other_looks_go_on(
    scene: Scene, server: DnsServer
) -> None:
    server.broken = {f"_dmarc.{DOMAIN}"}
    remarks = {remark.check: remark for remark in examine(scene)}
    assert remarks["dmarc"] == Remark(
        check="dmarc",
        health="wrong",
        message=f"DNS gives no answer about _dmarc.{DOMAIN}",
        mend="See that this machine reaches a DNS server, and run it again.",
    )
    assert remarks["receiving"].health == "good"


@pytest.mark.parametrize("mail_api", ["brevo", "resend"])
def test_p1_tracking_that_no_call_can_switch_off_is_told(scene: Scene, mail_api: str) -> None:
    ((health, message),) = said(replace(scene, mail_api=mail_api))["tracking"]
    assert health == "advice"
    assert mail_api in message


def test_p1_every_provider_without_a_switch_in_its_calls_is_told_of() -> None:
    without = {provider.name for provider in PROVIDERS if provider.tracking == "account"}
    assert without <= tracking.ELSEWHERE.keys()


@pytest.mark.parametrize("mail_api", ["folder", "mailgun", "postmark", "sendgrid", "ses"])
def test_p1_tracking_that_each_call_switches_off_is_not(scene: Scene, mail_api: str) -> None:
    assert "tracking" not in said(replace(scene, mail_api=mail_api))


def test_d12_letter_that_arrived_is_looked_at(scene: Scene) -> None:
    raw = f"From: letter@{DOMAIN}\r\n\r\nHello\r\n".encode()
    assert said(replace(scene, letter=raw))["letter"][0] == (
        "wrong",
        f"the letter comes from {DOMAIN} and is signed by nobody",
    )


def test_every_look_is_documented() -> None:
    page = Path(CHECKOUT / "docs" / "operate.md").read_text("utf-8")
    assert [name for name in CHECKS if f"| `{name}` |" not in page] == []
