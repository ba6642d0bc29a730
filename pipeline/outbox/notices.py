"""Notices on their way: which one goes next, and what is frozen of it (I1).

All that get the same one in the same language share a draft, and its stored parts; what is their
own is a link.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.db.models import Q, QuerySet

from pipeline.audience.models import Notice
from pipeline.audience.notices import Held, held_back
from pipeline.audience.tokens import notice_token, preferences_token
from pipeline.campaigns.parts import store
from pipeline.campaigns.revisions import configuration_of, newest_configuration
from pipeline.errors import SettingError
from pipeline.outbox.compiled import compiled
from pipeline.stages import samples
from pipeline.stages.design.notices import NoticeKind
from pipeline.stages.merge import marks
from pipeline.stages.newsletters import notices_from
from pipeline.stages.notices import RenderedNotice, render_notice
from pipeline.stages.templates import Templates, folders
from pipeline.values import Configuration, Newsletter

FOLDER = "notices"
# Stands before the sender's name, so that the subject stays the very one readers get.
TEST_MARK = "[Test] "

State = Notice.State


@dataclass(frozen=True, slots=True)
class Like:
    """What notices have in common that share a draft."""

    kind: str
    newsletter: str
    language: str
    article: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A notice without its person: who it comes from, and what it says.

    A test says what its issue says, so it has nothing rendered: its parts are stored already.
    """

    envelope: dict[str, str]
    rendered: RenderedNotice | None


def pending() -> QuerySet[Notice]:
    """What waits, the oldest first."""
    return Notice.objects.filter(state=State.PENDING).order_by("pk")


def is_pending() -> bool:
    """Whether any waits."""
    return bool(_first_pending().rows())


@compiled
def _first_pending() -> QuerySet[Notice, Any]:
    return pending().values_list("pk")[:1]


def unmade() -> tuple[str, ...]:
    """Why notices that wait cannot be made as things are, each reason once; it says the mend."""
    told = pending().exclude(reason="").order_by("reason").values_list("reason", flat=True)
    return tuple(told.distinct())


def take(broken: Collection[Like], *, now: dt.datetime) -> tuple[Notice, str] | None:
    """Lock the next notice, inside a transaction, and tell why it may not go out, or "".

    Args:
        broken: What cannot be made: it is passed over, for it must keep nothing else waiting.
        now: The time.
    """
    passed_over = Q(pk__in=[])
    for each in broken:
        passed_over |= _is_like(each)
    locked = pending().exclude(passed_over).select_for_update(skip_locked=True, of=("self",))
    found = locked.annotate(held=held_back(now=now)).select_related("subscriber").first()
    return (found, found.held) if found else None


def like(notice: Notice) -> Like:
    """What the draft of a notice is found by."""
    article = str(notice.values.get("article", ""))
    return Like(notice.kind, notice.newsletter, notice.language, article)


def _is_like(wanted: Like) -> Q:
    same = Q(kind=wanted.kind, newsletter=wanted.newsletter, language=wanted.language)
    return same & Q(values__article=wanted.article) if wanted.article else same


def hold_back(notice: Notice, *, reason: str, now: dt.datetime) -> None:
    """End a notice that may not go out: too late to be of use, or to somebody not written to."""
    late = reason == Held.LATE
    notice.state = State.ABANDONED if late else State.SUPPRESSED
    notice.reason = Held(reason).label
    notice.changed_at = now
    notice.save(update_fields=["state", "reason", "changed_at"])


def put_off(notice: Notice, *, reason: str) -> None:
    """Say why a notice cannot be made as things are; it waits until they are mended."""
    # Of this one alone, though all like it wait: two senders must not wait for each other.
    told = reason[:500]
    pending().filter(pk=notice.pk).exclude(reason=told).update(reason=told)


