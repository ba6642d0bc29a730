"""The people and the queue that writes to them, with a channel that looks at whom it is handed."""

from pathlib import Path
from typing import Any

from pipeline.audience.models import Notice
from pipeline.audience.reach import Exclusion
from pipeline.campaigns.models import Issue
from pipeline.errors import RefusedError, UnsureError
from pipeline.outbox.claim import claim
from pipeline.outbox.deliver import deliver
from pipeline.outbox.frozen import letter_of
from pipeline.outbox.letter import Letter
from pipeline.outbox.models import Batch, Delivery
from pipeline.outbox.reconcile import resume, take_over
from pipeline.outbox.release import finish, release
from tests import factories
from tests.audience.operations.acts import act
from tests.audience.operations.audience import Audience
from tests.audience.operations.saying import NEWSLETTERS, whose
from tests.copies import Copies
from tests.outbox.channels import ListChannel
from tests.outbox.steps import age_leases

_COMES_BACK = frozenset({"take_leaving_back", "regret", "restore", "crash"})


class Town(Audience):
    """What happens to people, and what is sent meanwhile."""

    def __init__(self, folder: Path, copies: Copies, *, every: int) -> None:
        """A town.

        Args:
            folder: Where its lists are.
            copies: Of its database; "begin" is what it begins with.
            every: After how many acts all who write to people are asked, and not issues alone.
        """
        self.issues, self.every = 0, every
        super().__init__(folder, copies)

    def begin(self) -> None:
        """Everything anew."""
        super().begin()
        self.trouble, self.done = "", 0
        self.journal: list[str] = []
        self.may_be_out: set[str] = set()
        self.channel = ListChannel(batch_size=2)
        self.channel.before = self.submitted

    def do(self, name: str, chosen: dict[str, Any]) -> None:
        """Do one act, and ask who would be written to."""
        self.done += 1
        self.counts[name] += 1
        self.journal.append(f"{self.now:%m-%d %H:%M} {name} {chosen}")
        getattr(self, name)(**chosen)
        self.check(every_reader=self.done % self.every == 0, comes_back=name in _COMES_BACK)

    @act(weight=5, key=NEWSLETTERS, days=(0, 0, 6))
    def write(self, key: str, days: int) -> None:
        """An issue is due, and is queued."""
        now = self.tick(days=days)
        self.issues += 1
        factories.issue(
            part=self.issues,
            of=self.issues,
            article=f"{key}-letters",
            newsletter=key,
            state=Issue.State.SCHEDULED,
            now=now,
        )
        for issue in release(now=now):
            waiting = Delivery.objects.filter(issue=issue, state=Delivery.State.PENDING)
            for address, reason in waiting.values_list("subscriber__address", "reason"):
                tie = whose(address), issue.newsletter
                # Who pauses is queued for later: the claim asks again.
                pauses = reason == Exclusion.PAUSED and self.model.may_be_on_list(tie, now)
                assert pauses or self.model.may_be_written_to(tie, now)
        finish()

    @act(weight=10, trouble=("late", "late", "", "refused", "lost"))
    def hand_over(self, trouble: str) -> None:
        """The queue makes a batch, and hands it over at once or leaves it lying."""
        batch = claim(self.channel, owner="a", now=self.tick())
        if batch is not None:
            self.look_at(letter_of(batch))
            self.trouble = trouble
            if trouble != "late":
                deliver(batch, self.channel, now=self.now)

    @act(weight=5, days=(0, 0, 0, 0, 1))
    def go_on(self, days: int) -> None:
        """Another sender goes on with what lies there."""
        now = self.tick(days=days)
        age_leases()
        batch = take_over(self.channel, owner="b", now=now)
        if batch is not None:
            self.trouble = ""
            resume(batch, self.channel, now=now)

    def submitted(self, letter: Letter) -> None:
        """The channel is handed a letter, and has its troubles."""
        # What may have gone out once goes again as it was, whoever left since (I9).
        if letter.key not in self.may_be_out:
            self.look_at(letter)
        if self.trouble == "lost":
            self.may_be_out.add(letter.key)
            raise UnsureError("no answer")
        if self.trouble == "refused":
            raise RefusedError("too fast", final=False)

    def look_at(self, letter: Letter) -> None:
        """Nobody to whom it may not go is in a letter."""
        batch = Batch.objects.select_related("issue", "notice").get(key=letter.key)
        for recipient in letter.recipients:
            who = whose(recipient.address)
            if batch.issue is not None:
                assert self.model.may_be_written_to((who, batch.issue.newsletter), self.now)
            else:
                assert batch.notice is not None
                assert not self.model.complained(who)
                known = batch.notice.kind == Notice.Kind.KNOWN
                tie = (who, batch.notice.newsletter)
                assert not known or self.model.may_be_on_list(tie, self.now)
            self.counts[f"{letter.kind}s looked at"] += 1
