"""Render Wagtail's choosers without inline scripts, so that the admin's content security policy can forbid them.

`BaseChooser.render` is the only place where Wagtail 8 still writes a `<script>` from Python, and no setting changes it.
`replace_chooser_script()` replaces it with a method that writes an element for portal/static/portal/admin.js.
The inline scripts in Wagtail's templates are replaced by the templates in templates/wagtailadmin/.
"""

import json

from django.forms.renderers import BaseRenderer
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.widgets import BaseChooser
from wagtail.admin.widgets.workflows import AdminTaskChooser


def start_call(widget: BaseChooser, field: str, options: dict[str, object]) -> tuple[str, list[object]]:
    """Return the JavaScript class or function that starts `widget` in the browser, and its arguments."""
    if isinstance(widget, AdminTaskChooser):
        return "createTaskChooser", [field]
    return widget.js_constructor, [field, options]


def render_chooser(
    self: BaseChooser,
    name: str,
    value: object,
    attrs: dict[str, str] | None = None,
    renderer: BaseRenderer | None = None,
) -> SafeString:
    """Render a chooser as Wagtail does, with a `portal-start` element in place of its script."""
    if not attrs or "id" not in attrs:
        raise TypeError("a chooser cannot be rendered without an 'id' attribute")
    value_data = self.get_value_data(value)
    start, arguments = start_call(self, attrs["id"], self.get_js_init_options(attrs["id"], name, value_data))
    return format_html(
        '{}<template data-controller="portal-start" data-portal-start-name-value="{}"'
        ' data-portal-start-arguments-value="{}"></template>',
        self.render_html(name, value_data, attrs),
        start,
        json.dumps(arguments),
    )


def replace_chooser_script() -> None:
    """Make every chooser of the admin render without an inline script."""
    BaseChooser.render = render_chooser  # type: ignore[method-assign]
