"""Who may read the logs: auditors read those of their conferences, administrators read logins and lockouts.

- `audited(person)`: the conferences whose logs a person audits; None among them means all.
- `seen_accesses(person)`: the entries of the access log that a person may read; leaders and clerks read none.
"""

from datetime import date

from django.db.models import Q, QuerySet

from meetings.enums import AccessKind, Role
from meetings.models import AccessEntry, Person, Tenure
from meetings.models.people import AnyUser
from meetings.queries.visibility import administers

LOGINS = (AccessKind.LOGIN, AccessKind.LOGIN_FAILED, AccessKind.LOCKED, AccessKind.LOGOUT)


def audited(person: AnyUser, on: date | None = None) -> set[int | None]:
    """Return the ids of the conferences whose logs the person audits on a day (default today); None means all."""
    held = person.tenures_in_force(on) if isinstance(person, Person) else []
    return {tenure.post.conference_id for tenure in held if tenure.post.role == Role.AUDITOR}


def people_of(conferences: set[int | None]) -> QuerySet[Person]:
    """Return all people who hold, or ever held, a post in one of these conferences."""
    held = Tenure.objects.filter(post__conference__in=conferences - {None})
    return Person.objects.filter(pk__in=held.values("person"))


def seen_accesses(person: AnyUser) -> QuerySet[AccessEntry]:
    """Return the entries that the person may read.

    An entry without a conference (a login, a list across several) is readable for the auditors of each conference in
    which its person holds, or ever held, a post. Administrators read only the entries about logins, which contain
    nothing about records.
    """
    audits, administered = audited(person), administers(person)
    rows: QuerySet[AccessEntry] = AccessEntry.objects.all()
    if None in audits:
        return rows
    seen = Q(pk__in=[])
    if audits:
        seen |= Q(conference__in=audits) | Q(conference=None, person__in=people_of(audits))
    if None in administered:
        seen |= Q(kind__in=LOGINS)
    elif administered:
        seen |= Q(kind__in=LOGINS, person__in=people_of(administered))
    return rows.filter(seen)
