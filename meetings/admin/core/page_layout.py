"""The layout that all admin pages of a record share, as a mixin in front of Wagtail's generic views."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db.models import Model
from django.urls import reverse
from django.utils.text import capfirst
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.widgets.button import Button

M = TypeVar("M", bound=Model)


class ObjectView(Generic[M]):
    """A view of one object of the model `M`, which Wagtail's mixins load."""

    object: M


class RecordLayout:
    """Gives a view the breadcrumbs of a record, and leaves out parts of Wagtail's pages that are not needed here."""

    model: Any = None
    index_url_name: Any = None
    breadcrumbs_items: Any
    get_page_title: Callable[[], str]

    def get_breadcrumbs_items(self) -> list[dict[str, object]]:
        """Return home, the list of the model, the record if this is not its own page, and this page."""
        plural = capfirst(self.model._meta.verbose_name_plural)
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": plural},
            *self.record_breadcrumbs(),
            {"url": "", "label": self.get_page_title()},
        ]

    def record_breadcrumbs(self) -> list[dict[str, object]]:
        """Return the breadcrumb of the record between its list and this page; empty for a new record."""
        return []

    def get_page_subtitle(self) -> str:
        """Return no subtitle: the title names the record."""
        return ""

    def get_side_panels(self) -> MediaContainer:
        """Return no side panels: the record's page shows status and history."""
        return MediaContainer([])

    def get_header_more_buttons(self) -> list[Button]:
        """Return no actions: the record's page has its buttons."""
        return []

    def get_history_url(self) -> None:
        """Return None: the record's page links to the history."""

    def get_success_buttons(self) -> list[Button]:
        """Return no buttons for the message: the next page has them."""
        return []

    def get_fields(self) -> list[str]:
        """Return no fields: the template of each page names what it shows."""
        return []
