"""The page of work items: all that waits for the person, for vacant posts, and for others; and the menu item for it.

- `WorkView`: `/admin/work/`, in pages. `?show=vacant` and `?show=others` for the other two lists.
- `NoticeView`: opens the record of a notice, which closes the notice.
"""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin.auth import require_admin_access
from wagtail.admin.menu import MenuItem

from meetings.admin.core.permitted import PersonView
from meetings.admin.core.work import count_open, url_of_work, work_lines
from meetings.enums import WorkItemKind
from meetings.models import Person, WorkItem
from meetings.operations.work import open_notice
from meetings.queries.work import with_records
from meetings.rules.addressees import Holders, vacant_work, waits_for_others, work_of

PER_PAGE = 50
LISTS = {"mine": work_of, "vacant": vacant_work, "others": waits_for_others}
LABELS = {
    "mine": gettext_lazy("Waits for me"),
    "vacant": gettext_lazy("Waits for vacant posts"),
    "others": gettext_lazy("I wait for"),
}
EMPTY = {
    "mine": gettext_lazy("Nothing waits for you today."),
    "vacant": gettext_lazy("Nothing waits for a vacant post."),
    "others": gettext_lazy("You wait for nobody."),
}


class WorkView(PersonView, TemplateView):
    """One of the three lists of work items, the most urgent first."""

    template_name = "meetings/work.html"

    def rows(self, name: str) -> QuerySet[WorkItem]:
        """Return the items of a list with what its lines show."""
        return LISTS[name](self.person).select_related("department", "person").prefetch_related("not_for")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = self.request.GET.get("show", "mine")
        chosen = chosen if chosen in LISTS else "mine"
        page = Paginator(self.rows(chosen), PER_PAGE).get_page(self.request.GET.get("p"))
        items = list(page.object_list)
        holders = Holders({item.conference_id for item in items}) if chosen == "others" else None
        return super().get_context_data(**kwargs) | {
            "title": _("Work"),
            "lists": [(name, LABELS[name], name == chosen) for name in LISTS],
            "chosen": chosen,
            "lines": work_lines(items, holders, own=chosen == "mine"),
            "page": page,
            "empty": EMPTY[chosen],
        }


class NoticeView(PersonView, View):
    """Open the record of a notice; the notice is closed then. 404 for anybody but its addressee."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Close the notice and redirect to the page of its record."""
        item = WorkItem.objects.filter(pk=pk, person=self.person, kind=WorkItemKind.NOTICE).first()
        if item is None or not with_records([item]):
            raise Http404
        open_notice(item, by=self.person)
        return HttpResponseRedirect(url_of_work(item))


class WorkMenuItem(MenuItem):
    """The menu item, with the number of items that wait for the person."""

    def render_component(self, request: HttpRequest) -> Any:
        component = super().render_component(request)
        person = request.user
        if isinstance(person, Person) and (count := count_open(person)):
            component.label = f"{component.label}（{count}）"
        return component


def menu_item() -> WorkMenuItem:
    """Return the menu item of the work items, shown to everybody."""
    return WorkMenuItem(gettext_lazy("Work"), reverse_lazy("records_work"), name="work", icon_name="tasks", order=1)


def urls() -> list[URLPattern]:
    """Return the URL patterns; both require admin access."""
    return [
        path("work/", require_admin_access(WorkView.as_view()), name="records_work"),
        path("work/<int:pk>/", require_admin_access(NoticeView.as_view()), name="records_notice"),
    ]


def work_url(show: str) -> str:
    """Return the address of one of the lists."""
    return f"{reverse('records_work')}?show={show}"
