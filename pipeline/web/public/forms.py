"""The form by which people ask to join: what it says of itself, and what comes back.

The form brings along, signed, the very words it showed (L5) and when it was opened. One that stands
in another site's page is printed once, so it tells no time, and stricter limits hold for it (S16).
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from pipeline.audience.addresses import normalise_address
from pipeline.audience.asking import Wish
from pipeline.audience.fields import checked
from pipeline.audience.joining import LONGEST
from pipeline.audience.tokens import form_token, read_form_token
from pipeline.errors import SourceError
from pipeline.values import Clinic, Newsletter
from pipeline.web.public.words.joining import Joining

# A person reads and types; whoever answers sooner than this is asked to press once more.
QUICKEST = dt.timedelta(seconds=2)
# Opened longer ago than this, it may have been copied, and counts as one that tells no time.
TIMED_FOR = dt.timedelta(days=1)
# A name that programs like to fill in and browsers do not.
TRAP = "website"
FIELD = "field-"
# What breaks a line, and what turns the order of the letters round.
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a form said of itself.

    Attributes:
        newsletter: The key of what it asks for.
        language: The language it was in.
        wording: What it said one agrees to.
        opened_at: When a page of ours showed it; None if another site does.
    """

    newsletter: str
    language: str
    wording: str
    opened_at: dt.datetime | None = None

    def token(self) -> str:
        """This, signed, to come back with the form."""
        opened = self.opened_at.timestamp() if self.opened_at else 0
        return form_token(
            {"n": self.newsletter, "l": self.language, "w": self.wording, "t": opened}
        )

    def is_quick(self, now: dt.datetime) -> bool:
        """Whether it came back sooner than a person can answer."""
        return self.opened_at is not None and now - self.opened_at < QUICKEST

    def is_timed(self, now: dt.datetime) -> bool:
        """Whether it tells when it was opened."""
        return self.opened_at is not None and now - self.opened_at < TIMED_FOR


def shown_by(token: str, newsletter: str) -> Shown | None:
    """What a form of ours for this newsletter said; None of any other."""
    said = read_form_token(token)
    if said is None or said["n"] != newsletter:
        return None
    opened = dt.datetime.fromtimestamp(said["t"], dt.UTC) if said["t"] else None
    return Shown(newsletter=newsletter, language=said["l"], wording=said["w"], opened_at=opened)


def consent_wording(words: Joining, clinic: Clinic, newsletter: Newsletter) -> str:
    """What a person agrees to by pressing the button."""
    return words.consent.format(clinic=clinic.name, newsletter=newsletter.name)


@dataclass(frozen=True, slots=True)
class Filled:
    """What was typed into a form, and what is wrong with it, by the name of the field."""

    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)

    def wish(self, shown: Shown, *, form: str) -> Wish:
        """What it asks for; only if nothing is wrong with it."""
        return Wish(
            address=normalise_address(self.typed["address"]),
            newsletter=shown.newsletter,
            wording=shown.wording,
            language=shown.language,
            name=self.typed["name"],
            fields=self.fields,
            form=form,
        )


def read(posted: Mapping[str, str], newsletter: Newsletter, words: Joining) -> Filled:
    """What was typed, with an error in the reader's language for each field that is wrong."""
    names = ["address", "name", *(FIELD + asked.key for asked in newsletter.fields)]
    # Far more than any field keeps, so that an error can show what was typed.
    typed = {name: posted.get(name, "").strip()[:1000] for name in names}
    typed["name"] = " ".join(unicodedata.normalize("NFC", typed["name"]).split())
    errors: dict[str, str] = {}
    kept: dict[str, str] = {}
    try:
        normalise_address(typed["address"])
    except SourceError:
        errors["address"] = words.address_wrong
    if len(typed["name"]) > LONGEST["name"] or _UNFIT.search(typed["name"]):
        errors["name"] = words.name_wrong
    for asked in newsletter.fields:
        try:
            kept |= checked((asked,), {asked.key: typed[FIELD + asked.key]})
        except SourceError:
            errors[FIELD + asked.key] = words.field_wrong
    return Filled(typed, errors, kept)


def form_address(request: HttpRequest, shown: Shown) -> str:
    """Where the form stands: our own page, or the site a browser names; "" if it names none (L5).

    No more of a foreign address is kept than its site and path: a query may hold anything.
    """
    if shown.opened_at is not None:
        return f"{settings.MERIDIAN_URL}{reverse('join', args=[shown.newsletter])}"
    try:
        parts = urlsplit(request.headers.get("Referer") or request.headers.get("Origin", ""))
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host:
        return ""
    address = f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path}"
    return address[:500] if address.isprintable() else ""
