"""What clinic.toml may say: the ranges of its settings, beyond what types alone tell."""

import re
from zoneinfo import ZoneInfo

from pipeline.stages.newsletters import notices_from
from pipeline.stages.read.rhythm import check_calendar, check_numbers, check_rhythm, check_time
from pipeline.stages.read.wrong import Loc, WrongError
from pipeline.stages.text.clinical import is_clinical
from pipeline.stages.text.hosts import ascii_domain
from pipeline.stages.text.inline import href
from pipeline.values import Account, Configuration, CustomField, Newsletter, Practitioner

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_KEY = re.compile(r"(?=.{1,64}\Z)[a-z0-9]+(-[a-z0-9]+)*")
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}")
# What every subscriber has: a field of this name would be a second place for the same thing.
_OWN_FIELDS = frozenset({"address", "email", "name", "first_name", "language", "time_zone"})
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}")
# One address that every mail server takes (S15, D23).
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?=[A-Za-z]){_LABEL}")


def check_ranges(configuration: Configuration) -> None:
    """Refuse what types alone let pass.

    Raises:
        WrongError: A setting is out of its range.
    """
    if not configuration.newsletters:
        raise WrongError(("newsletters",), "there is no newsletter", "Add a [[newsletters]] table.")
    if not any(line.strip() for line in configuration.clinic.postal_address):
        raise WrongError(
            ("clinic", "postal_address"),
            "the postal address is empty",
            "Mail law asks for a street address or a PO box in every newsletter.",
        )
    _check_zone(("clinic", "time_zone"), configuration.clinic.time_zone)
    _check_language(("clinic", "language"), configuration.clinic.language)
    for name in ("brand", "accent", "ink", "paper"):
        if not _COLOUR.fullmatch(getattr(configuration.brand, name)):
            raise WrongError(("brand", name), f"{name} is no colour", "Write it as #2f6f62.")
    seen: set[str] = set()
    for index, newsletter in enumerate(configuration.newsletters):
        _check_newsletter(("newsletters", index), newsletter, seen)
    _check_notices_from(configuration)
    for index, practitioner in enumerate(configuration.practitioners):
        _check_practitioner(("practitioners", index), practitioner)
    for address in configuration.clinic.staff:
        _check_address(("clinic", "staff"), address)
    check_calendar(configuration.calendar)
    _check_accounts(configuration.accounts)


def _check_notices_from(configuration: Configuration) -> None:
    """Refuse notices that would come from a newsletter's address (D14).

    Mail programs judge an address by all it sends: who calls a newsletter spam must not keep
    confirmations out of the inbox.
    """
    given = configuration.clinic.notices_from
    if given and not _is_address(given):
        told = f"{given!r} is no email address"
        raise WrongError(("clinic", "notices_from"), told, "Write it as name@clinic.example.")
    taken = {notices_from(configuration, each).lower() for each in configuration.newsletters}
    for index, newsletter in enumerate(configuration.newsletters):
        if newsletter.from_address.lower() in taken:
            loc = ("clinic", "notices_from") if given else ("newsletters", index, "from_address")
            told = f"a newsletter and notices would both come from {newsletter.from_address}"
            mend = "Write another address of yours as notices_from under [clinic]."
            raise WrongError(loc, told, mend)


def _check_photo(loc: Loc, photo: str) -> None:
    if photo and not (photo.startswith("https://") and href(photo)):
        raise WrongError(
            loc,
            f"photo is {photo!r}, which no mail program would show",
            "Write the https address of a square picture, at least 144 dots wide.",
        )


def _check_practitioner(loc: Loc, practitioner: Practitioner) -> None:
    _check_photo((*loc, "photo"), practitioner.photo)
    if practitioner.email:
        _check_address((*loc, "email"), practitioner.email)
    if practitioner.language:
        _check_language((*loc, "language"), practitioner.language)


