"""A notice is written down once for each cause."""

import pytest

from pipeline.audience.models import Notice, Subscriber
from pipeline.audience.notices import post
from tests.factories import NOW, subscriber

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def test_one_notice_for_each_cause() -> None:
    ana, ben = subscriber("ana@example.com"), subscriber("ben@example.com")

    def ask(who: Subscriber = ana, cause: str = "weekly 1") -> bool:
        return post(
            kind=Notice.Kind.CONFIRM,
            subscriber=who,
            newsletter="weekly",
            cause=cause,
            language="ko",
            values={"token": "t"},
            now=NOW,
        )

    assert [ask(), ask(), ask(ben), ask(cause="weekly 2")] == [True, False, True, True]
    first = Notice.objects.order_by("pk")[0]
    assert (first.state, first.values, first.language) == ("pending", {"token": "t"}, "ko")
    assert str(first) == f"notice {first.pk}: confirm"
