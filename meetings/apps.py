"""Application configuration of `meetings`, the internal records."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    """Configuration of the app; registers the permission policies and the upkeep of work items at start."""

    name = "meetings"
    verbose_name = _("Joint conferences")

    def ready(self) -> None:
        """Register the permission policies, entries of the desk, and the receiver that opens and closes work items."""
        from meetings import registry
        from meetings.admin.administration.change_entries import change_entries
        from meetings.admin.core.work import register_actions
        from meetings.operations import work
        from meetings.rights import register_policies

        register_policies()
        work.connect()
        register_actions()
        registry.today_entries(change_entries)
