"""Which entries of the audit log a reader of a record reads.

- `unread_actions(person, record)`: the actions that a person does not read on one record.
- `unread_entries(person, record)`: the entries that a person does not read, also of people and departments.
- `staff_entries(model)`: the entries that only those read who see all records of the conference.
"""

from typing import Any

from django.db.models import Model, Q

from meetings.models import Department, Person, RecordLogEntry
from meetings.models.catalogue import CATALOGUE, Kind
from meetings.models.people import AnyUser
from meetings.queries.people import belongs_to
from meetings.queries.reach import reach_of
from meetings.queries.visibility import administers


def staff_entries(model: type[Model]) -> Q:
    """Return the condition for entries that may name other records or people.

    An entry stores what it names as text, as it was then. Whoever sees a record through a department alone need not see
    those things: an unfinished resolution that was explained, a topic or guest that was taken off again.
    """
    return Q(action__in=_staff_actions(model))


def _staff_actions(model: type[Model]) -> list[str]:
    entry, name = CATALOGUE.get(model), model._meta.model_name
    return [f"meetings.{name}.{verb}" for verb in (entry.staff_verbs if entry else ())]


def unread_actions(person: AnyUser, record: Model) -> list[str]:
    """Return the actions whose entries a person does not read who may see the record."""
    return [] if _sees_all_around(person, record) else _staff_actions(type(record))


def unread_entries(person: AnyUser, record: Model) -> Q:
    """Return the condition for entries of a record that a person does not read who may see the record."""
    if isinstance(record, Person | Department):
        return _of_other_conferences(person, record)
    return Q(action__in=unread_actions(person, record))


def _of_other_conferences(person: AnyUser, record: Person | Department) -> Q:
    """Return the condition for entries about what people and departments are elsewhere, for who sees one conference.

    Of a person these are the entries of posts in other conferences; of a department that belongs to another one too
    they are all entries, for the administrators there changed it.
    """
    reach, administered = reach_of(person), administers(person)
    if None in administered or reach.everything:
        return Q(pk__in=[])
    own = administered | reach.conferences
    if isinstance(record, Department):
        return Q(pk__in=[]) if belongs_to(record, own) else Q(pk__isnull=False)
    entries = RecordLogEntry.objects.for_instance(record).values_list("pk", "data")
    return Q(pk__in=[pk for pk, data in entries if (data or {}).get("conference") not in {None, *own}])


def _sees_all_around(person: AnyUser, record: Model) -> bool:
    """Return whether the person sees all records of the conference of this one; True for what is no record."""
    entry, reach = CATALOGUE.get(type(record)), reach_of(person)
    if entry is None or entry.kind is not Kind.RECORD or not entry.staff_verbs or reach.everything:
        return True
    *path, last = entry.conference.split("__")
    owner: Any = record
    for name in path:
        owner = getattr(owner, name)
    return getattr(owner, f"{last}_id") in reach.conferences
