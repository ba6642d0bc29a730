"""The mailbox that bounces come to, read over IMAP (RFC 9051), and left as it is.

Mails are read by their number in the folder (UID), which only rises: what was read is not read
again, whoever else looks into the folder. Of a huge mail only the beginning is fetched.
"""

import contextlib
import imaplib
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings

from pipeline.channels.smtp_line import is_loopback
from pipeline.errors import RefusedError, SettingError

# A report and the headers of what it is about; some send all of the message back with it.
LARGEST = 262_144
# So many in one pass, which others wait for; the next pass goes on.
MOST, CHUNK = 500, 25
_TIMEOUT = 30.0
_PORTS = {True: 993, False: 143}
_UID = re.compile(rb"\bUID (\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """Where bounces are read.

    Attributes:
        secure: TLS from the first byte.
    """

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    secure: bool = True

    @property
    def name(self) -> str:
        """What it is recognised by."""
        return f"{self.user} {self.host} {self.folder}"

    @contextlib.contextmanager
    def open(self) -> Iterator["Folder"]:
        """The folder, to be read and not to be changed.

        Raises:
            RefusedError: It cannot be had now.
        """
        try:
            with _hung_up(self._connected()) as line:
                line.login(self.user, self.password)
                status, _ = line.select(_quoted(self.folder), readonly=True)
                if status != "OK":
                    raise RefusedError(f"the mailbox at {self.host} has no such folder")
                yield Folder(line)
        except ssl.SSLCertVerificationError:
            told = f"the mailbox at {self.host} shows a certificate that is not believed"
            raise RefusedError(told) from None
        except (imaplib.IMAP4.error, OSError, ValueError):
            # Not with its words: they may name the address.
            raise RefusedError(f"the mailbox at {self.host} cannot be read") from None

    def _connected(self) -> imaplib.IMAP4:
        if not self.secure:
            return imaplib.IMAP4(self.host, self.port, timeout=_TIMEOUT)
        context = ssl.create_default_context()
        if is_loopback(self.host):
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return imaplib.IMAP4_SSL(self.host, self.port, ssl_context=context, timeout=_TIMEOUT)


@contextlib.contextmanager
def _hung_up(line: imaplib.IMAP4) -> Iterator[imaplib.IMAP4]:
    """The connection, closed however it ends: the library leaves one open that was cut."""
    try:
        yield line
    finally:
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            line.logout()
        with contextlib.suppress(OSError):
            line.shutdown()


class Folder:
    """An open folder."""

    def __init__(self, line: imaplib.IMAP4) -> None:
        self._line = line

    @property
    def validity(self) -> int:
        """Changes when its numbers begin anew (RFC 9051, section 2.3.1.1)."""
        _, told = self._line.response("UIDVALIDITY")
        return int(told[0] or 0) if told else 0

    def mails(self, *, after: int) -> Iterator[tuple[int, bytes]]:
        """The beginning of each mail with a higher number, in their order, so many at most.

        Raises:
            imaplib.IMAP4.error: The server says no.
            OSError: The line is lost.
        """
        _, found = self._line.uid("SEARCH", f"UID {after + 1}:*")
        # A range up to the last one always has that in it.
        numbers = sorted(n for n in map(int, (found[0] or b"").split()) if n > after)[:MOST]
        for begin in range(0, len(numbers), CHUNK):
            chunk = numbers[begin : begin + CHUNK]
            yield from sorted(self._fetched(chunk).items())

    def _fetched(self, numbers: list[int]) -> dict[int, bytes]:
        # What cannot be fetched, for somebody deleted it, is passed over like what says nothing.
        mails = dict.fromkeys(numbers, b"")
        wanted = ",".join(map(str, numbers))
        _, parts = self._line.uid("FETCH", wanted, f"(UID BODY.PEEK[]<0.{LARGEST}>)")
        for part in parts:
            if isinstance(part, tuple) and (found := _UID.search(part[0])):
                mails[int(found[1])] = bytes(part[1])
        return mails


def mailbox_of_settings() -> Mailbox | None:
    """The mailbox that ``IMAP_HOST`` and its neighbours name; None if none is named.

    Raises:
        SettingError: One of them is missing or cannot be used.
    """
    given = {name: str(value).strip() for name, value in settings.IMAP.items()}
    host = given.get("HOST", "")
    if not host:
        return None
    mend = "Set it in the environment or .env."
    for name in ("USER", "PASSWORD"):
        if not given.get(name):
            raise SettingError(f"IMAP_{name} is not set", mend=mend)
    secure = given.get("USE_SSL", "").lower() not in {"0", "false", "no", "off"}
    if not (secure or is_loopback(host)):
        raise SettingError(
            f"the password for {host} would be sent in the clear",
            mend="Take IMAP_USE_SSL out.",
        )
    port = given.get("PORT") or str(_PORTS[secure])
    if not re.fullmatch(r"[1-9][0-9]{0,4}", port) or int(port) > 65_535:
        raise SettingError("IMAP_PORT is not a number from 1 to 65535", mend=mend)
    return Mailbox(
        host=host,
        port=int(port),
        user=given["USER"],
        password=str(settings.IMAP["PASSWORD"]),
        folder=given.get("FOLDER") or "INBOX",
        secure=secure,
    )


def _quoted(folder: str) -> str:
    if not (folder.isascii() and folder.isprintable()):
        raise ValueError(folder)
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
