"""督办 in the admin: the unfinished resolutions by department, and the supervision letters (`Y 2(6)`, `C 5(5)`).

- `SupervisionView` lists every department with unfinished resolutions, in pages, with the first resolutions of each.
  `LetterView` creates the letter to one of them.
- `PartLetterView` creates a letter about one resolution to one of its departments; `letter_downloads` lists these.
"""

from itertools import groupby
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from meetings.admin.core.downloads import DocumentLinks, DocumentView, file_response, redirect_with_reasons, word_link
from meetings.admin.core.ledger import ledger_line
from meetings.admin.core.operation import RoutedView
from meetings.admin.core.page_layout import RecordLayout
from meetings.documents.base import GeneratedFile
from meetings.documents.supervision import make_letter
from meetings.enums import UNFINISHED, DocumentKind, MinutesState
from meetings.models import Department, JointConference, Person, Resolution
from meetings.queries.parts import acting_department
from meetings.queries.supervision import DepartmentTasks, department_tasks, letter_departments, with_rows
from meetings.queries.visibility import sees_any_record
from meetings.refusal import Refused

PER_PAGE = 15  # departments
MAX_LINES = 5  # of a department; the list of resolutions shows all of them


def _row(charge: DepartmentTasks) -> dict[str, object]:
    """Return the template values of a department: its first unfinished resolutions, and the address of all of them."""
    chosen: dict[str, Any] = {
        "conference": charge.conference.pk,
        "department": charge.department.pk,
        "state": sorted(UNFINISHED),
    }
    return {
        "department": charge.department,
        "count": len(charge.keys),
        "late": charge.overdue_count,
        "lines": [ledger_line(row) for row in charge.rows],
        "more": len(charge.keys) - len(charge.rows),
        "all_url": f"{reverse('resolution:index')}?{urlencode(chosen, doseq=True)}",
        "letter_url": reverse("resolution:letter", args=[charge.conference.pk, charge.department.pk]),
    }


class SupervisionView(RoutedView, RecordLayout, WagtailAdminTemplateMixin, TemplateView):
    """The departments that have unfinished resolutions, by conference, as far as the person may see them."""

    template_name = "meetings/supervision.html"
    route = "supervision/"
    url_name = "supervision"
    page_title: Any = _("Supervision letters")
    header_icon = "mail"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Deny access to people who may see no record at all."""
        if not sees_any_record(request.user):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        page = Paginator(department_tasks(self.request.user), PER_PAGE).get_page(self.request.GET.get("p"))
        found = groupby(with_rows(page.object_list, MAX_LINES), key=lambda charge: charge.conference)
        rows = [(conference, [_row(charge) for charge in group]) for conference, group in found]
        return {**super().get_context_data(**kwargs), "conferences": rows, "page": page}


class LetterView(RoutedView, View):
    """The letter to a department about all its unfinished resolutions."""

    route = "supervision/<int:conference>/<int:department>/"
    url_name = "letter"
    http_method_names = ["get"]

    def get(self, request: HttpRequest, conference: int, department: int) -> HttpResponse:
        """Send the letter; answer 404 unless the person may see everything in it."""
        place = get_object_or_404(JointConference, pk=conference)
        unit = get_object_or_404(Department, pk=department)
        if not letter_departments(request.user, place, [unit]):
            raise Http404
        try:
            return file_response(request, make_letter(place, unit), place)
        except Refused as refused:
            return redirect_with_reasons(request, refused, reverse("resolution:supervision"), place)


class PartLetterView(DocumentView):
    """The letter about one resolution, to the department of one of its parts."""

    route = "letter/<int:pk>/<int:part>/"
    url_name = "part_letter"

    def setup(self, request: HttpRequest, *args: object, **kwargs: object) -> None:
        """Find the department that is responsible for the part today; a merged one has a successor."""
        super().setup(request, *args, **kwargs)
        part = get_object_or_404(self.object.parts.select_related("department"), pk=kwargs["part"])
        self.department = acting_department(part.department)

    def has_permission(self) -> bool:
        """Return True for staff, and for the department itself."""
        return bool(letter_departments(self.person, self.object.minutes.meeting.conference, [self.department]))

    def make(self) -> GeneratedFile:
        rows = Resolution.objects.filter(pk=self.object.pk)
        return make_letter(self.object.minutes.meeting.conference, self.department, among=rows)


def letter_downloads(resolution: Resolution, person: Person) -> list[DocumentLinks]:
    """Return a letter to each department of an unfinished resolution, as far as the person may have it."""
    if resolution.state not in UNFINISHED or resolution.minutes.state != MinutesState.ISSUED:
        return []
    name, conference = gettext("Supervision letter to %(name)s"), resolution.minutes.meeting.conference
    found = {acting_department(part.department): part for part in reversed(resolution.parts.all())}
    return [
        word_link(
            DocumentKind.SUPERVISION,
            reverse("resolution:part_letter", args=[resolution.pk, found[department].pk]),
            label=name % {"name": department},
        )
        for department in letter_departments(person, conference, reversed(found))
    ]


SUPERVISION_VIEWS = (SupervisionView, LetterView)
