"""The rhythm of posts: on which day and at what time each goes out, around its issue."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count

from pipeline.campaigns.models import Campaign, Issue, Post
from pipeline.values import Account

_DAY = dt.timedelta(days=1)


def place_posts(campaign: Campaign, accounts: Iterable[Account]) -> None:
    """Give the posts of all issues that are not out their slots, by the rhythm of each account.

    A slot a person set stays. Posts of an issue without a slot have none.
    """
    rhythms = {(str(account.network), account.handle): account for account in accounts}
    waiting = Post.objects.filter(issue__campaign=campaign, issue__state=Issue.State.SCHEDULED)
    by_issue: dict[tuple[str, str], dict[str, list[Post]]] = defaultdict(lambda: defaultdict(list))
    for post in waiting.select_related("issue").order_by("issue__slot", "section", "pk"):
        by_issue[post.network, post.handle][post.issue.slot].append(post)
    changed = []
    for names, issues in by_issue.items():
        taken = _taken(campaign, *names)
        taken |= {post.slot[:10] for posts in issues.values() for post in posts if _is_set(post)}
        for slot, posts in issues.items():
            account = rhythms.get(names)
            free = [post for post in posts if not _is_set(post)]
            changed += _placed(free, slot, account, taken)
    Post.objects.bulk_update(changed, ["slot"])


def post_slots(account: Account, issue: dt.datetime, taken: set[dt.date]) -> Iterator[dt.datetime]:
    """The slots of an account's posts of one issue, for ever; each takes its day.

    Args:
        account: Says the days after the issue, the time, and the hours in which nothing is posted.
        issue: The slot of the issue, wall time, naive, in the zone the posts are meant in.
        taken: The days on which this account posts already; added to.
    """
    further = count((account.days[-1] if account.days else 0) + 1)
    for days in chain(account.days, further):
        wanted = dt.datetime.combine(issue.date() + days * _DAY, account.time)
        # Nobody announces what is not there yet.
        slot = outside_quiet(account, max(wanted, issue))
        while slot.date() in taken:
            slot = outside_quiet(account, dt.datetime.combine(slot.date() + _DAY, account.time))
        taken.add(slot.date())
        yield slot


def outside_quiet(account: Account, slot: dt.datetime) -> dt.datetime:
    """The slot, or the end of the quiet hours it falls into."""
    start, end, time = account.quiet_from, account.quiet_until, slot.time()
    if start <= end:
        return dt.datetime.combine(slot.date(), end) if start <= time < end else slot
    if time >= start:
        return dt.datetime.combine(slot.date() + _DAY, end)
    return dt.datetime.combine(slot.date(), end) if time < end else slot


def _taken(campaign: Campaign, network: str, handle: str) -> set[str]:
    """The days on which an account has posts of other campaigns, or of issues that are out."""
    posts = Post.objects.filter(network=network, handle=handle).exclude(slot="")
    posts = posts.exclude(issue__state=Issue.State.CANCELLED)
    others = posts.exclude(issue__campaign=campaign, issue__state=Issue.State.SCHEDULED)
    return {slot[:10] for slot in others.values_list("slot", flat=True)}


def _placed(
    posts: Sequence[Post], slot: str, account: Account | None, taken: set[str]
) -> list[Post]:
    """The posts with their slots; "" where the issue has none or the account is gone."""
    if not slot or account is None:
        slots: Iterable[str] = [""] * len(posts)
    else:
        days = {dt.date.fromisoformat(day) for day in taken}
        found = post_slots(account, dt.datetime.fromisoformat(slot), days)
        slots = [next(found).isoformat(timespec="minutes") for _ in posts]
        taken |= {each[:10] for each in slots}
    for post, given in zip(posts, slots, strict=True):
        post.slot = given
    return list(posts)


def _is_set(post: Post) -> bool:
    return "slot" in post.edits
