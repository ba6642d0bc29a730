"""What the benchmarks of the queue send to whom: run as a program, it fills an empty database.

``town.py READERS`` makes so many readers of one newsletter and an approved issue for them of 34 kB
that is due, but not queued.
"""

import datetime as dt
import sys
from itertools import islice

import django

django.setup()

from django.conf import settings  # noqa: E402

from pipeline.audience.keys import address_hashes, make_keys, read_keys  # noqa: E402
from pipeline.audience.models import Subscriber, Subscription  # noqa: E402
from pipeline.campaigns.models import Issue  # noqa: E402
from pipeline.campaigns.revisions import take_configuration  # noqa: E402
from tests import factories  # noqa: E402

NOW = dt.datetime.now(dt.UTC).replace(second=0, microsecond=0)
CHUNK = 10_000
SIZE = 34_000
PARAGRAPH = (
    '<p style="margin:0 0 16px;font-size:16px;line-height:1.6">Warmth widens the small vessels of'
    " the skin, and with the blood comes what the tissue needs, {n} times a day.</p>\n"
)
HEAD = "<p>Dear @@first_name.667269656e64@@,</p>\n"
FOOT = (
    '<p><a href="@@unsubscribe_url@@">Unsubscribe</a> · <a href="@@preferences_url@@">Preferences'
    '</a> · <a href="@@view_url@@">In the browser</a></p>\n'
)
TEXT = (
    "Dear @@first_name.667269656e64@@,\n\nWarmth widens the small vessels.\n\n"
    "Unsubscribe: @@unsubscribe_url@@\nPreferences: @@preferences_url@@\n"
)
NAMES = ("Ana Ruiz", "Benjamin Okafor", "김민준", "")


def body() -> str:
    """34 kB of HTML with what every letter has of its reader."""
    html, number = HEAD, 0
    while len(html) + len(FOOT) < SIZE:
        html += PARAGRAPH.format(n=number)
        number += 1
    return html + FOOT


def readers(count: int) -> None:
    """So many people on the list."""
    numbers = iter(range(1, count + 1))
    while chunk := list(islice(numbers, CHUNK)):
        addresses = [f"reader-{number}@mail{number % 977}.example.com" for number in chunk]
        Subscriber.objects.bulk_create(
            Subscriber(
                pk=number,
                address=address,
                address_hash=hashed,
                name=NAMES[number % 4],
                language="en",
                created_at=NOW,
            )
            for number, address, hashed in zip(
                chunk, addresses, address_hashes(addresses), strict=True
            )
        )
        Subscription.objects.bulk_create(
            Subscription(
                subscriber_id=number,
                newsletter="weekly",
                state=Subscription.State.ACTIVE,
                changed_at=NOW,
                joined_at=NOW,
            )
            for number in chunk
        )


def main() -> None:
    """Fill the database."""
    path = settings.MERIDIAN_HOME / ".meridian" / "keys.toml"
    make_keys(path)
    settings.MERIDIAN_KEYS = read_keys(path)
    take_configuration(settings.MERIDIAN_HOME / "content" / "clinic.toml", now=NOW)
    readers(int(sys.argv[1]))
    factories.issue(html=body(), text=TEXT, state=Issue.State.SCHEDULED, now=NOW)


if __name__ == "__main__":
    main()
