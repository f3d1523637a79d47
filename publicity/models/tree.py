"""The structure of the public tree: home, a section per conference, and in it the two indexes.

Operations create these pages. They have no content of their own: it comes from the conference, from the site's settings
and from what was released.
"""

from typing import Any

from django.apps import apps
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from meetings.models import JointConference
from meetings.types import StrOrPromise
from publicity.models.gate import PublicPage

# Views are named by dotted path, because they import the models.
HOME_CONTEXT = "publicity.views.home.home_context"


class StructurePage(PublicPage):
    """A page that nobody creates or edits by hand."""

    is_creatable = False
    preview_modes: list[tuple[str, StrOrPromise]] = []  # without content there is no draft

    class Meta:
        abstract = True


class HomePage(StructurePage):
    """The home page: search, latest outcomes, the progress of the year, news."""

    parent_page_types = [Page]
    subpage_types = ["publicity.ConferenceSection"]
    max_count: Any = 1
    template = "publicity/home.html"

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict[str, object]:
        home_context = import_string(HOME_CONTEXT)
        return {**super().get_context(request, *args, **kwargs), **home_context(request)}


class ConferenceSection(StructurePage):
    """The section of one joint conference, at `/<slug>/`."""

    conference = models.OneToOneField(
        JointConference, models.PROTECT, related_name="section", verbose_name=_("joint conference")
    )

    parent_page_types = ["publicity.HomePage"]
    subpage_types = ["publicity.NewsIndex", "publicity.OutcomesIndex", "publicity.PlainPage"]
    template = "publicity/home.html"

    class Meta:
        verbose_name = _("section of a conference")
        verbose_name_plural = _("sections of conferences")

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict[str, object]:
        home_context = import_string(HOME_CONTEXT)
        return {**super().get_context(request, *args, **kwargs), **home_context(request, self.conference)}


class ConferenceList(StructurePage):
    """Base of the lists that each section has. A view serves it; it has no text of its own.

    - `list_title`, `list_slug`: title and last component of the address, set when the section is created.
    - `list_view`: the dotted path of the view, which is called with the conference as `section`.
    """

    list_title = ""
    list_slug = ""
    list_view = ""

    max_count_per_parent: Any = 1
    parent_page_types = ["publicity.ConferenceSection"]

    class Meta:
        abstract = True

    @property
    def conference(self) -> JointConference:
        """The conference of this list."""
        return JointConference.objects.get(section__path=self.path[: -self.steplen])

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response: HttpResponse = import_string(self.list_view)(request, section=self.conference)
        return response


class NewsIndex(ConferenceList):
    """The news of one conference, at `/<slug>/news/`."""

    subpage_types = ["publicity.Article"]
    list_title, list_slug = "新闻", "news"
    list_view = "publicity.views.lists.news"

    class Meta:
        verbose_name = _("news of a conference")
        verbose_name_plural = _("news of conferences")


class OutcomesIndex(ConferenceList):
    """The outcomes of one conference, at `/<slug>/outcomes/`."""

    subpage_types = ["publicity.OutcomePage"]
    list_title, list_slug = "议定事项", "outcomes"
    list_view = "publicity.views.lists.outcomes"

    class Meta:
        verbose_name = _("outcomes of a conference")
        verbose_name_plural = _("outcomes of conferences")


def conference_lists() -> tuple[type[ConferenceList], ...]:
    """Return the lists that each section has. Sections, the upgrade and the sitemap take them from here."""
    return tuple(model for model in apps.get_models() if issubclass(model, ConferenceList))