def draft(wanted: Like) -> Draft:
    """The draft of all notices like this one; outside a transaction, for it takes its time.

    Raises:
        SettingError: The newsletter is not there any more, or a setting cannot be used.
        TemplateError: A template is broken.
    """
    revision, home = newest_configuration(), settings.MERIDIAN_HOME
    return _draft(wanted, _Surroundings(revision.pk, revision.sha256, home, _changed(home)))


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What a draft is made from: with anything else another one is made."""

    revision: int
    sha256: str
    home: Path
    templates: tuple[tuple[str, int], ...]


def _changed(home: Path) -> tuple[tuple[str, int], ...]:
    """The home's own templates of emails, and when each was changed."""
    files = sorted((home / "templates" / "email").rglob("*"))
    return tuple((str(file), file.stat().st_mtime_ns) for file in files if file.is_file())


@lru_cache(maxsize=64)
def _draft(wanted: Like, made_from: _Surroundings) -> Draft:
    configuration = configuration_of(newest_configuration())
    newsletter = _newsletter(configuration, wanted.newsletter)
    envelope = _envelope(configuration, newsletter)
    if wanted.kind == Notice.Kind.TEST:
        return Draft(envelope, None)
    rendered = render_notice(
        cast("NoticeKind", wanted.kind),
        newsletter,
        language=wanted.language,
        configuration=configuration,
        templates=Templates(folders(made_from.home)),
        article=wanted.article,
    )
    return Draft(envelope, rendered)


def freeze_notice(notice: Notice, made: Draft, *, now: dt.datetime) -> dict[str, Any]:
    """Everything its letter needs, as JSON."""
    said = _said(notice, made)
    domain = said.envelope["from_address"].rpartition("@")[2]
    return {
        "kind": "notice",
        "folder": FOLDER,
        "date": now.replace(microsecond=0).isoformat(),
        "envelope": said.envelope,
        "subject": said.subject,
        "html": said.html,
        "text": said.text,
        "recipients": [
            {
                "delivery": notice.pk,
                "address": notice.subscriber.address,
                # A stranger may have typed it (S16).
                "name": "",
                "message_id": f"{notice_token(notice.pk)}@{domain}",
                "values": said.values,
            }
        ],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What one notice says, its parts by their hashes."""

    envelope: dict[str, str]
    subject: str
    html: str
    text: str
    values: dict[str, str]


def _said(notice: Notice, made: Draft) -> _Said:
    rendered = made.rendered
    if rendered is None:
        return _shown(notice, made.envelope)
    return _Said(
        envelope=made.envelope,
        subject=rendered.subject,
        html=store(rendered.html.encode()),
        text=store(rendered.text.encode()),
        values=_values(notice, used=marks(rendered.html + rendered.text)),
    )


def _shown(notice: Notice, envelope: dict[str, str]) -> _Said:
    """An issue as its notice froze it when it was asked for; the sender's name says it is a test.

    The subject and both parts are the very ones that readers are to get.
    """
    kept = notice.values
    return _Said(
        envelope={
            **envelope,
            "from_name": f"{TEST_MARK}{kept['from_name']}",
            "reply_to": kept["reply_to"] or envelope["reply_to"],
        },
        subject=kept["subject"],
        html=kept["html"],
        text=kept["text"],
        values=samples.values(settings.MERIDIAN_URL, language=notice.language),
    )


def _newsletter(configuration: Configuration, key: str) -> Newsletter:
    for newsletter in configuration.newsletters:
        if newsletter.key == key:
            return newsletter
    raise SettingError(
        f"people asked for the newsletter {key}, which is not there any more",
        mend="Put it back into clinic.toml, or let their requests grow old.",
    )


def _envelope(configuration: Configuration, newsletter: Newsletter) -> dict[str, str]:
    """Who it comes from; an answer goes where answers to the newsletter go."""
    return {
        "from_name": newsletter.from_name,
        "from_address": notices_from(configuration, newsletter),
        "reply_to": newsletter.reply_to or newsletter.from_address,
        "list_id": "",
        "list_name": "",
    }


def _values(notice: Notice, *, used: list[str]) -> dict[str, str]:
    token = preferences_token(notice.subscriber_id, notice.newsletter)
    links = {
        "confirm_url": f"{settings.MERIDIAN_URL}/confirm/{notice.values.get('token', '')}",
        "preferences_url": f"{settings.MERIDIAN_URL}/p/{token}",
        "approve_url": f"{settings.MERIDIAN_URL}/approve/{notice.values.get('token', '')}/",
    }
    return {field: link for field, link in links.items() if field in used}
