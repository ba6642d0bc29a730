"""The staff: practitioners who approve, and who may be sent a test (S35)."""

import datetime as dt

from pipeline.audience import asking
from pipeline.audience.addresses import normalise_address
from pipeline.audience.keys import address_hash
from pipeline.audience.models import Subscriber
from pipeline.campaigns.four_eyes import folded
from pipeline.errors import SettingError
from pipeline.values import Configuration, Practitioner


def practitioner(configuration: Configuration, name: str) -> Practitioner:
    """The practitioner of this name, who can be written to.

    Raises:
        SettingError: There is none, or clinic.toml gives no address for them.
    """
    for each in configuration.practitioners:
        if folded(each.name) == folded(name):
            if each.email:
                return each
            told = f"clinic.toml gives no address of {each.name}"
            raise SettingError(told, mend='Add email = "…" under their name.')
    known = ", ".join(each.name for each in configuration.practitioners)
    raise SettingError(
        f"there is no practitioner {name!r}",
        mend=f"There is: {known}." if known else "Name them in clinic.toml: [[practitioners]].",
    )


def is_still(configuration: Configuration, name: str, person: Subscriber | None) -> bool:
    """Whether somebody is a practitioner still, at the very address they were written to."""
    return person is not None and any(
        folded(each.name) == folded(name)
        and each.email
        and address_hash(normalise_address(each.email)) == person.address_hash
        for each in configuration.practitioners
    )


def staff(configuration: Configuration) -> set[str]:
    """The addresses that tests may go to, as people are recognised by."""
    practitioners = (each.email for each in configuration.practitioners if each.email)
    return set(map(normalise_address, [*configuration.clinic.staff, *practitioners]))


def row_of(address: str, *, now: dt.datetime) -> Subscriber:
    """The row that holds the address of somebody of the staff; they are on no list by it.

    One that was erased is filled again: clinic.toml names the address.
    """
    address = normalise_address(address)
    return asking.row_of(address, address_hash(address), now=now)
