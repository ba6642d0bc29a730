"""C14: a megabyte of nonsense is looked at in a moment, in little memory."""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

CHECKOUT = Path(__file__).parents[4]
SIZE = 1_000_000
# The bar is 2 seconds for one text; the child may take five times as long, on any machine.
CHILD = """
    import json, resource, sys, time
    from pipeline.stages.check.claims.lint import lint
    from pipeline.stages.check.claims.profiles import DEFAULT
    resource.setrlimit(resource.RLIMIT_AS, (1_000_000_000, 1_000_000_000))
    for name, (language, text) in json.load(sys.stdin).items():
        limit = int(time.process_time()) + 10
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
        begun = time.process_time()
        found = lint(text, language=language, profile=DEFAULT)
        print(json.dumps([name, len(found), round(time.process_time() - begun, 2)]), flush=True)
"""


def times(part: str) -> str:
    return part * (SIZE // len(part.encode()))


TEXTS = {
    "one letter": ("en", times("a")),
    "cures": ("en", times("cure ")),
    "cures, cures": ("en", times("cure, ")),
    "what almost is one": ("en", times("acupuncture treats your very bad ")),
    "every trigger": ("en", times("guaranteed cure for cancer without pills, best clinic, detox ")),
    "negations": ("en", times("not cure ")),
    "a list behind not": ("en", "not " + times("a, or ")),
    "claims": ("en", times("We cure migraine. ")),
    "claims on lines": ("en", times("We cure migraine.\n")),
    "marks on nothing": ("en", times("\u0301")),
    "marks on a letter": ("en", times("a" + "\u0301" * 500)),
    "nothing to see": ("en", times("\u200b")),
    "letters that look alike": ("en", times("сurе ")),
    "letters of full width": ("en", times("ｃｕｒｅ ")),
    "quotation marks": ("en", times("“My pain vanished. ")),
    "dashes": ("en", times(" - a")),
    "spaces": ("en", times(" ")),
    "one word a line": ("en", times("no\n")),
    "lines that differ": ("en", "".join(f"no {n}\n" for n in range(SIZE // 9))),
    "sentences that differ": (
        "en",
        "".join(f"It does not cure {n} migraines.\n" for n in range(SIZE // 31)),
    ),
    "questions": ("en", times("Can it cure migraine? ")),
    "Spanish": ("es", times("la acupuntura cura sin efectos secundarios ")),
    "Spanish words": ("es", times("de la que no ")),
    "Korean": ("ko", times("침으로 두통을 완치하고 부작용이 없는 ")),
    "one Korean letter": ("ko", times("암")),
    "Korean in pieces": ("ko", times("\u110b\u116a\u11ab\u110e\u1175")),
    "all at once": ("fr", times("완치 cure cura ")),
}


def test_c14_nonsense_is_looked_at_in_a_moment() -> None:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CHILD)],
        cwd=CHECKOUT,
        input=json.dumps(TEXTS),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert [json.loads(line)[0] for line in done.stdout.splitlines()] == list(TEXTS)
