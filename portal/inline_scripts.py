"""Wagtail's choosers without inline scripts, so that the admin's content security policy can forbid those.

`BaseChooser.render` is the one place where Wagtail 8 still writes a `<script>` from Python, and no setting changes it.
`replace_chooser_script()` puts a rendering in its place that leaves an element for portal/static/portal/admin.js.
The scripts that Wagtail writes in templates are replaced by those of templates/wagtailadmin/.
"""

import json
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.widgets import BaseChooser
from wagtail.admin.widgets.workflows import AdminTaskChooser


def started_by(widget: BaseChooser, field: str, options: dict[str, Any]) -> tuple[str, list[Any]]:
    """Return what starts `widget` in the browser, and with what: its class, or the function of the task chooser."""
    if isinstance(widget, AdminTaskChooser):
        return "createTaskChooser", [field]
    return widget.js_constructor, [field, options]


def render(
    self: BaseChooser, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
) -> SafeString:
    """Render a chooser as Wagtail does, with a `portal-start` element where its script stood."""
    if not attrs or "id" not in attrs:
        raise TypeError("a chooser cannot be rendered without an 'id' attribute")
    value_data = self.get_value_data(value)
    start, arguments = started_by(self, attrs["id"], self.get_js_init_options(attrs["id"], name, value_data))
    return format_html(
        '{}<template data-controller="portal-start" data-portal-start-name-value="{}"'
        ' data-portal-start-arguments-value="{}"></template>',
        self.render_html(name, value_data, attrs),
        start,
        json.dumps(arguments),
    )


def replace_chooser_script() -> None:
    """Make every chooser of the admin render without an inline script."""
    BaseChooser.render = render  # type: ignore[method-assign]
