"""The menu group 联席会议 (`RecordsGroup`): the records, then the lists that administrators maintain.

Each person sees only the items that their own rights allow. An app of a higher layer adds an item through the hook
`SUBMENU`.
"""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem, WagtailMenuRegisterable
from wagtail.admin.viewsets.base import ViewSetGroup

from meetings.admin.administration.delegations import DelegationViewSet
from meetings.admin.administration.pending_changes import PendingChangeViewSet
from meetings.admin.administration.viewsets import ADMINISTRATION_VIEWSETS
from meetings.admin.meetings.viewset import MeetingViewSet
from meetings.admin.minutes.viewset import MinutesViewSet
from meetings.admin.resolutions.reports import ReportViewSet
from meetings.admin.resolutions.viewset import ResolutionViewSet
from meetings.admin.topics.viewset import TopicViewSet
from meetings.queries.visibility import sees_any_record

SUBMENU = "register_records_menu_item"


class RecordsMenuItem(MenuItem):
    """A menu item that is shown to everyone who can see at least some records."""

    def is_shown(self, request: HttpRequest) -> bool:
        return sees_any_record(request.user)


class Today(WagtailMenuRegisterable):
    """The home page as the first item of the group."""

    menu_label: Any = _("Today")
    menu_name = "today"
    menu_icon = "home"
    menu_url: Any = reverse_lazy("wagtailadmin_home")
    menu_item_class = RecordsMenuItem


class RecordsGroup(ViewSetGroup):
    """The menu group of the records."""

    menu_label: Any = _("Joint conference")
    menu_name = "records"
    menu_icon = "group"
    menu_order: Any = 100
    submenu_hook: Any = SUBMENU
    items: Any = (
        TopicViewSet,
        MeetingViewSet,
        MinutesViewSet,
        ResolutionViewSet,
        ReportViewSet,
        DelegationViewSet,
        PendingChangeViewSet,
        *ADMINISTRATION_VIEWSETS,
    )

    def get_submenu_items(self) -> list[MenuItem]:
        return [Today().get_menu_item(order=0), *super().get_submenu_items()]
