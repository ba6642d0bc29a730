"""Every link leads somewhere.

Only where a person asked for the links to be tried: the answers are handed in, nothing is fetched
here. Gone is an error; a server that is ill, or wants to see no programs, is a warning.
"""

from collections.abc import Iterator

from pipeline.stages.answers import LinkAnswer
from pipeline.stages.check.rule import Flaw, Material, Rule
from pipeline.values import Level

_GONE = frozenset({404, 410})
# What servers say to programs that are not browsers, and to whom they want to know first.
_SHY = frozenset({401, 402, 403, 405, 406, 418, 429, 451, 999})


def _find(material: Material) -> Iterator[Flaw]:
    for name, _, page in material.pages():
        targets = [link.href for link in page.links] + [image.source for image in page.images]
        for target in dict.fromkeys(targets):
            answer = material.answers.get(target)
            level, told, mend = _judged(answer) if answer else (None, "", "")
            if level:
                yield Flaw(
                    message=f"the address {target} {told}",
                    suggestion=mend,
                    where=f"{name}, HTML",
                    level=level,
                )


def _judged(answer: LinkAnswer) -> tuple[Level | None, str, str]:
    if answer.fault:
        level: Level = "warning" if answer.passing else "error"
        return level, answer.fault, "Open it in a browser; mend it or leave it out."
    if answer.status in _GONE:
        mend = "Look for its new address, or leave it out."
        return "error", f"leads to nothing: the server answers {answer.status}", mend
    if answer.status in _SHY:
        mend = "Open it in a browser to be sure."
        return "info", f"cannot be tried by a program: the server answers {answer.status}", mend
    if answer.status >= 400:
        mend = "Try it again later, and open it in a browser."
        return "warning", f"does not work now: the server answers {answer.status}", mend
    if answer.moved:
        return "info", f"has moved for good to {answer.moved}", "Write the new address."
    return None, "", ""


RULE = Rule(
    code="dead-link",
    level="error",
    source="https://www.rfc-editor.org/rfc/rfc9110#name-client-error-4xx",
    find=_find,
)
