"""Why an article is split as it is: the decision on each line under the head, for people to see."""

from collections.abc import Iterator
from dataclasses import replace

from pipeline.stages.split import opened
from pipeline.stages.splitting.corrections import promoted, unheard
from pipeline.stages.splitting.explain import Decision, explain, told
from pipeline.stages.splitting.head import Head
from pipeline.values import Source


def decisions(source: Source, *, why: bool = True) -> tuple[Decision, ...]:
    """What ``split`` decides of each line under the head, and why.

    Args:
        source: What a reader gave.
        why: Whether the reasons are wanted.

    Raises:
        SourceError: Nothing in it can be the title.
    """
    head, declared = _opened(source)
    if declared:
        return tuple(map(told, promoted(head.rest)))
    return tuple(explain(head.rest, why=why))


def doubts(source: Source) -> Iterator[Decision]:
    """The decisions a person should be asked about, without their reasons."""
    return (decision for decision in decisions(source, why=False) if decision.unsure)


def lost_corrections(source: Source) -> tuple[tuple[str, str], ...]:
    """The corrections that no line answers to: the key they stand under, and their words."""
    rest = _opened(source)[0].rest
    numbers = {line.number for line in rest}
    # A line that was wrapped is known by its own words, too.
    written = (line for line in source.lines if line.number in numbers)
    return unheard(source.matter, (*rest, *written))


def _opened(source: Source) -> tuple[Head, bool]:
    text = tuple(line for line in source.lines if line.kind != "note")
    return opened(replace(source, lines=text))
