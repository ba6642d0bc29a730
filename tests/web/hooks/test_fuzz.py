"""Whatever a call holds, it is taken, kept or refused: never an error of ours (S20, X12)."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.audience.models import Subscriber, Suppression
from pipeline.events.models import Event
from tests.web.hooks.providers import (
    Sent,
    brevo_event,
    mailgun,
    mailgun_event,
    mailjet_event,
    plain,
    postmark_event,
    resend,
    resend_event,
    sendgrid,
    sendgrid_event,
    sparkpost_event,
)

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.no_cover]

LEAF = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
JSON = st.recursive(
    LEAF,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
CALLS: dict[str, tuple[Callable[[Any], Sent], Callable[[str], dict[str, Any]], list[str]]] = {
    "mailgun": (mailgun, mailgun_event, ["failed", "complained", "rejected"]),
    "postmark": (lambda t: plain("postmark", t), postmark_event, ["Bounce", "SpamComplaint"]),
    "resend": (resend, resend_event, ["email.bounced", "email.clicked"]),
    "sparkpost": (lambda t: plain("sparkpost", [t]), sparkpost_event, ["bounce", "delivery"]),
    "mailjet": (lambda t: plain("mailjet", t), mailjet_event, ["bounce", "blocked"]),
    "brevo": (lambda t: plain("brevo", t), brevo_event, ["hard_bounce", "spam"]),
    "sendgrid": (lambda t: sendgrid([t]), sendgrid_event, ["bounce", "dropped"]),
}
often = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def spoilt(data: st.DataObject, told: Any) -> Any:
    """An event of which one part, at whatever depth, is something else."""
    if isinstance(told, dict) and told and data.draw(st.booleans()):
        key = data.draw(st.sampled_from(sorted(told)))
        return {**told, key: spoilt(data, told[key])}
    return data.draw(JSON)


@pytest.mark.parametrize("name", CALLS)
@often
@given(data=st.data())
def test_an_event_of_which_a_part_is_anything_is_answered(name: str, data: st.DataObject) -> None:
    call, word, kinds = CALLS[name]
    told = spoilt(data, word(data.draw(st.sampled_from(kinds))))
    assert call(told).go().status_code == 200
    assert not Suppression.objects.exists()
    assert not Subscriber.objects.exists()
    assert "ana@" not in str(list(Event.objects.values_list()))


@pytest.mark.parametrize("name", CALLS)
@often
@given(body=st.binary(max_size=40) | JSON.map(lambda told: json.dumps(told).encode()))
def test_a_body_that_is_anything_is_answered(name: str, body: bytes) -> None:
    call, word, kinds = CALLS[name]
    made = call(word(kinds[0]))
    made.body = body
    assert made.go().status_code in {200, 400, 403, 415}
    assert not Suppression.objects.exists()
