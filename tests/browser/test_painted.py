"""What we say of ink, ground and size is what a browser says of the same letter."""

from typing import Any, Literal

import pytest
from playwright.sync_api import Browser

from pipeline.stages.email.lengths import written
from pipeline.stages.email.painted import Paint, painted
from pipeline.stages.plan import plan
from pipeline.stages.render import render
from tests.samples import article, configuration, templates

pytestmark = pytest.mark.browser

# Each text with a letter or a figure in it that is shown: its words, ink, ground, size, boldness.
WALK = """() => {
  const over = (top, below) => top[3] >= 1 ? top :
    [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat([1]);
  const ink = element => over(parts(getComputedStyle(element).color), ground(element));
  const parts = colour => {
    const found = colour.match(/[\\d.]+/g).map(Number);
    return found.length < 4 ? [...found, 1] : found;
  };
  const ground = element => {
    const below = element.parentElement ? ground(element.parentElement) : null;
    const own = parts(getComputedStyle(element).backgroundColor);
    return below ? over(own, below) : over(own, [255, 255, 255, 1]);
  };
  const hex = colour => '#' + colour.slice(0, 3)
    .map(part => Math.round(part).toString(16).padStart(2, '0')).join('');
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const data = walker.currentNode.data, element = walker.currentNode.parentElement;
    if (!/[\\p{L}\\p{N}]/u.test(data) || ['STYLE', 'SCRIPT'].includes(element.tagName)) continue;
    const words = data.trim().split(/\\s+/).join(' '), style = getComputedStyle(element);
    const seen = element.checkVisibility({checkOpacity: true, checkVisibilityCSS: true});
    const size = Math.round(parseFloat(style.fontSize) * 100) / 100;
    found.push(!seen ? [words] : [words, hex(ink(element)), hex(ground(element)),
      size, Number(style.fontWeight) >= 700]);
  }
  return found;
}"""

PAGE = """<!DOCTYPE html><html><head><style>
:root { color-scheme: light dark }
.card { background: #fffdf9 } .card .faint { color: rgb(0 0 0 / 50%) }
#one > p { font-size: 1.25em } p.lead { font-weight: 600 } .lead { color: teal !important }
h2, .x b { color: #2f6f62 } td p { color: #444 } p { color: #222 }
@media (prefers-color-scheme: dark) {
  body { background: #101818 } .card { background: #1a2324 !important }
  p, h2 { color: #ebe9e6 !important } a { color: #6cc1b0 }
}
@media (max-width: 100px) { p { color: red } }
</style></head><body style="font-size:15px">
<div class="card" id="one"><p>First <b>and bold</b></p><p class="lead" style="color:red">Lead</p>
<h2>Heading <span style="font-weight:normal">light</span></h2><p style="display:none">No</p>
<table bgcolor="#ddeeff"><tr><th>Head</th><td style="background-color:rgba(255,0,0,.2)"><p>Cell</p>
</td></tr></table><p class="x">In <b>brand</b> and <a href="https://a.example">a link</a></p></div>
<p style="font:italic 700 20px/1.4 serif">Short hand</p><small>smaller</small><sup>1</sup>
</body></html>"""


def letters() -> list[str]:
    made, series = configuration(), plan(article())
    issues = render(
        article(), series, made.newsletters[0], configuration=made, templates=templates()
    )
    return [PAGE, *(issue.html for issue in issues)]


def ours(html: str, scheme: Literal["light", "dark"]) -> list[list[Any]]:
    told = []
    for run in painted(html):
        paint = run.light if scheme == "light" else run.dark
        assert isinstance(paint, Paint)
        looks = [written(paint.ink), written(paint.ground), round(paint.size, 2), paint.bold]
        told.append([run.text] if run.light.hidden else [run.text, *looks])
    return told


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("number", range(4))
def test_words_are_painted_as_a_browser_paints_them(
    browser: Browser, number: int, scheme: Literal["light", "dark"]
) -> None:
    html = letters()[number]
    page = browser.new_page(color_scheme=scheme, viewport={"width": 800, "height": 600})
    page.set_content(html)
    theirs = page.evaluate(WALK)
    page.close()
    assert ours(html, scheme) == theirs
