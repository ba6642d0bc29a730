"""One pass of each kind. What is due stands in the tables: a lost or doubled pass is nothing."""

import datetime as dt
import hashlib
import os
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from socket import gethostname

from django.conf import settings

from pipeline.audience.joining import dismiss_demo, read_list, subscribe
from pipeline.audience.models import Consent
from pipeline.audience.purging import purge
from pipeline.campaigns.digest import months, take_month
from pipeline.campaigns.files import read_file
from pipeline.campaigns.instance import MEND
from pipeline.campaigns.models import Issue
from pipeline.campaigns.preflight import facts_of, preflight
from pipeline.campaigns.requests import ask_for_what_is_due
from pipeline.campaigns.revisions import sha256, take_configuration
from pipeline.campaigns.series import Making, Taken, take_article
from pipeline.campaigns.variants import take_variant
from pipeline.campaigns.welcome import begin as begin_welcomes
from pipeline.engine.bounces import read_bounces
from pipeline.engine.instance import Pulse, beat
from pipeline.engine.polling import poll
from pipeline.errors import MeridianError, SettingError, TemplateError
from pipeline.events.upkeep import purge_events, settle_orphans
from pipeline.outbox.claim import claim
from pipeline.outbox.enrol import enrol
from pipeline.outbox.heartbeat import Heartbeat
from pipeline.outbox.languages import settle_languages
from pipeline.outbox.letter import Channel
from pipeline.outbox.models import Batch
from pipeline.outbox.reconcile import end_orphan, resume, take_over, take_over_orphan
from pipeline.outbox.release import finish, release
from pipeline.outbox.stepwise import hand_over, never
from pipeline.outbox.upkeep import LEFT_LATELY, bring_forward, settle_leavers
from pipeline.run import begin, complete, gather, translate
from pipeline.stages.days import Days
from pipeline.stages.templates import Templates, folders
from pipeline.stages.translation import translation_of
from pipeline.values import Configuration, Edition, Finding

DEMO_AUDIENCE = "demo-audience.csv"
# How long a sender waits for a batch that another one holds before it leaves it to the next pass.
PATIENCE = dt.timedelta(minutes=2)

