"""The tables of the audience. The clear address lives in ``Subscriber`` and nowhere else."""

from pipeline.audience.models.mail import (
    JoinRequest,
    Notice,
)
from pipeline.audience.models.people import (
    Consent,
    ConsentOrigin,
    Import,
    ImportChange,
    Rejoin,
    Segment,
    SoftBounce,
    Subscriber,
    Subscription,
    Suppression,
)

__all__ = [
    "Consent",
    "ConsentOrigin",
    "Import",
    "ImportChange",
    "JoinRequest",
    "Notice",
    "Rejoin",
    "Segment",
    "SoftBounce",
    "Subscriber",
    "Subscription",
    "Suppression",
]
