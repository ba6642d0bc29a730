"""The links of an edition: each asked once, hosts side by side, and nobody unsubscribed (S12)."""

import functools
from collections.abc import Callable

import pytest

from pipeline.channels import strangers
from pipeline.channels.links import ask_links, is_personal
from pipeline.stages.answers import LinkAnswer
from tests.channels.strangers import Stranger, stranger

OWN = "https://letters.clinic.example.com"
TOKEN = f"17.weekly.{'aB-_' * 11}"


def link(url: str) -> str:
    return f'<a href="{url}">words</a>'


def known(asked: list[str]) -> Callable[..., LinkAnswer]:
    """A look that writes down what it is asked."""

    def look(url: str, **_: object) -> LinkAnswer:
        asked.append(url)
        return LinkAnswer(status=200)

    return look


def test_every_address_of_every_page_is_asked_once() -> None:
    asked: list[str] = []
    told: list[str] = []
    pages = [
        link("https://a.example/1") + link("https://b.example/2") + link("mailto:a@b.example"),
        link("https://a.example/1") + '<img src="https://c.example/3.png" alt="a">',
    ]
    found = ask_links(pages, own=OWN, look=known(asked), told=told.append)
    assert found == dict.fromkeys(
        ["https://a.example/1", "https://b.example/2", "https://c.example/3.png"],
        LinkAnswer(status=200),
    )
    assert sorted(asked) == sorted(told) == sorted(found)


PERSONAL = [
    "@@unsubscribe_url@@",
    "https://x.example/?u=@@first_name@@",
    f"{OWN}/u/{TOKEN}",
    f"{OWN}/preferences/1",
    f"{OWN.upper()}/u/x",
    f"{OWN}./u/x",
    f"https://old.example/u/{TOKEN}",
    f"https://old.example/confirm/{TOKEN}/",
    f"https://old.example/preferences/{TOKEN}?x=1",
]


@pytest.mark.parametrize("url", PERSONAL)
def test_s12_what_belongs_to_one_reader_is_never_asked(url: str) -> None:
    asked: list[str] = []
    assert ask_links([link(url)], own=OWN, look=known(asked)) == {}
    assert is_personal(url, own=OWN)
    assert asked == []


@pytest.mark.parametrize(
    "url",
    ["https://a.example/u/17", "https://a.example/a.b.c", "https://clinic.example.com/u/",
     f"https://a.example/doi/10.1000/{'a' * 44}"],
)  # fmt: skip
def test_s12_what_belongs_to_everybody_is_asked(url: str) -> None:
    assert not is_personal(url, own=OWN)


@pytest.mark.parametrize("url", ["http://[", "file:///etc/passwd", "tel:5550142", "", "#top"])
def test_what_is_no_web_address_is_not_asked(url: str) -> None:
    assert ask_links([link(url)], own=OWN, look=known([])) == {}


def test_s12_redirect_to_a_readers_page_is_not_followed() -> None:
    with stranger() as server:
        url = server.url(f"/302?{server.url(f'%2Fu%2F{TOKEN}')}")
        look = looking(server)
        found = ask_links([link(url)], own=OWN, look=look)
        assert found[url].fault == "leads to a page of one reader's own"
        assert len(server.asked) == 1


def test_a_host_is_never_asked_twice_at_a_time_and_hosts_side_by_side() -> None:
    hosts = [f"h{number}.example.com" for number in range(4)]
    with stranger() as server:
        urls = [server.url(f"/slow/{n}", host=host) for host in hosts for n in range(4)]
        found = ask_links(map(link, urls), own=OWN, look=looking(server))
        assert {answer.status for answer in found.values()} == {200}
        assert len(server.asked) == 16
        assert server.busy == dict.fromkeys(hosts, 1)


def looking(server: Stranger) -> Callable[..., LinkAnswer]:
    return functools.partial(strangers.look, resolve=lambda _: ["127.0.0.1"], also={server.door})
