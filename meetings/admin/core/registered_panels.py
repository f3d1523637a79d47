"""A form panel that shows what apps of higher layers register with `meetings.registry.form_panel`."""

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from wagtail.admin.panels import Panel

from meetings import registry


class RegisteredPanels(Panel):
    """Shows the panels that are registered for the form's model."""

    class BoundPanel(Panel.BoundPanel):
        """The panel in one form."""

        def __init__(self, **kwargs: object) -> None:
            super().__init__(**kwargs)
            self.panels = registry.render_panels(registry.FORM_PANELS.get(self.panel.model, []), self.request)

        def is_shown(self) -> bool:
            return bool(self.panels)

        def render_html(self, parent_context: object = None) -> SafeString:
            return format_html_join("", "{}", ((panel,) for panel in self.panels))
