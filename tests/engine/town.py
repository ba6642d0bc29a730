"""The clinic of the simulated year, and what people write there, in three languages."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pipeline.campaigns.calendar import instant
from tests.engine.witness import House

CLINIC = """
[clinic]
name = "Harbour Street Acupuncture"
postal_address = ["12 Harbour Street", "Fairhaven 00000"]
website = "https://harbour-street.example.com"
time_zone = "America/New_York"

[calendar]
country = "US"
on_holiday = "{on_holiday}"
closed = [2026-08-04, 2026-08-05, 2026-12-24]
"""
NEWSLETTER = """
[[newsletters]]
key = "{key}"
name = "The {key} letter"
from_name = "Harbour Street Acupuncture"
from_address = "{key}@harbour-street.example.com"
approval = "{approval}"
weekday = "{weekday}"
time = {time}
time_zone = "{zone}"
missed = "{missed}"
late_joiners = "{late}"
local_time = {local}
digest = {digest}
languages = {languages}
missing_language = "{missing}"
"""
NEWSLETTERS = (
    ("harbour", "none", "tuesday", "10:00:00", "America/New_York", "send", "from the start"),
    ("hafen", "practitioner", "thursday", "02:30:00", "Europe/Berlin", "hold", "join in"),
    ("hangang", "none", "monday", "09:00:00", "Asia/Seoul", "skip", "from the start"),
)
LANGUAGES = {"harbour": ("ko", "es"), "hafen": ("ko",)}
ARTICLE = """\
---
title: {title}
newsletter: {newsletter}
byline: Mara Ellison, L.Ac.
{kind}---

A few small things about {title}.
{sections}"""
TRANSLATION = """\
---
title: {title}
newsletter: {newsletter}
language: {language}
translation_of: {slug}
---

{lead}
{sections}"""
SECTION = """
## {number}. {heading}

{text}
"""


@dataclass(frozen=True)
class Words:
    """What an article says in a language; ``changed`` is what it says after an edit."""

    heading: str
    lead: str
    text: str
    changed: str


WORDS = {
    "en": Words(
        "Thing", "",
        "Tea warms. It is written down here, and it stays a small thing that anybody can try.",
        "Tea warms {number} hands. It stays a small thing that anybody can try.",
    ),
    "ko": Words(
        "이야기", "작은 것 몇 가지를 적어 둡니다.",
        "차는 따뜻합니다. 여기에 적어 두었고, 누구나 해 볼 수 있는 작은 일입니다.",
        "차는 손 {number}개를 따뜻하게 합니다. 누구나 해 볼 수 있는 작은 일입니다.",
    ),
    "es": Words(
        "Cosa", "Unas pocas cosas pequeñas.",
        "El té está caliente. Queda escrito aquí, y es una cosa pequeña para cualquiera.",
        "El té calienta {number} manos. Es una cosa pequeña para cualquiera.",
    ),
}  # fmt: skip


def translations(article: str) -> set[str]:
    """The files an article's translations may have."""
    return {f"{article}-{language}" for language in WORDS}


def newsletter(values: tuple[str, ...], house: House) -> str:
    """A newsletter as clinic.toml says it."""
    key, approval, weekday, time, zone, missed, late = values
    return NEWSLETTER.format(
        key=key, approval=approval, weekday=weekday, time=time, zone=zone, missed=missed,
        late=late, local=str(house.local).lower(), digest=str(house.digest).lower(),
        languages=list(house.languages), missing="fallback" if house.falls_back else "hold",
    )  # fmt: skip


def next_slot(key: str, now: dt.datetime) -> dt.datetime:
    """The next weekly slot of a newsletter, holiday or not: an evergreen letter may want it."""
    _, _, weekday, time, zone, *_ = next(each for each in NEWSLETTERS if each[0] == key)
    day = now.astimezone(ZoneInfo(zone)).date()
    while True:
        slot = dt.datetime.combine(day, dt.time.fromisoformat(time))
        if slot.strftime("%A").lower() == weekday and instant(slot, zone) > now:
            return instant(slot, zone)
        day += dt.timedelta(days=1)
