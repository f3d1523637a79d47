"""Who sits here: the sidebar of the admin shows the person's name, where Wagtail would show the login."""

from typing import Any

from wagtail.admin.ui.sidebar import MainMenuModule
from wagtail.admin.utils import get_user_display_name

_wagtails_args = MainMenuModule.js_args


def _with_name(menu: MainMenuModule) -> list[Any]:
    """Wagtail's description of the menu; it asks for a first name alone, which Chinese names do not have."""
    *items, account = _wagtails_args(menu)
    return [*items, {**account, "name": get_user_display_name(menu.user)}]


def show_name() -> None:
    """Let every sidebar show it; called once at the start."""
    MainMenuModule.js_args = _with_name  # type: ignore[method-assign]  # Wagtail makes the menu in a template tag
