"""Notices on their way: ahead of issues, one to a batch, asked about again until they leave."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection
from django.test import override_settings

from pipeline.audience.leaving import unsubscribe
from pipeline.audience.models import Notice, Subscriber, Subscription, Suppression
from pipeline.audience.suppression import suppress
from pipeline.audience.tokens import read_preferences_token
from pipeline.errors import RefusedError, UnsureError
from pipeline.outbox.claim import claim
from pipeline.outbox.deliver import deliver
from pipeline.outbox.frozen import letter_of
from pipeline.outbox.letter import Letter, Safety
from pipeline.outbox.models import Batch
from pipeline.outbox.reconcile import end_orphan, take_over_orphan
from pipeline.reports.summary import troubles
from pipeline.stages.templates import folders
from tests import factories
from tests.factories import NOW
from tests.outbox.channels import ListChannel, fails
from tests.outbox.steps import age_leases, batch_states, drain, notice_states, states

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database", "_configured")]

DAY = dt.timedelta(days=1)
RETRIED = NOW + dt.timedelta(hours=2)
BROKEN = "{{ nothing_of_this_name }}"


@pytest.fixture
def _configured(database: str) -> None:
    factories.configured()


def claimed(channel: ListChannel | None = None, *, now: dt.datetime = NOW) -> Letter:
    """The letter of the next batch, which is a notice's."""
    batch = claim(channel or ListChannel(), owner="a", now=now)
    assert batch is not None
    assert batch.notice is not None
    return letter_of(batch)


def complain(notice: Notice) -> None:
    """What a webhook writes down."""
    suppress(
        address_hash=notice.subscriber.address_hash,
        newsletter="another",
        reason=Suppression.Reason.COMPLAINED,
        now=NOW,
    )


def forget(notice: Notice) -> None:
    """What erasure does to the row."""
    Subscriber.objects.filter(pk=notice.subscriber_id).update(address="", erased_at=NOW)


def purge(notice: Notice) -> None:
    """What becomes of a request that nobody confirmed (L6)."""
    Subscriber.objects.filter(pk=notice.subscriber_id).delete()


def grow_old(notice: Notice) -> None:
    """Its link has ended."""
    Notice.objects.filter(pk=notice.pk).update(useful_until=NOW)


def leave(notice: Notice) -> None:
    """Who left is on no list."""
    unsubscribe(subscriber_id=notice.subscriber_id, newsletter="weekly", now=NOW)


# --- What goes next -------------------------------------------------------------------------------


def test_notices_go_ahead_of_issues_the_oldest_first_and_one_to_a_batch() -> None:
    factories.queued_issue(2)
    first, second = factories.notice("b@example.com"), factories.notice("a@example.com")
    channel = ListChannel()

    drain(channel, now=NOW)

    assert [address for _, address in channel.taken] == [
        "b@example.com",
        "a@example.com",
        "reader-0@example.com",
        "reader-1@example.com",
    ]
    assert list(Batch.objects.order_by("pk").values_list("notice", "issue__part")) == [
        (first.pk, None),
        (second.pk, None),
        (None, 1),
    ]
    assert (notice_states(), states()) == ({"accepted": 2}, {"accepted": 2})


def test_what_the_channel_says_is_kept_and_what_was_frozen_is_dropped() -> None:
    """I1: the frozen part holds an address."""
    made = factories.notice()
    batch = claim(ListChannel(), owner="a", now=NOW)
    assert batch is not None
    assert "ana@example.com" in str(batch.frozen)

    deliver(batch, ListChannel(), now=NOW)

    made.refresh_from_db()
    batch.refresh_from_db()
    assert (made.state, made.provider_id) == ("accepted", f"id-{made.pk}")
    assert (batch.state, batch.frozen) == ("accepted", None)


def test_two_senders_share_no_notice() -> None:
    factories.notice("a@example.com")
    factories.notice("b@example.com")
    channel = ListChannel()

    batches = [claim(channel, owner=owner, now=NOW) for owner in "abc"]

    assert [letter_of(batch).recipients[0].address for batch in batches if batch] == [
        "a@example.com",
        "b@example.com",
    ]


def test_the_channel_rests_for_notices_too_after_a_refusal() -> None:
    factories.notice("a@example.com")
    factories.notice("b@example.com")
    channel = ListChannel()
    channel.before = fails(RefusedError("too fast"))

    assert drain(channel, now=NOW) == 1
    assert notice_states() == {"claimed": 1, "pending": 1}
    assert troubles() == ("too fast. It is tried again at a later run.",)
    assert drain(channel, now=RETRIED) == 2
    assert channel.copies() == {"a@example.com": 1, "b@example.com": 1}