def _check_address(loc: Loc, address: str) -> None:
    if not _is_address(address):
        told = f"{address!r} is no email address"
        raise WrongError(loc, told, "Write it as name@clinic.example.")


def _check_accounts(accounts: tuple[Account, ...]) -> None:
    for index, account in enumerate(accounts):
        loc = ("accounts", index, "handle")
        earlier = [(other.network, other.handle) for other in accounts[:index]]
        if (account.network, account.handle) in earlier:
            raise WrongError(loc, f"{account.handle!r} is here twice", "Remove one of the two.")
        if len(account.handle) > 255:
            raise WrongError(loc, "handle is longer than 255 characters", "Shorten it.")
        check_rhythm(("accounts", index), account)


def _check_newsletter(loc: Loc, newsletter: Newsletter, seen: set[str]) -> None:
    if not _KEY.fullmatch(newsletter.key):
        raise WrongError(
            (*loc, "key"), f"{newsletter.key!r} is no key", "Write it like this: weekly-letter."
        )
    if newsletter.key in seen:
        raise WrongError(
            (*loc, "key"), f"two newsletters have the key {newsletter.key}", "Rename one."
        )
    seen.add(newsletter.key)
    _check_address((*loc, "from_address"), newsletter.from_address)
    if newsletter.reply_to:
        _check_address((*loc, "reply_to"), newsletter.reply_to)
    check_time((*loc, "time"), newsletter.time)
    if newsletter.time_zone:
        _check_zone((*loc, "time_zone"), newsletter.time_zone)
    if newsletter.language:
        _check_language((*loc, "language"), newsletter.language)
    check_numbers(loc, newsletter)
    for language in newsletter.languages:
        _check_language((*loc, "languages"), language)
    for index, asked in enumerate(newsletter.fields):
        _check_field((*loc, "fields", index), asked, newsletter.fields[:index])


def _check_field(loc: Loc, asked: CustomField, earlier: tuple[CustomField, ...]) -> None:
    if not _FIELD.fullmatch(asked.key):
        told = f"{asked.key!r} is no key of a field"
        raise WrongError((*loc, "key"), told, "Write it like this: nearest_town.")
    if asked.key in {other.key for other in earlier}:
        raise WrongError((*loc, "key"), f"two fields have the key {asked.key}", "Rename one.")
    if asked.key in _OWN_FIELDS:
        raise WrongError((*loc, "key"), f"{asked.key} is known already", "Leave it out.")
    for name in ("key", "label"):
        if is_clinical(getattr(asked, name)):
            told = f"a newsletter does not ask about health: {getattr(asked, name)}"
            mend = "Ask for what the letters need: a town, an interest. Health stays in the clinic."
            raise WrongError((*loc, name), told, mend)
    _check_choices((*loc, "choices"), asked)


def _check_choices(loc: Loc, asked: CustomField) -> None:
    if (asked.kind == "choice") is not (len(set(asked.choices)) >= 2):
        told = "a choice needs two answers at least, and no other kind has any"
        raise WrongError(loc, told, 'Write kind = "choice" and choices = ["yes", "no"].')
    if len(set(asked.choices)) < len(asked.choices):
        raise WrongError(loc, "an answer is here twice", "Remove one of the two.")


def _is_address(text: str) -> bool:
    local, _, domain = text.rpartition("@")
    try:
        spelt = f"{local}@{ascii_domain(domain[:254])}"
    except ValueError:
        return False
    return len(spelt) <= 254 and _ADDRESS.fullmatch(spelt) is not None


def _check_language(loc: Loc, code: str) -> None:
    if not _LANGUAGE.fullmatch(code):
        raise WrongError(loc, f"{code!r} is no language", "Write it as en, es or ko.")


def _check_zone(loc: Loc, name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        mend = "Write it as America/New_York or Asia/Seoul."
        raise WrongError(loc, f"{name!r} is no time zone", mend) from error
