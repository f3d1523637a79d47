"""Which entries of the audit log a reader of a record reads.

- `unread_entries(person, record)`: those of one record that a person does not read, for its page and its history.
- `staff_entries(model)`: the entries that only those read who see all records of the conference.
"""

from django.db.models import Model, Q

from meetings.models.catalogue import CATALOGUE, Kind
from meetings.models.people import AnyUser
from meetings.queries.reach import reach_of


def staff_entries(model: type[Model]) -> Q:
    """Return the condition for entries that may name other records or people.

    An entry stores what it names as text, as it was then. Whoever sees a record through a department alone need not see
    those things: an unfinished resolution that was explained, a topic or guest that was taken off again.
    """
    entry, name = CATALOGUE.get(model), model._meta.model_name
    return Q(action__in=[f"meetings.{name}.{verb}" for verb in (entry.staff_verbs if entry else ())])


def unread_entries(person: AnyUser, record: Model) -> Q:
    """Return the condition for entries of a record that a person does not read who may see the record."""
    return Q(pk__in=[]) if _sees_all_around(person, record) else staff_entries(type(record))


def _sees_all_around(person: AnyUser, record: Model) -> bool:
    """Return whether the person sees all records of the conference of this one; True for what is no record."""
    entry, reach = CATALOGUE.get(type(record)), reach_of(person)
    if entry is None or entry.kind is not Kind.RECORD or not entry.staff_verbs or reach.everything:
        return True
    own = type(record)._default_manager.filter(pk=record.pk, **{f"{entry.conference}__in": reach.conferences})
    return own.exists()
