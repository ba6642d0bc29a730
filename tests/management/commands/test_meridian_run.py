"""`meridian run`: one pass, and what came of it."""

import datetime as dt
import json
from email import message_from_bytes, policy
from itertools import pairwise

import pytest
from django.conf import settings

from pipeline.audience.models import Subscriber
from pipeline.campaigns.calendar import due_at
from pipeline.campaigns.models import Campaign, Issue
from pipeline.channels.folder import FolderChannel
from pipeline.outbox.models import Delivery
from pipeline.outbox.release import release
from tests import factories
from tests.channels.mailgun_server import DOMAIN, KEY, MailgunServer
from tests.home import Home
from tests.management.steps import SHORT, Meridian, files, unfinished, write
from tests.outbox.steps import drain, states
from tests.web.readers import everything

pytestmark = pytest.mark.database


def test_the_example_home_comes_out_whole(home: Home, meridian: Meridian) -> None:
    said = meridian("run")

    assert (said.status, said.err) == (0, "")
    assert "How acupuncture may ease pain" in said.out
    assert "Sleeping well with a sore shoulder" in said.out
    assert "24 planned = 24 sent" in said.out
    assert str(home.outbox / "index.html") in said.out
    assert unfinished(home.path) == []


def test_every_issue_has_its_files_and_the_first_its_emails(home: Home, meridian: Meridian) -> None:
    meridian("run")

    for issue in Issue.objects.all():
        folder = home.outbox / issue.folder
        section = issue.part
        assert sorted(path.name for path in folder.glob("issue.*")) == ["issue.html", "issue.txt"]
        networks = ["bluesky", "facebook", "instagram", "linkedin", "mastodon", "x"]
        posts = sorted(path.name for path in (folder / "posts").iterdir())
        assert posts == [f"{section}-{network}.txt" for network in networks]
        assert (folder / "cards" / f"{section}.png").read_bytes().startswith(b"\x89PNG")
    assert Issue.objects.count() == 9
    (first,) = {path.parent.parent.name for path in home.outbox.rglob("*.eml")}
    assert first == Issue.objects.order_by("slot").values_list("folder", flat=True)[0]
    written = [message_from_bytes(path.read_bytes()) for path in home.outbox.rglob("*.eml")]
    readers = Subscriber.objects.values_list("address", flat=True)
    assert sorted(str(m["To"]).rpartition("<")[2].rstrip(">") for m in written) == sorted(readers)
    assert len(written) == 24


@pytest.mark.usefixtures("simple_weights")
def test_what_is_unsure_is_asked_and_stops_nothing(small: Home, meridian: Meridian) -> None:
    text = "Warm hands\n\nTwo things help.\n\nA cup of tea\n\nIt warms.\n"
    write(small, "articles/warm-hands.md", text)

    said = meridian("run")

    assert (said.status, said.err) == (0, "")
    assert "warning warm-hands.md, line 5: a line was taken for a heading that may be none" in (
        said.out
    )
    assert Campaign.objects.get(article="warm-hands").issues.count() == 1
    write(small, "articles/warm-hands.md", f"---\nheadings: [a cup of tea]\n---\n{text}")
    assert "unsure-heading" not in meridian("run").out


def test_slots_are_tuesdays_at_ten_after_a_first_part_at_once(
    home: Home, meridian: Meridian
) -> None:
    before = dt.datetime.now(dt.UTC).replace(second=0, microsecond=0)
    meridian("run")
    after = dt.datetime.now(dt.UTC)

    issues = Issue.objects.order_by("slot")
    slots = [dt.datetime.fromisoformat(issue.slot) for issue in issues]
    assert {issue.time_zone for issue in issues} == {"America/New_York"}
    assert [(slot.strftime("%A %H:%M")) for slot in slots[1:]] == ["Tuesday 10:00"] * 8
    assert {later - slot for slot, later in pairwise(slots[1:])} == {dt.timedelta(days=7)}
    assert before <= due_at(issues[0]) <= after
    assert slots[1] - slots[0] >= dt.timedelta(days=6)


def test_a_second_run_changes_no_byte_and_no_row(small: Home, meridian: Meridian) -> None:
    meridian("run")
    kept, written = everything(), files(small.path)

    again = meridian("run")

    assert (again.status, again.err) == (0, "")
    assert "Nothing has changed since the last run." in again.out
    assert "the same" in again.out
    assert everything() == kept
    assert files(small.path) == written


def test_a_file_that_was_deleted_is_written_again_and_an_email_is_not(
    small: Home, meridian: Meridian
) -> None:
    meridian("run")
    html = next(small.outbox.glob("*-part-1/issue.html"))
    content = html.read_bytes()
    html.unlink()
    email = next(small.outbox.rglob("*.eml"))
    email.unlink()

    said = meridian("run")

    assert html.read_bytes() == content
    assert not email.exists()
    assert "Nothing has changed" not in said.out
    assert states() == {"accepted": 24}


