"""Attachments of records: all rows of a conference name one small stored file."""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256

from django.core.files.base import ContentFile

from benchmarks.city.meetings import Sitting
from benchmarks.city.minutes import Item
from benchmarks.city.office import Office
from benchmarks.city.rows import Chance, insert, moment
from meetings.models import Attachment, Meeting, ProgressReport, Topic
from meetings.models.attachment import private_storage, stored_name

MATERIALS = 2  # files of a meeting
STUDIED, PROVED = 0.5, 0.4  # shares of the topics, and of the reports on the way, that have a file


def make_files(office: Office, sittings: Iterable[Sitting], items: Iterable[Item], chance: Chance) -> None:
    """Write the attachments of meetings, topics and reports on the way; those of sealed content are under its hash."""
    make = _Files(office).row
    rows: list[Attachment] = []
    for each in sittings:
        rows += [make(each.day, f"会议材料{number + 1}.txt", meeting=each.meeting) for number in range(MATERIALS)]
        rows += [make(each.day, "调研报告.txt", topic=topic) for topic in each.topics if chance.happens(STUDIED)]
    resolutions = [item.resolution.pk for item in items]
    for report in ProgressReport.objects.filter(part__resolution__in=resolutions, claims_done=False).order_by("pk"):
        if chance.happens(PROVED):
            rows.append(make(report.on, "佐证材料.txt", report=report))
    insert(rows)


class _Files:
    """Makes rows that name the stored file of the conference."""

    def __init__(self, office: Office) -> None:
        self._office, self._content = office, f"{office.conference.name}材料\n".encode()
        row = Attachment(conference=office.conference)
        self._file = private_storage().save(stored_name(row, "材料.txt"), ContentFile(self._content))
        self._digest = sha256(self._content).hexdigest()

    def row(self, day: date, name: str, **target: Meeting | Topic | ProgressReport) -> Attachment:
        return Attachment(
            **target,
            conference=self._office.conference,
            file=self._file,
            name=name,
            sha256=self._digest,
            type="text/plain",
            size=len(self._content),
            uploaded_by=self._office.person("gov_clerk"),
            uploaded_at=moment(day),
        )
