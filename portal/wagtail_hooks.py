"""What the house changes on every page of Wagtail's admin."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry, LogFormatter

from meetings.queries.access import audited
from meetings.queries.visibility import administers, has_sight

OUTSIDE_HELP = ("whats-new-in-wagtail-", "editor-guide")


def admin_script() -> SafeString:
    """Load the script that stands in for Wagtail's inline ones (content security policy)."""
    return format_html('<script src="{}" data-kept="{}"></script>', static("portal/admin.js"), reverse("jsi18n"))


def keep_own_help(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Take out the help that lies in English on other sites, which an office network may not reach."""
    menu_items[:] = [item for item in menu_items if not item.name.startswith(OUTSIDE_HELP)]


class ReadingItem(MenuItem):
    """适老化, with the way back to the page on which it was chosen."""

    def render_component(self, request: HttpRequest) -> Any:
        """The item of this page; items are shared between requests, so the address is written into the copy alone."""
        item = super().render_component(request)
        item.url = f"{self.url}?{urlencode({'next': request.get_full_path()})}"
        return item


def reading_item() -> MenuItem:
    """The choice of large print, first in the help menu."""
    return ReadingItem(gettext_lazy("Large print"), reverse_lazy("reading"), name="reading", icon_name="view", order=10)


class OperationsLogItem(MenuItem):
    """The operations log, for whoever reads any of it."""

    def is_shown(self, request: HttpRequest) -> bool:
        """True for auditors, administrators, and whoever sees records."""
        return bool(audited(request.user) or administers(request.user) or has_sight(request.user))


class LoginRulesFormatter(LogFormatter):
    """Prints which roles need a second factor now."""

    label: Any = gettext_lazy("Second factor asked for")

    def format_message(self, log_entry: Any) -> str:
        """For example 登录须动态口令的职责改为：审计员."""
        roles = log_entry.data.get("roles") or gettext("nobody")
        return f"{self.label}：{roles}"


def register_log_actions(actions: LogActionRegistry) -> None:
    """Name the actions of the house."""
    actions.register_action("portal.login_rules")(LoginRulesFormatter)


def operations_log_item() -> MenuItem:
    """The operations log, before the access log."""
    url = reverse_lazy("wagtailadmin_reports:site_history")
    return OperationsLogItem(gettext_lazy("Operations log"), url, name="operations-log", icon_name="history", order=10)


def keep_own_report(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Take out Wagtail's item of the same report, which only those would see who keep pages."""
    menu_items[:] = [item for item in menu_items if item.name != "site-history"]


hooks.register("register_log_actions", register_log_actions)
hooks.register("register_reports_menu_item", operations_log_item)
hooks.register("construct_reports_menu", keep_own_report)
hooks.register("insert_global_admin_js", admin_script)
hooks.register("register_help_menu_item", reading_item)
hooks.register("construct_help_menu", keep_own_help)
