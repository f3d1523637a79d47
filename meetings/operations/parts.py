"""The departments' parts of a resolution: who leads, who co-operates, and what each of them does (`Y 2(6)`).

Key concepts
- `Part`: a department with its role and task; plain pairs of department and role stand for parts without a task.
- `divide(row, parts)`: writes the parts of a draft. `keep_names(row)`: the names of the day, at the issue.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _

from meetings.enums import PartRole
from meetings.models import Department, Resolution, ResolutionPart
from meetings.refusal import Refused


class Part(NamedTuple):
    """What a department has to do with a resolution."""

    department: Department
    role: str
    task: str = ""


Parts = Iterable[Part | tuple[Department, str] | tuple[Department, str, str]]


def divided_anew(row: Resolution, parts: Parts | None) -> bool:
    """True if these are other parts than the resolution has; None leaves them as they are."""
    if parts is None:
        return False
    given = [Part(*part) for part in parts]
    wanted = {(part.department.pk, part.role, part.task.strip()) for part in given}
    return wanted != set(row.parts.values_list("department", "role", "task"))


def divide(row: Resolution, parts: Parts) -> None:
    """Write the departments' parts: each department once, at most one lead. A part that stays keeps its row."""
    given = [Part(*part) for part in parts]
    wanted = {part.department.pk: part for part in given}
    if len(wanted) < len(given):
        raise Refused(_("A department is named twice. Each takes one part."), code="part_twice")
    leads = [pk for pk, part in wanted.items() if part.role == PartRole.LEAD]
    if len(leads) > 1:
        raise Refused(_("Two departments lead. Choose one; the others co-operate."), code="two_leads")
    there = ResolutionPart.objects.filter(resolution=row)
    there.exclude(department__in=wanted).delete()
    there.exclude(department__in=leads).update(role=PartRole.CO)  # first: two never lead, not even for a moment
    present = {part.department_id: part for part in there}
    for pk, part in wanted.items():
        kept = present.get(pk) or ResolutionPart(resolution=row, department=part.department)
        kept.role, kept.task = part.role, part.task.strip()
        kept.save()


def keep_names(row: Resolution) -> None:
    """Write down what the departments are called now, so that a renaming leaves the document as it was."""
    for part in ResolutionPart.objects.filter(resolution=row, name="").select_related("department"):
        part.name = part.department.name
        part.save(update_fields=["name"])
