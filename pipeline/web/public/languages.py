"""The languages a visitor reads."""

from django.http import HttpRequest


def accepted_languages(request: HttpRequest) -> list[str]:
    """The tags the browser asks for; browsers name the best first."""
    wishes = request.headers.get("Accept-Language", "").split(",")
    return [wish.partition(";")[0] for wish in wishes]
