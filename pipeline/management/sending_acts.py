"""``meridian campaign {over-cap,acknowledge,trial,choose}``: acts on how letters go to people."""

from argparse import ArgumentParser
from typing import Any, get_args

from pipeline.campaigns.acts import find
from pipeline.campaigns.alarms import acknowledge
from pipeline.campaigns.trials import HOURS, SHARES, Rule, Trial, choose, set_trial
from pipeline.engine.passes import now
from pipeline.errors import SettingError
from pipeline.management.command import actor
from pipeline.management.home_command import HomeCommand
from pipeline.outbox.warm_up import go_over

RULES = get_args(Rule)


def add_acts(acts: Any) -> None:
    """Add the acts; each brings the function that does it as ``does``."""
    over = _act(acts, "over-cap", _over_cap, "let the sender's domain send more than its warm-up")
    over.add_argument("--by", required=True, metavar="NAME", help="who answers for it")
    answer = _act(acts, "acknowledge", _acknowledge, "answer for letters that were called spam")
    answer.add_argument("--by", required=True, metavar="NAME", help="who answers for it")
    trial = _act(acts, "trial", _trial, "try a second subject on some of the readers")
    _add_part(trial)
    trial.add_argument("--subject", help="the second subject; the issue's own is the first")
    trial.add_argument(
        "--share", type=int, default=20, help=f"percent of the readers, {_range(SHARES)}"
    )
    trial.add_argument("--hours", type=int, default=4, help=f"the rest waits, {_range(HOURS)}")
    trial.add_argument("--rule", choices=RULES, default="ask", help="how the winner is found")
    trial.add_argument(
        "--otherwise", choices=RULES[1:], default="ask", help="the rule without clicks to count"
    )
    trial.add_argument("--undo", action="store_true", help="try no second subject any more")
    chosen = _act(acts, "choose", _choose, "say which subject the rest gets")
    _add_part(chosen)
    chosen.add_argument("arm", choices=("a", "b"), help="a: the issue's own; b: the second one")


def _act(acts: Any, name: str, does: Any, told: str) -> ArgumentParser:
    parser: ArgumentParser = acts.add_parser(name, help=told)
    parser.set_defaults(does=does)
    parser.add_argument("article", help="the article's slug")
    return parser


def _add_part(parser: ArgumentParser) -> None:
    parser.add_argument("--part", type=int, default=1, help="which part; 1 if none is named")
    parser.add_argument("--by", default=actor(), metavar="NAME", help="who says so")


def _range(ends: tuple[int, int]) -> str:
    return f"{ends[0]} to {ends[1]}"


def _over_cap(command: HomeCommand, options: dict[str, Any]) -> int:
    cap = go_over(article=options["article"], actor=options["by"], now=now())
    command.console.print(cap.told, markup=False)
    return 0


def _acknowledge(command: HomeCommand, options: dict[str, Any]) -> int:
    newsletter = find(options["article"]).newsletter
    acknowledge(newsletter, actor=options["by"], now=now())
    told = f"new campaigns of {newsletter} may begin; what is paused goes on with `resume`"
    command.console.print(told, markup=False)
    return 0


def _trial(command: HomeCommand, options: dict[str, Any]) -> int:
    if not (options["undo"] or options["subject"]):
        raise SettingError("no second subject is named", mend='Write it: --subject "…".')
    names = ("subject", "share", "hours", "rule", "otherwise")
    trial = None if options["undo"] else Trial(**{name: options[name] for name in names})
    issue = set_trial(
        campaign=find(options["article"]),
        part=options["part"],
        trial=trial,
        actor=options["by"],
        now=now(),
    )
    told = f"tries “{trial.subject}” too" if trial else "tries no second subject"
    command.console.print(f"{issue} {told}; it has to be approved anew", markup=False)
    return 0


def _choose(command: HomeCommand, options: dict[str, Any]) -> int:
    issue = choose(
        campaign=find(options["article"]),
        part=options["part"],
        arm=options["arm"],
        actor=options["by"],
        now=now(),
    )
    first = options["arm"] == "a"
    told = "its own subject" if first else f"“{issue.trial['subject']}”"
    command.console.print(f"{issue}: the rest gets {told}", markup=False)
    return 0
