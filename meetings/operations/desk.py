"""Records when a person looks at the home page, so that it can show what has happened since the visit before."""

from datetime import datetime, timedelta

from meetings import clock
from meetings.models import DeskVisit, Person

VISIT_ENDS_AFTER = timedelta(hours=1)  # a later look is a new visit
NOTED_EVERY = timedelta(minutes=1)  # who looks more often changes nothing


def note_visit(person: Person) -> datetime | None:
    """Note that the person looks at the home page now; return when the visit before ended, None for the first."""
    now = clock.now()
    visit, created = DeskVisit.objects.get_or_create(person=person, defaults={"last": now, "before": now})
    if created:
        return None
    if now - visit.last > VISIT_ENDS_AFTER:
        DeskVisit.objects.filter(pk=visit.pk).update(before=visit.last, last=now)
        return visit.last
    if now - visit.last > NOTED_EVERY:
        DeskVisit.objects.filter(pk=visit.pk).update(last=now)
    return visit.before
