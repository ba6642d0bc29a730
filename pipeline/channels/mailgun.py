"""Mailgun: one call for a thousand readers, and a look-up of what it took.

Mailgun has no idempotency key, but tells for at least a day what it accepted. Each call carries the
batch's key as a user variable, so a batch whose answer was lost can be found again (class b).
Source: documentation.mailgun.com, "Batch sending" and "GET /v3/{domain_name}/events".
"""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

from anymail.backends.mailgun import EmailBackend
from anymail.message import AnymailMessage
from django.conf import settings

from pipeline.channels.http import get_json
from pipeline.channels.mail import message_for, send, sort_out
from pipeline.channels.mailgun_events import told_by
from pipeline.errors import RefusedError, SettingError, UnsureError
from pipeline.outbox.event import Told
from pipeline.outbox.letter import Letter, Receipt, Recipient, Safety
from pipeline.stages.merge import unmarked

API_URL = "https://api.mailgun.net/v3"
MOST_PAGES = 2_000
# Clocks differ: an event may bear a time a little before our own call.
_CLOCKS_APART = dt.timedelta(minutes=10)
# How Mailgun's own merge fields begin. In an author's text they would be filled in, not printed.
_FIELD = re.compile(r"%(?:recipient[._%]|(?:tag_|mailing_list_)?unsubscribe_)", re.IGNORECASE)
_URL = r"https?://(?:\[[0-9a-fA-F:]+\]|[^\s/?#@:\[\]]+)(?::\d{1,5})?(?:/[^\s?#@]*)?"


class MailgunChannel:
    """Hands letters to Mailgun over one opened connection: one channel for each thread (A4)."""

    name = "mailgun"
    batch_size = 1000
    # It makes headers of them that nobody takes (Anymail, backends/mailgun.py).
    eai = False
    safety = Safety.LOOK_UP
    key_lifetime: dt.timedelta | None = None
    serializer = "mailgun-2"
    # Mailgun advises to trust its events once they are half an hour old, and keeps those of its
    # free accounts for a day.
    grace = dt.timedelta(minutes=30)
    memory = dt.timedelta(days=1)
    lag = grace

    def __init__(
        self,
        *,
        api_key: str,
        domain: str,
        api_url: str = API_URL,
        timeout: dt.timedelta = dt.timedelta(seconds=30),
    ) -> None:
        self.timeout = timeout
        self.api_url = api_url.rstrip("/")
        self._auth = ("api", api_key)
        self._events_url = f"{self.api_url}/{quote(domain, safe='')}/events"
        self._backend = EmailBackend(
            api_key=api_key,
            sender_domain=domain,
            api_url=self.api_url,
            timeout=timeout.total_seconds(),
            debug_api_requests=False,
        )
        # What a letter is may not hang on settings that are no part of what was approved.
        self._backend.send_defaults = {}
        self._backend.open()
        # A redirected call would be made again, elsewhere.
        self._backend.session.max_redirects = 0

    @classmethod
    def from_settings(cls) -> "MailgunChannel":
        """The channel that Anymail's settings describe.

        Raises:
            SettingError: One is missing or cannot be used.
        """
        return cls(
            api_key=_setting("MAILGUN_API_KEY", r"[!-~]+"),
            domain=_setting("MAILGUN_SENDER_DOMAIN", r"[A-Za-z0-9.-]+"),
            api_url=_setting("MAILGUN_API_URL", _URL, default=API_URL),
        )

    def close(self) -> None:
        """Let the connection go."""
        self._backend.close()

    def serialize(self, letter: Letter) -> bytes:
        """The fields of the call, as canonical JSON; for a letter refused, the reason."""
        try:
            recipients, refused = _sort_out(letter)
        except RefusedError as error:
            return str(error).encode()
        payload = self._backend.build_message_payload(_message(letter, recipients), {})
        fields: dict[str, Any] = payload.serialize_data()
        # Anymail writes these as JSON whose order may differ from one process to the next.
        variables = json.loads(fields.pop("recipient-variables"))
        whole = [fields, variables, {str(delivery): why for delivery, why in refused.items()}]
        return json.dumps(whole, sort_keys=True, separators=(",", ":")).encode()

    def submit(self, letter: Letter) -> Receipt:
        """Make the call.

        Raises:
            RefusedError: Certainly nothing was taken.
            UnsureError: Nobody can tell.
        """
        recipients, refused = _sort_out(letter)
        message = _message(letter, recipients)
        send(self._backend, message)
        accepted = {
            recipient.delivery: message.anymail_status.recipients[recipient.address].message_id
            for recipient in recipients
        }
        return Receipt(accepted=accepted, refused=refused)

    def look_up(self, letter: Letter, *, since: dt.datetime) -> Mapping[int, str]:
        """Which deliveries Mailgun accepted since then under this letter's key, with its ids.

        Raises:
            RefusedError: It cannot be asked now.
            UnsureError: It did not answer, or not as its documentation says.
        """
        wanted = {recipient.address.lower(): recipient.delivery for recipient in letter.recipients}
        found: dict[int, str] = {}
        begin = since - _CLOCKS_APART
        for event in self._events(begin, kind="accepted", session=self._backend.session):
            address, provider_id = _of_batch(event, letter.key)
            if address in wanted:
                found[wanted[address]] = provider_id
            if len(found) == len(wanted):
                break
        return found

    def events(self, *, since: dt.datetime) -> Iterator[Told]:
        """What became of every message since then, by a connection of its own (A4).

        Raises:
            RefusedError: It cannot be asked now.
            UnsureError: It did not answer, or not as its documentation says.
        """
        now = dt.datetime.now(dt.UTC)
        found = (told_by(item, now=now) for item in self._events(since))
        return (told for told in found if told is not None)

    def _events(
        self, begin: dt.datetime, *, kind: str = "", session: Any = None
    ) -> Iterator[object]:
        """Every event of a kind from an instant on, page after page until an empty one."""
        url = self._events_url
        params: dict[str, str] | None = {
            **({"event": kind} if kind else {}),
            "begin": str(int(begin.timestamp())),
            "ascending": "yes",
            "limit": "300",
        }
        for _ in range(MOST_PAGES):
            page = get_json(
                url,
                params=params,
                auth=self._auth,
                timeout=self.timeout,
                session=session,
            )
            events, following = _read_page(page)
            if not events:
                return
            yield from events
            url, params = self._own(following), None
        raise UnsureError(f"Mailgun has more than {MOST_PAGES} pages of events")

    def _own(self, url: str) -> str:
        """The address of the next page, if it is one of this API: the key goes nowhere else."""
        if urlsplit(url)[:2] != urlsplit(self.api_url)[:2]:
            raise UnsureError("Mailgun names a next page that is not its own")
        return url


