"""Application configuration of `meetings`, the internal records."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    """Configuration of the app; registers permission policies and operations at start."""

    name = "meetings"
    verbose_name = _("Joint conferences")

    def ready(self) -> None:
        """Register the permission policies, and import the operation modules so that they register their verbs."""
        from importlib import import_module

        from meetings.rights import register_policies

        register_policies()
        for concept in ("topic", "meeting", "minutes", "progress"):
            import_module(f"meetings.operations.{concept}")
