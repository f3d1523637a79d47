"""Wagtail hooks of the portal: admin script, help menu, operations log, log actions."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import BaseLogEntry

from meetings.queries.access import audited
from meetings.queries.visibility import administers, sees_any_record

EXTERNAL_HELP = ("whats-new-in-wagtail-", "editor-guide")


def admin_script() -> SafeString:
    """Load the script that replaces Wagtail's inline scripts (content security policy)."""
    return format_html('<script src="{}" data-kept="{}"></script>', static("portal/admin.js"), reverse("jsi18n"))


def remove_external_help(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Remove help items that link to English pages on other sites, which an office network may not reach."""
    menu_items[:] = [item for item in menu_items if not item.name.startswith(EXTERNAL_HELP)]


class DisplayModeItem(MenuItem):
    """Menu item for the display mode (适老化), with the address of the current page to return to."""

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        """Set the address on the rendered copy only: menu items are shared between requests."""
        item: LinkMenuItem = super().render_component(request)
        item.url = f"{self.url}?{urlencode({'next': request.get_full_path()})}"
        return item


def display_mode_item() -> MenuItem:
    """Return the menu item for large print, first in the help menu."""
    return DisplayModeItem(
        gettext_lazy("Large print"), reverse_lazy("reading"), name="reading", icon_name="view", order=10
    )


class OperationsLogItem(MenuItem):
    """Menu item of the operations log, for people who can read any entry of it."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return True for auditors, administrators, and people who see any records."""
        return bool(audited(request.user) or administers(request.user) or sees_any_record(request.user))


class LoginRulesFormatter(LogFormatter):
    """Formatter of a log entry: which roles need a second factor now."""

    label: Any = gettext_lazy("Second factor asked for")

    def format_message(self, log_entry: BaseLogEntry) -> str:
        """Return for example 登录须动态口令的职责改为：审计员."""
        roles = log_entry.data.get("roles") or gettext("nobody")
        confirmed = log_entry.data.get("confirmed")
        by = gettext("confirmed: %(who)s") % {"who": confirmed} if confirmed else ""
        return "；".join(filter(None, [f"{self.label}：{roles}", by]))


def register_log_actions(actions: LogActionRegistry) -> None:
    """Register the log actions of the portal."""
    actions.register_action("portal.login_rules")(LoginRulesFormatter)


def operations_log_item() -> MenuItem:
    """Return the menu item of the operations log, placed before the access log."""
    url = reverse_lazy("wagtailadmin_reports:site_history")
    return OperationsLogItem(gettext_lazy("Operations log"), url, name="operations-log", icon_name="history", order=10)


def remove_reports(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Remove Wagtail's item for the operations log, which has an item of its own, and that of a blocked report."""
    menu_items[:] = [item for item in menu_items if item.name not in {"site-history", "page-types-usage"}]


def setting_urls() -> list[URLPattern]:
    """Return our form of a setting, at the address of Wagtail's."""
    from portal.setting_views import SettingView

    return [path("settings/<slug:app_name>/<slug:model_name>/<int:pk>/", SettingView.as_view(), name="setting")]


hooks.register("register_admin_urls", setting_urls, order=-1)  # before Wagtail's own
hooks.register("register_log_actions", register_log_actions)
hooks.register("register_reports_menu_item", operations_log_item)
hooks.register("construct_reports_menu", remove_reports)
hooks.register("insert_global_admin_js", admin_script)
hooks.register("register_help_menu_item", display_mode_item)
hooks.register("construct_help_menu", remove_external_help)
