"""Segments: a saved choice among the subscribers of a newsletter, as a sentence and as a sum."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from babel.core import Locale, UnknownLocaleError
from django.db.models import Count, Q, QuerySet

from pipeline.audience.models import Segment, Subscription
from pipeline.audience.reach import Exclusion, exclusion
from pipeline.errors import SettingError
from pipeline.values import Newsletter


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What every member of a segment has; what is left out chooses nobody away.

    Attributes:
        languages: Any of these; "es" takes es-MX, too. Who named none reads the newsletter's.
        fields: Any of these answers, for each of these keys.
        joined_since: The first day, on the newsletter's clock.
        joined_until: The last day.
        engaged_since: Opened or clicked since this day, of those who agreed to be measured.
    """

    languages: tuple[str, ...] = ()
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    joined_since: dt.date | None = None
    joined_until: dt.date | None = None
    engaged_since: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """listed = outside + excluded + reached: who is on the list, and what becomes of each.

    Attributes:
        listed: Everybody who ever was on the list of the newsletter.
        outside: Those the filter does not choose.
        excluded: Those it chooses who are not written to, by reason.
        reached: Those an issue would go to now.
    """

    listed: int
    outside: int
    excluded: Mapping[Exclusion, int]
    reached: int

    def adds_up(self) -> bool:
        """True if the terms make the whole."""
        return self.listed == self.outside + sum(self.excluded.values()) + self.reached


_DAYS = ("joined_since", "joined_until", "engaged_since")


def read_filter(definition: Mapping[str, Any], newsletter: Newsletter) -> Filter:
    """Check a filter as it is stored or typed.

    Args:
        definition: ``{"languages": ["es"], "fields": {"topic": ["Sleep"]}}``, days as 2026-03-31.
        newsletter: Whose subscribers it chooses among; only its own fields may be asked (S9).

    Raises:
        SettingError: Something in it is none of these, or is no value of it. Names it.
    """
    known = ("languages", "fields", *_DAYS)
    for name in definition:
        if name not in known:
            raise SettingError(
                f"a segment cannot ask for {name[:80]!r}",
                mend=f"It can ask for {', '.join(known)}.",
            )
    asked = definition.get("fields", {})
    return Filter(
        languages=_texts("languages", definition["languages"]) if "languages" in definition else (),
        fields={key: _answers(key, asked[key], newsletter) for key in _keys(asked)},
        **{name: _day(name, definition.get(name)) for name in _DAYS},
    )


def written(chosen: Filter) -> dict[str, Any]:
    """A filter as it is stored; :func:`read_filter` reads it back."""
    days = {name: getattr(chosen, name) for name in _DAYS}
    return {
        **({"languages": list(chosen.languages)} if chosen.languages else {}),
        **({"fields": {k: list(v) for k, v in chosen.fields.items()}} if chosen.fields else {}),
        **{name: day.isoformat() for name, day in days.items() if day},
    }


def _keys(asked: object) -> Sequence[str]:
    if not isinstance(asked, Mapping):
        raise SettingError("fields is no table", mend='Write it as {"topic": ["Sleep"]}.')
    return list(asked)


def _answers(key: str, answers: object, newsletter: Newsletter) -> tuple[str, ...]:
    declared = {asked.key: asked for asked in newsletter.fields}
    if key not in declared:
        known = ", ".join(declared) or "none"
        mend = f"Its fields are: {known}. Declare others in clinic.toml, as [[newsletters.fields]]."
        raise SettingError(f"{newsletter.key} has no field {key[:80]!r}", mend=mend)
    return _texts(key, answers)


def _texts(name: str, value: object) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else []
    if not listed or not all(isinstance(text, str) and text for text in listed):
        raise SettingError(f"{name[:80]} is no list of words", mend='Write it as ["…", "…"].')
    return tuple(listed)


def _day(name: str, value: object) -> dt.date | None:
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError as error:
        raise SettingError(
            f"{name}: {str(value)[:80]!r} is no day", mend="Write it as 2026-03-31."
        ) from error