def test_a_batch_is_of_one_thing_only() -> None:
    made, issue = factories.notice(), factories.issue()
    claimed()

    with pytest.raises(IntegrityError):
        Batch.objects.filter(notice=made).update(issue=issue)


# --- What it holds --------------------------------------------------------------------------------


def test_a_confirmation_holds_its_link_and_nothing_of_a_form_s16() -> None:
    """S16, P1: the name was typed by a stranger, so it stands nowhere, not even beside To."""
    made = factories.notice(name="Click http://evil.example.com")
    with override_settings(MERIDIAN_URL="https://letters.example.com"):
        letter = claimed()
    (reader,) = letter.recipients
    assert (reader.delivery, reader.address, reader.name) == (made.pk, "ana@example.com", "")
    token = f"token-of-{made.subscriber_id}"
    assert reader.values == {"confirm_url": f"https://letters.example.com/confirm/{token}"}
    assert "evil" not in str(letter)


def test_who_is_on_the_list_is_shown_their_own_preferences() -> None:
    made = factories.notice(kind=Notice.Kind.KNOWN)
    (reader,) = claimed().recipients
    (link,) = reader.values.values()
    address, _, token = link.rpartition("/")
    assert address == f"{settings.MERIDIAN_URL}/p"
    assert read_preferences_token(token) == (made.subscriber_id, "weekly")


def test_a_notice_comes_from_an_address_apart_d14() -> None:
    factories.notice()
    letter = claimed()
    assert letter.kind == "notice"
    assert letter.from_address == "notices@harbour-street.example.com"
    assert letter.reply_to == "hello@harbour-street.example.com"
    assert (letter.list_id, letter.list_name, letter.folder) == ("", "", "notices")
    assert letter.recipients[0].message_id.endswith("@harbour-street.example.com")


def test_without_a_reply_address_answers_go_to_the_newsletter() -> None:
    """D18: nobody may have made a mailbox for notices."""
    factories.configured(old='reply_to = "hello@harbour-street.example.com"')
    factories.notice()
    assert claimed().reply_to == "letter@harbour-street.example.com"


def test_a_notice_speaks_the_language_it_was_asked_in() -> None:
    factories.notice(language="ko")
    assert claimed().subject == "구독 신청을 확인해 주세요: The Harbour Letter"


def test_the_message_id_stays_when_a_batch_is_taken_apart_d16() -> None:
    made = factories.notice()
    first = claimed().recipients[0].message_id
    age_leases()
    other = ListChannel()
    other.name = "other"
    orphan = take_over_orphan(other, owner="b", now=NOW)
    assert orphan is not None
    end_orphan(orphan, now=NOW)
    assert notice_states() == {"pending": 1}

    assert claimed(other).recipients[0].message_id == first
    assert str(made.subscriber_id) not in first.partition("@")[0][:8]
    assert len(first.partition("@")[0]) == 32


def test_all_that_get_the_same_notice_share_its_stored_parts() -> None:
    factories.notice("a@example.com")
    factories.notice("b@example.com")
    batches = [claim(ListChannel(), owner=owner, now=NOW) for owner in "ab"]
    frozen = [batch.frozen for batch in batches if batch and batch.frozen]
    assert frozen[0]["html"] == frozen[1]["html"]
    assert "@@confirm_url@@" in letter_of(batches[0] or Batch()).html


# --- Who gets none --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("meanwhile", "state", "reason"),
    [
        (grow_old, "abandoned", "would come too late to be of use"),
        (forget, "suppressed", "the person was forgotten"),
        (complain, "suppressed", "the person called a mail spam"),
    ],
)
@pytest.mark.parametrize("kind", Notice.Kind)
def test_a_notice_is_asked_about_again_when_it_is_claimed_i7_d28(
    kind: Notice.Kind, meanwhile: Callable[[Notice], None], state: str, reason: str
) -> None:
    made = factories.notice(kind=kind)
    other = factories.notice("ben@example.com")
    meanwhile(made)
    channel = ListChannel()

    drain(channel, now=NOW)

    made.refresh_from_db()
    assert (made.state, made.reason, made.changed_at) == (state, reason, NOW)
    assert channel.copies() == {"ben@example.com": 1}
    other.refresh_from_db()
    assert other.state == "accepted"


def test_who_left_may_ask_anew_but_is_not_told_of_a_list_they_left() -> None:
    """D34: a suppression alone holds no confirmation back."""
    again = factories.notice("again@example.com")
    told = factories.notice("told@example.com", kind=Notice.Kind.KNOWN)
    leave(again)
    leave(told)
    channel = ListChannel()

    drain(channel, now=NOW)

    assert channel.copies() == {"again@example.com": 1}
    told.refresh_from_db()
    assert (told.state, told.reason) == ("suppressed", "the person is not on the list any more")


