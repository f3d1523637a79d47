"""Guarded viewsets of records, based on Wagtail's, with steps and operations but no delete, copy or bulk actions."""

from typing import Any

from django.urls import URLPattern, path
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from meetings.admin.core.approvals import PaperSignatureView
from meetings.admin.core.attachments import FILE_OPERATIONS
from meetings.admin.core.guard import GuardedViewSet
from meetings.admin.core.listing import RecordIndexView
from meetings.admin.core.operation import RoutedView
from meetings.admin.core.record_page import RecordPageView
from meetings.admin.core.steps import StepView
from meetings.admin.core.views import RecordCreateView, RecordEditView, RecordHistoryView

COMMON_VIEWS = (StepView, PaperSignatureView, *FILE_OPERATIONS)


class GuardedModelViewSet(GuardedViewSet, ModelViewSet):
    """A viewset with list, forms and history, whose views check the visibility of each row.

    `operations` are additional views with their own routes; `excluded_views` are the URL names of Wagtail views to
    leave out.
    """

    index_view_class: type[IndexView] = RecordIndexView
    add_view_class = RecordCreateView
    edit_view_class = RecordEditView
    history_view_class = RecordHistoryView
    operations: tuple[type[RoutedView], ...] = ()
    excluded_views: frozenset[str] = frozenset()
    add_to_reference_index = False
    search_backend_name: Any = None  # a search in a list asks the database, not a search index
    list_per_page = 30

    @property
    def url_prefix(self) -> str:
        """All viewsets share the prefix `records/`."""
        return f"records/{self.name}"

    def get_urlpatterns(self) -> list[URLPattern]:
        own = [path(view.route, self.construct_view(view), name=view.url_name) for view in self.operations]
        return [*(found for found in super().get_urlpatterns() if found.name not in self.excluded_views), *own]


class RecordViewSet(GuardedModelViewSet):
    """The viewset of a record with a state machine: it adds the page, its documents, the steps and the attachments."""

    inspect_view_enabled = True
    inspect_view_class: type[RecordPageView[Any]] = RecordPageView

    def get_common_view_kwargs(self, **kwargs: object) -> dict[str, object]:
        return super().get_common_view_kwargs(step_url_name=self.get_url_name("step"), **kwargs)

    def get_urlpatterns(self) -> list[URLPattern]:
        views: tuple[type[RoutedView], ...] = (*COMMON_VIEWS, *self.inspect_view_class.documents)
        common = [path(view.route, self.construct_view(view), name=view.url_name) for view in views]
        return [*super().get_urlpatterns(), *common]
