"""Letters rendered from the samples, and what a reader sees of them."""

from dataclasses import replace

from pipeline.stages.email.page import page
from pipeline.values import Article, Block, Configuration, RenderedIssue, Section
from tests.samples import article, configuration
from tests.specimens import rendered_for


def rendered(
    made: Article | None = None, configured: Configuration | None = None
) -> tuple[RenderedIssue, ...]:
    return rendered_for(made or article(), configured or configuration())


def first(made: Article | None = None, configured: Configuration | None = None) -> RenderedIssue:
    return rendered(made, configured)[0]


def one_block(made: Block) -> RenderedIssue:
    whole = replace(
        article(),
        sections=(Section(level=1, number="1", heading="H", blocks=(made,)),),
        references=(),
        disclaimer=(),
    )
    return first(whole)


def clinic(**changes: object) -> Configuration:
    made = configuration()
    return replace(made, clinic=replace(made.clinic, **changes))  # type: ignore[arg-type]


def lines(issue: RenderedIssue) -> list[str]:
    return [line.strip() for line in page(issue.html).text.split("\n") if line.strip()]
