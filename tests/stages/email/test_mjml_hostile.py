"""A megabyte of nonsense is no MJML, which is told in a moment (S2)."""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

CHECKOUT = Path(__file__).parents[3]
SIZE = 1_000_000
# The bar is 1 second for one text; the child may take five times as long, on any machine.
CHILD = """
    import json, resource, sys, time
    from pipeline.errors import TemplateError
    from pipeline.stages.email.mjml import compile_mjml
    resource.setrlimit(resource.RLIMIT_AS, (1_000_000_000, 1_000_000_000))
    for source in json.load(sys.stdin):
        limit = int(time.process_time()) + 5
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
        try:
            compile_mjml(source, "x")
        except TemplateError as error:
            print(error.message.partition(": ")[2][:36])
"""
ENDLESS = "a comment or a tag never ends: “"
TEXTS = {
    "<!--": ENDLESS + "<!--",
    "<!-- --": ENDLESS + "<!--",
    "<a ": ENDLESS + "<a <",
    '<a b="': ENDLESS + "<a b",
    "<mj-text a='": ENDLESS + "<mj-",
    "<![if ": ENDLESS + "<![i",
    "</": ENDLESS + "</</",
    "<!-- -->": "it has 125,000 tags; no letter needs",
    "<mj-raw></mj-text>": "it has 111,110 tags; no letter needs",
    "<mj-text>": "its elements are 111,111 deep",
    "word": "Could not parse mjml input",
}


def test_s2_what_is_no_mjml_is_refused_in_a_moment() -> None:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CHILD)],
        cwd=CHECKOUT,
        input=json.dumps([text * (SIZE // len(text)) for text in TEXTS]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == list(TEXTS.values())
