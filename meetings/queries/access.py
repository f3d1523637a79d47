"""Who reads the logs: an auditor all of the own conferences, an administrator who came and who was locked out.

Key concepts
- `audited(person)`: the conferences whose logs a person audits; None among them stands for all.
- `seen_accesses(person)`: the entries of the access log that a person may read; leaders and clerks read none.
"""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from meetings.enums import AccessKind, Role
from meetings.models import AccessEntry, Person, Tenure
from meetings.queries.visibility import administers

LOGINS = (AccessKind.LOGIN, AccessKind.LOGIN_FAILED, AccessKind.LOCKED, AccessKind.LOGOUT)


def audited(person: Any, on: date | None = None) -> set[int | None]:
    """The conferences whose logs this person audits; None among them stands for all."""
    held = person.tenures_in_force(on) if isinstance(person, Person) else []
    return {tenure.post.conference_id for tenure in held if tenure.post.role == Role.AUDITOR}


def people_of(conferences: set[int | None]) -> QuerySet[Any]:
    """The ids of whoever holds, or ever held, a post in one of these conferences."""
    return Tenure.objects.filter(post__conference__in=conferences - {None}).values("person")


def seen_accesses(person: Any) -> QuerySet[AccessEntry]:
    """The entries that this person may read.

    What belongs to no conference (a login, a list across several) is read by the auditors of each conference that the
    person serves. Administrators read logins alone: nothing in them tells of a record.
    """
    audits, keeps = audited(person), administers(person)
    rows: QuerySet[AccessEntry] = AccessEntry.objects.all()
    if None in audits:
        return rows
    seen = Q(pk__in=[])
    if audits:
        seen |= Q(conference__in=audits) | Q(conference=None, person__in=people_of(audits))
    if None in keeps:
        seen |= Q(kind__in=LOGINS)
    elif keeps:
        seen |= Q(kind__in=LOGINS, person__in=people_of(keeps))
    return rows.filter(seen)