Clock = Callable[[], dt.datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """What one scheduler pass did.

    Attributes:
        taken: One entry for each article file that could be read.
        errors: What could not be read; the rest went on without it.
        released: The issues that became due.
    """

    taken: tuple[Taken, ...] = ()
    errors: tuple[MeridianError, ...] = ()
    released: tuple[Issue, ...] = field(default=())

    @property
    def changed(self) -> bool:
        """True if the pass changed anything."""
        return bool(self.released) or any(taken.changed for taken in self.taken)


def now() -> dt.datetime:
    """The time, in UTC."""
    return dt.datetime.now(dt.UTC)


def tick(*, now: dt.datetime, actor: str, channel: Channel | None = None) -> Tick:
    """One scheduler pass: take in what people wrote, ask for approval, release what is due, purge.

    A file that cannot be read is reported and changes nothing; what was planned before goes on. Of
    a restored copy nothing is released until a person confirms it.

    Args:
        now: The time.
        actor: Who has it done.
        channel: The way out, if it may be asked what became of letters.
    """
    found = beat(now=now)
    stopped = found.stopped
    taken, errors = read_content(settings.MERIDIAN_HOME / "content", now=now, actor=actor)
    if stopped:
        errors.append(SettingError(f"nothing goes out: {stopped}", mend=MEND))
    else:
        # A link of a copy would lead to a page of the copy, and the original asks on its own.
        ask_for_what_is_due(now=now)
        errors += read_bounces(now=now)
    begin_welcomes(now=now)
    released = release(now=now, silent_since=found.silent_since)
    enrol(now=now)
    settle_leavers(since=LEFT_LATELY, now=now)
    bring_forward(now=now)
    settle_languages(now=now)
    finish()
    settle_orphans(now=now)
    if channel is not None and not stopped:
        errors += poll(channel, now=now)
    purge(now=now)
    purge_events(now=now)
    return Tick(taken=tuple(taken), errors=tuple(errors), released=tuple(released))


def read_content(
    folder: Path, *, now: dt.datetime, actor: str
) -> tuple[list[Taken], list[MeridianError]]:
    """Take in clinic.toml, the demo audience and every article."""
    taken: list[Taken] = []
    errors: list[MeridianError] = []
    try:
        configuration = take_configuration(folder / "clinic.toml", now=now)
        _keep_demo_audience(folder, configuration, now=now)
    except MeridianError as error:
        return [], [error]
    templates = Templates(folders(settings.MERIDIAN_HOME))
    made = making(folder, configuration, now=now)
    take = partial(take_article, making=made, actor=actor, now=now)
    translated = partial(
        take_variant,
        translate=partial(translate, configuration=configuration, templates=templates),
        making=made,
        actor=actor,
        now=now,
    )
    paths = sorted((folder / "articles").glob("*.md"))
    # Originals come first: a translation becomes variants of what they became.
    for path, of, content in sorted(_articles(paths, errors), key=_is_translation):
        try:
            taken.append(translated(path, content, of=of) if of[0] else take(path, content))
        except MeridianError as error:
            errors.append(_told_with_article(path.name, error))
    digests = partial(
        take_month,
        days=Days(configuration.calendar),
        gather=partial(gather, configuration=configuration, templates=templates),
        surroundings=made.surroundings,
        actor=actor,
        now=now,
    )
    for newsletter in configuration.newsletters:
        for month in months(newsletter, now=now):
            try:
                taken += filter(None, [digests(newsletter, month)])
            except MeridianError as error:
                errors.append(_told_with_article(f"the digest of {month:%Y-%m}", error))
    return taken, errors


def making(folder: Path, configuration: Configuration, *, now: dt.datetime) -> Making:
    """How the articles of a home become editions."""
    templates = Templates(folders(settings.MERIDIAN_HOME))
    return Making(
        begin=partial(begin, configuration=configuration),
        complete=partial(complete, configuration=configuration, templates=templates),
        surroundings=_surroundings(folder),
        preflight=partial(_preflight, configuration=configuration, now=now),
    )


def _preflight(
    edition: Edition, *, configuration: Configuration, now: dt.datetime
) -> tuple[Finding, ...]:
    """What is found before a new article is scheduled by itself."""
    facts = facts_of(
        edition.newsletter.key,
        name=edition.newsletter.name,
        postal_address=configuration.clinic.postal_address,
        welcome=edition.article.welcome,
        now=now,
    )
    return preflight(facts)


def _articles(
    paths: Iterable[Path], errors: list[MeridianError]
) -> Iterator[tuple[Path, tuple[str, str], bytes]]:
    """Each article file that can be read, with the slug it is a translation of and its language."""
    for path in paths:
        try:
            content = read_file(path)
            yield path, translation_of(path, content), content
        except MeridianError as error:
            errors.append(error)


def _is_translation(article: tuple[Path, tuple[str, str], bytes]) -> bool:
    return bool(article[1][0])


def _told_with_article(name: str, error: MeridianError) -> MeridianError:
    """A template's error names the template's place; say which article it stops, too."""
    if not isinstance(error, TemplateError):
        return error
    message = f"{error.message.rstrip('.')} (found while making {name})"
    return TemplateError(message, mend=error.mend, path=error.path, line=error.line)


def _keep_demo_audience(folder: Path, configuration: Configuration, *, now: dt.datetime) -> None:
    if not configuration.demo:
        dismiss_demo(now=now)
        return
    readers = read_list(folder / DEMO_AUDIENCE)
    for newsletter in configuration.newsletters:
        subscribe(
            readers,
            newsletter=newsletter.key,
            basis=Consent.Basis.DEMO,
            source=DEMO_AUDIENCE,
            now=now,
        )


def _surroundings(folder: Path) -> str:
    """A hash of what a rendering depends on beside the article: clinic.toml, the home's templates.

    Meridian's own templates are left out: an upgrade changes nothing that was approved.
    """
    home = settings.MERIDIAN_HOME / "templates"
    own = home.is_dir() and home.resolve() not in folders()
    files = sorted(path for path in home.rglob("*") if path.is_file()) if own else []
    digest = hashlib.sha256()
    for path in [folder / "clinic.toml", *files]:
        digest.update(f"{path.name} {sha256(read_file(path))}\n".encode())
    return digest.hexdigest()


def new_owner() -> str:
    """A name for one sender, never given twice."""
    return f"{gethostname()[:20]}:{os.getpid()}:{uuid.uuid4().hex}"


def send_one(
    channel: Channel, *, owner: str, now: dt.datetime, stopped: Callable[[], bool] = never
) -> bool:
    """Settle or send one batch; False if there is nothing to do now.

    What was left behind comes before what is new: it waits the longest. Where a batch is sent one
    message each, it is left between two of them once ``stopped`` says that an end is asked for.
    """
    left_behind = take_over(channel, owner=owner, now=now)
    if left_behind is not None:
        resume(left_behind, channel, now=now, stopped=stopped)
        return True
    orphan = take_over_orphan(channel, owner=owner, now=now)
    if orphan is not None:
        end_orphan(orphan, now=now)
        return True
    batch = claim(channel, owner=owner, now=now, begins=True)
    if batch is None:
        return False
    hand_over(batch, channel, now=now, stopped=stopped)
    return True


def send_until_empty(
    channel: Channel,
    *,
    clock: Clock = now,
    patience: dt.timedelta = PATIENCE,
    stopped: Callable[[], bool] = never,
) -> int:
    """Send until nothing is left to send now, and tell how many batches were handled.

    A batch that another sender holds is waited for, in case that sender is dead: its lease tells.
    Once ``stopped`` says so, what is under way is finished or given back, and no more is begun.
    """
    owner, handled, idle_since, pulse = new_owner(), 0, None, Pulse()
    with Heartbeat(channel, owner=owner):
        while not stopped() and pulse.allows(now=clock()):
            if send_one(channel, owner=owner, now=clock(), stopped=stopped):
                handled, idle_since = handled + 1, None
            elif not _held_by_others(channel):
                break
            else:
                idle_since = idle_since or time.monotonic()
                if time.monotonic() - idle_since > patience.total_seconds():
                    break
                time.sleep(0.2)
    finish()
    beat(now=clock(), scheduler=False)  # a copy made a moment ago is older than this send
    return handled


def _held_by_others(channel: Channel) -> bool:
    """True if a batch is in another sender's hands and may come free soon."""
    return Batch.objects.filter(
        channel=channel.name,
        state__in=[Batch.State.CLAIMED, Batch.State.SUBMITTING],
        settled_at__isnull=True,
    ).exists()
