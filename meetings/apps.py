"""The app of the records."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    """Registers who may do what as soon as the models stand."""

    name = "meetings"
    verbose_name = _("Joint conferences")

    def ready(self) -> None:
        """Register the permission policies before anything asks for one, and every verb for its step."""
        from importlib import import_module

        from meetings.rights import register_policies

        register_policies()
        for concept in ("topic", "meeting", "minutes", "progress"):
            import_module(f"meetings.operations.{concept}")
