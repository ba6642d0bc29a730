"""Tables for the terminal."""

import datetime as dt
from pathlib import Path, PurePath

import pytest
from rich.console import Console

from pipeline.management import show, show_campaigns
from pipeline.outbox.counts import Counts
from pipeline.reports.summary import CampaignSummary, IssueSummary
from pipeline.stages.read import read
from pipeline.stages.split import split
from pipeline.stages.splitting.explain import SAID, Decision, Reason
from pipeline.values import Finding, Line, LineKind, Run

ISSUE = IssueSummary(
    number=7,
    part=2,
    of=4,
    subject="Why the night makes it louder than the day ever could",
    slot=dt.datetime.fromisoformat("2026-12-01T10:00"),
    time_zone="America/New_York",
    state="scheduled",
    approved=True,
    folder="2026-12-01-why",
    posts=6,
    cards=1,
    counts=Counts(planned=24, excluded=1, sent=22, unknown=1),
)


def campaign(*issues: IssueSummary) -> CampaignSummary:
    return CampaignSummary(
        number=1, article="why", title="Why", newsletter="weekly", state="active", issues=issues
    )


def printed(shown: object, *, width: int = 80) -> str:
    console = Console(width=width, highlight=False)
    with console.capture() as captured:
        console.print(shown)
    return captured.get()


def changed(**changes: object) -> IssueSummary:
    values = {name: getattr(ISSUE, name) for name in IssueSummary.__slots__}
    return IssueSummary(**values | changes)


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        (Counts(), ""),
        (Counts(planned=24, sent=24), "24 planned = 24 sent"),
        (
            Counts(planned=6, excluded=1, waiting=1, sent=1, failed=1, unknown=1, cancelled=1),
            "6 planned = 1 excluded + 1 waiting + 1 sent + 1 failed + 1 unknown + 1 cancelled",
        ),
    ],
)
def test_a_sum_leaves_out_terms_of_zero(counts: Counts, told: str) -> None:
    assert show_campaigns.the_sum(counts) == told


def test_a_time_is_told_with_its_weekday() -> None:
    assert show_campaigns.when(ISSUE) == "Tue 1 Dec 2026 10:00"


@pytest.mark.parametrize(
    ("state", "approved", "told"),
    [
        ("scheduled", True, "scheduled"),
        ("scheduled", False, "waits for approval"),
        ("releasing", True, "being queued"),
        ("sending", False, "sending"),
        ("sent", True, "sent"),
    ],
)
def test_a_state_is_told_in_a_word_a_person_uses(state: str, approved: bool, told: str) -> None:
    assert show_campaigns.state(changed(state=state, approved=approved)) == told


def test_a_single_issue_needs_no_number() -> None:
    assert show_campaigns.subject(changed(part=1, of=1, subject="Sleep")) == "Sleep"
    assert show_campaigns.subject(changed(subject="Sleep")) == "Sleep (2 of 4)"


@pytest.mark.parametrize(
    ("count", "noun", "told"),
    [
        (0, "finding", "0 findings."),
        (1, "finding", "1 finding."),
        (1, "batch", "1 batch."),
        (2, "batch", "2 batches."),
    ],
)
def test_a_number_agrees_with_its_noun(count: int, noun: str, told: str) -> None:
    assert show.number(count, noun) == told


def test_the_schedule_is_in_the_order_of_time_over_all_campaigns() -> None:
    late, early = (
        changed(subject="Late"),
        changed(subject="Early", slot=dt.datetime.fromisoformat("2026-11-01T10:00")),
    )
    text = printed(show_campaigns.schedule([campaign(late), campaign(early)]))

    assert text.index("Early (2 of 4)") < text.index("Late (2 of 4)")
    assert "Times are wall time in America/New_York." in text


def test_an_empty_schedule_names_no_zone() -> None:
    assert "wall time" not in printed(show_campaigns.schedule([]))


@pytest.mark.parametrize("width", [60, 80, 120])
def test_times_and_sums_are_never_broken(width: int) -> None:
    text = printed(show_campaigns.schedule([campaign(changed(counts=Counts(planned=24, sent=24)))]))

    assert "Tue 1 Dec 2026 10:00" in text
    assert "24 planned = 24 sent" in text


def test_the_sums_fit_eighty_columns_with_numbers_of_a_million() -> None:
    counts = Counts(planned=1_200_000, sent=1_199_999, failed=1)

    text = printed(show_campaigns.sums(campaign(changed(counts=counts))))

    assert "2 of 4 1200000 0 0 1199999 1 0 0" in [" ".join(li.split()) for li in text.splitlines()]
    assert max(map(len, text.splitlines())) <= 80


