"""The departments' parts of a resolution: who leads, who co-operates, and the task of each (`Y 2(6)`).

- `Part`: a department with its role and task. A plain pair of department and role is a part without a task.
- `save_parts(row, parts)`: saves the parts of a draft.
- `store_department_names(row)`: stores the names of the departments on the day of issue.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _

from meetings.enums import PartRole
from meetings.models import Department, Resolution, ResolutionPart
from meetings.refusal import Refused


class Part(NamedTuple):
    """A department with its role and task in a resolution."""

    department: Department
    role: str
    task: str = ""


Parts = Iterable[Part | tuple[Department, str] | tuple[Department, str, str]]


def parts_differ(row: Resolution, parts: Parts | None) -> bool:
    """Return whether `parts` differ from the stored parts; False for None, which leaves them unchanged."""
    if parts is None:
        return False
    given = [Part(*part) for part in parts]
    wanted = {(part.department.pk, part.role, part.task.strip()) for part in given}
    return wanted != set(row.parts.values_list("department", "role", "task"))


def save_parts(row: Resolution, parts: Parts) -> None:
    """Save the parts; `Refused` if a department is named twice or two departments lead.

    A part that stays keeps its row, because progress reports refer to it.
    """
    given = [Part(*part) for part in parts]
    wanted = {part.department.pk: part for part in given}
    if len(wanted) < len(given):
        raise Refused(_("A department is named twice. Each takes one part."), code="part_twice")
    leads = [pk for pk, part in wanted.items() if part.role == PartRole.LEAD]
    if len(leads) > 1:
        raise Refused(_("Two departments lead. Choose one; the others co-operate."), code="two_leads")
    stored = ResolutionPart.objects.filter(resolution=row)
    stored.exclude(department__in=wanted).delete()
    # The former lead first, so that there are never two leads, not even between two queries.
    stored.exclude(department__in=leads).update(role=PartRole.CO)
    by_department = {part.department_id: part for part in stored}
    for pk, part in wanted.items():
        row_of_part = by_department.get(pk) or ResolutionPart(resolution=row, department=part.department)
        row_of_part.role, row_of_part.task = part.role, part.task.strip()
        row_of_part.save()


def store_department_names(row: Resolution) -> None:
    """Store the present names of the departments, so that a later renaming does not change the issued document."""
    for part in ResolutionPart.objects.filter(resolution=row, name="").select_related("department"):
        part.name = part.department.name
        part.save(update_fields=["name"])
