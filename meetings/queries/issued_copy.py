"""Reads the copy of the approved content that is stored with issued minutes.

- `Minutes.frozen` (JSON): `content` is what the hash covers, see `meetings.rules.seal`. The other keys hold values that
  are only displayed: the names of the departments, the attendance as printed, the agenda, the keys of the files.
- `issued_resolutions(minutes)`, `attendance(minutes)`, `files(rows)`: the parts of the document as unsaved model
  instances, which must not be saved.
- `resolution_pks(minutes)`: the resolutions that these minutes adopted; they keep their keys through corrections.
- `reworded_at(resolution)`: when a correction last changed the publicly visible content of a resolution.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from meetings.models import Attachment, Attendance, Minutes, Resolution
from meetings.models.resolution_fields import from_sealed_values


def resolution_pks(minutes: Minutes) -> list[int]:
    """Return the primary keys of the resolutions that the minutes adopted; empty before the issue."""
    return [row["pk"] for row in minutes.frozen["resolutions"]] if minutes.frozen else []


def reworded_at(resolution: Resolution) -> datetime | None:
    """Return when a correction last changed the text, deadline or departments of the resolution; None if never."""
    issued_copy = resolution.minutes.frozen or {"resolutions": []}
    moment = next((row.get("reworded_at") for row in issued_copy["resolutions"] if row["pk"] == resolution.pk), None)
    return datetime.fromisoformat(moment) if moment else None


def file_pks(minutes: Minutes) -> dict[int, str]:
    """Return the primary keys of all files that the approval covered, with the checksum that each had."""
    issued_copy = minutes.frozen or {"files": [], "resolutions": []}
    rows = [*issued_copy["files"], *(file for row in issued_copy["resolutions"] for file in row["files"])]
    return {file["pk"]: file["sha256"] for file in rows}


def files(rows: list[dict[str, Any]]) -> list[Attachment]:
    """Return unsaved attachments for a list of files in the copy."""
    return [Attachment(pk=row["pk"], name=row["name"], sha256=row["sha256"]) for row in rows]


@dataclass(frozen=True)
class ResolutionContent:
    """A resolution with what a document prints: departments (role, name, task), files, title of the continued one."""

    resolution: Resolution
    parts: list[tuple[str, str, str]]
    files: list[Attachment]
    continues: str = ""

    def department_names(self, role: str) -> str:
        """Return the names of the departments with this role, separated by 、."""
        return "、".join(name for part, name, _task in self.parts if part == role)


def issued_resolutions(minutes: Minutes) -> list[ResolutionContent]:
    """Return the resolutions of issued minutes as they were approved."""
    issued_copy = minutes.frozen or {"content": {"resolutions": []}, "resolutions": []}
    pairs = zip(issued_copy["content"]["resolutions"], issued_copy["resolutions"], strict=True)
    return [
        ResolutionContent(
            _resolution(content, display),
            [(role, name, task) for role, name, task in display["parts"]],
            files(display["files"]),
            display["continues"],
        )
        for content, display in pairs
    ]


def _resolution(content: dict[str, Any], display: dict[str, Any]) -> Resolution:
    kind, deadline_text, day = content["deadline"]
    disclosure, reason = content["disclosure"]
    return Resolution(
        pk=display["pk"],
        **from_sealed_values(Resolution, content),
        deadline_kind=kind,
        deadline_text=deadline_text,
        deadline=date.fromisoformat(day) if day else None,
        disclosure=disclosure,
        disclosure_reason=reason,
    )


def attendance(minutes: Minutes) -> list[Attendance]:
    """Return the attendance of issued minutes as it was approved.

    A row without a person has the name of its department on that day as title.
    """
    issued_copy = minutes.frozen or {"content": {"attendance": []}, "attendance": []}
    return [
        Attendance(
            title=printed_title,
            name=name,
            status=status,
            delegate_title=delegate_title,
            delegate_name=delegate_name,
            side=side,
        )
        for (_title, name, status, delegate_title, delegate_name, side), printed_title in zip(
            issued_copy["content"]["attendance"], issued_copy["attendance"], strict=True
        )
    ]
