"""The one Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PipelineConfig(AppConfig):
    """All rooms share one app, so there is one migration history."""

    name = "pipeline"
    verbose_name = "Meridian"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the append-only tables guarded after every migration."""
        # The room's tables can only be named once the apps are there.
        from pipeline.audience import guards  # noqa: PLC0415

        post_migrate.connect(guards.install, sender=self, dispatch_uid="append-only")
