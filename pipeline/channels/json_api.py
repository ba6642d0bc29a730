"""What mail APIs have in common that take one JSON document for many readers.

The documents themselves, and what an answer says, are each provider's own.
"""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace

import requests

from pipeline.channels.http import Reply, answer_error, call
from pipeline.channels.json_form import Merged
from pipeline.channels.mail import sort_out
from pipeline.channels.message import CRLF, kind_headers, unsubscribe_headers
from pipeline.errors import RefusedError, SendError, UnsureError
from pipeline.outbox.letter import Letter, Receipt, Recipient, Safety
from pipeline.stages.merge import ADDRESSES, Slot, mark, slots

TIMEOUT = dt.timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Call:
    """A letter as one call takes it.

    Attributes:
        letter: The letter.
        recipients: Those it goes to, in the order of the document.
        refused: Why not to the others, by delivery.
        body: The document.
    """

    letter: Letter
    recipients: list[Recipient]
    refused: dict[int, str]
    body: bytes


class JsonChannel(ABC):
    """A mail API over one opened connection: one channel for each thread (A4).

    Attributes:
        who: The provider, as messages name it.
        path: Where below ``api_url`` letters are handed over.
        key_header: The header of the call that bears the batch's key; "" where there is none.
    """

    name: str
    who: str
    path: str
    batch_size: int
    safety: Safety
    serializer: str
    eai = False
    key_lifetime: dt.timedelta | None = None
    key_header = ""

    def __init__(
        self, *, api_url: str, headers: Mapping[str, str], timeout: dt.timedelta = TIMEOUT
    ) -> None:
        self.timeout = timeout
        self.api_url = api_url.rstrip("/")
        self._headers = {"Content-Type": "application/json", **headers}
        self._session = requests.Session()
        # Where a call goes and with which key is set here alone: no proxy, no .netrc.
        self._session.trust_env = False
        self._last: Call | None = None

    def close(self) -> None:
        """Let the connection go."""
        self._session.close()

    def serialize(self, letter: Letter) -> bytes:
        """The document; for a letter refused, the reason."""
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
        # The document was for this moment, and is large.
        self._last = None
        reply = call(
            self._session,
            "POST",
            self.api_url + self.path,
            who=self.who,
            timeout=self.timeout,
            headers=self._with(letter, made.body),
            data=made.body,
        )
        receipt = self.outcome(reply, made)
        return replace(receipt, refused={**made.refused, **receipt.refused})

    def check(self, letter: Letter) -> None:  # noqa: B027 (many have nothing to refuse)
        """Refuse author's words that the provider would take for its own merge fields.

        Raises:
            RefusedError: There are such.
        """

    @abstractmethod
    def write(self, letter: Letter, recipients: list[Recipient]) -> bytes:
        """The document, the same for the same letter."""

    def outcome(self, reply: Reply, made: Call) -> Receipt:
        """What any answer says of each reader.

        Raises:
            SendError: It says nothing of each.
        """
        if not 200 <= reply.status < 300:
            raise self.refusal(reply)
        return self.read(reply, made.recipients)

    @abstractmethod
    def read(self, reply: Reply, recipients: list[Recipient]) -> Receipt:
        """What an answer of success says of each reader.

        Raises:
            UnsureError: It does not say what it should.
        """

    def signed(self, body: bytes) -> Mapping[str, str]:  # noqa: ARG002 (for those that sign)
        """The headers by which a call shows who makes it, where they hang on its body."""
        return {}

    def refusal(self, reply: Reply) -> SendError:
        """What an answer that is no success means."""
        return answer_error(self.who, reply.status, reply.headers, reason=reason(reply))

    def ask(self, path: str, params: Mapping[str, str]) -> object:
        """What the provider tells of what it took.

        Args:
            path: Where below ``api_url``.
            params: What stands behind the question mark.

        Raises:
            RefusedError: It was not reached, or says no.
            UnsureError: It did not answer, or not with JSON.
        """
        reply = call(
            self._session,
            "GET",
            self.api_url + path,
            who=self.who,
            timeout=self.timeout,
            headers=self._headers,
            params=params,
        )
        if reply.status != 200:
            raise self.refusal(reply)
        return reply.json()

    def _with(self, letter: Letter, body: bytes) -> dict[str, str]:
        keyed = {self.key_header: letter.key} if self.key_header else {}
        return {**self._headers, **keyed, **self.signed(body)}

    def _call(self, letter: Letter) -> Call:
        """The call of a letter; of the one last asked for, the same: it is asked for twice."""
        if self._last is None or self._last.letter is not letter:
            self.check(letter)
            recipients, refused = sort_out(letter)
            self._last = Call(letter, recipients, refused, self.write(letter, recipients))
        return self._last


def letter_headers(letter: Letter) -> dict[str, str]:
    """The headers of each message, each on one line; an issue's lead out by a merge mark."""
    made = {name: value.replace(CRLF, "") for name, value in kind_headers(letter).items()}
    return made | (unsubscribe_headers(mark("unsubscribe_url")) if letter.kind == "issue" else {})


def variable(slot: Slot, *, html: bool = False) -> str:
    """The name of a slot's variable: one for each default, and one of its own where it is HTML."""
    return f"{slot.key}_html" if html and slot.field not in ADDRESSES else slot.key


def variables(letter: Letter) -> dict[str, Merged]:
    """Each reader's values by name, for a provider that fills the letter's marks itself.

    Defaults are applied here. What stands in HTML is HTML already, under a name of its own.
    """
    plain = "".join([letter.subject, letter.text, *letter_headers(letter).values()])
    made = {variable(slot): Merged(slot.mark) for slot in slots(plain)}
    for slot in slots(letter.html):
        made[variable(slot, html=True)] = Merged(slot.mark, html=True)
    return made


def reason(reply: Reply) -> str:
    """The ``message`` of an answer in JSON, as most mail APIs give it; "" if there is none."""
    match fields(reply):
        case {"message": str(message)}:
            return message
    return ""


def fields(reply: Reply) -> dict[str, object]:
    """The fields of an answer in JSON; none if it is something else."""
    try:
        answer = reply.json()
    except UnsureError:
        return {}
    return answer if isinstance(answer, dict) else {}