def _setting(name: str, pattern: str, *, default: str = "") -> str:
    value = str(settings.ANYMAIL.get(name) or default)
    if not value:
        raise SettingError(
            f"ANYMAIL_{name} is not set",
            mend="Put it into the environment or .env; Mailgun shows it on its dashboard.",
        )
    # The value is not shown: one of them is a secret.
    if not re.fullmatch(pattern, value):
        raise SettingError(
            f"ANYMAIL_{name} has a form that Mailgun does not give",
            mend="Copy it again from Mailgun's dashboard, without spaces or quotes.",
        )
    return value


def _sort_out(letter: Letter) -> tuple[list[Recipient], dict[int, str]]:
    """As for any mail API, and nothing in the author's words may be a field of Mailgun's."""
    for text in (letter.subject, letter.from_name, letter.list_name, letter.text, letter.html):
        # With the defaults of its merge fields: a mark hides these.
        if field := _FIELD.search(unmarked(text)):
            raise RefusedError(
                f"the text has {field[0]!r}, which Mailgun would fill in: write it another way",
                final=True,
            )
    good, refused = sort_out(letter)
    # A reader's own name must not stop a letter for the others: it goes without the name.
    return [_without_field(recipient) for recipient in good], refused


def _without_field(recipient: Recipient) -> Recipient:
    return replace(recipient, name="") if _FIELD.search(recipient.name) else recipient


def _message(letter: Letter, recipients: list[Recipient]) -> AnymailMessage:
    message = message_for(letter, recipients, field=lambda name: f"%recipient.{name}%")
    message.esp_extra = {"o:tracking": "yes" if letter.tracked else "no"}
    return message


def _read_page(page: object) -> tuple[list[object], str]:
    """The events of a page and the address of the next."""
    match page:
        case {"items": list(events), "paging": {"next": str(following)}}:
            return events, following
        case {"items": []}:
            return [], ""
    raise UnsureError("Mailgun's events have another form than documented")


def _of_batch(event: object, key: str) -> tuple[str, str]:
    """Address and Mailgun's id of an event of this batch; two empty texts for any other."""
    match event:
        case {
            "recipient": str(address),
            "user-variables": {"batch": batch},
            "message": {"headers": {"message-id": str(provider_id)}},
        } if batch == key:
            # The answer to a call has the brackets, events have not.
            return address.lower(), f"<{provider_id.strip('<>')}>"
    return "", ""
