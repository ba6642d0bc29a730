"""A loopback IMAP server with one folder, which knows what reading bounces needs (RFC 9051).

LOGIN, SELECT and EXAMINE, UID SEARCH of a range, UID FETCH of the beginnings of mails, LOGOUT.
"""

import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Callable

USER = "bounces@example.com"
PASSWORD = 'pass "word"'


class ImapServer:
    """The server, running on a free port until closed.

    Attributes:
        mails: By number.
        validity: The folder's UIDVALIDITY.
        commands: What came, without arguments of LOGIN.
        fetched: The numbers of the mails that were fetched, in order.
        says: What is answered to a command instead of the right thing, by its name; "" hangs up.
        hang_up_after: The command after whose answer the line is cut.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.mails: dict[int, bytes] = {}
        self.validity = 7
        self.commands: list[str] = []
        self.fetched: list[int] = []
        self.says: dict[str, str] = {}
        self.hang_up_after = ""
        self._tls = tls
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept)
        self._acceptor.start()

    def put(self, *mails: bytes) -> None:
        """Let mails come in."""
        for mail in mails:
            self.mails[max(self.mails, default=0) + 1] = mail

    def close(self) -> None:
        """Stop."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._acceptor.join()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.add(connection)
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, plain: socket.socket) -> None:
        with contextlib.suppress(OSError), plain:
            connection = self._tls.wrap_socket(plain, server_side=True) if self._tls else plain
            with connection, connection.makefile("rwb") as stream:
                stream.write(b"* OK ready\r\n")
                stream.flush()
                for line in stream:
                    tag, command = line.decode().rstrip("\r\n").split(" ", 1)
                    name = re.sub(r"^UID ", "UID-", command).split(" ", 1)[0].upper()
                    self.commands.append(name if name == "LOGIN" else command)
                    answer = self._answer(name, command)
                    if not answer:
                        break
                    stream.write(answer.replace(b"<tag>", tag.encode()))
                    stream.flush()
                    if name == self.hang_up_after:
                        break
        self._open.discard(plain)

    def _answer(self, name: str, command: str) -> bytes:
        if name in self.says:
            return self.says[name].encode()
        answers: dict[str, Callable[[str], bytes]] = {
            "CAPABILITY": lambda _: b"* CAPABILITY IMAP4rev1\r\n<tag> OK done\r\n",
            "LOGIN": self._login,
            "EXAMINE": self._examine,
            "UID-SEARCH": self._search,
            "UID-FETCH": self._fetch,
            "LOGOUT": lambda _: b"* BYE\r\n<tag> OK out\r\n",
        }
        return answers[name](command) if name in answers else b"<tag> BAD no such command\r\n"

    def _login(self, command: str) -> bytes:
        right = rf'LOGIN "?{re.escape(USER)}"? "pass \\"word\\""'
        return b"<tag> OK in\r\n" if re.fullmatch(right, command) else b"<tag> NO wrong\r\n"

    def _examine(self, _command: str) -> bytes:
        exists = f"* {len(self.mails)} EXISTS\r\n* OK [UIDVALIDITY {self.validity}] valid\r\n"
        return f"{exists}<tag> OK [READ-ONLY] done\r\n".encode()

    def _search(self, command: str) -> bytes:
        first = int(re.findall(r"UID (\d+):\*", command)[0])
        last = max(self.mails, default=0)
        # Whatever the range begins with, its other end is the last one there is.
        low, high = min(first, last), max(first, last)
        found = " ".join(str(number) for number in sorted(self.mails) if low <= number <= high)
        return f"* SEARCH {found}\r\n<tag> OK done\r\n".encode()

    def _fetch(self, command: str) -> bytes:
        wanted, size = re.findall(r"FETCH ([\d,]+) .*<0\.(\d+)>", command)[0]
        answer = b""
        for place, number in enumerate(map(int, wanted.split(",")), 1):
            if number in self.mails:
                self.fetched.append(number)
                mail = self.mails[number][: int(size)]
                head = f"* {place} FETCH (UID {number} BODY[]<0> {{{len(mail)}}}\r\n".encode()
                answer += head + mail + b")\r\n"
        return answer + b"<tag> OK done\r\n"
