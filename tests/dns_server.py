"""A loopback DNS server with records of a test's own, over UDP (RFC 1035)."""

import socketserver
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

IN = dns.rdataclass.IN


class DnsServer:
    """The server, running on a free port until closed.

    Attributes:
        records: Texts by name and type, as a zone file writes them: ``{("a.test", "A"): [...]}``.
        broken: Names about which it answers that it cannot tell.
        mute: Names about which it says nothing at all.
        asked: Name and type of every question, in order.
        address: As ``MERIDIAN_DNS`` writes it.
    """

    def __init__(self, records: dict[tuple[str, str], list[str]] | None = None) -> None:
        self.records = records or {}
        self.broken: set[str] = set()
        self.mute: set[str] = set()
        self.asked: list[tuple[str, str]] = []
        server = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                answer = server.answer(self.request[0])
                if answer:
                    self.request[1].sendto(answer, self.client_address)

        self._server = socketserver.ThreadingUDPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, wire: bytes) -> bytes:
        """What it says to a question; nothing about some names."""
        query = dns.message.from_wire(wire)
        (question,) = query.question
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        if name in self.mute:
            return b""
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        if name in self.broken:
            response.set_rcode(dns.rcode.SERVFAIL)
        elif (name, "CNAME") in self.records:
            self._follow(response, name, kind)
        elif found := self.records.get((name, kind)):
            response.answer.append(dns.rrset.from_text(question.name, 60, IN, kind, *found))
        elif not any(each == name for each, _ in self.records):
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response.to_wire()

    def _follow(self, response: dns.message.Message, name: str, kind: str) -> None:
        (target,) = self.records[name, "CNAME"]
        response.answer.append(dns.rrset.from_text(f"{name}.", 60, IN, "CNAME", target))
        if found := self.records.get((target.rstrip("."), kind)):
            response.answer.append(dns.rrset.from_text(target, 60, IN, kind, *found))