def chosen(given: Filter, newsletter: Newsletter) -> Q:
    """The condition that a subscription of the newsletter is in the segment."""
    condition = Q(newsletter=newsletter.key)
    if given.languages:
        condition &= _any(_speaks(language, newsletter) for language in given.languages)
    for key, answers in given.fields.items():
        condition &= _any(Q(**{f"subscriber__fields__{key}": answer}) for answer in answers)
    if given.joined_since:
        condition &= Q(joined_at__gte=_begin(given.joined_since, newsletter))
    if given.joined_until:
        after = given.joined_until + dt.timedelta(days=1)
        condition &= Q(joined_at__lt=_begin(after, newsletter))
    if given.engaged_since:
        condition &= Q(tracking=True, engaged_at__gte=_begin(given.engaged_since, newsletter))
    return condition


def _any(conditions: Iterable[Q]) -> Q:
    joined = Q()
    for condition in conditions:
        joined |= condition
    return joined


def _speaks(language: str, newsletter: Newsletter) -> Q:
    exact = Q(subscriber__language__iexact=language)
    wider = Q(subscriber__language__istartswith=f"{language}-")
    own = newsletter.language.lower()
    default = own == language.lower() or own.startswith(f"{language.lower()}-")
    return exact | wider | Q(subscriber__language="") if default else exact | wider


def _begin(day: dt.date, newsletter: Newsletter) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), ZoneInfo(newsletter.time_zone or "UTC"))


def members(given: Filter, newsletter: Newsletter, *, now: dt.datetime) -> QuerySet[Subscription]:
    """The subscriptions of the segment that an issue would go to now."""
    mine = Subscription.objects.filter(chosen(given, newsletter))
    return mine.annotate(excluded=exclusion(now=now)).filter(excluded="")


def count(given: Filter, newsletter: Newsletter, *, now: dt.datetime, digest: bool = False) -> Sum:
    """Count a segment so that the sum adds up: nobody on the list is left untold.

    Args:
        given: What is asked of who is in it.
        newsletter: Whose list it is.
        now: The time.
        digest: Whether it is the monthly digest that would be sent.
    """
    listed = Subscription.objects.filter(newsletter=newsletter.key)
    why = exclusion(now=now, digest=digest)
    inside = listed.filter(chosen(given, newsletter)).annotate(excluded=why)
    rows = inside.order_by().values_list("excluded").annotate(n=Count("pk"))
    by_reason = dict(rows)
    # Each is counted by itself; told from one another, they could never disagree.
    return Sum(
        listed=listed.count(),
        outside=listed.exclude(pk__in=inside.values("pk")).count(),
        excluded={reason: by_reason[reason] for reason in Exclusion if by_reason.get(reason)},
        reached=by_reason.get("", 0),
    )


def sentence(given: Filter, newsletter: Newsletter) -> str:
    """What a segment is, as one sentence: "Subscribers of The Harbour Letter who read Spanish."."""
    labels = {asked.key: asked.label for asked in newsletter.fields}
    parts = []
    if given.languages:
        parts.append(f"who read {_or([_named(tag) for tag in given.languages])}")
    parts += [
        f"whose answer to “{labels.get(key, key)}” is {_or(answers)}"
        for key, answers in given.fields.items()
    ]
    if given.joined_since:
        parts.append(f"who joined on {given.joined_since} or later")
    if given.joined_until:
        parts.append(f"who joined on {given.joined_until} or earlier")
    if given.engaged_since:
        since = f"who opened or clicked on {given.engaged_since} or later"
        parts.append(f"{since} (only of those who agreed to be measured)")
    return " ".join([f"Subscribers of {newsletter.name}", ", and ".join(parts)]).strip() + "."


def _named(tag: str) -> str:
    """The English name of a language: Spanish, or the tag where there is none."""
    try:
        return Locale.parse(tag, sep="-").get_display_name("en") or tag
    except (ValueError, UnknownLocaleError):
        return tag


def _or(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def save(*, name: str, given: Filter, newsletter: Newsletter, now: dt.datetime) -> Segment:
    """Keep a segment under a name; the same name again changes it.

    Raises:
        SettingError: The name is empty or too long.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= 200:
        raise SettingError("a segment needs a name of at most 200 characters", mend="Name it.")
    segment, _ = Segment.objects.update_or_create(
        name=name,
        newsletter=newsletter.key,
        defaults={"definition": written(given), "changed_at": now},
        create_defaults={"definition": written(given), "created_at": now, "changed_at": now},
    )
    return segment
