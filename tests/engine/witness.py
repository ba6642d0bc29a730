"""A provider that looks at each letter as it is handed over, and holds each promise against it."""

import datetime as dt
from dataclasses import dataclass

from pipeline.audience.models import Subscriber, Subscription
from pipeline.audience.reach import exclusion
from pipeline.campaigns.calendar import APART, instant
from pipeline.campaigns.models import Approval, Campaign, Issue, LogEntry, Part, Variant
from pipeline.outbox.letter import Letter, Receipt
from pipeline.outbox.models import Delivery
from tests.outbox.channels import ListChannel

Kind = Campaign.Kind
SLOTTED = (Kind.SERIES, Kind.EVERGREEN, Kind.DIGEST)


@dataclass(frozen=True, kw_only=True)
class House:
    """What a newsletter of the year promises its readers.

    Attributes:
        own: Its own language.
        languages: The others it comes in.
        falls_back: Whether who lacks theirs gets the newsletter's own.
        local: Whether slots are meant on each reader's own clock.
        digest: Whether it has one.
    """

    own: str = "en"
    languages: tuple[str, ...] = ()
    falls_back: bool = False
    local: bool = False
    digest: bool = False

    def wants(self, reader: Subscriber) -> str:
        """The language a reader gets by what they said of themselves; "" is the newsletter's."""
        primary = reader.language.partition("-")[0].lower()
        return primary if primary in self.languages else ""


@dataclass(frozen=True)
class Sent:
    """One letter that went out."""

    at: dt.datetime
    issue: int
    campaign: int
    part: int
    kind: str
    language: str


class Witnessing(ListChannel):
    """A provider that remembers who got what.

    Attributes:
        houses: The newsletters, by their keys.
        turned: The readers who chose another language meanwhile.
    """

    def __init__(self, houses: dict[str, House], now: dt.datetime) -> None:
        super().__init__(batch_size=50)
        self.houses = houses
        self.now = now
        self.turned: set[int] = set()
        self.sent: dict[tuple[int, str], list[Sent]] = {}

    def submit(self, letter: Letter) -> Receipt:
        """Hold each promise against the letter, then take it."""
        if letter.kind == "issue" and letter.key not in self.keys:
            for recipient in letter.recipients:
                self._witness(letter, recipient.delivery)
        return super().submit(letter)

    def _witness(self, letter: Letter, number: int) -> None:
        found = Delivery.objects.select_related("issue__campaign", "subscriber").get(pk=number)
        issue, reader = found.issue, found.subscriber
        told = f"{issue} in “{found.language}” for subscriber {reader.pk} at {self.now}"
        self._approved(letter, found, told)
        self._in_their_language(found, told)
        assert (issue.held, issue.campaign.state) == ("", Campaign.State.ACTIVE), told
        self._for_a_reader(issue, reader, told)
        if issue.campaign.kind in SLOTTED:
            zone = reader.time_zone if self.houses[issue.newsletter].local else ""
            slot = dt.datetime.fromisoformat(issue.slot)
            assert instant(slot, zone or issue.time_zone) <= self.now, f"early: {told}"
        self._in_its_turn(found, told)

    def _approved(self, letter: Letter, found: Delivery, told: str) -> None:
        """The very bytes that were approved in the language of the delivery, and no others."""
        issue = found.issue
        text: Issue | Variant = issue
        if found.language:
            text = Variant.objects.get(issue=issue, language=found.language)
        assert Approval.objects.filter(issue=issue, content_hash=text.content_hash).exists(), told
        kept = (text.subject, _content(text.html_id), _content(text.text_id))
        assert (letter.subject, letter.html, letter.text) == kept, told
        tongue = found.language or self.houses[issue.newsletter].own
        assert f'lang="{tongue}"' in letter.html, f"mixed: {told}"

    def _in_their_language(self, found: Delivery, told: str) -> None:
        """Theirs; where it is missing and falls back, the newsletter's own, and no other."""
        house, issue = self.houses[found.issue.newsletter], found.issue
        wanted = house.wants(found.subscriber)
        if found.language == wanted:
            return
        assert (house.falls_back, found.language) == (True, ""), f"not theirs: {told}"
        # What was approved before the queueing, and is the same now, was missing to nobody.
        text = Variant.objects.filter(issue=issue, language=wanted).first()
        if text and found.subscriber_id not in self.turned:
            yes = Approval.objects.filter(issue=issue, content_hash=text.content_hash).first()
            late = not yes or not issue.released_at or yes.created_at > issue.released_at
            assert late, f"fell back for nothing: {told}"

    def _for_a_reader(self, issue: Issue, reader: Subscriber, told: str) -> None:
        """On the list, and of those who want what it is: each letter, or one a month."""
        digest = issue.campaign.kind == Kind.DIGEST
        tie = Subscription.objects.get(subscriber=reader, newsletter=issue.newsletter)
        monthly = tie.frequency == Subscription.Frequency.MONTHLY
        assert monthly == digest, f"{'monthly' if monthly else 'weekly'} reader: {told}"
        mine = Subscription.objects.filter(pk=tie.pk)
        why = exclusion(now=self.now, digest=digest)
        assert mine.annotate(why=why).filter(why="").exists(), told

    def _in_its_turn(self, found: Delivery, told: str) -> None:
        """Once, six days from the last, part by part, and one digest of a month."""
        issue, kind = found.issue, found.issue.campaign.kind
        before = self.sent.setdefault((found.subscriber_id, issue.newsletter), [])
        assert issue.pk not in {one.issue for one in before}, f"twice: {told}"
        if before:
            assert before[-1].at + APART <= self.now, f"twice a week: {told}"
        parts = [one.part for one in before if one.campaign == issue.campaign_id]
        assert all(part < issue.part for part in parts), f"out of order: {told}"
        if kind == Kind.DIGEST:
            # One that was held, and is let go late, may come behind a later month's.
            months = [one.campaign for one in before if one.kind == Kind.DIGEST]
            assert issue.campaign_id not in months, f"twice of one month: {told}"
            month = issue.campaign.article[-7:]
            assert f"{self.now:%Y-%m}" > month, f"the month is not over: {told}"
        before.append(Sent(self.now, issue.pk, issue.campaign_id, issue.part, kind, found.language))


def _content(sha256: str) -> str:
    return bytes(Part.objects.get(pk=sha256).content).decode()


def held_for_language_is_told(now: dt.datetime) -> None:
    """Who waits for a text in their language is told of in the log."""
    waiting = Delivery.objects.filter(state=Delivery.State.PENDING, due_at__lte=now)
    rows = waiting.exclude(language="").values_list("issue", "language").distinct()
    for issue, language in rows.order_by("issue"):
        text = Variant.objects.filter(issue=issue, language=language).first()
        yes = Approval.objects.filter(issue=issue, content_hash=text.content_hash if text else "")
        if not yes.exists():
            held = LogEntry.objects.filter(issue_id=issue, kind="held for language")
            told = f"issue {issue} in {language} at {now}"
            assert held.filter(values__language=language).exists(), f"without a word: {told}"


def one_digest_a_month(houses: dict[str, House]) -> None:
    """Each digest is of one month, after it, and of a newsletter that has one."""
    made = Issue.objects.filter(campaign__kind=Kind.DIGEST).select_related("campaign")
    months = [(issue.newsletter, issue.campaign.article) for issue in made]
    assert len(set(months)) == len(months)
    for issue in made:
        assert issue.slot[:7] > issue.campaign.article[-7:], f"{issue}"
        assert houses[issue.newsletter].digest
