"""Pictures are no larger than a letter needs.

A reader on a train waits for each of them. What a picture weighs is known once a person asked for
its address to be tried; how wide it is declared, always: a column is 600 pixels wide, and screens
of double density show twice as many.
"""

from collections.abc import Iterator

from pipeline.stages.check.rule import Flaw, Material, Rule

HEAVY, HEAVY_TOGETHER = 200_000, 1_000_000
WIDE = 1200
_MEND = "Save it 1200 pixels wide, as JPEG at quality 80."


def _find(material: Material) -> Iterator[Flaw]:
    for name, _, page in material.pages():
        where = f"{name}, HTML"
        sizes = {}
        for image in page.images:
            answer = material.answers.get(image.source)
            sizes[image.source] = (answer.size if answer else None) or 0
            if image.width.isdigit() and int(image.width) > WIDE:
                message = f"the image {image.source} is declared {image.width} pixels wide"
                yield Flaw(message=message, suggestion=_MEND, where=where, level="info")
        for source, size in sizes.items():
            if size > HEAVY:
                message = f"the image {source} weighs {size // 1000:,} kB"
                yield Flaw(message=message, suggestion=_MEND, where=where, level="info")
        if sum(sizes.values()) > HEAVY_TOGETHER:
            yield Flaw(
                message=f"its images weigh {sum(sizes.values()) // 1000:,} kB together",
                suggestion="Make them smaller, or leave some out.",
                where=where,
            )


RULE = Rule(
    code="image-weight",
    level="warning",
    source="https://developer.chrome.com/docs/performance/insights/image-delivery",
    find=_find,
)
