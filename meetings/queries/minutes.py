"""Queries of minutes: the parts of the document, corrections, and minutes with a content hash.

- `document(minutes)`: everything that an approver reads, in order; a fixed number of queries. Issued minutes are read
  from their stored copy, as they were approved, whatever happened to the rows since.
- `minutes_of(meeting)`: the minutes in force: the latest issued correction, else the first ones.
- `all_minutes_of(meeting)`: the first minutes and all corrections.
- `unissued_minutes_of(meeting)`: the minutes in preparation, a first draft or a correction.
- `corrected_by(minutes)`: the issued correction that replaced these minutes.
- `sealed_minutes()`: all minutes with a content hash.
"""

import re
from dataclasses import dataclass, field

from django.db.models import F, Prefetch, QuerySet
from django.db.models.functions import Coalesce

from meetings.enums import ApprovalStep, MinutesState, PartRole
from meetings.models import Approval, Attachment, Attendance, Meeting, Minutes, Resolution, ResolutionPart
from meetings.models.resolution_fields import PrintedTerm, printed_terms
from meetings.queries import issued_copy
from meetings.queries.approval import with_signers
from meetings.queries.meeting import Attendee, Roll, roll, roll_of

# A paragraph of the body that begins with one of these labels and a colon, i.e. lists that part of the attendance.
ATTENDANCE_PARAGRAPH = re.compile(
    r"<(?:p|li|h[23])\b[^>]*>(?:\s|<[^>]+>)*(出席|请假|列席)(?:会议)?(?:人员|领导|名单)?(?:\s|<[^>]+>)*[：:]"
)
# A draft row of a correction sorts at the position of the resolution that it amends.
DOCUMENT_ORDER = ("order", Coalesce(F("amends"), F("pk")))


def minutes_of(meeting: Meeting) -> Minutes | None:
    """Return the minutes in force, if any were drafted: the latest issued correction, else the first ones."""
    rows = [row for row in all_minutes_of(meeting) if row.corrects_id is None or row.state == MinutesState.ISSUED]
    return rows[-1] if rows else None


def issued_minutes_of(meeting: Meeting) -> Minutes | None:
    """Return the issued minutes in force, if any."""
    rows = [row for row in all_minutes_of(meeting) if row.state == MinutesState.ISSUED]
    return rows[-1] if rows else None


def unissued_minutes_of(meeting: Meeting) -> Minutes | None:
    """Return the minutes in preparation: a first draft or a correction; at most one per meeting."""
    rows = [row for row in all_minutes_of(meeting) if row.state != MinutesState.ISSUED]
    return rows[-1] if rows else None


def attendance_is_closed(meeting: Meeting) -> bool:
    """Return whether attendance and notes can no longer change, because the minutes that contain them are issued.

    They can change again while a correction is in preparation.
    """
    states = {row.state for row in all_minutes_of(meeting)}
    return bool(states) and states == {MinutesState.ISSUED}


def all_minutes_of(meeting: Meeting) -> list[Minutes]:
    """Return all minutes of a meeting: the first ones, then each correction; no query if they were prefetched."""
    return sorted(meeting.minutes.all(), key=lambda row: row.pk)


def corrected_by(minutes: Minutes) -> Minutes | None:
    """Return the issued correction that replaced these minutes, if any."""
    return minutes.corrections.filter(state=MinutesState.ISSUED).first()


def sealed_minutes() -> QuerySet[Minutes]:
    """Return all minutes with a content hash, in order of their meetings."""
    rows = Minutes.objects.exclude(hash="").select_related("meeting__conference")
    return rows.order_by("meeting__time", "pk")


@dataclass(frozen=True)
class NumberedResolution:
    """A numbered resolution as the document prints it."""

    number: int
    resolution: Resolution
    lead: str
    co: str
    files: list[Attachment]
    tasks: list[tuple[str, str]] = field(default_factory=list)  # (department, task), only of those with a separate task
    continues: str = ""

    @property
    def terms(self) -> list[PrintedTerm]:
        """Amount and further values that are printed under their names; the text of an empty value is empty."""
        return printed_terms(self.resolution)


@dataclass(frozen=True)
class Document:
    """The parts of minutes in the order in which they are read."""

    minutes: Minutes
    title: str
    number: str
    body: str
    resolutions: list[NumberedResolution]
    roll: Roll
    files: list[Attachment]
    approvals: list[Approval]
    voided: list[Approval]
    corrects: Minutes | None = None
    corrected_by: Minutes | None = None

    @property
    def roll_without_listed(self) -> Roll:
        """The roll without the lists that the body already contains, so that nobody is printed twice."""
        listed = set(ATTENDANCE_PARAGRAPH.findall(self.body))
        labels = {"present": "出席", "leave": "请假", "observers": "列席"}
        return Roll(**{name: [] if label in listed else getattr(self.roll, name) for name, label in labels.items()})


def resolutions_in_order(minutes: Minutes) -> list[Resolution]:
    """Return the resolutions of the minutes in order, with agenda item, departments (lead first) and files."""
    parts = ResolutionPart.objects.select_related("department").order_by("-role", "pk")
    files = Attachment.objects.filter(removed_at=None)
    rows = (
        Resolution.objects.filter(minutes=minutes).select_related("agenda_item", "continues").order_by(*DOCUMENT_ORDER)
    )
    return list(rows.prefetch_related(Prefetch("parts", queryset=parts), Prefetch("attachments", queryset=files)))


def _numbered_resolutions(minutes: Minutes) -> list[NumberedResolution]:
    found = issued_copy.issued_resolutions(minutes) if minutes.frozen else map(_content, resolutions_in_order(minutes))
    return [
        NumberedResolution(
            number=number,
            resolution=row.resolution,
            lead=row.department_names(PartRole.LEAD),
            co=row.department_names(PartRole.CO),
            files=row.files,
            tasks=[(name, task) for _role, name, task in row.parts if task],
            continues=row.continues,
        )
        for number, row in enumerate(found, 1)
    ]


def _content(row: Resolution) -> issued_copy.ResolutionContent:
    parts = [(part.role, part.name or part.department.name, part.task) for part in row.parts.all()]
    return issued_copy.ResolutionContent(
        row, parts, list(row.attachments.all()), row.continues.title if row.continues else ""
    )


def _as_approved(row: Attendance) -> Attendee:
    return Attendee(row, row.name, row.title)


def _roll(minutes: Minutes) -> Roll:
    if minutes.frozen:
        return roll_of(_as_approved(row) for row in issued_copy.attendance(minutes))
    return roll(minutes.meeting)


def _files(minutes: Minutes) -> list[Attachment]:
    if minutes.frozen:
        return issued_copy.files(minutes.frozen["files"])
    return list(minutes.attachments.filter(removed_at=None, is_scan=False))


def document(minutes: Minutes) -> Document:
    """Return the document with its resolutions, attendance, files and approvals, valid and voided."""
    approvals = list(with_signers(minutes.approvals.filter(step=ApprovalStep.APPROVE_MINUTES)))
    return Document(
        minutes=minutes,
        title=minutes.title,
        number=minutes.number,
        body=minutes.body,
        resolutions=_numbered_resolutions(minutes),
        roll=_roll(minutes),
        files=_files(minutes),
        approvals=[row for row in approvals if row.voided_at is None],
        voided=[row for row in approvals if row.voided_at is not None],
        corrects=minutes.corrects,
        corrected_by=corrected_by(minutes),
    )
