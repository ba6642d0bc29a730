"""How fast letters go out by SMTP, one message each, each written down before its end leaves.

Letters of 34 kB, personalised, to a mail server of this file in a process of its own on loopback,
from an SQLite database of the benchmark's own. What counts is the processor time of the sender's
whole process, database included; the time by the clock, which the disk's flushes bound, stands
beside it. It writes benchmarks/smtp.md.
"""

import datetime as dt
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
REPORT = CHECKOUT / "benchmarks" / "smtp.md"
READERS = int(os.environ.get("READERS", "20000"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
GOAL = 5_000
SIZE = 34_000
CONNECTIONS = 4


def sink() -> None:
    """Take everything; what comes is looked at no closer than the protocol asks."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=talk, args=(connection,), daemon=True).start()


def talk(connection: socket.socket) -> None:
    """Take what comes by one connection."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(b"220 sink\r\n")
    buffer = b""
    while chunk := connection.recv(262_144):
        buffer += chunk
        answer = b""
        while b"\n" in buffer:
            line, _, buffer = buffer.partition(b"\n")
            verb = line[:4].upper()
            if verb == b"EHLO":
                answer += b"250-sink\r\n250-PIPELINING\r\n250-SIZE\r\n250 8BITMIME\r\n"
            elif verb == b"DATA":
                connection.sendall(answer + b"354 go\r\n")
                while (end := buffer.find(b"\r\n.\r\n")) < 0:
                    buffer += connection.recv(262_144)
                buffer, answer = buffer[end + 5 :], b"250 ok\r\n"
            else:
                answer += b"250 ok\r\n"
        connection.sendall(answer)


def prepare() -> None:
    """Set Django up on a database of the benchmark's own."""
    home = tempfile.mkdtemp(prefix="meridian-smtp-")
    (Path(home) / ".meridian").mkdir()
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "pipeline.settings",
        "MERIDIAN_HOME": home,
        "MERIDIAN_SIGNING_KEYS": "a-signing-key-for-benchmarks-long-enough",
        "MERIDIAN_ADDRESS_KEY": "an-address-key-for-benchmarks-long-enough",
    }
    import django  # noqa: PLC0415 (the environment comes first)

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)


def fill(part: int, readers: int) -> None:
    """Queue an issue of 34 kB for so many."""
    from pipeline.audience.keys import address_hash  # noqa: PLC0415
    from pipeline.audience.models import Subscriber, Subscription  # noqa: PLC0415
    from pipeline.outbox.models import Delivery  # noqa: PLC0415
    from tests import factories  # noqa: PLC0415

    line = (
        '<td style="padding:0 24px;font-family:Georgia,serif">Warmth helps: 70 – 80 of us.</td>\n'
    )
    html = "<p>Dear @@first_name.667269656e64@@,</p>\n" + line * (SIZE // len(line))
    html += (
        '<a href="@@unsubscribe_url@@">Unsubscribe</a> <a href="@@preferences_url@@">Choose</a>\n'
    )
    issue = factories.issue(part=part, newsletter=f"n{part}", article=f"a{part}", html=html)
    addresses = [f"reader-{part}-{number}@example.com" for number in range(readers)]
    people = Subscriber.objects.bulk_create(
        (
            Subscriber(
                address=address, address_hash=address_hash(address), name="Ana M", created_at=NOW
            )
            for address in addresses
        ),
        batch_size=5_000,
    )
    active = Subscription.State.ACTIVE
    Subscription.objects.bulk_create(
        (
            Subscription(subscriber=p, newsletter=issue.newsletter, state=active, changed_at=NOW)
            for p in people
        ),
        batch_size=5_000,
    )
    pending = Delivery.State.PENDING
    Delivery.objects.bulk_create(
        (
            Delivery(issue=issue, subscriber=p, state=pending, due_at=NOW, changed_at=NOW)
            for p in people
        ),
        batch_size=5_000,
    )


NOW = dt.datetime(2026, 3, 3, 15, 0, tzinfo=dt.UTC)


def send(port: int, readers: int) -> tuple[float, float, int]:
    """Send all that is due; processor seconds, seconds by the clock, and messages."""
    from pipeline.channels.smtp import SmtpChannel  # noqa: PLC0415
    from pipeline.channels.smtp_line import Server  # noqa: PLC0415
    from pipeline.engine.passes import new_owner, send_one  # noqa: PLC0415
    from pipeline.outbox.heartbeat import Heartbeat  # noqa: PLC0415
    from pipeline.outbox.models import Delivery  # noqa: PLC0415

    server = Server(host="127.0.0.1", port=port, security="")
    bounces = "bounces@example.com"
    channel = SmtpChannel(server, bounces=bounces, connections=CONNECTIONS)
    owner = new_owner()
    before = Delivery.objects.filter(state=Delivery.State.ACCEPTED).count()
    began, spent = time.perf_counter(), time.process_time()
    with Heartbeat(channel, owner=owner):
        while send_one(channel, owner=owner, now=NOW):
            pass
    spent, took = time.process_time() - spent, time.perf_counter() - began
    channel.close()
    sent = Delivery.objects.filter(state=Delivery.State.ACCEPTED).count() - before
    assert sent == readers, sent
    return spent, took, sent


def main() -> None:
    """Measure and write the report."""
    prepare()
    from benchmarks.machine import machine  # noqa: PLC0415

    command = [sys.executable, __file__, "sink"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        # What is imported at the first letter is not counted.
        fill(0, 100)
        send(port, 100)
        rows = []
        for part in range(1, ROUNDS + 1):
            fill(part, READERS)
            spent, took, sent = send(port, READERS)
            rows.append((sent / spent, sent / took))
            print(f"{sent / spent:,.0f} a processor second, {sent / took:,.0f} a second")
        server.terminate()
    by_processor = statistics.median(row[0] for row in rows)
    by_clock = statistics.median(row[1] for row in rows)
    REPORT.write_text(
        "# Letters by SMTP\n\n"
        f"`make bench-smtp`: {READERS:,} letters of 34 kB, one message each over {CONNECTIONS}"
        " connections to a mail server on this machine (in a process of its own, which is not"
        " counted); each is committed, durably, before its end leaves. The median of"
        f" {ROUNDS} runs. {machine()}, SQLite.\n\n"
        "| what | messages | goal |\n|---|--:|--:|\n"
        f"| for each processor second of the sender, database included | {by_processor:,.0f} |"
        f" {GOAL:,} |\n"
        f"| for each second by the clock | {by_clock:,.0f} | |\n",
        "utf-8",
    )
    print(REPORT.read_text("utf-8"))


if __name__ == "__main__":
    sink() if sys.argv[1:] == ["sink"] else main()
