"""The lines of the home page that come from the publicity."""

from meetings.admin.core.work import WorkLine, work_lines
from meetings.models import Person
from meetings.rules.addressees import work_of
from tests.meetings.work import refresh_work


def asked_to_confirm(person: Person) -> int:
    """Return how many proposed stages wait for the person's confirmation."""
    refresh_work()
    return work_of(Person.objects.get(pk=person.pk)).filter(action="resolution.confirm_stage").count()


def publicity_lines(person: Person) -> list[WorkLine]:
    """Return what the publicity has for the person; the tasks are computed anew, as some tests write rows directly."""
    refresh_work()
    items = work_of(Person.objects.get(pk=person.pk)).filter(source__startswith="publicity.")
    return work_lines(items.select_related("conference__section", "department", "person"))
