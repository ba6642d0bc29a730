"""Where things stand on the web, below ``MERIDIAN_URL``."""

from django.conf import settings
from django.urls import reverse


def absolute(path: str) -> str:
    """The whole address of a path of ours."""
    return f"{settings.MERIDIAN_URL}{path}"


def shelf(newsletter: str, *, page: int = 1) -> str:
    """The list of a newsletter's issues."""
    path = reverse("shelf", args=[newsletter])
    return f"{path}?page={page}" if page > 1 else path


def feeds(newsletter: str, language: str = "") -> tuple[str, str]:
    """The Atom and the JSON feed of a newsletter in a language; "" is its own."""
    given = [newsletter, language] if language else [newsletter]
    return reverse("atom", args=given), reverse("json-feed", args=given)


def picture(sha256: str) -> str:
    """A picture by the hash of its bytes: it never changes, and nobody can guess it."""
    return reverse("picture", args=[sha256])


def subscribe(newsletter: str) -> str:
    """The page on which a person joins a newsletter."""
    return f"/subscribe/{newsletter}"
