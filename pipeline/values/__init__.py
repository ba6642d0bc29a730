"""The nouns of Meridian in one small room: frozen values that the stages take and return.

The tables (Campaign, Issue, Post, Delivery, Batch) live with the rooms that keep them; nothing here
knows a database, a network or a clock.
"""

from pipeline.values.article import (
    Article,
    Block,
    BlockKind,
    Line,
    LineKind,
    Person,
    Reference,
    Run,
    Section,
    SeriesForm,
    Source,
    Text,
    plain,
)
from pipeline.values.configuration import (
    Account,
    Brand,
    Checks,
    ClaimProfile,
    Clinic,
    Configuration,
    Design,
    Network,
    Newsletter,
    Practitioner,
    Weekday,
)
from pipeline.values.made import (
    Card,
    ComposedPost,
    Edition,
    Finding,
    Level,
    PlannedIssue,
    RenderedIssue,
    SeriesPlan,
)

__all__ = [
    "Account",
    "Article",
    "Block",
    "BlockKind",
    "Brand",
    "Card",
    "Checks",
    "ClaimProfile",
    "Clinic",
    "ComposedPost",
    "Configuration",
    "Design",
    "Edition",
    "Finding",
    "Level",
    "Line",
    "LineKind",
    "Network",
    "Newsletter",
    "Person",
    "PlannedIssue",
    "Practitioner",
    "Reference",
    "RenderedIssue",
    "Run",
    "Section",
    "SeriesForm",
    "SeriesPlan",
    "Source",
    "Text",
    "Weekday",
    "plain",
]