def test_json_says_the_same(small: Home, meridian: Meridian) -> None:
    first, second = (json.loads(meridian("run", "--json").out) for _ in range(2))

    assert (first["changed"], second["changed"]) == (True, False)
    (campaign,) = second["campaigns"]
    assert campaign == first["campaigns"][0]
    assert (campaign["title"], campaign["article"]) == ("Warm hands", "warm-hands")
    assert [issue["state"] for issue in campaign["issues"]] == ["sent", "scheduled"]
    assert [issue["counts"]["sent"] for issue in campaign["issues"]] == [24, 0]
    assert [issue["posts"] for issue in campaign["issues"]] == [1, 1]
    assert second["errors"] == []


def test_json_tells_a_deleted_file_as_a_change_too(small: Home, meridian: Meridian) -> None:
    meridian("run")
    (small.outbox / "index.html").unlink()

    assert json.loads(meridian("run", "--json").out)["changed"] is True


@pytest.mark.parametrize("columns", ["80", "120"])
def test_no_line_of_the_summary_is_wider_than_the_terminal(
    small: Home, meridian: Meridian, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    out = meridian("run").out

    tables = out[: out.index("Look at everything")]
    assert max(len(line) for line in tables.splitlines()) <= int(columns)
    assert "24 planned = 24 sent" in tables  # not broken over two lines
    assert "…" not in tables
    assert "Times are wall time in America/New_York." in tables


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("---\ntitle: X\n\nBody.\n", "broken.md, line 1: the front matter has no closing fence."),
        ("", "broken.md: the file is empty."),
        (b"\x00\x01\x02 not text \xff\xfe" * 99, "broken.md: this is not text."),
        (b"%PDF-1.7 and so on", "broken.md: this is a PDF"),
    ],
    ids=["no closing fence", "empty", "binary", "a PDF"],
)
def test_a_broken_article_is_told_and_the_good_one_goes_out(
    small: Home, meridian: Meridian, content: str | bytes, told: str
) -> None:
    broken = write(small, "articles/broken.md", content)

    said = meridian("run")

    assert told in said.refusal()
    assert str(broken.parent) in said.refusal()
    assert states() == {"accepted": 24}
    assert Campaign.objects.count() == 1
    assert "Warm hands" in said.out

    broken.write_text(SHORT.replace("Warm hands", "Cold feet"), "utf-8")
    assert meridian("run").status == 0
    assert list(Campaign.objects.values_list("title", flat=True)) == ["Warm hands", "Cold feet"]


def test_what_was_planned_before_goes_on_when_its_article_breaks(
    small: Home, meridian: Meridian
) -> None:
    meridian("tick")
    write(small, "articles/warm-hands.md", "---\nbroken")

    said = meridian("run")

    assert "warm-hands.md, line 1" in said.refusal()
    assert states() == {"accepted": 24}


def test_what_was_planned_before_goes_on_when_clinic_toml_breaks(
    small: Home, meridian: Meridian
) -> None:
    meridian("tick")
    small.change("clinic.toml", "phone =", "fone =")

    said = meridian("run")

    assert "clinic.toml, line 11: there is no setting fone. Did you mean phone?" in said.refusal()
    assert states() == {"accepted": 24}


def test_a_misspelt_setting_stops_a_first_run_before_anything_is_made(
    small: Home, meridian: Meridian
) -> None:
    small.change("clinic.toml", "phone =", "fone =")

    said = meridian("run")

    assert "clinic.toml, line 11: there is no setting fone. Did you mean phone?" in said.refusal()
    assert said.out == ""
    assert not any(everything().values())
    assert files(small.outbox) == {}


def test_a_missing_clinic_toml_is_told(small: Home, meridian: Meridian) -> None:
    (small.path / "content" / "clinic.toml").unlink()

    said = meridian("run")

    told = f"{small.path}/content/clinic.toml: there is no clinic.toml. Copy the example home's"
    assert said.refusal().startswith(told)


def test_a_template_that_breaks_one_article_stops_only_that_one(
    small: Home, meridian: Meridian
) -> None:
    write(small, "articles/cold-feet.md", SHORT.replace("Warm hands", "Cold feet"))
    override = small.path / "templates" / "social" / "mastodon.txt"
    override.parent.mkdir(parents=True)
    text = 'a line\n{% if "Cold" in article.title %}{{ nothing }}{% endif %}{{ title }}\n'
    override.write_text(text.replace("article.title", "title"), "utf-8")

    said = meridian("run")

    told = said.refusal()
    assert told.startswith(f"{override}, line 2: the template asks for something it cannot have")
    assert "(found while making cold-feet.md)" in told
    assert list(Campaign.objects.values_list("title", flat=True)) == ["Warm hands"]
    assert states() == {"accepted": 24}


