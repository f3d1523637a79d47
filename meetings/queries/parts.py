"""Queries of the departments of resolutions: their names then and now, and their successors."""

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from meetings.enums import UNFINISHED, MinutesState
from meetings.models import Department, JointConference, Resolution, ResolutionPart


def parts_in_order() -> QuerySet[ResolutionPart]:
    """Return the parts, the lead department's first, with their departments and two levels of successors."""
    return ResolutionPart.objects.select_related("department__successor__successor").order_by("-role", "pk")


def acting_department(department: Department) -> Department:
    """Return the department that acts for this one today: itself, or the final department it was merged into."""
    while department.successor is not None:
        department = department.successor
    return department


def with_current_name(name: str, department: Department | None) -> str:
    """Return a historical name, followed by the current name if that differs: 县卫计局（现县卫健局）."""
    now = acting_department(department).name if department else name
    return name if name == now else _("%(name)s (now %(present)s)") % {"name": name, "present": now}


def open_counts(department: Department, among: QuerySet[JointConference]) -> list[tuple[str, int]]:
    """Return, per conference of these, how many unfinished resolutions the department has, inherited ones included."""
    rows = ResolutionPart.objects.filter(
        department__in=department.inherited_ids,
        resolution__state__in=UNFINISHED,
        resolution__minutes__state=MinutesState.ISSUED,
        resolution__minutes__meeting__conference__in=among,
    )
    place = "resolution__minutes__meeting__conference__short_name"
    return list(rows.order_by(place).values_list(place).annotate(Count("resolution", distinct=True)))


def department_label(part: ResolutionPart) -> str:
    """Return the name of the department of a part as shown on pages, see `with_current_name`."""
    return with_current_name(part.name or part.department.name, part.department)


def department_labels(resolution: Resolution, role: str) -> str:
    """Return the labels of the departments with this role, joined; runs no query for a row of `ledger()`."""
    return "、".join(department_label(part) for part in resolution.parts.all() if part.role == role)
