"""Four people and two newsletters: whatever can happen, done for real and told to the model."""

import datetime as dt
from collections import Counter
from contextlib import suppress
from pathlib import Path

from pipeline.audience.addresses import normalise_address
from pipeline.audience.complaints import bounce, complain
from pipeline.audience.confirming import Standing
from pipeline.audience.forgetting import forget
from pipeline.audience.imports.importing import import_list, look_at
from pipeline.audience.imports.terms import agreed
from pipeline.audience.imports.undo import undo as undo_import
from pipeline.audience.keys import address_hash
from pipeline.audience.leaving import stop, undo, undoable, unsubscribe
from pipeline.audience.models import Notice, Subscriber, Subscription
from pipeline.audience.preferring import Changes, Rhythm, change
from pipeline.audience.purging import purge
from pipeline.audience.suppression_log import path, replay
from pipeline.audience.tokens import ConfirmLink, read_confirm_token
from pipeline.errors import SettingError
from tests.audience.forms import press, send, wish
from tests.audience.operations.acts import act
from tests.audience.operations.readers import LETTERS, Reach, found_wrong
from tests.audience.operations.saying import (
    COMPLAINED,
    DAY,
    FOR_EVER,
    HOUR,
    LEFT,
    NEWSLETTERS,
    PEOPLE,
    SPELLINGS,
    Asked,
    Model,
    Tie,
)
from tests.copies import Copies
from tests.factories import NOW

MINUTE = dt.timedelta(minutes=1)
SCOPES = (*NEWSLETTERS, "")
SPELT = (0, 1, 2)
# Who is on a list from the beginning.
READERS = (*((who, key) for who in ("ana", "gil") for key in NEWSLETTERS), ("josé", "weekly"))
# How it ends.
ENDS = ("leave", "leave", "gone", "stop", "forget", "spam")
# What a list says of somebody, and what that means here: the reason, and whether of everything.
STATES = {
    "subscribed": None,
    "unsubscribed": (LEFT, False),
    "blocklisted": (LEFT, True),
    "cleaned": ("bounced", True),
    "complained": (COMPLAINED, True),
}
# How long what is implied lasts.
IMPLIED = 40 * DAY


