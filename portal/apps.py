"""The house as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """Settings, login, error pages, health, and what the admin needs to run under a strict policy."""

    name = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        """Take the inline scripts out of Wagtail's choosers and connect the receivers."""
        from portal import access_log, kept_connections
        from portal.inline_scripts import replace_chooser_script

        replace_chooser_script()
        access_log.listen()
        kept_connections.listen()
