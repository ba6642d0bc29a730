"""A year of a clinic with three newsletters, the time passed in: what happens, what never may.

The year goes from one moment at which anything may be due to the next, so the scheduler looks as it
does in life, at every slot, without a look at every second between. Chance joins and leaves people,
lets them choose another language or one letter a month, pauses and resumes campaigns, writes,
translates and changes articles, cuts the power, and restarts senders. What a letter must keep to is
in ``witness.py``.
"""

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import PurePath

from pipeline.audience.addresses import normalise_address
from pipeline.audience.keys import address_hash
from pipeline.audience.leaving import unsubscribe
from pipeline.audience.models import Consent, Subscriber, Subscription
from pipeline.campaigns import acts
from pipeline.campaigns.calendar import due_at, instant
from pipeline.campaigns.models import Campaign, Instance, Issue, LogEntry
from pipeline.engine.passes import tick
from pipeline.errors import ApprovalError, MeridianError
from pipeline.outbox.counts import counts
from pipeline.outbox.models import Delivery
from pipeline.stages.days import Days
from pipeline.stages.read.configuration import read_configuration
from tests.engine.town import (
    ARTICLE,
    CLINIC,
    LANGUAGES,
    NEWSLETTERS,
    SECTION,
    TRANSLATION,
    WORDS,
    newsletter,
    next_slot,
    translations,
)
from tests.engine.witness import (
    SLOTTED,
    House,
    Witnessing,
    held_for_language_is_told,
    one_digest_a_month,
)
from tests.home import Home
from tests.outbox.steps import drain

BEGIN = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
WEEK = dt.timedelta(days=7)
MINUTE = dt.timedelta(minutes=1)
ZONES = (
    "America/New_York", "Europe/Berlin", "Asia/Seoul", "Pacific/Auckland", "America/Sao_Paulo", "",
)  # fmt: skip
TONGUES = ("en", "en", "ko", "ko-KR", "es", "de", "")


