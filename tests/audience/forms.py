"""People who send a form and use the link of the mail, for tests."""

import datetime as dt

from pipeline.audience.asking import Answer, Wish, ask
from pipeline.audience.confirming import Standing, confirm
from pipeline.audience.models import Notice
from pipeline.audience.tokens import ConfirmLink, read_confirm_token
from tests.factories import NOW

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
NETWORK = "198.51.100.0/24"
WORDING = "By pressing the button I ask for The Harbour Letter."


def wish(address: str = "ana@example.com", *, newsletter: str = "weekly", name: str = "") -> Wish:
    """What a form brings."""
    return Wish(
        address=address,
        newsletter=newsletter,
        wording=WORDING,
        language="es",
        name=name,
        form="https://letters.example.com/subscribe/weekly",
    )


def send(
    wished: Wish,
    *,
    network: str = NETWORK,
    timed: bool = True,
    most: int = 200,
    now: dt.datetime = NOW,
) -> Answer:
    """Send a form."""
    return ask(wished, network=network, timed=timed, joins_per_hour=most, now=now)


def links() -> list[ConfirmLink]:
    """The links of all confirmations written down, oldest first."""
    rows = Notice.objects.filter(kind=Notice.Kind.CONFIRM).order_by("pk")
    read = [read_confirm_token(values["token"]) for values in rows.values_list("values", flat=True)]
    return [link for link in read if link is not None]


def press(link: ConfirmLink, *, now: dt.datetime = NOW + HOUR) -> Standing:
    """Use a link."""
    return confirm(link, network=NETWORK, now=now)


def join(address: str = "ana@example.com", *, now: dt.datetime = NOW) -> ConfirmLink:
    """Send a form and use its link; gives the link."""
    send(wish(address), now=now)
    link = links()[-1]
    assert press(link, now=now) == Standing.JOINED
    return link
