"""The viewset of records: Wagtail's, guarded, with steps and operations in place of delete, copy and bulk actions."""

from typing import Any

from django.urls import path
from wagtail.admin.viewsets.model import ModelViewSet

from meetings.admin.core.approvals import PaperView
from meetings.admin.core.attachments import FILE_OPERATIONS
from meetings.admin.core.guard import GuardedViewSet
from meetings.admin.core.listing import RecordIndexView
from meetings.admin.core.operation import Placed
from meetings.admin.core.record_page import RecordPageView
from meetings.admin.core.steps import StepView
from meetings.admin.core.views import RecordCreateView, RecordEditView, RecordHistoryView

COMMON = (StepView, PaperView, *FILE_OPERATIONS)


class KeptViewSet(GuardedViewSet, ModelViewSet):
    """List, forms and history of what is guarded.

    `operations` adds pages that do or show one thing each; `absent` names views of Wagtail's that are not wanted.
    """

    index_view_class = RecordIndexView
    add_view_class = RecordCreateView
    edit_view_class = RecordEditView
    history_view_class = RecordHistoryView
    operations: tuple[type[Placed], ...] = ()
    absent: frozenset[str] = frozenset()
    add_to_reference_index = False
    list_per_page = 30

    @property
    def url_prefix(self) -> str:
        """All records stand below one address."""
        return f"records/{self.name}"

    def get_urlpatterns(self) -> list[Any]:
        """Wagtail's views that records have, and the operations."""
        own = [path(view.route, self.construct_view(view), name=view.url_name) for view in self.operations]
        return [*(found for found in super().get_urlpatterns() if found.name not in self.absent), *own]


class RecordViewSet(KeptViewSet):
    """The viewset of a record with a machine."""

    inspect_view_enabled = True
    inspect_view_class = RecordPageView

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Give each view the address of the steps."""
        return super().get_common_view_kwargs(step_url_name=self.get_url_name("step"), **kwargs)

    def get_urlpatterns(self) -> list[Any]:
        """The view of all steps and those of the files besides."""
        common = [path(view.route, self.construct_view(view), name=view.url_name) for view in COMMON]
        return [*super().get_urlpatterns(), *common]
