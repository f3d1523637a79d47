"""Plain pages: texts that are no news."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from publicity.blocks import BODY, texts
from publicity.breadcrumbs import breadcrumb_trail
from publicity.forms import GatedPageForm
from publicity.models.gate import GatedPage


class PlainPage(GatedPage):
    """A page that is no news: about the conference, or how to propose a topic."""

    body = StreamField(BODY, verbose_name=_("text"))

    base_form_class = GatedPageForm
    parent_page_types = ["publicity.ConferenceSection"]
    subpage_types: list[str] = []
    template = "publicity/plain.html"
    content_panels: list[Any] = [FieldPanel("title"), FieldPanel("body")]
    promote_panels: list[Any] = [FieldPanel("slug"), FieldPanel("search_description")]

    class Meta:
        verbose_name = _("plain page")
        verbose_name_plural = _("plain pages")

    def texts(self) -> Iterator[tuple[str, str]]:
        yield from super().texts()
        yield from texts(self.body)

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict[str, object]:
        return {**super().get_context(request, *args, **kwargs), "breadcrumbs": breadcrumb_trail(self.conference)}
