"""Mailgun: one call for a thousand readers, and a look-up of what it took.

Mailgun has no idempotency key, but tells for at least a day what it accepted. Each call carries the
batch's key as a user variable, so a batch whose answer was lost can be found again (class b).
Source: documentation.mailgun.com, "Batch sending" and "GET /v3/{domain_name}/events".
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from urllib.parse import quote, urlsplit

import requests

from pipeline.channels.http import answer_error, call, get_json
from pipeline.channels.json_api import fields, reason
from pipeline.channels.mail import KEY, URL, setting
from pipeline.channels.mailgun_events import told_by
from pipeline.channels.mailgun_form import Call, call_for
from pipeline.errors import RefusedError, UnsureError
from pipeline.outbox.event import Told
from pipeline.outbox.letter import Letter, Receipt, Safety

API_URL = "https://api.mailgun.net/v3"
MOST_PAGES = 2_000
# Clocks differ: an event may bear a time a little before our own call.
_CLOCKS_APART = dt.timedelta(minutes=10)


class MailgunChannel:
    """Hands letters to Mailgun over one opened connection: one channel for each thread (A4)."""

    name = "mailgun"
    batch_size = 1000
    # It makes headers of them that nobody takes.
    eai = False
    safety = Safety.LOOK_UP
    key_lifetime: dt.timedelta | None = None
    serializer = "mailgun-3"
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
        self._domain_url = f"{self.api_url}/{quote(domain, safe='')}"
        self._auth = ("api", api_key)
        self._session = requests.Session()
        # Where a call goes and with which key is set here alone: no proxy, no .netrc.
        self._session.trust_env = False
        self._latest: tuple[Letter, Call] | None = None

    @classmethod
    def from_settings(cls) -> "MailgunChannel":
        """The channel that Anymail's settings describe.

        Raises:
            SettingError: One is missing or cannot be used.
        """
        return cls(
            api_key=setting("MAILGUN_API_KEY", form=KEY, who="Mailgun"),
            domain=setting("MAILGUN_SENDER_DOMAIN", form=r"[A-Za-z0-9.-]+", who="Mailgun"),
            api_url=setting("MAILGUN_API_URL", form=URL, who="Mailgun", default=API_URL),
        )

    def close(self) -> None:
        """Let the connection go."""
        self._session.close()

    def serialize(self, letter: Letter) -> bytes:
        """The body of the call; for a letter refused, the reason."""
        try:
            return self._call(letter).body
        except RefusedError as error:
            return str(error).encode()

    def submit(self, letter: Letter) -> Receipt:
        """Make the call.

        Raises:
            RefusedError: Certainly nothing was taken.
            UnsureError: Nobody can tell.
        """
        made = self._call(letter)
        reply = call(
            self._session,
            "POST",
            f"{self._domain_url}/messages",
            who="Mailgun",
            timeout=self.timeout,
            headers={"Content-Type": made.content_type},
            auth=self._auth,
            data=made.body,
        )
        if not 200 <= reply.status < 300:
            raise answer_error("Mailgun", reply.status, reply.headers, reason=reason(reply))
        match fields(reply):
            case {"id": str(provider_id), "message": str(told)} if told.startswith("Queued"):
                accepted = dict.fromkeys(made.taken, provider_id)
                return Receipt(accepted=accepted, refused=made.refused)
        raise UnsureError("Mailgun answered, but not that it took the letter")

    def _call(self, letter: Letter) -> Call:
        """The call of a letter; the latest is kept, for a letter is hashed before it is sent."""
        if self._latest is None or self._latest[0] is not letter:
            self._latest = (letter, call_for(letter))
        return self._latest[1]

    def look_up(self, letter: Letter, *, since: dt.datetime) -> Mapping[int, str]:
        """Which deliveries Mailgun accepted since then under this letter's key, with its ids.

        Raises:
            RefusedError: It cannot be asked now.
            UnsureError: It did not answer, or not as its documentation says.
        """
        wanted = {recipient.address.lower(): recipient.delivery for recipient in letter.recipients}
        found: dict[int, str] = {}
        begin = since - _CLOCKS_APART
        for event in self._events(begin, kind="accepted", session=self._session):
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
        self, begin: dt.datetime, *, kind: str = "", session: requests.Session | None = None
    ) -> Iterator[object]:
        """Every event of a kind from an instant on, page after page until an empty one."""
        url = f"{self._domain_url}/events"
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
