"""Base view of pages for printing: A4, without the header and menu of the admin."""

from typing import Any

from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import BaseObjectMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from meetings.admin.core.operation import RoutedView


class PrintView(RoutedView, PermissionCheckedMixin, BaseObjectMixin, TemplateView):
    """A record as a page for printing."""

    permission_required: Any = "view"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(**kwargs) | {"record": self.object}
