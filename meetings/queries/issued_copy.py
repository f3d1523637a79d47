"""The content of issued minutes as it was approved, read back from where it was put away at the issue.

Key concepts
- `Minutes.frozen`: `content` (what the hash covers, see `meetings.rules.seal`), and beside it what only tells how it
  read that day: the names of the departments, the attendance as printed, the agenda, the keys of the files.
- `settled(minutes)`, `attendance(minutes)`, `files(minutes)`: the parts of the document, as rows that nobody saves.
- `resolution_pks(minutes)`: the resolutions that these minutes settled; they keep their keys through corrections.
- `reworded_at(resolution)`: when a correction last changed what the public reads of it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from meetings.models import Attachment, Attendance, Minutes, Resolution


def resolution_pks(minutes: Minutes) -> list[int]:
    """The keys of the resolutions that the minutes settled; none while they are not issued."""
    return [row["pk"] for row in minutes.frozen["resolutions"]] if minutes.frozen else []


def reworded_at(resolution: Resolution) -> datetime | None:
    """When a correction last changed its words, deadline or departments; None if none did."""
    frozen = resolution.minutes.frozen or {"resolutions": []}
    told = next((row.get("reworded_at") for row in frozen["resolutions"] if row["pk"] == resolution.pk), None)
    return datetime.fromisoformat(told) if told else None


def file_pks(minutes: Minutes) -> dict[int, str]:
    """The files that the minutes covered, with the checksum that each had."""
    frozen = minutes.frozen or {"files": [], "resolutions": []}
    named = [*frozen["files"], *(file for row in frozen["resolutions"] for file in row["files"])]
    return {file["pk"]: file["sha256"] for file in named}


def files(rows: list[dict[str, Any]]) -> list[Attachment]:
    """Files as they were attached."""
    return [Attachment(pk=row["pk"], name=row["name"], sha256=row["sha256"]) for row in rows]


@dataclass(frozen=True)
class Told:
    """A resolution as a document tells of it: with its departments (role, name, task), files, and what it continues."""

    resolution: Resolution
    parts: list[tuple[str, str, str]]
    files: list[Attachment]
    continues: str = ""

    def names(self, role: str) -> str:
        """The departments with this part."""
        return "、".join(name for part, name, _task in self.parts if part == role)


def settled(minutes: Minutes) -> list[Told]:
    """Each resolution as it was approved."""
    frozen = minutes.frozen or {"content": {"resolutions": []}, "resolutions": []}
    pairs = zip(frozen["content"]["resolutions"], frozen["resolutions"], strict=True)
    return [
        Told(
            _resolution(content, told),
            [(role, name, task) for role, name, task in told["parts"]],
            files(told["files"]),
            told["continues"],
        )
        for content, told in pairs
    ]


def _resolution(content: dict[str, Any], told: dict[str, Any]) -> Resolution:
    kind, words, day = content["deadline"]
    disclosure, reason = content["disclosure"]
    return Resolution(
        pk=told["pk"],
        order=content["order"],
        title=content["title"],
        text=content["text"],
        amount=None if content["amount"] is None else Decimal(content["amount"]),
        deadline_kind=kind,
        deadline_text=words,
        deadline=date.fromisoformat(day) if day else None,
        disclosure=disclosure,
        disclosure_reason=reason,
    )


def attendance(minutes: Minutes) -> list[Attendance]:
    """Who attended, as it was approved; a department that nobody stood for bears its name of that day."""
    frozen = minutes.frozen or {"content": {"attendance": []}, "attendance": []}
    return [
        Attendance(
            title=shown,
            name=name,
            status=status,
            delegate_title=delegate_title,
            delegate_name=delegate_name,
            side=side,
        )
        for (_title, name, status, delegate_title, delegate_name, side), shown in zip(
            frozen["content"]["attendance"], frozen["attendance"], strict=True
        )
    ]
