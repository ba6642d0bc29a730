"""Planning and scheduling one article by hand: what is read, what stops it, what links answer."""

import datetime as dt
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings

from pipeline.audience.models import Subscription
from pipeline.campaigns.acts import find, move
from pipeline.campaigns.models import Campaign, Issue, Variant
from pipeline.campaigns.parts import store
from pipeline.campaigns.series import Wish
from pipeline.channels.links import ask_links
from pipeline.channels.strangers import look
from pipeline.engine.passes import tick
from pipeline.engine.planning import AskLinks, article_file, plan_article, schedule_article
from pipeline.errors import CheckError, MeridianError, SettingError, SourceError
from tests.channels.strangers import Stranger, stranger
from tests.factories import NOW, subscriber
from tests.home import Home
from tests.management.steps import SHORT, write
from tests.outbox.test_languages import variant

pytestmark = pytest.mark.database

ARTICLE = "warm-hands"


@pytest.fixture
def server() -> Iterator[Stranger]:
    """A web server that is under any name the links give."""
    with stranger() as made:
        yield made


def asking(server: Stranger) -> AskLinks:
    """The links are tried on that server alone."""
    here = partial(look, resolve=lambda _: ["127.0.0.1"], also={server.door})
    return partial(ask_links, look=here)


def linked(home: Home, server: Stranger, *paths: str) -> None:
    """The article with links to the server."""
    links = " ".join(f"[A study {path}]({server.url(path)})." for path in paths)
    write(home, f"articles/{ARTICLE}.md", f"{SHORT}\n\n{links}\n")


def planned(**wish: str) -> Campaign:
    """The article as a proposal, and a reader for it."""
    if not Subscription.objects.exists():
        subscriber("ana@example.com")
    taken = plan_article(ARTICLE, wish=Wish(**wish), actor="Ana", now=NOW)  # type: ignore[arg-type]
    return Campaign.objects.get(pk=taken.campaign)


def test_a_dead_link_stops_it_and_all_is_told(small: Home, server: Stranger) -> None:
    linked(small, server, "/404/a", "/200/b")
    planned()
    with pytest.raises(CheckError) as caught:
        schedule_article(ARTICLE, actor="Ana", links=True, now=NOW, ask=asking(server))
    assert "issue 2, HTML: " in caught.value.message
    assert "leads to nothing: the server answers 404" in caught.value.message
    assert find(ARTICLE).state == Campaign.State.PLANNED
    assert {line.partition(" ")[2] for line in server.asked} >= {"/404/a", "/200/b"}


def test_links_are_tried_only_when_asked_and_living_ones_stop_nothing(
    small: Home, server: Stranger
) -> None:
    linked(small, server, "/200/a")
    small.change("clinic.toml", "https://harbour-street.example.com", server.url("/200/site"))
    planned()
    scheduled, found = schedule_article(
        ARTICLE, actor="Ana", links=True, confirmed=True, now=NOW, ask=asking(server)
    )
    assert scheduled.state == Campaign.State.ACTIVE
    assert {"HEAD /200/a", "HEAD /200/site/book"} <= set(server.asked)
    assert "dead-link" not in {finding.code for finding in found}


def test_without_being_asked_nobody_is_asked(small: Home, server: Stranger) -> None:
    linked(small, server, "/404/a")
    planned()
    scheduled, _ = schedule_article(ARTICLE, actor="Ana", now=NOW, ask=asking(server))
    assert (scheduled.state, server.asked) == (Campaign.State.ACTIVE, [])


def test_the_links_of_a_language_are_tried_too_as_they_are_kept(
    small: Home, server: Stranger
) -> None:
    campaign = planned()
    made = variant(campaign.issues.get(part=1), "ko", approved=False)
    html = f'<html lang="ko"><body><a href="{server.url("/410/k")}">온기</a></body></html>'
    Variant.objects.filter(pk=made.pk).update(html_id=store(html.encode()))
    with pytest.raises(CheckError, match="issue 1, HTML, ko: "):
        schedule_article(ARTICLE, actor="Ana", links=True, now=NOW, ask=asking(server))


def test_a_slot_that_has_passed_is_said_once_and_stops_it(small: Home) -> None:
    planned()
    slot = dt.datetime.fromisoformat("2026-03-05T09:00")
    move(article=ARTICLE, part=1, slot=slot, actor="Ana", now=NOW)
    with pytest.raises(CheckError) as caught:
        schedule_article(ARTICLE, actor="Ana", now=NOW + dt.timedelta(days=4))
    assert caught.value.message.count("has passed") == 1
    assert "preflight: the slot of part 1 has passed" in caught.value.message


def test_what_is_not_planned_cannot_be_scheduled(small: Home) -> None:
    planned()
    schedule_article(ARTICLE, actor="Ana", now=NOW)
    with pytest.raises(SettingError, match="the campaign is active, not planned"):
        schedule_article(ARTICLE, actor="Ana", now=NOW)


def test_a_wish_is_kept_when_it_is_planned_again(small: Home) -> None:
    assert planned(form="one", start="2026-03-20").issues.count() == 1
    again = planned()
    assert (again.form, again.start, again.planned_by) == ("one", "2026-03-20", "Ana")
    assert list(again.issues.values_list("slot", flat=True)) == ["2026-03-24T10:00"]


@pytest.mark.parametrize("named", ["warm-hands", "warm-hands.md", "content/articles/warm-hands.md"])
def test_an_article_is_known_by_its_slug_and_by_its_file(small: Home, named: str) -> None:
    content = Path(settings.MERIDIAN_HOME) / "content"
    assert article_file(content, named).name == "warm-hands.md"


def test_an_article_under_another_name_than_its_slug_is_known_once_it_was_read(
    small: Home,
) -> None:
    text = SHORT.replace("---\n", "---\nslug: cool-hands\n", 1)
    write(small, "articles/warm-hands.md", text)
    tick(now=NOW, actor="Ana")
    content = Path(settings.MERIDIAN_HOME) / "content"
    slug = Campaign.objects.get().article
    assert article_file(content, slug).name == "warm-hands.md"


@pytest.mark.parametrize("named", ["cold-hands", "", "../clinic.toml"])
def test_what_is_no_article_is_told_with_those_there_are(small: Home, named: str) -> None:
    with pytest.raises(MeridianError) as caught:
        plan_article(named, wish=Wish(), actor="Ana", now=NOW)
    assert isinstance(caught.value, SourceError)
    assert caught.value.mend == "There are: warm-hands."
    assert not Issue.objects.exists()
