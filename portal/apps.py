"""Application configuration of `portal`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """Settings, login, error pages, health, and what the admin needs to run under a strict policy."""

    name = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        """Replace Wagtail's inline chooser scripts, connect receivers, register the kind of change of the login."""
        from meetings.operations import change_kinds
        from portal import access_log, kept_connections, login_rules
        from portal.inline_scripts import replace_chooser_script

        replace_chooser_script()
        access_log.connect_receivers()
        kept_connections.connect_receivers()
        change_kinds.register(login_rules.KIND)
