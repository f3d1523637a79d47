"""The departments of resolutions: what they are called, as on the day and now, and who acts for them today."""

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from meetings.enums import UNFINISHED, MinutesState
from meetings.models import Department, ResolutionPart


def parts_in_order() -> QuerySet[ResolutionPart]:
    """The parts, the lead department's first, with their departments and those that took over from them."""
    return ResolutionPart.objects.select_related("department__successor__successor").order_by("-role", "pk")


def present(department: Department) -> Department:
    """The department that acts for this one today: itself, or the last one that it was merged into."""
    while department.successor is not None:
        department = department.successor
    return department


def called(name: str, department: Department | None) -> str:
    """A name as on its day, with the present one beside it where that differs: 县卫计局（现县卫健局）."""
    now = present(department).name if department else name
    return name if name == now else _("%(name)s (now %(present)s)") % {"name": name, "present": now}


def open_counts(department: Department) -> list[tuple[str, int]]:
    """How many unfinished resolutions of each conference the department has a part in, its own and inherited ones."""
    rows = ResolutionPart.objects.filter(
        department__in=department.inherited_ids,
        resolution__state__in=UNFINISHED,
        resolution__minutes__state=MinutesState.ISSUED,
    )
    place = "resolution__minutes__meeting__conference__short_name"
    return list(rows.order_by(place).values_list(place).annotate(Count("resolution", distinct=True)))


def name_of(part: ResolutionPart) -> str:
    """What the department of a part is called on pages."""
    return called(part.name or part.department.name, part.department)
