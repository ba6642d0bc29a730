"""An image says in words what it shows.

WCAG 2.2, success criterion 1.1.1. Many mail programs show no images until they are asked to: then
the words are all there is. An image of mere decoration says so: ``role="presentation"``.
"""

from collections.abc import Iterator

from pipeline.stages.check.rule import Flaw, Material, Rule


def _find(material: Material) -> Iterator[Flaw]:
    for name, _, page in material.pages():
        for image in page.images:
            if not (image.alt or "").strip() and not image.decorative:
                yield Flaw(
                    message=f"the image {image.source or 'without an address'} has no words",
                    suggestion="Write what it shows between the brackets: ![a hand on a neck](…).",
                    where=f"{name}, HTML",
                )


RULE = Rule(
    code="image-without-text",
    level="error",
    source="https://www.w3.org/WAI/WCAG22/Understanding/non-text-content",
    find=_find,
)
