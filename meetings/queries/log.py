"""Which entries of the audit log a reader of a record reads.

- `unread_actions(person, record)`: the actions that a person does not read on one record, for its page and history.
- `staff_entries(model)`: the entries that only those read who see all records of the conference.
"""

from typing import Any

from django.db.models import Model, Q

from meetings.models.catalogue import CATALOGUE, Kind
from meetings.models.people import AnyUser
from meetings.queries.reach import reach_of


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
