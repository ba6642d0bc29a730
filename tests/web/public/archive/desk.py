"""Issues that went out week by week, with cards, for the tests of the archive."""

import datetime as dt
import struct
import zlib

from pipeline.campaigns.models import Card, Issue
from pipeline.campaigns.parts import store
from pipeline.values import About, Person
from tests import factories
from tests.web.readers import NOW

ABOUT = About(
    language="en",
    minutes=3,
    authors=(Person(name="Mara Ellison", credentials=("DAcOM", "L.Ac.")),),
    why="You get this letter on Tuesdays because you asked for it on our website.",
)
SITE = "http://127.0.0.1:8000"
PATH = "/archive/weekly/why-warmth-helps/1/"
HOSTILE = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>]]>&amp; \u2028 온기 👩‍⚕️"


def went_out(part: int = 1, *, weeks: int = 0, about: About = ABOUT, **changes: object) -> Issue:
    """An issue that went out so many weeks after the first."""
    now = NOW + dt.timedelta(weeks=weeks)
    values = {"subject": f"Letter {part}", "about": about, "now": now} | changes
    return factories.issue(part=part, **values)  # type: ignore[arg-type]


def pictured(issue: Issue, *, section: int = 0, width: int = 1080, height: int = 1350) -> str:
    """Give an issue a card; its hash."""
    sha256 = store(png(width, height))
    Card.objects.create(
        issue=issue, section=section, key=str(section), png_id=sha256, alt="A card\nin words"
    )
    return sha256


def png(width: int, height: int) -> bytes:
    """A white picture of this size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff" * width) * height)
    chunks = ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