class Audience:
    """What happens to people. ``counts`` tells how often what did."""

    def __init__(self, folder: Path, copies: Copies) -> None:
        self.folder, self.copies, self.reach = folder, copies, Reach()
        self.counts: Counter[str] = Counter()
        self.begin()

    def begin(self) -> None:
        """Everything anew."""
        self.copies.restore("begin")
        path().unlink(missing_ok=True)
        self.now, self.model, self.has_backup = NOW, Model(), False
        for tie in READERS:
            self.model.grant(tie, "list")
        self.leavings: list[tuple[str, str, int, int, dt.datetime]] = []
        self.imports: list[int] = []
        self.listed = self.reach.on_lists()

    def check(self, *, every_reader: bool, comes_back: bool) -> None:
        """Nobody who may not be written to is in any audience; issues alone are asked often.

        Nor is anybody who is barred put onto a list, where only the bar would hold them back: but
        by a backup, and by taking a leaving back that was not all that barred them.
        """
        wrong = self.reach.found_wrong(self.model, self.now)
        listed = self.reach.on_lists()
        revived = () if comes_back else listed - self.listed
        wrong += [f"on the list again: {tie}" for tie in revived if self.model.is_barred(tie)]
        self.listed = listed
        if every_reader:
            wrong += found_wrong(self.model, self.folder, self.now)
        assert not wrong, wrong

    def tick(self, *, days: int = 0) -> dt.datetime:
        """Later: no two acts at the same moment."""
        self.now += days * DAY + MINUTE
        return self.now

    def person(self, who: str, spelt: int) -> Subscriber | None:
        """Whom the links in somebody's mails name."""
        key = address_hash(normalise_address(SPELLINGS[who][spelt]))
        return Subscriber.objects.filter(address_hash=key).first()

    def is_reader(self, tie: Tie) -> bool:
        """Whether a person is on a list already, as the tables have it."""
        who, key = tie
        keys = [address_hash(normalise_address(spelt)) for spelt in SPELLINGS[who]]
        mine = Subscription.objects.filter(subscriber__address_hash__in=keys, newsletter=key)
        return mine.filter(state=Subscription.State.ACTIVE).exists()

    @act(weight=2, days=(1, 4, 8, 15, 40))
    def wait(self, days: int) -> None:
        """Nothing happens for some days."""
        self.tick(days=days)

    @act(
        weight=6,
        who=PEOPLE,
        spelt=SPELT,
        key=NEWSLETTERS,
        days=(0, 1, 3, 10),
        confirms=(True, False),
    )
    def ask(self, who: str, spelt: int, *, key: str, days: int, confirms: bool) -> None:
        """Somebody, perhaps another, sends a form; the link is used at once, later, or never."""
        now, last = self.tick(days=days), Notice.objects.order_by("-pk").first()
        wished = wish(normalise_address(SPELLINGS[who][spelt]), newsletter=key)
        send(wished, network=f"network of {now}", now=now)
        newer = Notice.objects.filter(pk__gt=last.pk if last else 0, kind=Notice.Kind.CONFIRM)
        for notice in newer:
            link = read_confirm_token(notice.values["token"])
            assert link is not None
            self.model.said.asked[link] = Asked((who, key), now)
            if confirms:
                self.use(link)

    @act(weight=5, place=(1, 2, 3, 4), days=(0, 0, 2))
    def use_link(self, place: int, days: int) -> None:
        """Somebody uses the link of a late or an old mail."""
        self.tick(days=days)
        for link in list(self.model.said.asked)[-place:][:1]:
            self.use(link)

    def use(self, link: ConfirmLink) -> None:
        """Only a link that works ends what bars somebody; and it does."""
        now, tie = self.tick(), self.model.said.asked[link].tie
        may, must = self.model.may_confirm(link, now), self.model.must_confirm(link, now)
        was_reader = self.is_reader(tie)
        standing = press(link, now=now)
        if must:
            assert standing == Standing.JOINED
            assert self.is_reader(tie)
        if may and standing == Standing.JOINED:
            self.model.confirm(link, was_reader=was_reader)
            self.counts["confirmed"] += 1

    @act(
        weight=6, who=PEOPLE, spelt=SPELT, said=(*STATES, "subscribed", "subscribed"),
        other=("the same", *PEOPLE), key=NEWSLETTERS, basis=("express", "existing", "implied"),
        update=(False, True),
    )  # fmt: skip
    def read_list(
        self, who: str, spelt: int, *, said: str, other: str, key: str, basis: str, update: bool
    ) -> None:
        """A list is read in; it may say that somebody left, and name them twice."""
        other = who if other == "the same" else other
        now, until = self.tick(), self.now.date() + IMPLIED
        rows = [(who, spelt, said), (other, 2 - spelt, "subscribed")]
        lines = (f"{SPELLINGS[one][way]},{state}" for one, way, state in rows)
        file = self.folder / "list.csv"
        file.write_text("\n".join(["email,status", *lines, ""]), "utf-8")
        terms = agreed(
            newsletter=LETTERS[key], basis=basis, actor="Kim", update=update, now=now,
            until=until.isoformat() if basis == "implied" else "",
        )  # fmt: skip
        plan = look_at(file, terms, mapping={}, allowed={})
        result = import_list(plan, terms, now=now)
        result.report.unlink()
        self.imports.append(result.number)
        after = dt.datetime.combine(until + DAY, dt.time(), dt.UTC)
        right = after if basis == "implied" else FOR_EVER
        for one, _, state in rows:
            self.told_by_list(one, state, key, source=f"import {result.number}", until=right)

    def told_by_list(
        self, who: str, state: str, key: str, *, source: str, until: dt.datetime
    ) -> None:
        """What a row of a list means."""
        out = STATES[state]
        if out is None:
            self.model.grant((who, key), source, until)
            return
        why, everything = out
        self.model.opt_out(who, "" if everything else key, why, self.now)

    @act(weight=1, place=(1, 2, 3))
    def take_list_back(self, place: int) -> None:
        """A list was the wrong one."""
        now = self.tick()
        for number in self.imports[-place:][:1]:
            # It was taken back before, or a restored backup does not know it.
            with suppress(SettingError):
                undo_import(number=number, actor="Kim", now=now)
                self.model.withdraw(f"import {number}")
        for who in PEOPLE:
            # Who was removed wholly and comes again begins anew.
            if self.person(who, 0) is None:
                self.model.forget(who)

    @act(weight=3, who=("josé", "han"), key=("monthly", "weekly"), how=("", "", *ENDS[:-1]))
    def read_wrong_list(self, who: str, key: str, how: str) -> None:
        """A list is read in, and is soon found to be the wrong one."""
        self.read_list(who, 1, said="subscribed", other=who, key=key, basis="existing", update=True)
        self.end(who, key, how)
        self.take_list_back(1)

    @act(weight=6, who=PEOPLE, spelt=SPELT, scope=SCOPES)
    def leave(self, who: str, spelt: int, scope: str) -> None:
        """Somebody uses the link of any mail they ever had."""
        now, person = self.tick(), self.person(who, spelt)
        if person is None:
            return
        unsubscribe(subscriber_id=person.pk, newsletter=scope, now=now)
        self.model.bar(who, scope, LEFT, now)
        row = undoable(subscriber_id=person.pk, newsletter=scope, now=now)
        if row is not None:
            self.leavings.append((who, scope, person.pk, row.pk, now))

    @act(weight=3, place=(1, 1, 1, 2), minutes=(0, 0, 0, 70))
    def take_leaving_back(self, place: int, minutes: int) -> None:
        """Somebody presses the button of the page that followed the leaving, soon or later."""
        now = self.tick() + minutes * MINUTE
        self.now = now
        for who, scope, person, row, left_at in self.leavings[-place:][:1]:
            returned = undo(subscriber_id=person, suppression_id=row, now=now)
            if now < left_at + HOUR:
                self.model.take_back(who, scope, returned=returned)
                self.counts["undone"] += bool(returned)

    def end(self, who: str, scope: str, how: str) -> None:
        """It ends for somebody, one way or another."""
        match how:
            case "leave":
                self.leave(who, 0, scope)
            case "gone":
                self.come_back(who, 2, "5.1.1")
            case "stop":
                self.stop(who, 1, scope)
            case "forget":
                self.be_forgotten(who, 2)
            case "spam":
                self.call_spam(who, 1)

    @act(weight=3, who=PEOPLE, scope=SCOPES, meanwhile=("", "forget", *ENDS[2:]))
    def regret(self, who: str, scope: str, meanwhile: str) -> None:
        """Somebody leaves and takes it back at once; something may come between."""
        self.leave(who, 0, scope)
        self.end(who, scope, meanwhile)
        if meanwhile == "forget":
            self.ask(who, 0, key="weekly", days=0, confirms=False)
        self.take_leaving_back(1, 0)
        if meanwhile == "forget":
            assert not {tie for tie in self.reach.on_lists() if tie[0] == who}

    @act(weight=3, who=PEOPLE, key=NEWSLETTERS, scope=SCOPES, how=ENDS)
    def hesitate(self, who: str, key: str, scope: str, how: str) -> None:
        """It ends between the form and the link."""
        self.ask(who, 1, key=key, days=1, confirms=False)
        self.end(who, scope, how)
        self.use_link(1, 0)

    @act(weight=4, who=PEOPLE, key=NEWSLETTERS, scope=SCOPES, how=ENDS[:-1])
    def come_again(self, who: str, key: str, scope: str, how: str) -> None:
        """It ends for somebody, and they want one newsletter again."""
        self.end(who, scope, how)
        self.ask(who, 0, key=key, days=1, confirms=True)

    @act(weight=3, who=PEOPLE, scope=SCOPES, how=ENDS)
    def crash(self, who: str, scope: str, how: str) -> None:
        """The disk breaks soon after the backup, and it ended for somebody in between."""
        self.back_up()
        self.end(who, scope, how)
        self.restore()

    @act(weight=1, who=PEOPLE, spelt=SPELT, scope=SCOPES)
    def stop(self, who: str, spelt: int, scope: str) -> None:
        """Somebody tells the clinic."""
        stop(address=SPELLINGS[who][spelt], newsletter=scope, actor="Kim", now=self.tick())
        self.model.bar(who, scope, "staff", self.now)

    @act(weight=1, who=PEOPLE, spelt=SPELT)
    def call_spam(self, who: str, spelt: int) -> None:
        """The provider tells of a complaint."""
        key = address_hash(normalise_address(SPELLINGS[who][spelt]))
        complain(address_hash=key, now=self.tick())
        self.model.bar(who, "", COMPLAINED, self.now)

    @act(weight=2, who=PEOPLE, spelt=SPELT, code=("5.1.1", "5.2.2", "4.2.2", "5.7.1"))
    def come_back(self, who: str, spelt: int, code: str) -> None:
        """The provider tells that a mail came back."""
        now, mailing = self.tick(), f"mailing of {self.now.date()}"
        known = self.person(who, spelt) is not None
        key = address_hash(normalise_address(SPELLINGS[who][spelt]))
        bounce(address_hash=key, code=code, mailing=mailing, now=now)
        full = known and code in {"5.2.2", "4.2.2"}
        if code == "5.1.1" or (full and self.model.mail_returned(who, mailing, now)):
            self.model.bar(who, "", "bounced", now)

    @act(weight=4, who=PEOPLE, spelt=SPELT, key=NEWSLETTERS, rhythm=tuple(Rhythm))
    def prefer(self, who: str, spelt: int, key: str, rhythm: Rhythm) -> None:
        """Somebody wants less, or all of it again."""
        now, person, tie = self.tick(), self.person(who, spelt), (who, key)
        if person is None:
            return
        was_reader = self.is_reader(tie)
        change(Changes(rhythms={key: rhythm}), subscriber_id=person.pk, now=now)
        if not was_reader:
            return
        self.model.said.silence.pop(tie, None)
        if rhythm.startswith("pause"):
            # As short as months are: the model asks for no more than was promised.
            self.model.said.silence[tie] = now + int(rhythm[-1]) * 28 * DAY
        elif rhythm == Rhythm.MONTHLY:
            self.model.said.monthly.add(tie)
        else:
            self.model.said.monthly.discard(tie)

    @act(weight=2, who=PEOPLE, spelt=SPELT)
    def be_forgotten(self, who: str, spelt: int) -> None:
        """Somebody is erased."""
        now, person = self.tick(), self.person(who, spelt)
        if person is not None and forget(subscriber_id=person.pk, actor="subscriber", now=now):
            self.model.bar(who, "", "erased", now)
            self.model.forget(who)

    @act(weight=1)
    def clean_up(self) -> None:
        """The bell rings: what has had its time goes."""
        there = {who for who in PEOPLE if self.person(who, 0)}
        purge(now=self.tick())
        for who in there:
            if self.person(who, 0) is None:
                self.model.said.returned.pop(who, None)

    @act(weight=2)
    def back_up(self) -> None:
        """The whole database is kept."""
        self.tick()
        self.copies.keep("backup")
        self.model.back_up()
        self.has_backup = True

    @act(weight=2)
    def restore(self) -> None:
        """The backup takes its place, and the log outside it is replayed (L10)."""
        self.tick()
        if self.has_backup:
            self.copies.restore("backup")
            if path().exists():
                replay(path())
            self.model.restore()
            self.counts["restored"] += 1
