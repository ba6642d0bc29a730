"""A broken template of the home stops what it is for, and nothing else."""

import pytest

from pipeline.campaigns.models import Campaign
from tests.home import CHECKOUT, Home
from tests.management.steps import SHORT, Meridian, write
from tests.outbox.steps import states

pytestmark = pytest.mark.database

SECOND = """
[[newsletters]]
key = "second"
name = "The Second Letter"
from_name = "Harbour Street Acupuncture"
from_address = "letter@harbour-street.example.com"
weekday = "friday"
time = 10:00:00
approval = "none"
"""


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ("{{ nothing }}", "'nothing' is undefined"),
        ("{{ 'x' * 999999999 }}", "the template makes too much"),
        ("{% include '../../secret.txt' %}", "there is no template ../../secret.txt"),
    ],
)
def test_a_broken_override_of_one_newsletter_stops_no_other(
    small: Home, meridian: Meridian, broken: str, told: str
) -> None:
    toml = (small.path / "content" / "clinic.toml").read_text("utf-8")
    write(small, "clinic.toml", f"{toml}\n{SECOND}")
    other = "---\nnewsletter: second\n---\n" + SHORT.replace("Warm hands", "Cold feet")
    write(small, "articles/a-cold-feet.md", other)
    override = small.path / "templates" / "email" / "issue.txt"
    override.parent.mkdir(parents=True)
    original = (CHECKOUT / "templates" / "email" / "issue.txt").read_text("utf-8")
    broken = f"{{% if newsletter == 'The Second Letter' %}}{broken}{{% endif %}}\n"
    override.write_text(broken + original, "utf-8")

    said = meridian("run")

    refusal = said.refusal()
    assert refusal.startswith(f"{override}, line 1: ")
    assert told in refusal
    assert "(found while making a-cold-feet.md)" in refusal
    assert list(Campaign.objects.values_list("title", flat=True)) == ["Warm hands"]
    assert states() == {"accepted": 24}