@pytest.mark.parametrize(
    "changes", [{"frequency": "monthly"}, {"paused_until": NOW + DAY}], ids=["monthly", "paused"]
)
def test_who_gets_fewer_letters_is_on_the_list(changes: dict[str, object]) -> None:
    factories.notice(kind=Notice.Kind.KNOWN)
    Subscription.objects.update(**changes)
    assert claimed().subject == "You already get The Harbour Letter"


@pytest.mark.parametrize("meanwhile", [grow_old, forget, complain])
def test_what_was_refused_is_asked_about_before_it_is_tried_again_i9(
    meanwhile: Callable[[Notice], None],
) -> None:
    made = factories.notice()
    channel = ListChannel()
    channel.before = fails(RefusedError("too fast"))
    drain(channel, now=NOW)
    meanwhile(made)

    drain(channel, now=RETRIED)

    assert channel.copies() == {}
    assert batch_states() == {"dissolved": 1}
    made.refresh_from_db()
    assert made.state in {"abandoned", "suppressed"}
    assert not Batch.objects.exclude(frozen=None).exists()


def test_a_notice_called_off_while_it_is_held_does_not_go_out() -> None:
    made = factories.notice()
    channel = ListChannel()
    batch = claim(channel, owner="a", now=NOW)
    assert batch is not None
    Notice.objects.filter(pk=made.pk).update(state=Notice.State.CANCELLED)

    deliver(batch, channel, now=NOW)

    assert (channel.copies(), notice_states()) == ({}, {"cancelled": 1})


# --- What becomes of it after a crash -------------------------------------------------------------


class DiesError(BaseException):
    """The process ends here. Not an Exception, so that no handler sees it, as with kill -9."""


def dies(_letter: Letter) -> None:
    raise DiesError


def recover(channel: ListChannel, *, now: dt.datetime = RETRIED) -> None:
    """Another sender comes, again and again, until nothing is left to do."""
    channel.before = channel.after = lambda _letter: None
    for _ in range(4):
        age_leases()
        drain(channel, now=now, owner="heir")
        now += ListChannel.grace


@pytest.mark.parametrize("safety", Safety)
def test_death_after_the_claim_loses_and_doubles_nothing(safety: Safety) -> None:
    factories.notice()
    channel = ListChannel(safety)
    claimed(channel)

    recover(channel)

    assert (channel.copies(), notice_states()) == ({"ana@example.com": 1}, {"accepted": 1})


@pytest.mark.parametrize("taken", [True, False], ids=["taken", "not taken"])
@pytest.mark.parametrize(
    ("safety", "ended"),
    [(Safety.KEYED, "accepted"), (Safety.LOOK_UP, "accepted"), (Safety.NEITHER, "unknown")],
)
def test_death_during_the_call_follows_the_rule_of_the_channel(
    safety: Safety, ended: str, taken: bool
) -> None:
    factories.notice()
    channel = ListChannel(safety)
    channel.after = dies if taken else channel.after
    channel.before = channel.before if taken else dies
    with pytest.raises(DiesError):
        drain(channel, now=NOW)

    recover(channel)

    sure = safety is not Safety.NEITHER
    assert channel.copies() == ({"ana@example.com": 1} if sure or taken else {})
    assert notice_states() == {ended: 1}
    assert not Batch.objects.exclude(frozen=None).exists()


@pytest.mark.parametrize("safety", Safety)
def test_a_person_purged_while_their_notice_is_on_its_way_breaks_nothing(safety: Safety) -> None:
    """L6: a purge waits for nobody. What may have gone out is not sent a second time."""
    made = factories.notice()
    channel = ListChannel(safety)
    channel.after = dies
    with pytest.raises(DiesError):
        drain(channel, now=NOW)
    purge(made)

    recover(channel)

    assert channel.copies() == {"ana@example.com": 1}
    assert batch_states() == {"unknown": 1}
    assert Batch.objects.get().reason == "the person it was for is gone"
    assert Batch.objects.get().frozen is None


@pytest.mark.parametrize("trouble", [None, RefusedError("too fast")], ids=["claimed", "retry"])
def test_a_person_purged_before_anything_went_out_gets_nothing(
    trouble: RefusedError | None,
) -> None:
    made = factories.notice()
    channel = ListChannel()
    batch = claim(channel, owner="a", now=NOW)
    assert batch is not None
    if trouble:
        channel.before = fails(trouble)
        deliver(batch, channel, now=NOW)
    purge(made)

    recover(channel)

    assert (channel.copies(), batch_states()) == ({}, {"dissolved": 1})
    assert Batch.objects.get().frozen is None


