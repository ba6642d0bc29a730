"""``meridian instance``: a restored one tells what is in doubt, and waits for a person (X17)."""

import json

import pytest

from pipeline.campaigns.models import Instance, Issue
from tests.home import Home
from tests.management.steps import Meridian

pytestmark = pytest.mark.database


def test_a_person_looks_confirms_and_finds_it_held(small: Home, meridian: Meridian) -> None:
    meridian("run")
    assert meridian("instance", "show").out == "It may send.\n"
    Instance.objects.update(stopped="it was copied")
    Issue.objects.filter(part=1).update(state=Issue.State.SENDING)

    shown = meridian("instance", "show").out
    assert shown.startswith("It sends nothing: it was copied.\nThese may have gone out")
    assert "part 1 of 2" in shown
    assert json.loads(meridian("instance", "show", "--json").out)["stopped"] == "it was copied"

    told = meridian("instance", "confirm", "--by", "Mara Ellison")
    assert told.out.startswith("Confirmed: it sends.")
    assert "`meridian campaign release` lets one go on" in told.out
    assert Issue.objects.get(part=1).held
    assert meridian("instance", "confirm").out == "It could send before already.\n"
