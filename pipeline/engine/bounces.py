"""Reading the mailbox that bounces come to: what SMTP has in the place of webhooks."""

import datetime as dt
import hashlib
import logging
from collections.abc import Iterator
from itertools import islice

from pipeline.channels.bounce_mail import read_report
from pipeline.channels.imap import Mailbox, mailbox_of_settings
from pipeline.channels.smtp_settings import bounce_address
from pipeline.errors import MeridianError, SendError, SettingError
from pipeline.events.take import take
from pipeline.outbox.event import ProviderEvent
from pipeline.outbox.returned import begin_reading, event_of, keep_place, read_up_to

log = logging.getLogger(__name__)

CHUNK = 25


def read_bounces(*, now: dt.datetime) -> list[MeridianError]:
    """Take in what came back, if a mailbox is named; what cannot be read is told."""
    try:
        mailbox = mailbox_of_settings()
        if mailbox is not None:
            _read(mailbox, _bounces(), now=now)
    except SendError as error:
        log.warning("%s", error)
        return [error]
    except SettingError as error:
        return [error]
    return []


def _bounces() -> str:
    found = bounce_address()
    if not found:
        raise SettingError(
            "IMAP_HOST names a mailbox for bounces, and EMAIL_BOUNCE_ADDRESS no address",
            mend="Set it to the address whose mail comes to that mailbox.",
        )
    return found


def _read(mailbox: Mailbox, bounces: str, *, now: dt.datetime) -> None:
    """Read on from where the last pass ended; the place follows what is committed."""
    name = hashlib.sha256(mailbox.name.encode()).hexdigest()
    if not begin_reading(name, now=now):
        return
    with mailbox.open() as folder:
        validity = folder.validity
        mails = folder.mails(after=read_up_to(name, validity=validity))
        while chunk := list(islice(mails, CHUNK)):
            take(_events(chunk, bounces, now=now), now=now)
            keep_place(name, validity=validity, number=chunk[-1][0])


def _events(
    mails: list[tuple[int, bytes]], bounces: str, *, now: dt.datetime
) -> Iterator[ProviderEvent]:
    for _, raw in mails:
        told = read_report(raw, bounces=bounces)
        event = told and event_of(
            told.of,
            told.number,
            kind=told.kind,
            # A report may bear any date; it came now at the latest.
            when=min(told.when or now, now),
            code=told.code,
            reason=told.reason,
        )
        if event:
            yield event
