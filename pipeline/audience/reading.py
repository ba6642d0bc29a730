"""Which of the languages that a newsletter comes in each of its readers reads."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Case, CharField, Count, Q, Value, When
from django.db.models.expressions import Combinable

from pipeline.audience.reach import reachable
from pipeline.values import Newsletter


def offered(newsletter: Newsletter) -> list[str]:
    """The languages a newsletter lists beside its own, longest tags first: ``es-MX`` before es."""
    others = set(newsletter.languages) - {newsletter.language}
    return sorted(others, key=lambda tag: (-len(tag), tag))


def reads(tags: Sequence[str], field: str) -> Combinable:
    """Which of these languages somebody reads, as a column; "" is the newsletter's own.

    It is theirs if it is the very one, or theirs is a kind of it: ``ko-KR`` is ``ko``.

    Args:
        tags: The longest first.
        field: Where the query knows their language.
    """
    if not tags:
        return Value("", output_field=CharField())
    cases = (
        When(
            Q(**{f"{field}__iexact": tag}) | Q(**{f"{field}__istartswith": f"{tag}-"}),
            then=Value(tag),
        )
        for tag in tags
    )
    return Case(*cases, default=Value(""), output_field=CharField())


def readers_by_language(
    newsletter: Newsletter, *, now: dt.datetime, digest: bool = False
) -> dict[str, int]:
    """How many of those an issue, or the digest, would go to now read each language.

    "" are those who read the newsletter's own, or none that it lists.
    """
    people = reachable(newsletter.key, now=now, digest=digest)
    by = people.annotate(tongue=reads(offered(newsletter), "subscriber__language"))
    found = dict(by.order_by().values_list("tongue").annotate(Count("pk")))
    return {tag: found.get(tag, 0) for tag in ("", *sorted(offered(newsletter)))}
