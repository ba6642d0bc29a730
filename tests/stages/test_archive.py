from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.archive import ROOT, link, path
from pipeline.stages.merge import merge


@pytest.mark.parametrize(
    ("article", "part", "expected"),
    [
        ("warm-hands", 2, "/archive/weekly/warm-hands/2/"),
        ("따뜻한-수건", 1, "/archive/weekly/%EB%94%B0%EB%9C%BB%ED%95%9C-%EC%88%98%EA%B1%B4/1/"),
        ("a/../b?c#d", 1, "/archive/weekly/a%2F..%2Fb%3Fc%23d/1/"),
    ],
)
def test_a_page_is_named_by_newsletter_article_and_part(
    article: str, part: int, expected: str
) -> None:
    assert path("weekly", article, part) == expected


def test_a_link_in_a_letter_becomes_the_page_when_it_is_merged() -> None:
    merged = merge(link("weekly", "warm-hands", 2), {"archive_url": f"https://x.test{ROOT}"})
    assert merged == f"https://x.test{path('weekly', 'warm-hands', 2)}"


@given(st.text(min_size=1), st.integers(1, 99))
def test_every_slug_has_a_page_of_its_own(article: str, part: int) -> None:
    made = path("weekly", article.encode("utf-8", "ignore").decode(), part)
    assert made.isascii()
    assert made.count("/") == 5
    assert unquote(made.split("/")[3]) == article.encode("utf-8", "ignore").decode()
