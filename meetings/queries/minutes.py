"""Reads of minutes: the parts of the document, who approved what, which are in force, and the sealed ones.

Key concepts
- `document(minutes)`: everything that an approver reads, in order; a fixed number of queries. Issued minutes read as
  they were approved, whatever became of the rows since.
- `minutes_of(meeting)`: the minutes in force: the latest issued correction, else the first ones. `chain(meeting)`: all.
- `at_work(meeting)`: those that are still written, a first draft or a correction.
- `corrected_by(minutes)`: the minutes that took their place.
- `sealed()`: all that bear a seal.
"""

import re
from dataclasses import dataclass, field

from django.db.models import F, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from meetings.enums import ApprovalStep, MinutesState, PartRole
from meetings.models import Approval, Attachment, Attendance, Meeting, Minutes, Resolution, ResolutionPart
from meetings.queries import issued_copy
from meetings.queries.approval import shown
from meetings.queries.meeting import Attendee, Roll, called, roll

# A paragraph of the text that begins with one of these words and a colon.
LISTED = re.compile(
    r"<(?:p|li|h[23])\b[^>]*>(?:\s|<[^>]+>)*(出席|请假|列席)(?:会议)?(?:人员|领导|名单)?(?:\s|<[^>]+>)*[：:]"
)
# A drafted row of a correction stands where the one stands that it amends.
IN_ORDER = ("order", Coalesce(F("amends"), F("pk")))


def minutes_of(meeting: Meeting) -> Minutes | None:
    """The minutes in force, if any were drafted: the latest issued correction, else the first ones."""
    return meeting.minutes.filter(Q(corrects=None) | Q(state=MinutesState.ISSUED)).order_by("-pk").first()


def issued_minutes_of(meeting: Meeting) -> Minutes | None:
    """The issued minutes in force, if there are any."""
    return meeting.minutes.filter(state=MinutesState.ISSUED).order_by("-pk").first()


def at_work(meeting: Meeting) -> Minutes | None:
    """The minutes that are still written: a first draft, or a correction; at most one of a meeting."""
    return meeting.minutes.exclude(state=MinutesState.ISSUED).order_by("-pk").first()


def closed(meeting: Meeting) -> bool:
    """True once minutes are issued, unless a correction is written: attendance and notes are part of the record."""
    states = set(meeting.minutes.values_list("state", flat=True))
    return bool(states) and states == {MinutesState.ISSUED}


def chain(meeting: Meeting) -> QuerySet[Minutes]:
    """All minutes of a meeting: the first ones, then each correction."""
    return meeting.minutes.order_by("pk")


def corrected_by(minutes: Minutes) -> Minutes | None:
    """The issued correction that took the place of these minutes."""
    return minutes.corrections.filter(state=MinutesState.ISSUED).first()


def sealed() -> QuerySet[Minutes]:
    """All minutes that bear a seal, in order of their meetings."""
    rows = Minutes.objects.exclude(hash="").select_related("meeting__conference")
    return rows.order_by("meeting__time", "pk")


@dataclass(frozen=True)
class Settled:
    """A numbered resolution as the document shows it."""

    number: int
    resolution: Resolution
    lead: str
    co: str
    files: list[Attachment]
    tasks: list[tuple[str, str]] = field(default_factory=list)  # of each department, where they are written apart
    continues: str = ""


@dataclass(frozen=True)
class Document:
    """The parts of minutes in the order in which they are read."""

    minutes: Minutes
    title: str
    number: str
    body: str
    settled: list[Settled]
    roll: Roll
    files: list[Attachment]
    approvals: list[Approval]
    voided: list[Approval]
    corrects: Minutes | None = None
    corrected_by: Minutes | None = None

    @property
    def unlisted(self) -> Roll:
        """The roll without what the text lists itself: nobody is printed twice."""
        said = set(LISTED.findall(self.body))
        kept = {"present": "出席", "leave": "请假", "observers": "列席"}
        return Roll(**{name: [] if label in said else getattr(self.roll, name) for name, label in kept.items()})


def rows_settled(minutes: Minutes) -> list[Resolution]:
    """The resolutions of the minutes in order, with agenda item, departments (lead first) and files."""
    parts = ResolutionPart.objects.select_related("department").order_by("-role", "pk")
    files = Attachment.objects.filter(removed_at=None)
    rows = Resolution.objects.filter(minutes=minutes).select_related("agenda_item", "continues").order_by(*IN_ORDER)
    return list(rows.prefetch_related(Prefetch("parts", queryset=parts), Prefetch("attachments", queryset=files)))


def _settled(minutes: Minutes) -> list[Settled]:
    found = issued_copy.settled(minutes) if minutes.frozen else map(_told, rows_settled(minutes))
    return [
        Settled(
            number=number,
            resolution=row.resolution,
            lead=row.names(PartRole.LEAD),
            co=row.names(PartRole.CO),
            files=row.files,
            tasks=[(name, task) for _role, name, task in row.parts if task],
            continues=row.continues,
        )
        for number, row in enumerate(found, 1)
    ]


def _told(row: Resolution) -> issued_copy.Told:
    parts = [(part.role, part.name or part.department.name, part.task) for part in row.parts.all()]
    return issued_copy.Told(row, parts, list(row.attachments.all()), row.continues.title if row.continues else "")


def _as_approved(row: Attendance) -> Attendee:
    return Attendee(row, row.name, row.title)


def _roll(minutes: Minutes) -> Roll:
    if minutes.frozen:
        return called(_as_approved(row) for row in issued_copy.attendance(minutes))
    return roll(minutes.meeting)


def _files(minutes: Minutes) -> list[Attachment]:
    if minutes.frozen:
        return issued_copy.files(minutes.frozen["files"])
    return list(minutes.attachments.filter(removed_at=None, is_scan=False))


def document(minutes: Minutes) -> Document:
    """The document with its resolutions, attendance, files and approvals, valid and voided."""
    given = list(shown(minutes.approvals.filter(step=ApprovalStep.APPROVE_MINUTES)))
    return Document(
        minutes=minutes,
        title=minutes.title,
        number=minutes.number,
        body=minutes.body,
        settled=_settled(minutes),
        roll=_roll(minutes),
        files=_files(minutes),
        approvals=[row for row in given if row.voided_at is None],
        voided=[row for row in given if row.voided_at is not None],
        corrects=minutes.corrects,
        corrected_by=corrected_by(minutes),
    )
