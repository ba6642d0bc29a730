"""SparkPost: what is its own."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.channels.sparkpost import SparkPostChannel
from pipeline.errors import RefusedError, UnsureError
from pipeline.outbox.letter import Receipt, Safety
from tests.channels.api_server import Fault
from tests.channels.letters import letter, notice, reader
from tests.channels.sparkpost_server import KEY, SparkPostServer


@pytest.fixture
def sparkpost() -> Iterator[SparkPostServer]:
    """The server."""
    server = SparkPostServer()
    yield server
    server.close()


@pytest.fixture
def channel(sparkpost: SparkPostServer) -> Iterator[SparkPostChannel]:
    """A channel to it."""
    made = SparkPostChannel(api_key=KEY, api_url=sparkpost.url, timeout=dt.timedelta(seconds=2))
    yield made
    made.close()


def test_it_knows_keys_for_a_day_and_takes_two_thousand_readers(channel: SparkPostChannel) -> None:
    assert (channel.safety, channel.batch_size) == (Safety.KEYED, 2000)
    assert channel.key_lifetime == dt.timedelta(hours=24)


def test_the_text_is_sent_once_for_all_readers(channel: SparkPostChannel) -> None:
    content = channel.serialize(letter(100))
    assert content.count(b"Warmth helps") == 2
    sent = json.loads(content)
    assert sent["recipients"][1] == {
        "address": {"email": "reader-2@example.com", "name": "Reader 2"},
        "metadata": {"delivery": "2"},
        "substitution_data": dict.fromkeys(
            sent["recipients"][1]["substitution_data"],
            reader(2).values["unsubscribe_url"],
        ),
    }


def test_p1_tracking_is_off_and_no_way_to_leave_but_ours(channel: SparkPostChannel) -> None:
    """Of its own accord it tracks, and adds a List-Unsubscribe to what is not transactional."""
    off = {"open_tracking": False, "click_tracking": False}
    issue, told = (json.loads(channel.serialize(each)) for each in (letter(), notice()))
    assert issue["options"] == off | {"transactional": False}
    assert told["options"] == off | {"transactional": True}


def test_styles_and_braces_beside_marks_arrive_as_they_are(
    channel: SparkPostChannel, sparkpost: SparkPostServer
) -> None:
    style = "<style>@media (max-width:9em){.a{color:red}}</style>"
    html = style + "{@@first_name@@}{{{@@first_name@@}}}"
    ana = reader(values={**reader().values, "first_name": "{Ana}"})
    channel.submit(letter(html=html, recipients=(ana,)))
    assert sparkpost.messages()[0].html == html.replace("@@first_name@@", "{Ana}")


@pytest.mark.parametrize(
    "attribute", ['[[data-msys-unsubscribe="1"]]', '[[ DATA-MSYS-clicktrack="1"]]']
)
def test_s1_attributes_of_links_are_refused_in_the_text(
    channel: SparkPostChannel, sparkpost: SparkPostServer, attribute: str
) -> None:
    with pytest.raises(RefusedError, match="which SparkPost would fill in") as refused:
        channel.submit(letter(text=f"https://example.com/{attribute}"))
    assert refused.value.final
    assert sparkpost.calls == []


@pytest.mark.parametrize("accepted", [True, False])
def test_x3_all_or_none_is_told_of_each(
    channel: SparkPostChannel, sparkpost: SparkPostServer, accepted: bool
) -> None:
    numbers = {
        "total_accepted_recipients": 2 if accepted else 0,
        "total_rejected_recipients": 0 if accepted else 2,
    }
    sparkpost.misbehave(Fault(body=json.dumps({"results": {"id": "7", **numbers}}).encode()))
    assert channel.submit(letter(2)) == (
        Receipt(accepted={1: "7", 2: "7"})
        if accepted
        else Receipt(refused={1: "SparkPost refused it", 2: "SparkPost refused it"})
    )


@pytest.mark.parametrize(
    "results",
    [
        {},
        {"id": "7"},
        {"id": 7, "total_accepted_recipients": 2, "total_rejected_recipients": 0},
        {"id": "7", "total_accepted_recipients": "2", "total_rejected_recipients": 0},
        {"id": "7", "total_accepted_recipients": 1, "total_rejected_recipients": 0},
        {"id": "7", "total_accepted_recipients": 3, "total_rejected_recipients": 0},
    ],
    ids=str,
)
def test_x3_an_answer_that_leaves_somebody_out_is_unsure(
    channel: SparkPostChannel, sparkpost: SparkPostServer, results: dict[str, Any]
) -> None:
    sparkpost.misbehave(Fault(body=json.dumps({"results": results}).encode()))
    with pytest.raises(UnsureError, match="not how many it took"):
        channel.submit(letter(2))


def test_a_call_under_way_with_the_same_key_is_asked_again_later(
    channel: SparkPostChannel, sparkpost: SparkPostServer
) -> None:
    body = b'{"errors": [{"message": "in progress", "code": "1601"}]}'
    sparkpost.misbehave(Fault(status=409, body=body))
    with pytest.raises(UnsureError, match="409: in progress") as unsure:
        channel.submit(letter())
    assert not unsure.value.final


def test_its_own_word_for_too_many_can_be_waited_for(
    channel: SparkPostChannel, sparkpost: SparkPostServer
) -> None:
    body = b'{"errors": [{"message": "Exceed Sending Limit (hourly)", "code": "2101"}]}'
    sparkpost.misbehave(Fault(status=420, body=body))
    with pytest.raises(RefusedError, match=r"420: Exceed Sending Limit \(hourly\)") as refused:
        channel.submit(letter())
    assert not refused.value.final


def test_a_refusal_is_told_with_what_describes_it_and_no_address(
    channel: SparkPostChannel, sparkpost: SparkPostServer
) -> None:
    sparkpost.disliked = {"reader-1@example.com"}
    with pytest.raises(RefusedError) as refused:
        channel.submit(letter())
    assert refused.value.message.startswith("SparkPost answered 400: no valid recipients: {'email'")
    assert "@" not in refused.value.message