@pytest.mark.parametrize("error", [None, RefusedError("no", final=True), UnsureError("cut")])
def test_a_person_purged_during_the_call_itself_breaks_nothing(
    error: RefusedError | UnsureError | None,
) -> None:
    made = factories.notice()
    channel = ListChannel()

    def purged(_letter: Letter) -> None:
        purge(made)
        if error:
            raise error

    channel.after = purged
    drain(channel, now=NOW)
    recover(channel)

    assert set(batch_states()) <= {"accepted", "abandoned", "unknown"}
    assert not Batch.objects.filter(settled_at__isnull=True).exists()
    assert not Batch.objects.exclude(frozen=None).exists()


def test_what_another_way_out_may_have_taken_is_unknown_after_a_day() -> None:
    factories.notice()
    channel, other = ListChannel(), ListChannel()
    other.name = "other"
    channel.after = dies
    with pytest.raises(DiesError):
        drain(channel, now=NOW)
    age_leases()

    assert drain(other, now=NOW) == 0
    assert drain(other, now=NOW + 2 * DAY) == 1
    assert (other.copies(), notice_states()) == ({}, {"unknown": 1})


def test_what_the_channel_will_never_take_is_refused_with_the_reason() -> None:
    made = factories.notice()
    channel = ListChannel()
    channel.refuse = {"ana@example.com": "no such mailbox"}

    drain(channel, now=NOW)

    made.refresh_from_db()
    assert (made.state, made.reason) == ("refused", "no such mailbox")


# --- What cannot be made --------------------------------------------------------------------------


def override(home: Path, text: str) -> Path:
    """A template of the home's own."""
    file = home / "templates" / "email" / "notice" / "notes.mjml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


def test_a_broken_template_keeps_nobody_waiting_but_those_it_is_for(tmp_path: Path) -> None:
    factories.queued_issue(1)
    factories.notice("a@example.com")
    factories.notice("b@example.com")
    channel = ListChannel()
    with override_settings(MERIDIAN_HOME=tmp_path):
        file = override(tmp_path, BROKEN)
        drain(channel, now=NOW)

        assert channel.copies() == {"reader-0@example.com": 1}
        assert notice_states() == {"pending": 2}
        (told,) = troubles()
        assert "notes.mjml, line 1" in told
        assert "'nothing_of_this_name' is undefined" in told

        file.unlink()
        drain(channel, now=NOW)
    assert notice_states() == {"accepted": 2}
    assert troubles() == ()
    assert set(Notice.objects.values_list("reason", flat=True)) == {""}


def test_a_change_of_settings_or_template_is_in_the_next_notice(tmp_path: Path) -> None:
    """Drafts are kept, but for no longer than what they were made from."""
    for number in range(4):
        factories.notice(f"n{number}@example.com")
    original = (folders()[0] / "email/notice/notes.mjml").read_text("utf-8")
    with override_settings(MERIDIAN_HOME=tmp_path):
        first, second = claimed(), claimed()
        assert first.html == second.html
        assert first.subject == "Please confirm: The Harbour Letter"

        factories.configured(old='name = "The Harbour Letter"', new='name = "Warm Hands"')
        assert claimed().subject == "Please confirm: Warm Hands"

        override(tmp_path, original.replace("margin-bottom:8px", "margin-bottom:9px"))
        assert "margin-bottom: 9px" in claimed().html


def test_a_newsletter_that_is_gone_keeps_no_other_waiting() -> None:
    lost = factories.notice("a@example.com", newsletter="gone", useful_until=NOW + DAY)
    factories.notice("b@example.com")
    channel = ListChannel()

    drain(channel, now=NOW)

    assert channel.copies() == {"b@example.com": 1}
    (told,) = troubles()
    assert told == (
        "people asked for the newsletter gone, which is not there any more. Put it back into "
        "clinic.toml, or let their requests grow old."
    )
    drain(channel, now=NOW + DAY)
    lost.refresh_from_db()
    assert (lost.state, troubles()) == ("abandoned", ())


def test_the_next_notice_is_found_by_its_index() -> None:
    """X18: however many have gone out."""
    query = str(Notice.objects.filter(state="pending").order_by("pk").values("pk")[:1].query)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
        query = query.replace("= pending", "= 'pending'")
        cursor.execute(explain + query)
        plan = " ".join(str(row) for row in cursor.fetchall())
    assert "notice_pending" in plan
