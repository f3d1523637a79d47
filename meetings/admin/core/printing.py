"""Pages for printing: plain A4, without the admin's frame."""

from typing import Any

from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import BaseObjectMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from meetings.admin.core.operation import Placed


class PrintView(Placed, PermissionCheckedMixin, BaseObjectMixin, TemplateView):
    """A record as a document."""

    permission_required: Any = "view"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The record; a subclass adds its document."""
        return super().get_context_data(**kwargs) | {"record": self.object}
