"""A post is not longer than its network takes.

Networks refuse a longer one, or cut it and with it its meaning. Each counts in its own way; the
length is the one :mod:`pipeline.stages.compose` counted.
"""

from collections.abc import Iterator

from pipeline.stages.check.rule import Flaw, Material, Rule


def _find(material: Material) -> Iterator[Flaw]:
    for number, post in enumerate(material.posts, 1):
        if post.length > post.limit:
            yield Flaw(
                message=f"the post is {post.length} long; {post.network} takes {post.limit}",
                suggestion="Shorten the template of this network.",
                where=f"post {number} for {post.network}",
            )


RULE = Rule(
    code="post-too-long",
    level="error",
    source="https://docs.x.com/fundamentals/counting-characters",
    find=_find,
)
