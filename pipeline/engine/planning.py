"""Planning one article because a person asks for it: read now, not at the next pass."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from django.conf import settings

from pipeline.campaigns.files import read_file
from pipeline.campaigns.letters import kept_letter
from pipeline.campaigns.models import ArticleRevision, Campaign, Issue
from pipeline.campaigns.preflight import facts_of, preflight
from pipeline.campaigns.revisions import take_configuration
from pipeline.campaigns.scheduling import refuse, schedule
from pipeline.campaigns.series import Taken, Wish, take_article
from pipeline.campaigns.texts import language_of
from pipeline.campaigns.variants import with_variants
from pipeline.campaigns.warnings import calendar_warnings
from pipeline.channels.links import ask_links
from pipeline.engine.passes import making
from pipeline.errors import SourceError
from pipeline.stages.answers import LinkAnswer
from pipeline.stages.check import dead_link, findings
from pipeline.stages.check.rule import Material
from pipeline.stages.newsletters import newsletter_of
from pipeline.values import Configuration, Finding

# :func:`pipeline.channels.links.ask_links`, or one that tests let ask this machine.
AskLinks = Callable[..., dict[str, LinkAnswer]]


def plan_article(article: str, *, wish: Wish, actor: str, now: dt.datetime) -> Taken:
    """Make the campaign of an article as a proposal, or renew the one there is.

    Args:
        article: Its slug, or its file in ``content/articles``.
        wish: What the person asks of it.
        actor: Who asks.
        now: The time.

    Raises:
        SourceError: There is no such article, or it cannot be read.
        CheckError: A check found an error. Nothing is changed.
    """
    content = _content()
    path = article_file(content, article)
    configuration = take_configuration(content / "clinic.toml", now=now)
    return take_article(
        path,
        read_file(path),
        making=making(content, configuration, now=now),
        actor=actor,
        now=now,
        wish=wish,
    )


def schedule_article(
    article: str,
    *,
    actor: str,
    confirmed: bool = False,
    links: bool = False,
    now: dt.datetime,
    ask: AskLinks = ask_links,
) -> tuple[Campaign, tuple[Finding, ...]]:
    """Look a planned campaign over once more, and let it send if nothing speaks against it.

    Args:
        article: Its slug, or its file in ``content/articles``.
        actor: Who schedules it.
        confirmed: Whether the person has seen the warnings that ask for a second look.
        links: Whether each link is tried on the network.
        now: The time.
        ask: How links are tried.

    Returns:
        The campaign, and what was remarked.

    Raises:
        CheckError: The checks or the preflight stop it; all is told, nothing is changed.
        SettingError: It is not planned.
    """
    taken = plan_article(article, wish=Wish(), actor=actor, now=now)
    campaign = Campaign.objects.get(pk=taken.campaign)
    configuration = take_configuration(_content() / "clinic.toml", now=now)
    newsletter = newsletter_of(configuration, campaign.newsletter)
    waiting = campaign.issues.filter(state=Issue.State.SCHEDULED)
    facts = facts_of(
        newsletter.key,
        name=newsletter.name,
        postal_address=configuration.clinic.postal_address,
        issues=waiting,
        welcome=campaign.kind == Campaign.Kind.WELCOME,
        warnings=calendar_warnings(campaign, now=now),
        now=now,
    )
    found = preflight(facts)
    found += _dead_links(waiting, configuration, ask) if links else ()
    refuse(found, confirmed=confirmed)
    scheduled = schedule(article=campaign.article, newsletter=newsletter, actor=actor, now=now)
    return scheduled, (*taken.findings, *found)


def article_file(content: Path, article: str) -> Path:
    """The file of an article that is named by its slug or as a file.

    Raises:
        SourceError: There is none.
    """
    folder = content / "articles"
    known = ArticleRevision.objects.filter(slug=article).order_by("pk").last()
    names = [Path(article).name, f"{article}.md", *([known.name] if known else [])]
    for path in (folder / name for name in names):
        if path.is_file():
            return path
    there = ", ".join(sorted(path.stem for path in folder.glob("*.md")))
    raise SourceError(
        f"there is no article {article!r} in content/articles", mend=f"There are: {there}."
    )


def _dead_links(
    waiting: Iterable[Issue], configuration: Configuration, ask: AskLinks
) -> tuple[Finding, ...]:
    """What the links of the letters answer, in every language, as they are kept and sent."""
    texts = [text for issue in waiting for text in with_variants(issue)]
    letters = [kept_letter(text) for text in texts]
    answers = ask([letter.html for letter in letters], own=settings.MERIDIAN_URL)
    found: list[Finding] = []
    for text, letter in zip(texts, letters, strict=True):
        made = Material((letter,), (), configuration, answers=answers)
        language = language_of(text)
        found += [
            replace(each, where=f"{each.where}, {language}") if language else each
            for each in findings(dead_link.RULE, made)
        ]
    return tuple(found)


def _content() -> Path:
    return Path(settings.MERIDIAN_HOME) / "content"
