"""A form field for the member departments of a conference, each with its side."""

from collections.abc import Mapping

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from meetings.admin.core.rows_field import RowsField, RowsWidget
from meetings.enums import Side
from meetings.models import Department

CHOICES = [("", _("not a member")), *Side.choices]


class MembersWidget(RowsWidget):
    """A row per department with a choice of side; one that was merged or is not offered only while it is a member."""

    template_name = "meetings/administration/members.html"
    offered: "QuerySet[Department] | None" = None  # None offers all

    def get_context(
        self, name: str, value: Mapping[int, str] | None, attrs: dict[str, object] | None
    ) -> dict[str, object]:
        context = super().get_context(name, value, attrs)
        chosen = value or {}
        offered = Department.objects.all() if self.offered is None else self.offered
        shown = Q(pk__in=list(chosen)) | Q(pk__in=offered.filter(successor=None).values("pk"))
        context["rows"] = [
            {"department": row, "name": f"{name}-{row.pk}", "side": chosen.get(row.pk, "")}
            for row in Department.objects.filter(shown)
        ]
        context["choices"] = CHOICES
        return context

    def value_from_datadict(self, data: Mapping[str, str], files: object, name: str) -> dict[int, str]:
        """Return the chosen sides by department id."""
        prefix = f"{name}-"
        found = ((key.removeprefix(prefix), data[key]) for key in data if key.startswith(prefix))
        return {int(pk): side for pk, side in found if pk.isdecimal() and side}


class MembersField(RowsField):
    """A field whose value are pairs of department and side, as `save_conference` takes them."""

    widget = MembersWidget

    def offer(self, departments: QuerySet[Department]) -> None:
        """Offer only these departments besides the present members; the operation decides who may become one."""
        assert isinstance(self.widget, MembersWidget)
        self.widget.offered = departments

    def clean(self, value: Mapping[int, str]) -> list[tuple[Department, str]]:
        """Require departments and sides that exist."""
        departments = Department.objects.in_bulk(list(value))
        if len(departments) < len(value) or not set(value.values()) <= set(Side.values):
            raise forms.ValidationError(_("Choose departments and sides from the list."))
        return [(departments[pk], side) for pk, side in value.items()]
