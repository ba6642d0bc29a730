"""Names every table, so that Django finds them. The tables live in the rooms that keep them."""

from pipeline.audience.models import (
    Consent,
    ConsentOrigin,
    Import,
    ImportChange,
    JoinRequest,
    Notice,
    Rejoin,
    Segment,
    SoftBounce,
    Subscriber,
    Subscription,
    Suppression,
)
from pipeline.campaigns.models import (
    Approval,
    ArticleRevision,
    Campaign,
    Card,
    ConfigurationRevision,
    Issue,
    Part,
    Post,
    Waiver,
)
from pipeline.outbox.models import Batch, Delivery

__all__ = [
    "Approval",
    "ArticleRevision",
    "Batch",
    "Campaign",
    "Card",
    "ConfigurationRevision",
    "Consent",
    "ConsentOrigin",
    "Delivery",
    "Import",
    "ImportChange",
    "Issue",
    "JoinRequest",
    "Notice",
    "Part",
    "Post",
    "Rejoin",
    "Segment",
    "SoftBounce",
    "Subscriber",
    "Subscription",
    "Suppression",
    "Waiver",
]
