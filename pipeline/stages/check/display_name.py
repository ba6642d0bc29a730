"""The sender's name is the name of a sender.

Google's sender guidelines: no emoji or check marks that look like a sign of trust, no name of the
reader, and nothing that belongs into a subject ("Last chance").
"""

from collections.abc import Iterator

import regex

from pipeline.stages.check.reply_trick import TRICK
from pipeline.stages.check.rule import Flaw, Material, Rule

# Signs that pose as a badge; and pictures, but not ©, ® and ™, which stand in names of firms.
SIGNS = regex.compile(r"[✓✔☑✅√🗸🗹⚠❗‼❣★☆✪⭐●◉➤►▶→↩↪⤷⮐]|(?![©®™#*0-9])\p{Extended_Pictographic}")
_FIELD = regex.compile(r"@@\w+@@|\{\{|\*\||%recipient")
# Only what no clinic is called by: there are Urgent Care and Pain-Free clinics.
_SUBJECT = regex.compile(
    r"\b(?:last chance|act now|final notice|limited time|today only|\d+\s*% off|don[’']t miss"
    r"|action required|reminder|invoice|your (?:order|account|results?)"
    r"|última oportunidad|oferta|solo hoy|recordatorio|factura|no te pierdas)\b"
    r"|마지막 기회|오늘만|특가|할인|청구서|놓치지",
    regex.IGNORECASE,
)
_FAULTS = (
    (SIGNS, "holds “{}”, which poses as a badge", "Write the name in letters alone."),
    (_FIELD, "holds “{}”, a reader's own data", "Write the sender's name, the same for all."),
    (TRICK, "begins with “{}” like an answer", "Write the sender's name alone."),
    (_SUBJECT, "holds “{}”, which belongs into a subject", "Write the sender's name alone."),
)


def _find(material: Material) -> Iterator[Flaw]:
    for newsletter in material.configuration.newsletters:
        for pattern, told, mend in _FAULTS:
            found = pattern.search(newsletter.from_name)
            if found:
                yield Flaw(
                    message=f"the sender's name {told.format(found[0].strip())}",
                    suggestion=mend,
                    where=f"newsletter {newsletter.key}, from_name",
                    span=found.span(),
                )
                break


RULE = Rule(
    code="display-name",
    level="error",
    source="https://support.google.com/a/answer/81126",
    find=_find,
)
