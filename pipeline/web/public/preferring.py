"""The form of a reader's preferences: what it shows, and what came back changed.

Each value comes back beside the one that was shown, and only what differs is written: two pages
open at once, or a setting that changed meanwhile, lose nothing.
"""

import datetime as dt
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from zoneinfo import available_timezones

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date

from pipeline.audience.fields import checked
from pipeline.audience.joining import LONGEST
from pipeline.audience.leaving import received
from pipeline.audience.models import Subscriber, Subscription
from pipeline.audience.preferring import OWN, Changes, Rhythm
from pipeline.errors import SourceError
from pipeline.values import CustomField, Newsletter
from pipeline.web.public.sender import sender_of
from pipeline.web.public.words import WORDS
from pipeline.web.public.words.preferences import Preferring

FIELD = "field-"
RHYTHM = "rhythm-"
WAS = "was-"
# Of the world's zones, those that are places; the rest are old names and offsets.
_REGIONS = (
    "Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian",
    "Pacific",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What the page shows.

    Attributes:
        values: What stands in each input, by its name.
        errors: What is wrong with it, by its name.
        letters: The newsletters the reader is on, and how often each comes: a value of ``Rhythm``,
            or the last day of a pause.
        asked: The fields those newsletters declare.
        changes: What is to be written down.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    letters: tuple[tuple[Newsletter, str], ...] = ()
    asked: tuple[CustomField, ...] = ()
    changes: Changes = field(default_factory=Changes)

    @property
    def languages(self) -> Mapping[str, str]:
        """The languages to choose from, by tag: those we speak, the letters' and the reader's."""
        tags = [*WORDS, *(letter.language for letter, _ in self.letters), self.values["language"]]
        return {tag: own_name(tag) for tag in dict.fromkeys(tags) if tag}

    @property
    def zones(self) -> Mapping[str, Mapping[str, str]]:
        """The time zones to choose from, by region, and what each is called."""
        mine = self.values["time_zone"]
        known = any(mine in zones for zones in _zones().values())
        return {**({"UTC": {mine: mine}} if mine and not known else {}), **_zones()}


def form_of(person: Subscriber, *, now: dt.datetime) -> Form:
    """What a reader has set. Without a newsletter that is still known there is nothing to set."""
    keys = received(person, now=now)
    ties = {tie.newsletter: tie for tie in person.subscriptions.filter(newsletter__in=keys)}
    letters = tuple(
        (letter, _rhythm(ties[key], now=now))
        for key in keys
        if (letter := sender_of(key).newsletter) is not None
    )
    asked = {one.key: one for letter, _ in letters for one in letter.fields}
    return Form(
        values={
            **{name: getattr(person, name) for name in OWN},
            **{FIELD + key: person.fields.get(key, "") for key in asked},
            **{RHYTHM + letter.key: rhythm for letter, rhythm in letters},
        },
        letters=letters,
        asked=tuple(asked.values()),
    )


def _rhythm(tie: Subscription, *, now: dt.datetime) -> str:
    if tie.paused_until and tie.paused_until > now:
        return tie.paused_until.date().isoformat()
    return str(tie.frequency)


def read(posted: Mapping[str, str], shown: Form, words: Preferring) -> Form:
    """The form as it came back, with an error in the reader's language for each wrong value."""
    typed = {
        name: _tidied(posted[name])
        for name in shown.values
        if name in posted and _tidied(posted[name]) != posted.get(WAS + name, "")
    }
    errors = {name: told for name in typed if (told := _wrong(name, typed[name], shown, words))}
    answers = {asked.key: _answer(asked, typed) for asked in shown.asked if not errors}
    changes = Changes(
        own={name: typed[name] for name in OWN if name in typed},
        fields={key: answer for key, answer in answers.items() if answer is not None},
        rhythms={
            name.removeprefix(RHYTHM): Rhythm(value)
            for name, value in typed.items()
            if name.startswith(RHYTHM) and value in Rhythm.values
        },
    )
    return replace(shown, values={**shown.values, **typed}, errors=errors, changes=changes)


def _tidied(text: str) -> str:
    # Far more than any field keeps, so that an error can show what was typed.
    return " ".join(unicodedata.normalize("NFC", text[:1000]).split())


def _wrong(name: str, value: str, shown: Form, words: Preferring) -> str:
    """What is wrong with a value that was typed or chosen; "" if nothing is."""
    if name == "name":
        return "" if len(value) <= LONGEST["name"] and value.isprintable() else words.name_wrong
    if name.startswith(FIELD):
        try:
            checked(shown.asked, {name.removeprefix(FIELD): value})
        except SourceError:
            return words.field_wrong
        return ""
    # What stands in a list can only be something else if somebody wrote it by hand.
    choices = {
        "language": shown.languages,
        "time_zone": {zone for zones in shown.zones.values() for zone in zones},
    }.get(name, Rhythm.values)
    return "" if not value or value in choices else words.field_wrong


def _answer(asked: CustomField, typed: Mapping[str, str]) -> str | None:
    name = FIELD + asked.key
    if name not in typed:
        return None
    return checked((asked,), {asked.key: typed[name]}).get(asked.key, "")


def own_name(tag: str) -> str:
    """What speakers of a language call it: "español"; the tag where nobody knows."""
    try:
        return Locale.parse(tag, sep="-").get_display_name() or tag
    except (ValueError, UnknownLocaleError):
        return tag


def said_of(rhythm: str, words: Preferring) -> str:
    """What is said of a pause: "En pausa hasta el 3 de junio de 2026"; "" of any other rhythm."""
    if rhythm in words.rhythms:
        return ""
    day = format_date(dt.date.fromisoformat(rhythm), format="long", locale=words.language)
    return words.paused.format(day=day)


@cache
def _zones() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {region: {} for region in _REGIONS}
    for zone in sorted(available_timezones()):
        region, _, place = zone.partition("/")
        if place and region in found:
            found[region][zone] = place.replace("_", " ")
    return found
