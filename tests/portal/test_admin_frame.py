"""Pages of the admin: fields work without inline scripts, and the help menu has no external links."""

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.forms import Widget
from django.test import Client
from django.urls import reverse
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput, AdminPageChooser, AdminTimeInput
from wagtail.admin.widgets.workflows import AdminTaskChooser
from wagtail.documents.widgets import AdminDocumentChooser
from wagtail.images.widgets import AdminImageChooser

from meetings.models import Person


class Elements(HTMLParser):
    """Parser that collects inline scripts and the arguments of `portal-start` elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.started: list[tuple[str, list[Any]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "script" and "src" not in values and values.get("type") != "application/json":
            self.inline.append(self.get_starttag_text() or "")
        if values.get("data-controller") == "portal-start":
            arguments = json.loads(values["data-portal-start-arguments-value"])
            self.started.append((values["data-portal-start-name-value"], arguments))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("widget", "name"),
    [
        (AdminDateInput(), "initDateChooser"),
        (AdminTimeInput(), "initTimeChooser"),
        (AdminDateTimeInput(), "initDateTimeChooser"),
        (AdminPageChooser(), "PageChooser"),
        (AdminImageChooser(), "ImageChooser"),
        (AdminDocumentChooser(), "DocumentChooser"),
        (AdminTaskChooser(), "createTaskChooser"),
    ],
)
def test_a_widget_leaves_an_element_where_its_script_stood(widget: Widget, name: str) -> None:
    found = Elements(widget.render("field", None, attrs={"id": 'id_"<field>'}))
    assert found.inline == []
    [(started, arguments)] = found.started
    assert started == name
    assert arguments[0] == 'id_"<field>'


def test_a_chooser_hands_over_its_options() -> None:
    [(_name, (_field, options))] = Elements(AdminPageChooser().render("field", None, attrs={"id": "f"})).started
    assert options["modalUrl"] == "/admin/choose-page/"


def test_a_chooser_without_an_id_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="id"):
        AdminPageChooser().render("field", None)


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/account/",
        "/admin/pages/1/",
        "/admin/reports/site-history/",
        "/admin/images/add/",
        "/admin/documents/add/",
        "/admin/workflows/add/",
    ],
)
def test_no_page_of_the_admin_holds_an_inline_script(admin_client: Client, path: str) -> None:
    response = admin_client.get(path)
    assert response.status_code == 200
    assert Elements(response.content.decode()).inline == []


def test_the_script_that_starts_them_is_on_every_page_of_the_admin(admin_client: Client) -> None:
    page = admin_client.get("/admin/").content.decode()
    assert "/static/portal/admin.js" in page
    kept = f'data-kept="{reverse("jsi18n")}"'
    assert kept in page  # the address that the script requests to keep the session of a person who types
    assert admin_client.get(reverse("jsi18n")).status_code == 200


def test_the_sidebar_shows_the_name_of_who_sits_here(admin_client: Client, admin_user: Person) -> None:
    Person.objects.filter(pk=admin_user.pk).update(name="景齐")
    page = admin_client.get("/admin/").content.decode()
    props = re.search(r'<script[^>]*id="wagtail-sidebar-props"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert props is not None
    (account,) = [
        module["_args"][2]
        for module in json.loads(props[1])["modules"]
        if module["_type"] == "wagtail.sidebar.MainMenuModule"
    ]
    assert account["name"] == "景齐"


def test_the_help_menu_leads_to_no_other_site(admin_client: Client) -> None:
    page = admin_client.get("/admin/account/").content.decode()
    assert "whats-new-in-wagtail" not in page
    assert "editor-guide" not in page
