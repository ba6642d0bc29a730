"""The languages a visitor reads."""

from django.http import HttpRequest

from pipeline.audience.models import Subscriber
from pipeline.web.public.sender import Sender


def accepted_languages(request: HttpRequest) -> list[str]:
    """The tags the browser asks for; browsers name the best first."""
    wishes = request.headers.get("Accept-Language", "").split(",")
    return [wish.partition(";")[0] for wish in wishes]


def reader_languages(person: Subscriber | None, sender: Sender) -> list[str]:
    """The languages a page for one reader may be in, the best first."""
    return [
        person.language if person else "",
        sender.newsletter.language if sender.newsletter else "",
        sender.clinic.language if sender.clinic else "",
    ]
