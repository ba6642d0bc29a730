"""Cards on the web: of what has gone out, under their hash, for ever."""

import pytest

from pipeline.campaigns.models import Issue
from pipeline.campaigns.parts import store
from tests.web.public.archive.desk import pictured, png, went_out
from tests.web.readers import configure, see

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def test_a_card_may_be_kept_for_ever() -> None:
    configure()
    sha256 = pictured(went_out())
    answer = see(f"/pictures/{sha256}.png")
    assert answer.content == png(1080, 1350)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Robots-Tag"] == "all"
    assert see(f"/pictures/{sha256}.png", if_none_match=answer.headers["ETag"]).status_code == 304


def test_what_has_not_gone_out_is_shown_to_nobody() -> None:
    configure()
    sha256 = pictured(went_out(state=Issue.State.SCHEDULED))
    assert see(f"/pictures/{sha256}.png").status_code == 404


def test_nothing_but_a_card_is_given() -> None:
    configure()
    issue = went_out()
    for name in (issue.html_id, store(b"secret"), "0" * 64, "x", "0" * 65, "%00", "..%2f"):
        assert see(f"/pictures/{name}.png").status_code == 404
    assert see(f"/pictures/{pictured(issue).upper()}.png").status_code == 404


@pytest.mark.parametrize(("archive", "status"), [("unlisted", 200), ("off", 404)])
def test_a_card_is_as_open_as_its_newsletter(archive: str, status: int) -> None:
    configure(('archive = "public"', f'archive = "{archive}"'))
    sha256 = pictured(went_out())
    answer = see(f"/pictures/{sha256}.png")
    assert answer.status_code == status
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_a_card_of_two_newsletters_is_open_if_one_is() -> None:
    configure(('archive = "public"', 'archive = "off"'))
    sha256 = pictured(went_out())
    assert pictured(went_out(newsletter="monthly")) == sha256
    assert see(f"/pictures/{sha256}.png").status_code == 200
