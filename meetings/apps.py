"""Application configuration of `meetings`, the internal records."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    """Configuration of the app; registers the permission policies at start."""

    name = "meetings"
    verbose_name = _("Joint conferences")

    def ready(self) -> None:
        """Register the permission policies."""
        from meetings.rights import register_policies

        register_policies()
