"""Every issue says where its sender lives, in HTML and in text.

CAN-SPAM, 15 U.S.C. 7704(a)(5)(A)(iii): a message must hold "a valid physical postal address of the
sender": a street address, a post office box or a registered private mailbox.
"""

from collections.abc import Iterator

from pipeline.stages.check.rule import Flaw, Material, Rule
from pipeline.stages.text.inline import solid


def _find(material: Material) -> Iterator[Flaw]:
    lines = [solid(line) for line in material.configuration.clinic.postal_address]
    if not any(lines):
        yield Flaw(
            message="the clinic has no postal address",
            suggestion="Write it under [clinic] as postal_address.",
            where="content/clinic.toml",
        )
        return
    for name, issue, page in material.pages():
        for form, shown in (("HTML", page.text), ("text", issue.text)):
            said = solid(shown)
            if not all(line in said for line in lines):
                yield Flaw(
                    message="the postal address is not shown in full",
                    suggestion="Print every line of `clinic.address` in the template's footer.",
                    where=f"{name}, {form}",
                )


RULE = Rule(
    code="no-postal-address",
    level="error",
    source="https://www.ftc.gov/business-guidance/resources/can-spam-act-compliance-guide-business",
    find=_find,
)
