"""The template engine of the web pages."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, FileSystemLoader

from pipeline.stages.sandbox.environment import Sandbox


def environment(*, loader: FileSystemLoader, undefined: object, **options: Any) -> Environment:
    """The Jinja2 environment for Django's backend.

    Staff may override a template in their home, so it is a sandbox, and an unknown name is an error
    rather than an empty string. Templates have ``static("public.css")`` and ``url("unsubscribe",
    args=[token])``.

    Args:
        loader: Django's; the sandbox reads its folders by one of its own.
        undefined: Django's; an unknown name is an error here.
        options: What else Django's backend gives: autoescape, auto_reload.
    """
    del undefined
    made = Sandbox(loader.searchpath, **options)
    made.globals.update(static=static, url=reverse)
    return made
