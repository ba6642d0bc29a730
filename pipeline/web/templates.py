"""The template engine of the web pages."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment


def environment(**options: Any) -> Environment:
    """The Jinja2 environment for Django's backend.

    Staff may override a template in their home, so it is a sandbox, and an unknown name is an error
    rather than an empty string. Templates have ``static("public.css")`` and ``url("unsubscribe",
    args=[token])``.

    Args:
        options: What Django's backend gives: loader, autoescape, auto_reload, undefined.
    """
    options |= {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    made = ImmutableSandboxedEnvironment(**options)
    made.globals.update(static=static, url=reverse)
    return made
