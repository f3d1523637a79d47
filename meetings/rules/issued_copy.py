"""What is put away when minutes are issued, so that they read the same whatever becomes of the rows later.

Key concepts
- `freeze(minutes)`: the whole content as approved, with the names of the day; `meetings.queries.issued_copy` reads it.
"""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from meetings import clock
from meetings.models import Attachment, Minutes, Resolution
from meetings.queries.meeting import agenda, attendees
from meetings.queries.minutes import rows_settled
from meetings.rules.seal import content

PUBLIC = ("title", "text", "deadline", "parts")  # what the public reads of a resolution


def freeze(minutes: Minutes) -> dict[str, Any]:
    """The content that the approvals cover, and how it read on this day; call it when the minutes are issued."""
    covered = content(minutes)
    rows = zip(rows_settled(minutes), covered["resolutions"], strict=True)
    before = _before(minutes)
    frozen = {
        "content": covered,
        "at": clock.now(),
        "agenda": [[item.kind, item.side, item.title, item.speaker] for item in agenda(minutes.meeting)],
        "attendance": [who.title for who in attendees(minutes.meeting)],
        "files": _files(minutes.attachments.filter(removed_at=None, is_scan=False).order_by("pk")),
        "resolutions": [_resolution(row, said, before.get(row.amends_id or row.pk)) for row, said in rows],
    }
    plain: dict[str, Any] = _plain(frozen)
    return plain


def _plain(value: Any) -> Any:
    """As it comes back from the database: texts in the place of days and times."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def _before(minutes: Minutes) -> dict[int, dict[str, Any]]:
    """The resolutions as the corrected minutes tell of them, with what they said, by their keys."""
    told = minutes.corrects.frozen if minutes.corrects else None
    if not told:
        return {}
    pairs = zip(told["resolutions"], told["content"]["resolutions"], strict=True)
    return {row["pk"]: {**row, "said": said} for row, said in pairs}


def _resolution(row: Resolution, said: dict[str, Any], before: dict[str, Any] | None) -> dict[str, Any]:
    now = _plain(said)
    reworded = before is not None and any(now[name] != before["said"][name] for name in PUBLIC)
    return {
        "pk": row.amends_id or row.pk,
        "agenda_item": row.agenda_item.title if row.agenda_item else "",
        "parts": [[part.role, part.name or part.department.name, part.task] for part in row.parts.all()],
        "continues": row.continues.title if row.continues else "",
        "files": _files(row.attachments.all()),
        # When a correction last changed what the public reads: a release from before is older.
        "reworded_at": clock.now() if reworded else (before or {}).get("reworded_at"),
    }


def _files(rows: Any) -> list[dict[str, Any]]:
    found: list[Attachment] = list(rows)
    return [{"pk": row.pk, "name": row.name, "sha256": row.sha256} for row in found]
