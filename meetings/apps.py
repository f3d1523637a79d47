"""Application configuration of `meetings`, the internal records."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    """Configuration of the app; registers the permission policies and the upkeep of work items at start."""

    name = "meetings"
    verbose_name = _("Joint conferences")

    def ready(self) -> None:
        """Register the permission policies, the work items, and the receiver that opens and closes them."""
        from meetings import registry
        from meetings.admin.administration import change_work as change_actions
        from meetings.admin.core.work import register_actions
        from meetings.operations import change_work, work
        from meetings.rights import register_policies

        register_policies()
        work.connect()
        register_actions()
        change_actions.register()
        registry.work_source(change_work.SOURCE)
