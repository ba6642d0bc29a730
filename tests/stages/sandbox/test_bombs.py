"""Merge bombs: refused within 2 seconds and 200 MB each (S2)."""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

from tests.stages.sandbox.bombs import BOMBS

CHECKOUT = Path(__file__).parents[3]
# 2 seconds of a processor that nobody shares; the time of each begins anew. 200 MB are what a
# template may take on top of a program at rest.
CHILD = """
    import datetime, json, resource, sys, time
    from pathlib import Path
    from pipeline.errors import TemplateError
    from pipeline.stages.templates import Templates
    from pipeline.stages.text import wrap
    given = {"name": "", "wrap": wrap.wrap, "underline": wrap.underline}
    given["day"] = datetime.date(2026, 3, 3)
    folder, answers = Path(sys.argv[1]), {}
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + 200_000_000,) * 2)
    for name, bomb in json.load(sys.stdin).items():
        (folder / "a.txt").write_text(bomb, "utf-8")
        limit = int(time.process_time()) + 3
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
        try:
            answers[name] = len(Templates([folder]).fill("a.txt", given))
        except TemplateError as error:
            answers[name] = str(error)
    print(json.dumps(answers))
"""


def test_a_template_that_makes_too_much_is_refused_s2(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CHILD), str(tmp_path)],
        cwd=CHECKOUT,
        input=json.dumps(BOMBS),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    answers = json.loads(done.stdout)
    assert answers.keys() == BOMBS.keys()
    made = {name: answer for name, answer in answers.items() if isinstance(answer, int)}
    assert made == {}
    for name, answer in answers.items():
        assert answer.startswith((f"{tmp_path}/a.txt", "a.txt")), name
        assert len(answer.splitlines()) == 1
    assert not [name for name, answer in answers.items() if "MemoryError" in answer]
