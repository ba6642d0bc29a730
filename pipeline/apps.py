"""The one Django app."""

from django.apps import AppConfig


class PipelineConfig(AppConfig):
    """All rooms share one app, so there is one migration history."""

    name = "pipeline"
    verbose_name = "Meridian"
    default_auto_field = "django.db.models.BigAutoField"
