"""Letters rendered from the samples, and what a reader sees of them."""

from dataclasses import replace

from pipeline.stages.addressing import for_reader
from pipeline.stages.email.page import page
from pipeline.stages.plan import plan
from pipeline.stages.render import render
from pipeline.values import Article, Block, Configuration, RenderedIssue, Section
from tests.samples import article, configuration, templates

TEMPLATES = templates()


def rendered(
    made: Article | None = None, configured: Configuration | None = None
) -> tuple[RenderedIssue, ...]:
    configured = configured or configuration()
    made = for_reader(made or article(), configured.clinic)
    return render(
        made,
        plan(made),
        configured.newsletters[0],
        configuration=configured,
        templates=TEMPLATES,
    )


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