def test_a_template_that_does_not_parse_is_told_with_its_line(
    small: Home, meridian: Meridian
) -> None:
    override = small.path / "templates" / "email" / "calm" / "title.mjml"
    override.parent.mkdir(parents=True)
    override.write_text("\n\n{% broken\n", "utf-8")

    said = meridian("run")

    told = said.refusal()
    assert told.startswith(f"{override}, line 3: the template does not parse: ")
    assert ".." not in told
    assert not Campaign.objects.exists()


def test_an_article_with_an_error_of_the_checks_is_not_planned(
    small: Home, meridian: Meridian
) -> None:
    long = SHORT + "\n\n" + "\n\n".join("Warmth helps. " * 40 for _ in range(400))
    write(small, "articles/long.md", long.replace("Warm hands", "Long"))

    said = meridian("run")

    assert "content/articles/long.md: issue 2, HTML: " in said.refusal()
    assert Campaign.objects.count() == 1


def test_a_missing_demo_audience_is_told(small: Home, meridian: Meridian) -> None:
    (small.path / "content" / "demo-audience.csv").unlink()

    assert "content/demo-audience.csv: " in meridian("run").refusal()


def test_an_outbox_that_cannot_be_written_loses_nothing(small: Home, meridian: Meridian) -> None:
    meridian("tick")
    issue = Issue.objects.order_by("part")[0]
    (small.outbox / issue.folder).write_text("a file where a folder must be", "utf-8")

    told = meridian("run").refusal()

    assert told.startswith(str(small.outbox / issue.folder))
    assert "the file cannot be written" in told
    assert states() == {"pending": 24}
    (small.outbox / issue.folder).unlink()
    assert meridian("run").status == 0
    assert states() == {"accepted": 24}


def test_messages_that_cannot_be_written_are_told_and_tried_again(
    small: Home, meridian: Meridian
) -> None:
    meridian("tick")
    folder = small.outbox / Issue.objects.order_by("part")[0].folder
    folder.mkdir()
    (folder / "messages").write_text("a file where a folder must be", "utf-8")

    said = meridian("run")

    assert str(folder / "messages") in said.refusal()
    assert said.refusal().endswith("It is tried again at a later run.")
    assert "24 planned = 24 waiting" in said.out
    (folder / "messages").unlink()
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)
    drain(FolderChannel(small.outbox), now=later)
    assert states() == {"accepted": 24}
    assert meridian("run").status == 0


def test_an_article_changed_after_its_first_part_went_out_keeps_what_was_sent(
    small: Home, meridian: Meridian
) -> None:
    meridian("run")
    sent = Issue.objects.get(part=1).html_id
    small.change("articles/warm-hands.md", "A cup of tea", "A cup of ginger tea")
    small.change("articles/warm-hands.md", "Vessels in the skin", "Veins in the skin")

    said = meridian("run")

    assert said.status == 0
    assert "made" in said.out
    assert Issue.objects.get(part=1).html_id == sent
    assert "ginger tea" in next(small.outbox.glob("*-part-2/issue.txt")).read_text("utf-8")
    assert states() == {"accepted": 24}


def test_no_more_than_one_issue_a_week_goes_out_however_often_it_runs(
    small: Home, meridian: Meridian
) -> None:
    meridian("run")
    first = Issue.objects.get(part=1)
    assert first.released_at is not None

    assert release(now=first.released_at + dt.timedelta(days=5)) == []
    assert release(now=first.released_at + dt.timedelta(days=15)) == [Issue.objects.get(part=2)]
    meridian("run")
    assert Delivery.objects.count() == 48


def test_by_a_mail_api_letters_leave_and_no_file_is_written(
    small: Home, meridian: Meridian, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailgun = MailgunServer()
    anymail = {
        "MAILGUN_API_KEY": KEY,
        "MAILGUN_SENDER_DOMAIN": DOMAIN,
        "MAILGUN_API_URL": mailgun.url,
    }
    monkeypatch.setattr(settings, "MERIDIAN_MAIL_API", "mailgun")
    monkeypatch.setattr(settings, "ANYMAIL", anymail)
    small.change("clinic.toml", "demo = true", "demo = false")
    factories.subscriber("ana@example.com")

    said = meridian("run")
    mailgun.close()

    assert (said.status, said.err) == (0, "")
    assert "1 planned = 1 sent" in said.out
    assert mailgun.received() == {"ana@example.com": 1}
    assert files(small.outbox) == {}


def test_every_email_has_a_way_to_leave_in_head_and_body(small: Home, meridian: Meridian) -> None:
    meridian("run")

    for path in small.outbox.rglob("*.eml"):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        url = str(message["List-Unsubscribe"]).strip("<>")
        assert url.startswith("http://127.0.0.1:8000/u/")
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        body = message.get_body(("plain",))
        assert body is not None
        assert url in body.get_content()


def test_a_broken_page_of_the_outbox_keeps_no_reader_waiting(
    small: Home, meridian: Meridian
) -> None:
    page = small.path / "templates" / "outbox" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("{{ nothing.here }}", "utf-8")

    said = meridian("run")

    assert said.refusal().startswith(f"{page}, line 1: ")
    assert "24 sent" in said.out
