"""The front: exit status, one line for every error, nothing half-written."""

import os
import signal
import stat
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from django.db import IntegrityError, connection

from pipeline import __version__
from pipeline.campaigns.models import Issue
from pipeline.management import front
from pipeline.management.command import MeridianCommand, actor
from pipeline.outbox.claim import claim
from pipeline.outbox.models import Delivery
from tests import factories
from tests.home import CHECKOUT, Home
from tests.management.steps import (
    Meridian,
    Said,
    child,
    files,
    wait_until,
)
from tests.outbox.channels import ListChannel

EXAMPLE = {path.name for path in (CHECKOUT / "content" / "articles").iterdir()}


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def test_in_an_empty_folder_the_example_is_put_there_and_runs(tmp_path: Path) -> None:
    said = child(tmp_path, "run")

    assert (said.status, said.err) == (0, "")
    assert {path.name for path in (tmp_path / "content" / "articles").iterdir()} == EXAMPLE
    assert "How acupuncture may ease pain" in said.out
    assert len(list(tmp_path.rglob("*.eml"))) == 24
    assert mode(tmp_path / ".meridian") == "0o700"
    assert mode(tmp_path / ".meridian" / "keys.toml") == "0o600"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".meridian", "content", "outbox"]
    assert not (tmp_path / ".meridian" / "backups").exists()


def test_the_home_may_be_elsewhere_and_is_made(tmp_path: Path) -> None:
    elsewhere, here = tmp_path / "not" / "yet" / "there", tmp_path / "here"
    here.mkdir()

    said = child(here, "outbox", "--json", environment={"MERIDIAN_HOME": str(elsewhere)})

    assert said == Said(0, "[]\n", "")
    assert sorted(p.name for p in elsewhere.iterdir()) == [".meridian", "content", "outbox"]
    assert list(here.iterdir()) == []


def test_nothing_is_asked_of_the_checkout_where_it_stands(folder: Path) -> None:
    """A second run of the real program, warnings as errors, touches no file."""
    before = files(folder)

    said = child(folder, "run")

    assert (said.status, said.err) == (0, "")
    assert "Nothing has changed since the last run." in said.out
    assert files(folder) == before


def test_help_names_every_command_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for arguments in ([], ["-h"], ["--help"], ["help"]):
        assert front.run(arguments) == 0
        told = capsys.readouterr().out
        assert [name for name in front.COMMANDS if f"\n  {name}" not in told] == []
        assert max(map(len, told.splitlines())) <= 80
    assert list(tmp_path.iterdir()) == []


def test_the_help_of_a_command_writes_nothing(tmp_path: Path) -> None:
    said = child(tmp_path, "run", "--help")

    assert (said.status, said.err) == (0, "")
    assert said.out.startswith("usage: meridian run [-h] [--json]")
    assert list(tmp_path.iterdir()) == []


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert front.run(["--version"]) == 0
    assert capsys.readouterr().out == f"meridian {__version__}\n"


def test_every_command_is_a_module_of_its_name() -> None:
    modules = {path.stem for path in (Path(front.__file__).parent / "commands").glob("m*.py")}

    assert modules == {f"meridian_{name}" for name in front.COMMANDS}
    for name in modules:
        command = import_module(f"pipeline.management.commands.{name}").Command
        assert issubclass(command, MeridianCommand)
        assert command.help.endswith(".")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nope"], "there is no command nope. `meridian --help` lists them."),
        (["run", "--nope"], "unrecognized arguments: --nope. `meridian run --help` tells more."),
        (
            ["split"],
            "the following arguments are required: FILE. `meridian split --help` tells more.",
        ),
    ],
)
def test_a_wrong_word_is_told_in_one_line(
    meridian: Meridian, arguments: list[str], told: str
) -> None:
    assert meridian(*arguments).refusal() == told


def test_the_real_program_ends_with_the_same_status(tmp_path: Path) -> None:
    assert child(tmp_path, "nope").refusal().startswith("there is no command nope.")
    assert child(tmp_path, "run", "--nope").refusal().startswith("unrecognized arguments")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("DATABASE_URL", "nonsense", "DATABASE_URL is no database address. Write it as"),
        ("DATABASE_URL", "postgresql://a@h:port/n", "DATABASE_URL is no database address."),
        ("DATABASE_URL", "mysql://a:b@h/n", "DATABASE_URL asks for mysql: use PostgreSQL or"),
        ("DATABASE_URL", "sqlite://:memory:", "DATABASE_URL names no database that would last."),
        ("DATABASE_URL", "postgresql://a@h/", "DATABASE_URL names no database that would last."),
        ("MERIDIAN_URL", "letters.example.com", "MERIDIAN_URL is 'letters.example.com', which"),
        ("MERIDIAN_URL", "http://[", "MERIDIAN_URL is 'http://[', which is no web address."),
        ("MERIDIAN_URL", "http://a.test:99999", "MERIDIAN_URL is 'http://a.test:99999', which"),
        ("MERIDIAN_LOG", "loud", "MERIDIAN_LOG is 'LOUD', which is no level. Choose one of:"),
        ("MERIDIAN_MAIL_API", "pigeon", "MERIDIAN_MAIL_API is 'pigeon', and there is no such"),
        ("MERIDIAN_MAIL_API", "mailgun", "clinic.toml says demo = true, so the way out 'mailgun'"),
        ("MERIDIAN_SIGNING_KEYS", "short", "MERIDIAN_SIGNING_KEYS and MERIDIAN_ADDRESS_KEY: a key"),
    ],
)
def test_a_wrong_setting_is_told_in_one_line(
    once_run: Path, name: str, value: str, told: str
) -> None:
    before = files(once_run)

    said = child(once_run, "run", environment={name: value})

    assert said.refusal().startswith(told)
    assert files(once_run) == before


