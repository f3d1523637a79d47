"""Wagtail hooks: the admin URLs of the search, its style sheet and its menu item."""

from django.templatetags.static import static
from django.urls import URLPattern, path, reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from meetings.admin.menu import SUBMENU, RecordsMenuItem
from search.views.similar import similar_decisions
from search.views.staff import StaffSearchView
from search.views.suggest import staff_titles


def urls() -> list[URLPattern]:
    """Return the admin URLs of the staff search."""
    return [
        path("search/", StaffSearchView.as_view(), name="staff_search"),
        path("search/suggest/", staff_titles, name="staff_suggest"),
        path("search/similar/", similar_decisions, name="similar_decisions"),
    ]


def stylesheet() -> SafeString:
    """Return the link to the style sheet of the panels on record pages."""
    return format_html('<link rel="stylesheet" href="{}">', static("search/similar.css"))


def menu_item() -> MenuItem:
    """Return the menu item of the search. It is shown to people who may see at least one record."""
    return RecordsMenuItem(_("Find"), reverse_lazy("staff_search"), name="find", icon_name="search", order=10)


hooks.register("register_admin_urls", urls)
hooks.register("insert_global_admin_css", stylesheet)
hooks.register(SUBMENU, menu_item)
