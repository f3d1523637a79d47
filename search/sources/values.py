"""Values that several sources put into their documents: facet values, names of departments, days.

`department_fields`, `conference_fields` and `MEETING_FIELDS` name the fields from which they are built, for `only`.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Model, OuterRef
from django.utils.timezone import localtime

from meetings.enums import Facet
from meetings.models import Department, JointConference, Meeting
from meetings.queries.json_list import JSONList
from meetings.queries.parts import acting_department
from search.document import Choice

# The fields of a foreign key `meeting` that documents need, for `only`.
MEETING_FIELDS = ("meeting__title", "meeting__time", "meeting__held_on")


def conference_choice(conference: JointConference) -> Choice:
    """Return the conference as a facet value."""
    return Choice(conference.slug, conference.short_name)


def merged_into(department: str) -> JSONList:
    """Return an expression that reads the departments merged into a row's `department`, for `names_of`."""
    rows = Department.objects.filter(successor=OuterRef(department))
    return JSONList(rows, name="name", former_names="former_names")


def names_of(department: Department, merged: Iterable[Mapping[str, str]] | None = None) -> tuple[str, ...]:
    """Return every name under which a department is found: its own, former ones, and that of its present successor.

    `merged` adds the departments that were merged into it (`merged_into`), so that open items of the successor are
    found by the old names as well.
    """
    all_ = ({"name": department.name, "former_names": department.former_names}, *(merged or ()))
    own = (name for each in all_ for name in (each["name"], *each["former_names"].split("、")))
    names = (name.strip() for name in (*own, acting_department(department).name))
    return tuple(dict.fromkeys(name for name in names if name))


def department_fields(department: str) -> tuple[str, ...]:
    """Return the fields of the foreign key `department` that `names_of` needs, for `only`."""
    own = ("name", "former_names", "successor__name", "successor__successor__name", "successor__successor__successor")
    return tuple(f"{department}__{field}" for field in own)


def conference_fields(conference: str) -> tuple[str, ...]:
    """Return the fields of the foreign key `conference` that documents need, for `only`."""
    return tuple(f"{conference}__{field}" for field in ("name", "short_name", "slug"))


def as_choices(names: Iterable[str]) -> tuple[Choice, ...]:
    """Return names as facet values that are their own labels."""
    return tuple(Choice(name, name) for name in names)


def category_choice(facet: str) -> Choice:
    """Return a common topic category as a facet value."""
    return Choice(facet, str(Facet(facet).label))


def day_of(meeting: Meeting) -> date:
    """Return the day on which a meeting was held, or for which it is planned."""
    return meeting.held_on or localtime(meeting.time).date()


def stage_choice(record: Model, field: str = "state") -> Choice:
    """Return a state of a record as a facet value. States of different models have different values."""
    state, word = getattr(record, field), getattr(record, f"get_{field}_display")()
    return Choice(f"{record._meta.model_name}-{state}", str(word))
