"""The audit log of the records and the access log."""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from benchmarks.city.meetings import Sitting
from benchmarks.city.minutes import Item
from benchmarks.city.office import BEGIN, Office
from benchmarks.city.rows import Chance, insert, moment
from benchmarks.city.size import LAST_DAY, Size
from meetings.enums import AccessKind
from meetings.models import AccessEntry, RecordLogEntry

ACTIONS = {"meeting": ("create", "edit", "settle", "notify", "hold"), "resolution": ("edit", "assign", "report")}
ADDRESS = "10.20.30.40"


def make_logs(office: Office, sittings: list[Sitting], items: list[Item], size: Size, chance: Chance) -> None:
    """Write entries about meetings and resolutions, in the order of their days, and as many accesses."""
    records: list[Model] = [*(each.meeting for each in sittings), *(item.resolution for item in items)]
    days = (LAST_DAY - BEGIN).days
    people = [tenure.person for tenure in (*office.tenures.values(), *office.liaisons.values())]
    entries, accesses = [], []
    for number in range(size.log_entries):
        at = moment(BEGIN + timedelta(days=days * number // size.log_entries), chance.randint(8, 17))
        record = records[len(records) * number // size.log_entries]
        name, person = str(record._meta.model_name), chance.choice(people)
        entries.append(
            RecordLogEntry(
                content_type=ContentType.objects.get_for_model(record),
                object_id=str(record.pk),
                label=str(record)[:200],
                action=f"meetings.{name}.{chance.choice(ACTIONS[name])}",
                timestamp=at,
                user=person,
                conference=office.conference,
                address=ADDRESS,
                data={},
            )
        )
        accesses.append(
            AccessEntry(
                kind=chance.choice((AccessKind.LOGIN, AccessKind.EXPORT, AccessKind.DOWNLOAD)),
                person=person,
                login=person.username,
                conference=office.conference,
                what="议定事项台账",
                path="/admin/",
                address=ADDRESS,
                at=at,
            )
        )
    insert(entries)
    insert(accesses)
