"""A mail API that takes everything at once: Mailgun's answers and no work of its own.

It stands in a process of its own, so that its time is not the sender's. ``sink.py LATENCY`` prints
the port it listens at, and waits so many seconds before each answer.
"""

import asyncio
import sys

_HEAD = (
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n\r\n{answer}"
)
_LENGTH = b"content-length:"


class Sink:
    """The server; ``taken`` counts its calls."""

    def __init__(self, latency: float) -> None:
        self.taken = 0
        self._latency = latency

    async def serve(self) -> None:
        """Listen until the process ends."""
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0, limit=1 << 22)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                if b"100-continue" in head:
                    writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                await reader.readexactly(_length(head))
                self.taken += 1
                if self._latency:
                    await asyncio.sleep(self._latency)
                answer = f'{{"id": "<{self.taken}@sink.example.com>", "message": "Queued."}}'
                writer.write(_HEAD.format(size=len(answer), answer=answer).encode())
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


def _length(head: bytes) -> int:
    start = head.index(_LENGTH) + len(_LENGTH)
    return int(head[start : head.index(b"\r\n", start)])


if __name__ == "__main__":
    asyncio.run(Sink(float(sys.argv[1])).serve())
