"""A place within a form for what the rooms above show there (`meetings.registry.form_panel`)."""

from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from wagtail.admin.panels import Panel

from meetings import registry


class RegisteredPanels(Panel):
    """Shows what is registered for the form's model; nothing, where nothing is."""

    class BoundPanel(Panel.BoundPanel):
        """The place in one form."""

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.panels = registry.render_panels(registry.FORM_PANELS.get(self.panel.model, []), self.request)

        def is_shown(self) -> bool:
            """Whether anybody has something to show."""
            return bool(self.panels)

        def render_html(self, parent_context: Any = None) -> SafeString:
            """The panels, one below the other."""
            return format_html_join("", "{}", ((panel,) for panel in self.panels))