@dataclass
class Year:
    """The clinic, and what chance does to it."""

    home: Home
    seed: int
    now: dt.datetime = BEGIN
    did: Counter[str] = field(default_factory=Counter)
    slots: dict[int, str] = field(default_factory=dict)
    fixed: set[int] = field(default_factory=set)
    written: list[str] = field(default_factory=list)
    untranslated: list[tuple[str, str, str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        on_holiday = self.chance.choice(["skip", "move"])
        falls_back = self.chance.choice([True, False])
        self.houses = {
            "harbour": House(
                languages=LANGUAGES["harbour"], falls_back=falls_back, local=True, digest=True
            ),
            "hafen": House(languages=LANGUAGES["hafen"], digest=True),
            "hangang": House(),
        }
        self.channel = Witnessing(self.houses, BEGIN)
        told = (newsletter(each, self.houses[each[0]]) for each in NEWSLETTERS)
        clinic = CLINIC.format(on_holiday=on_holiday) + "".join(told)
        content = self.home.path / "content"
        (content / "clinic.toml").write_text(clinic, "utf-8")
        for path in (content / "articles").glob("*.md"):
            path.unlink()
        self.days = Days(read_configuration(PurePath("clinic.toml"), clinic.encode()).calendar)
        for key, *_ in NEWSLETTERS:
            self._write(f"welcome-to-{key}", key, kind="welcome: true\n", sections=1)
            self._write(f"at-any-time-{key}", key, kind="evergreen: true\n", sections=2)
            self._series(key)
        for _ in range(8):
            self._join()

    # --- The year ---------------------------------------------------------------------------------

    def run(self, *, weeks: int) -> None:
        """Let the weeks pass, and look at every promise after each moment."""
        end = BEGIN + weeks * WEEK
        outages = {self.chance.randrange(1, 364) for _ in range(20)}
        self._look()
        while self.now < end:
            then = self._next_moment()
            day = (then - BEGIN).days
            if day in outages:
                outages.discard(day)
                self._outage(then)
                continue
            self._happen()
            self.now = then
            # It looked every minute in between, and found nothing.
            Instance.objects.update(heartbeat_at=then - MINUTE)
            self._look()

    def _next_moment(self) -> dt.datetime:
        """The next moment at which anything may be due, a day from now at the latest."""
        waiting = Issue.objects.filter(state=Issue.State.SCHEDULED).exclude(slot="")
        zones = [zone for zone in ZONES if zone]
        moments = [self.now + dt.timedelta(days=1)]
        for issue in waiting.defer("html", "text"):
            slot = dt.datetime.fromisoformat(issue.slot)
            moments += [due_at(issue), *(instant(slot, zone) for zone in zones)]
        pending = Delivery.objects.filter(state=Delivery.State.PENDING)
        moments += pending.filter(due_at__gt=self.now).values_list("due_at", flat=True)[:50]
        moments += [next_slot(key, self.now) for key, *_ in NEWSLETTERS]
        return min(moment for moment in moments if moment > self.now)

    def _look(self) -> None:
        """One pass of the scheduler and one of a sender, then every promise."""
        self.channel.now = self.now
        done = tick(now=self.now, actor="Mara Ellison")
        assert done.errors == (), (self.now, done.errors)
        drain(self.channel, now=self.now, owner=f"sender {self.did['restart']}")
        self._check()

    def _outage(self, then: dt.datetime) -> None:
        """The power is gone for up to three days; a person lets go some of what is held then."""
        self.did["outage"] += 1
        self.now = then + dt.timedelta(minutes=self.chance.choice([20, 45, 300, 1500, 4000]))
        self._look()
        held = Issue.objects.exclude(held="").exclude(state=Issue.State.CANCELLED)
        for issue in held.select_related("campaign"):
            if self.chance.random() < 0.7:
                article = issue.campaign.article
                acts.let_go(article=article, actor="Ana", now=self.now, part=issue.part)
                self.did["let go"] += 1
        self._look()

    # --- What chance does -------------------------------------------------------------------------

    def _happen(self) -> None:
        acts_of_chance = (
            (0.10, self._join),
            (0.02, self._leave),
            (0.04, self._choose),
            (0.03, self._pause_person),
            (0.03, self._pause_campaign),
            (0.12, self._resume_campaigns),
            (0.05, self._write_series),
            (0.06, self._edit),
            (0.20, self._translate),
            (0.10, self._put_away),
            (0.01, self._cancel),
            (0.02, self._move),
            (0.35, self._approve),
            (0.05, self._restart),
        )
        for likely, act in acts_of_chance:
            if self.chance.random() < likely:
                act()

    def _join(self) -> None:
        number = Subscriber.objects.count()
        address = normalise_address(f"reader-{number}@example.com")
        person = Subscriber.objects.create(
            address=address,
            address_hash=address_hash(address),
            time_zone=self.chance.choice(ZONES),
            language=self.chance.choice(TONGUES),
            created_at=self.now,
        )
        for key, *_ in NEWSLETTERS:
            if self.chance.random() < 0.7:
                Subscription.objects.create(
                    subscriber=person,
                    newsletter=key,
                    state=Subscription.State.ACTIVE,
                    frequency=self._frequency(key),
                    joined_at=self.now,
                    changed_at=self.now,
                )
                Consent.objects.create(
                    subscriber_id=person.pk,
                    address_hash=person.address_hash,
                    newsletter=key,
                    basis=Consent.Basis.EXPRESS,
                    source="form",
                    actor="subscriber",
                    created_at=self.now,
                )
        self.did["join"] += 1

    def _frequency(self, key: str) -> str:
        """Each letter, or one a month where there is one."""
        monthly = self.houses[key].digest and self.chance.random() < 0.25
        frequency = Subscription.Frequency
        return str(frequency.MONTHLY if monthly else frequency.EVERY)

    def _choose(self) -> None:
        """Somebody reads another language from now on, or wants more letters, or fewer."""
        if tie := self._somebody():
            tongue, frequency = self.chance.choice(TONGUES), self._frequency(tie.newsletter)
            Subscriber.objects.filter(pk=tie.subscriber_id).update(language=tongue)
            Subscription.objects.filter(pk=tie.pk).update(frequency=frequency)
            self.channel.turned.add(tie.subscriber_id)
            self.did["choice"] += 1

    def _somebody(self) -> Subscription | None:
        active = Subscription.objects.filter(state=Subscription.State.ACTIVE).order_by("pk")
        return self.chance.choice(list(active)) if active else None

    def _leave(self) -> None:
        if tie := self._somebody():
            everything = self.chance.random() < 0.3
            newsletter = "" if everything else tie.newsletter
            unsubscribe(subscriber_id=tie.subscriber_id, newsletter=newsletter, now=self.now)
            self.did["leave"] += 1

    def _pause_person(self) -> None:
        if tie := self._somebody():
            until = self.now + self.chance.randrange(1, 6) * WEEK
            Subscription.objects.filter(pk=tie.pk).update(paused_until=until)
            self.did["pause of a person"] += 1

    def _a_campaign(self, *states: Campaign.State) -> Campaign | None:
        found = Campaign.objects.filter(state__in=states, kind=Campaign.Kind.SERIES)
        return self.chance.choice(list(found.order_by("pk"))) if found else None

    def _pause_campaign(self) -> None:
        if campaign := self._a_campaign(Campaign.State.ACTIVE):
            acts.pause(article=campaign.article, actor="Ana", now=self.now)
            self.did["pause of a campaign"] += 1

    def _resume_campaigns(self) -> None:
        if campaign := self._a_campaign(Campaign.State.PAUSED):
            acts.resume(article=campaign.article, actor="Ana", now=self.now)
            self._accept_slots()
            self.did["resume"] += 1

    def _cancel(self) -> None:
        if campaign := self._a_campaign(Campaign.State.ACTIVE, Campaign.State.PAUSED):
            acts.cancel(article=campaign.article, actor="Ana", now=self.now)
            self.did["cancel"] += 1

    def _move(self) -> None:
        waiting = Issue.objects.filter(
            state=Issue.State.SCHEDULED, campaign__state=Campaign.State.ACTIVE
        ).exclude(slot="")
        found = list(waiting.select_related("campaign").order_by("pk"))
        if found:
            issue = self.chance.choice(found)
            slot = dt.datetime.fromisoformat(issue.slot) + dt.timedelta(days=1, hours=2)
            try:
                acts.move(
                    article=issue.campaign.article,
                    part=issue.part,
                    slot=slot,
                    actor="Ana",
                    now=self.now,
                )
            except MeridianError:
                return  # too late to be moved there
            self.fixed.add(issue.pk)
            self._accept_slots()
            self.did["move"] += 1

    def _approve(self) -> None:
        for campaign in Campaign.objects.filter(newsletter="hafen"):
            try:
                acts.approve_issues(article=campaign.article, approver="Mara Ellison", now=self.now)
            except ApprovalError:
                continue
            self.did["approve"] += 1

    def _restart(self) -> None:
        self.did["restart"] += 1

    # --- What people write ------------------------------------------------------------------------

    def _series(self, key: str) -> None:
        self.did["series"] += 1
        self._write(f"series-{self.did['series']}", key, sections=self.chance.randrange(2, 5))

    def _write_series(self) -> None:
        self._series(self.chance.choice(NEWSLETTERS)[0])
        self.did["article"] += 1

    def _write(self, slug: str, newsletter: str, *, kind: str = "", sections: int) -> None:
        told = "".join(
            SECTION.format(number=n, heading=f"Thing {n} of {slug}", text=WORDS["en"].text)
            for n in range(1, sections + 1)
        )
        text = ARTICLE.format(title=slug, newsletter=newsletter, kind=kind, sections=told)
        (self.home.path / "content" / "articles" / f"{slug}.md").write_text(text, "utf-8")
        self.written.append(slug)
        for language in LANGUAGES.get(newsletter, ()):
            self.untranslated.append((slug, newsletter, language, sections))
            if self.chance.random() < 0.5:
                self._translate_next(-1)

    def _translate(self) -> None:
        if self.untranslated:
            self._translate_next(self.chance.randrange(len(self.untranslated)))
            self.did["translation"] += 1

    def _translate_next(self, place: int) -> None:
        """Write what is missing of an article in another language."""
        slug, newsletter, language, sections = self.untranslated.pop(place)
        words = WORDS[language]
        told = "".join(
            SECTION.format(number=n, heading=f"{words.heading} {n} {slug}", text=words.text)
            for n in range(1, sections + 1)
        )
        text = TRANSLATION.format(
            title=f"{words.heading} {slug}", newsletter=newsletter, language=language, slug=slug,
            lead=words.lead, sections=told,
        )  # fmt: skip
        name = f"{slug}-{language}"
        (self.home.path / "content" / "articles" / f"{name}.md").write_text(text, "utf-8")
        self.written.append(name)

    def _put_away(self) -> None:
        """What is out for good leaves the folder, as on a tidy desk: nothing changes by that."""
        over = [Issue.State.SENT, Issue.State.CANCELLED]
        open_ones = Issue.objects.exclude(state__in=over).values("campaign")
        series = Campaign.objects.filter(kind=Campaign.Kind.SERIES).exclude(pk__in=open_ones)
        for article in series.values_list("article", flat=True):
            gone = [each for each in self.written if each in {article, *translations(article)}]
            for name in gone:
                (self.home.path / "content" / "articles" / f"{name}.md").unlink()
                self.written.remove(name)
            self.untranslated = [each for each in self.untranslated if each[0] != article]
            self.did["put away"] += len(gone)

    def _edit(self) -> None:
        """Change a word somewhere: what is made of it and has not gone out wants a new yes."""
        path = self.home.path / "content" / "articles" / f"{self.chance.choice(self.written)}.md"
        text = path.read_text("utf-8")
        changed = text
        for words in WORDS.values():
            changed = changed.replace(words.text, words.changed.format(number=self.did["edit"]), 1)
        path.write_text(changed, "utf-8")
        self.did["edit"] += 1

    # --- The promises -----------------------------------------------------------------------------

    def _accept_slots(self) -> None:
        """What a person changed is explained by their act."""
        self.slots = dict(Issue.objects.values_list("pk", "slot"))

    def _check(self) -> None:
        assert all(each.adds_up() for each in counts().values())
        found = Issue.objects.select_related("campaign").defer("html", "text", "about", "findings")
        issues = list(found.order_by("pk"))
        for issue in issues:
            self._explained(issue)
        held_for_language_is_told(self.now)
        one_digest_a_month(self.houses)
        self.slots = {issue.pk: issue.slot for issue in issues}

    def _explained(self, issue: Issue) -> None:
        lines = LogEntry.objects.filter(issue_id=issue.pk)
        told = f"{issue} at {self.now}"
        if issue.held:
            assert lines.filter(kind="held").exists(), f"held without a word: {told}"
        before = self.slots.get(issue.pk, issue.slot)
        if before != issue.slot and issue.state != Issue.State.CANCELLED:
            last = lines.filter(kind="moved").order_by("pk").last()
            stuck = last is not None and "stuck" in last.values
            assert stuck or lines.filter(created_at=self.now).exists(), f"without a word: {told}"
        if issue.state == Issue.State.SCHEDULED and issue.slot:
            self._waits_for_a_reason(issue, told)
        if issue.released_at == self.now and issue.campaign.kind in SLOTTED:
            day = dt.date.fromisoformat(issue.slot[:10])
            closed = self.days.closed(day) if issue.pk not in self.fixed else None
            assert closed is None, f"on {closed}: {told}"

    def _waits_for_a_reason(self, issue: Issue, told: str) -> None:
        active = issue.campaign.state == Campaign.State.ACTIVE
        late = self.now - due_at(issue) > dt.timedelta(hours=1)
        if active and late and not issue.held:
            lines = LogEntry.objects.filter(issue_id=issue.pk)
            assert lines.exists(), f"waits without a word: {told}"
