"""Which column means what; whose exports are known; what is refused (P5)."""

import datetime as dt

import pytest

from pipeline.audience.lists.columns import Columns, recognise
from pipeline.errors import MeridianError, SettingError, SourceError
from pipeline.values import CustomField, Newsletter

WEEKLY = Newsletter(
    key="weekly",
    name="The Harbour Letter",
    from_name="Harbour",
    from_address="letter@example.com",
    weekday="tuesday",
    time=dt.time(10),
    fields=(CustomField(key="topic", label="What would you like to read?"),),
)
# The names as the programs write them, found in files and sources that are public; those of Kit's
# file are in none; its states are: active, cancelled, bounced, complained, inactive.
EXPORTS = {
    "Mailchimp": (
        (
            "Email Address,First Name,Last Name,Address,Phone Number,MEMBER_RATING,OPTIN_TIME,"
            "OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,"
            "UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,UNSUB_REASON_OTHER,"
            "CLEAN_TIME,LAST_CHANGED,LEID,EUID,NOTES,TAGS"
        ),
        {"address": 0, "first_name": 1, "last_name": 2, "time_zone": 14},
        (("left_at", 17), ("left_why", 20), ("left_why", 21), ("cleaned_at", 22)),
    ),
    "Kit": (
        "id,First Name,email,State,status,created_at,tags",
        {"first_name": 1, "address": 2},
        (("status", 4),),
    ),
    "Substack": (
        "email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at",
        {"address": 0},
        (("switched_off", 4),),
    ),
    "listmonk": (
        "uuid,email,name,attributes,status,created_at,updated_at",
        {"address": 1, "name": 2},
        (("status", 4),),
    ),
    "Ghost": (
        (
            "id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,"
            "created_at,deleted_at,labels,tiers"
        ),
        {"address": 1, "name": 2},
        (("subscribed", 4), ("left_at", 8)),
    ),
    "Meridian": (
        "address,name,language,time_zone,newsletter,status,joined,until,topic",
        {"address": 0, "name": 1, "language": 2, "time_zone": 3, "topic": 8},
        (("status", 5),),
    ),
}


def columns(
    header: str,
    mapping: dict[str, str] | None = None,
    allowed: dict[str, str] | None = None,
) -> Columns:
    """The columns of a header."""
    return recognise(header.split(","), WEEKLY, mapping=mapping or {}, allowed=allowed or {})


def refusal(kind: type[MeridianError], header: str, mapping: dict[str, str] | None = None) -> str:
    """The words of the error, with its mend."""
    with pytest.raises(kind) as caught:
        columns(header, mapping)
    return str(caught.value)


@pytest.mark.parametrize("program", EXPORTS)
def test_the_exports_of_other_programs(program: str) -> None:
    header, places, states = EXPORTS[program]
    found = columns(header)
    assert (found.program, dict(found.places), found.states) == (program, places, states)


@pytest.mark.parametrize(
    "header", ["E-mail", "email_address", "EMAIL", "emailAddress", "이메일", "Correo electrónico"]
)
def test_names_of_a_column_in_many_spellings(header: str) -> None:
    assert dict(columns(header).places) == {"address": 0}


def test_a_custom_field_by_key_or_label() -> None:
    assert columns("email,Topic").places["topic"] == 1
    assert columns("email,What would you like to read?").places["topic"] == 1


def test_a_column_is_what_a_person_says() -> None:
    found = columns("who,email,name", {"who": "address", "#2": "-", "name": "first_name"})
    assert dict(found.places) == {"address": 0, "first_name": 2}
    assert found.told() == [("who", "address"), ("email", ""), ("name", "first_name")]


@pytest.mark.parametrize(
    ("header", "mapping", "told"),
    [
        ("email", {"mail": "address"}, "there is no column 'mail'. There are: email."),
        ("email", {"#2": "address"}, "there is no column '#2'"),
        ("email", {"email": "shoe"}, "--map email=shoe names no field. Fields are: address, name"),
    ],
)
def test_a_mapping_that_cannot_be(header: str, mapping: dict[str, str], told: str) -> None:
    assert told in refusal(SettingError, header, mapping)


def test_duplicate_headers_are_refused_by_their_numbers_s27() -> None:
    assert refusal(SourceError, "email,name,Email") == (
        "the columns 'email' and 'Email' (#1 and #3) are both taken for address. "
        "Leave one out: --map '#3=-'."
    )
    assert dict(columns("email,name,Email", {"#3": "-"}).places) == {"address": 0, "name": 1}
    assert columns("email,x,x").places == {"address": 0}


def test_no_address() -> None:
    assert "no column holds addresses" in refusal(SourceError, "name,phone")
    assert "no column holds addresses" in refusal(SourceError, "ana@example.com,Ana")


@pytest.mark.parametrize(
    "name", ["Diagnosis", "medication_list", "Next appointment", "DOB", "MRN", "Date of birth",
             "생년월일", "진단명", "diagnóstico", "fecha de nacimiento", "Birthday"]
)  # fmt: skip
def test_a_column_that_looks_clinical_is_refused_read_or_not_p5(name: str) -> None:
    assert f"columns look as if they held a patient's data: {name!r}" in refusal(
        SourceError, f"email,{name}"
    )
    found = columns(f"email,{name}", {name: "name"}, {name: "a joke of ours"})
    assert dict(found.places) == {"address": 0}
    assert found.allowed == {name: "a joke of ours"}