def test_titles_are_printed_as_they_are() -> None:
    """What people wrote is no markup of the terminal's."""
    shown = show_campaigns.articles([campaign(changed(subject="[red]a[/]"))], {1: "made"})

    assert "made" in printed(shown)
    assert "[red]a[/]" in printed(show_campaigns.schedule([campaign(changed(subject="[red]a[/]"))]))


def test_an_article_is_outlined_with_the_words_of_each_part() -> None:
    text = (
        "---\ntitle: Tea\nsubtitle: Why\nbyline: Mara\n---\n\nOne two three.\n\n"
        "## 1. Leaves\n\nFour words are here.\n\n- one two\n- three\n\n### Green\n\nFive.\n\n"
        "| a | b |\n|---|---|\n| c d | e |\n\n## References\n\n1. A study.\n"
    )
    shown = printed(show.outline(split(read(PurePath("tea.md"), text.encode()), language="en")))

    lines = [" ".join(line.split()) for line in shown.splitlines()]
    assert lines[:3] == ["Tea", "Why", "Mara"]
    assert "(lead) 1 3" in lines
    assert "1 Leaves 2 7" in lines
    assert "Green 2 6" in lines
    assert lines[-1] == "1 reference."


def test_an_article_is_outlined_with_its_call_to_action() -> None:
    text = "# Tea\n\n## Leaves\n\nFour words are here.\n\nReady to sip? Book a visit.\n"
    shown = printed(show.outline(split(read(PurePath("tea.md"), text.encode()), language="en")))
    assert "(call to action) 1 6" in [" ".join(line.split()) for line in shown.splitlines()]


def test_a_path_stays_on_one_line_however_long(tmp_path: Path) -> None:
    path = Path("/", *["a-long-name"] * 20)
    console = Console(width=40)
    with console.capture() as captured:
        show.paths(console, ("Here", path), ("And there", tmp_path))

    assert captured.get().splitlines() == [f" Here       {path}", f" And there  {tmp_path}"]


def test_a_finding_is_told_with_its_place_and_its_mend() -> None:
    found = Finding(
        code="no-[x]", level="warning", message="a", suggestion="Do b.", where="issue 1"
    )
    console = Console(width=80)
    with console.capture() as captured:
        show.findings(console, [found])

    assert captured.get() == "warning issue 1: a. Do b. [no-[x]]\n"


def test_what_is_waived_is_told_with_who_and_why() -> None:
    found = Finding(
        code="claim-cure",
        level="error",
        message="a",
        suggestion="Do b.",
        where="issue 1",
        waived="waived by Mara on 2026-03-03: said in jest",
    )
    console = Console(width=120)
    with console.capture() as captured:
        show.findings(console, [found])

    assert captured.get() == (
        "waived issue 1: a. Waived by Mara on 2026-03-03: said in jest [claim-cure]\n"
    )


def decision(
    probability: float,
    *reasons: Reason,
    kind: LineKind = "heading",
    grounds: tuple[str, ...] = (),
) -> Decision:
    """A decision on a line."""
    line = Line(number=7, text=(Run("What [b]helps[/b]"),), kind=kind)
    return Decision(line, probability, grounds, reasons)


SHORT, COLON = Reason("columns", 10, 2.0), Reason("ends colon", 1, -1.0)
LABEL, CODE = Reason("label", 1, -2.0), Reason("code", 1, -0.5)


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (decision(0.99, SHORT, COLON), "short"),
        (decision(1.0, SHORT, grounds=("bold",)), "bold; short"),
        (decision(1.0, grounds=(SAID,)), "you said so"),
        (decision(0.6, SHORT), "unsure: short"),
        (
            decision(0.6, SHORT, LABEL, COLON, CODE),
            "unsure: short. But: a label such as “Note”; ends in a colon",
        ),
        (
            decision(0.4, SHORT, LABEL, COLON, kind="plain"),
            "unsure: a label such as “Note”; ends in a colon. But: short",
        ),
    ],
)
def test_why_tells_the_weightiest_first_and_what_speaks_against_the_unsure(
    made: Decision, told: str
) -> None:
    assert show.why(made) == told


def test_decided_shows_headings_and_what_is_unsure_alone() -> None:
    made = [
        decision(0.99, SHORT),
        decision(0.4, LABEL, kind="plain"),
        decision(0.4, LABEL, kind="item"),
        decision(0.01, LABEL, kind="plain"),
    ]
    shown = printed(show.decided("A [title]", made))
    assert shown.splitlines()[0].rstrip() == "A [title]"
    assert shown.count("What [b]helps[/b]") == 3
    assert [word for word in ("99 %", "40 %", "1 %") if f" {word} " in shown] == ["99 %", "40 %"]
    assert ("paragraph" in shown, "list item" in shown) == (True, True)
