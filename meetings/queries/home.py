"""Queries for the home page: the next meeting, unfinished and overdue resolutions, and what has changed.

What waits for a person is in `meetings.rules.addressees`. Each function here is one SQL statement for any number of
records; the page limits the result.
"""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Count, Model, Q, QuerySet, Window
from django.db.models.functions import Cast

from meetings.enums import UNFINISHED, MeetingState
from meetings.models import Meeting, Minutes, Person, RecordLogEntry, Resolution, Topic
from meetings.queries.access import audited, people_of
from meetings.queries.deadline import nearest_first, past_due
from meetings.queries.log import staff_entries
from meetings.queries.reach import reach_of
from meetings.queries.resolution import ledger
from meetings.queries.visibility import visible

TENURE_ACTIONS = ("meetings.person.tenure_begin", "meetings.person.tenure_change", "meetings.person.tenure_end")
ACCOUNT_ACTIONS = ("meetings.person.login_code", "meetings.person.reset_device", "meetings.person.reactivate")
SHOWN_CHANGES: tuple[type[Model], ...] = (Topic, Meeting, Minutes, Resolution)


def next_meeting(person: Person) -> Meeting | None:
    """Return the next meeting visible to the person that has not been held."""
    rows = visible(person, Meeting).exclude(state=MeetingState.HELD)
    return rows.select_related("conference", "adoption").order_by("time", "pk").first()


def unfinished(person: Person) -> QuerySet[Resolution]:
    """Return the unfinished resolutions visible to the person, nearest deadline first (`Y 1(6)`, `C 4三`)."""
    return nearest_first(ledger(visible(person, Resolution).filter(state__in=UNFINISHED)))


def first_unfinished(person: Person, most: int) -> tuple[list[Resolution], int, int]:
    """Return the first rows of `unfinished`, how many there are, and how many of them are overdue; one count."""
    late = Window(Count("pk", filter=past_due()))
    rows = list(unfinished(person).annotate(count=Window(Count("pk")), late=late)[:most])
    return [*rows], rows[0].count if rows else 0, rows[0].late if rows else 0


def rights_changes(person: Person, moment: datetime) -> QuerySet[RecordLogEntry] | None:
    """Return what was done to rights and accounts in an auditor's conferences since a moment, latest first.

    Posts of clerks, liaisons and writers are handed over by one person; an auditor sees it here. None for others.
    """
    audits = audited(person)
    if not audits:
        return None
    rows = RecordLogEntry.objects.filter(timestamp__gt=moment).exclude(user=person)
    tenures, accounts = Q(action__in=TENURE_ACTIONS), Q(action__in=ACCOUNT_ACTIONS)
    if None not in audits:
        people = people_of(audits).annotate(key=Cast("pk", CharField())).values("key")
        tenures &= Q(data__conference__in=list(audits))
        accounts &= Q(object_id__in=people)
    return rows.filter(tenures | accounts).select_related("user").order_by("-timestamp", "-pk")


def changes_since(person: Person, moment: datetime) -> QuerySet[RecordLogEntry]:
    """Return what others did to records that the person may see since a moment, latest first."""
    reach, types = reach_of(person), ContentType.objects.get_for_models(*SHOWN_CHANGES)
    rows = RecordLogEntry.objects.filter(timestamp__gt=moment, content_type__in=types.values()).exclude(user=person)
    if not reach.everything:
        condition = Q(conference__in=reach.conferences)
        for model, content_type in types.items() if reach.departments else ():
            keys = visible(person, model).annotate(key_text=Cast("pk", CharField())).values("key_text")
            condition |= Q(content_type=content_type, object_id__in=keys) & ~staff_entries(model)
        rows = rows.filter(condition)
    found: QuerySet[RecordLogEntry] = rows.select_related("user", "content_type").order_by("-timestamp", "-pk")
    return found
