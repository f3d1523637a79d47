"""The co-operating departments of a resolution with their tasks, as one form field."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from meetings.admin.core.rows_field import RowsField, RowsWidget
from meetings.models import Department
from meetings.rules.invisible_characters import validate_no_invisible_characters

MAX_TASK_LENGTH = 500


class PartsWidget(RowsWidget):
    """A checkbox per department, with a text field for its task."""

    template_name = "meetings/parts_field.html"
    departments: QuerySet[Department] = Department.objects.none()

    def get_context(
        self, name: str, value: Mapping[str, str] | None, attrs: dict[str, object] | None
    ) -> dict[str, object]:
        context = super().get_context(name, value, attrs)
        chosen = value or {}
        context["rows"] = [
            {"department": row, "chosen": str(row.pk) in chosen, "task": chosen.get(str(row.pk), "")}
            for row in self.departments
        ]
        context["longest"] = MAX_TASK_LENGTH
        return context

    def value_from_datadict(self, data: Any, files: object, name: str) -> dict[str, str]:
        """Return the tasks of the checked departments, by primary key."""
        ticked = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return {str(pk): data.get(f"{name}-task-{pk}", "").strip() for pk in ticked}


class PartsField(RowsField):
    """Departments with their tasks; `offer` sets which departments may be chosen."""

    widget = PartsWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.departments = Department.objects.none()

    def offer(self, departments: QuerySet[Department]) -> None:
        """Set the departments that may be chosen."""
        self.departments = self.widget.departments = departments

    def clean(self, value: Mapping[str, str]) -> list[tuple[Department, str]]:
        """Return the chosen departments with their tasks; refuse departments not offered and overlong tasks."""
        offered = {str(row.pk): row for row in self.departments}
        if not set(value) <= set(offered):
            raise forms.ValidationError(_("Choose departments from the list."))
        if any(len(task) > MAX_TASK_LENGTH for task in value.values()):
            reason = _("A task is at most %(most)s characters long. Shorten it.")
            raise forms.ValidationError(reason, params={"most": MAX_TASK_LENGTH})
        for task in value.values():
            validate_no_invisible_characters(task)
        return [(offered[pk], task) for pk, task in value.items()]
