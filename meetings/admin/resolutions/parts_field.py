"""The co-operating departments of a resolution, each with its task, as one field of its form."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from meetings.models import Department
from meetings.rules.invisible_characters import demand_visible

LONGEST = 500


class PartsWidget(forms.Widget):
    """A box per department; what it does is written beside it once the box is ticked."""

    template_name = "meetings/parts_field.html"
    departments: QuerySet[Department] = Department.objects.none()

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """The rows with what is chosen and written."""
        context = super().get_context(name, value, attrs)
        chosen: dict[str, str] = value or {}
        context["rows"] = [
            {"department": row, "chosen": str(row.pk) in chosen, "task": chosen.get(str(row.pk), "")}
            for row in self.departments
        ]
        context["longest"] = LONGEST
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        """The tasks of the departments that are ticked, by their keys."""
        ticked = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return {str(pk): data.get(f"{name}-task-{pk}", "").strip() for pk in ticked}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Never: a form that ticks no department has none."""
        return False

    def id_for_label(self, id_: str) -> str:
        """None: each box has a label of its own."""
        return ""


class PartsField(forms.Field):
    """Departments with their tasks; `offer` says which may be chosen."""

    widget = PartsWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.departments = Department.objects.none()

    def offer(self, departments: QuerySet[Department]) -> None:
        """Let these be chosen."""
        self.departments = self.widget.departments = departments

    def clean(self, value: Any) -> list[tuple[Department, str]]:
        """The departments that may be chosen, each with its task."""
        offered = {str(row.pk): row for row in self.departments}
        if not set(value) <= set(offered):
            raise forms.ValidationError(_("Choose departments from the list."))
        if any(len(task) > LONGEST for task in value.values()):
            reason = _("A task is at most %(most)s characters long. Shorten it.")
            raise forms.ValidationError(reason, params={"most": LONGEST})
        for task in value.values():
            demand_visible(task)
        return [(offered[pk], task) for pk, task in value.items()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """True if a department or a task changed."""
        return (initial or {}) != (data or {})
