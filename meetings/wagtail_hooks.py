"""Wagtail hooks of the `meetings` app."""

from wagtail import hooks

from meetings import log_actions
from meetings.admin import home, menu, stylesheets, work
from meetings.admin.administration import access_log
from meetings.admin.core import attachments
from meetings.admin.meetings import compliance

# Every log action of a record has a registered name and is written to the app's own log table.
hooks.register("register_log_actions", log_actions.register)

hooks.register("register_admin_viewset", menu.RecordsGroup)
hooks.register("register_admin_viewset", access_log.AccessViewSet)
hooks.register("register_admin_urls", attachments.urls)
hooks.register("register_admin_urls", compliance.urls)
hooks.register("register_admin_urls", work.urls)
hooks.register("register_admin_menu_item", work.menu_item)
hooks.register(menu.SUBMENU, compliance.menu_item)
hooks.register("insert_global_admin_css", stylesheets.stylesheets)
hooks.register("construct_homepage_panels", home.replace_home_panels)
hooks.register("construct_homepage_summary_items", home.remove_summary_items)
