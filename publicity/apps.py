"""The app of the publicity."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PublicityConfig(AppConfig):
    """Hangs the publicity into the records' pages, and hears of their changes."""

    name = "publicity"
    verbose_name = _("Publicity")

    def ready(self) -> None:
        """Connect the receivers and register the panels."""
        from publicity import panels, receivers

        panels.register()
        receivers.connect()
        post_migrate.connect(_prepare, sender=self)


def _prepare(sender: AppConfig, **kwargs: Any) -> None:
    """Make the home page and the administrators' permission once the tables stand."""
    from publicity.operations.setup import prepare_installation

    prepare_installation(sender, using=kwargs.get("using", "default"))
