"""The list of the pages of one's conferences with their status, and its menu item."""

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page

from meetings.enums import Role
from meetings.models import JointConference
from publicity.models import ConferenceSection, NewsIndex
from publicity.queries.status import pages_of, status_of, submitted
from publicity.rules import conferences_as

ROLES = (Role.WRITER, Role.CLERK, Role.REVIEWER)
PAGE_SIZE = 30


class PublicityMenuItem(MenuItem):
    """Menu item for writers, clerks and reviewers."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(conferences_as(request.user, *ROLES))


def menu_item() -> MenuItem:
    """Return the item for the menu of the records."""
    return PublicityMenuItem(
        _("Publicity"), reverse_lazy("publicity_admin:index"), name="publicity", icon_name="globe", order=20
    )


class PublicityView(WagtailAdminTemplateMixin, TemplateView):
    """News, outcome pages and plain pages, the last change first."""

    template_name = "publicity/admin/index.html"
    header_icon = "globe"

    def get_breadcrumbs_items(self) -> list[dict[str, object]]:
        return [{"url": reverse("wagtailadmin_home"), "label": _("Home")}, {"url": "", "label": self.get_page_title()}]

    def get_page_title(self) -> str:
        return gettext("Publicity")

    def pages(self, conferences: list[JointConference]) -> QuerySet[Page]:
        """Return the pages of the conferences, of those in which the person only reviews what was submitted."""
        own = conferences_as(self.request.user, Role.WRITER, Role.CLERK)
        reviewed = [conference for conference in conferences if conference not in own]
        if not reviewed:
            return pages_of(own)
        there = pages_of(reviewed).filter(submitted()).order_by().values("pk")
        return pages_of(conferences).filter(Q(pk__in=pages_of(own).order_by().values("pk")) | Q(pk__in=there))

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add the pages with their status, and where this person may write news; 404 for other people."""
        conferences = conferences_as(self.request.user, *ROLES)
        if not conferences:
            raise Http404
        page = Paginator(self.pages(conferences), PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {
            **super().get_context_data(**kwargs),
            "page_obj": page,
            "entries": [
                {
                    "title": row.draft_title,
                    "kind": row.cached_content_type.model_class()._meta.verbose_name,
                    "status": status_of(row),
                    "changed_at": row.latest_revision_created_at,
                    "url": reverse("publicity_admin:review", args=[row.pk]),
                }
                for row in page
            ],
            "writing": [
                (section.title, reverse("wagtailadmin_pages:add", args=["publicity", "article", index.pk]))
                for section in ConferenceSection.objects.filter(
                    conference__in=conferences_as(self.request.user, Role.WRITER)
                )
                for index in NewsIndex.objects.child_of(section)
            ],
        }