def test_a_server_that_is_away_is_told_without_the_password(folder: Path) -> None:
    url = "postgresql://meridian:open-sesame@127.0.0.1:1/letters"

    told = child(folder, "run", environment={"DATABASE_URL": url}).refusal()

    assert told.startswith("letters at 127.0.0.1: the database cannot be used: ")
    assert told.endswith("See that it runs and that DATABASE_URL is right.")
    assert "open-sesame" not in told


@pytest.mark.database
def test_a_database_that_fails_is_told_with_its_name(meridian: Meridian, tmp_path: Path) -> None:
    name = str(tmp_path / "nowhere" / "letters")
    connection.close()
    connection.settings_dict["NAME"] = name if connection.vendor == "sqlite" else "letters"

    told = meridian("outbox").refusal()

    place = name if connection.vendor == "sqlite" else "letters at 127.0.0.1"
    assert told.startswith(f"{place}: the database cannot be used: ")


def test_the_rows_that_a_server_tells_are_not_told_on_p8() -> None:
    """PostgreSQL adds the row that failed, and it may hold an address."""
    error = IntegrityError(
        "null value in column\nDETAIL:  Failing row contains (1, ana@example.com)"
    )

    assert "ana@example.com" not in front._told(error, "run")
    assert "the database cannot be used: null value in column. " in front._told(error, "run")


@pytest.mark.parametrize("status", [0, 2])
def test_the_console_script_ends_with_the_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], status: int
) -> None:
    monkeypatch.setattr(sys, "argv", ["meridian", "--version" if status == 0 else "nope"])

    with pytest.raises(SystemExit) as ended:
        front.main()

    assert ended.value.code == status


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at threads as Linux shows them")
def test_ctrl_c_is_no_traceback(small: Home) -> None:
    """A sender that waits for another one's batch is told to stop."""
    factories.queued_issue(1)
    channel = ListChannel()
    channel.name = "folder"
    assert small.run("tick").returncode == 0
    assert claim(channel, owner="another", now=factories.NOW) is not None
    process = small.start("send", "--until-empty")
    wait_until(lambda: len(list(Path(f"/proc/{process.pid}/task").iterdir())) > 1)

    process.send_signal(signal.SIGINT)

    assert process.communicate(timeout=30) == ("", "meridian: stopped.\n")
    assert process.returncode == 2


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_the_reader_of_a_pipe_may_go_away(small: Home, more: list[str]) -> None:
    process = small.start("campaign", "show", *more)
    assert process.stdout is not None
    process.stdout.close()

    _, err = process.communicate(timeout=30)

    assert (process.returncode, err) == (1, "")


def test_who_is_at_the_keyboard_is_known_without_an_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000_000)

    assert actor() == "somebody at the command line"


def test_no_line_of_any_log_holds_an_address_p8(small: Home) -> None:
    small.env["MERIDIAN_LOG"] = "debug"
    lines = ("tick", "send", "run", "outbox", "campaign show", "run --json")
    said = [small.run(*line.split()) for line in lines]

    assert [one.returncode for one in said] == [0] * 6
    assert [one for one in said if ".demo@" in one.stdout + one.stderr] == []
    assert len(list(small.outbox.rglob("*.demo@*.eml"))) == 24


def test_no_error_holds_an_address_p8(small: Home, meridian: Meridian) -> None:
    """A folder stands where each reader's email should be written."""
    meridian("tick")
    messages = small.outbox / Issue.objects.get(part=1).folder / "messages"
    for number, address in Delivery.objects.values_list("pk", "subscriber__address"):
        (messages / f"{number:06}-{address}.eml").mkdir(parents=True)

    said = meridian("run")

    assert said.refusal().startswith(str(messages))
    assert "@" not in said.err + said.out


def test_looking_at_an_article_loads_no_database_and_no_mail(tmp_path: Path) -> None:
    """It shall answer at once, and in little memory."""
    path = tmp_path / "tea.md"
    path.write_text("# Tea\n\nIt is warm.\n", encoding="utf-8")
    heavy = ["django.db.models", "requests", "mjml", "typst", "pipeline.campaigns.models"]
    code = (
        "import sys; from pipeline.management import front; "
        f"assert front.run(['split', '--jsonl', {str(path)!r}]) == 0; "
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert said.stdout.splitlines()[-1] == "[]"
