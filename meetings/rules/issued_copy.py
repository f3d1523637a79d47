"""The copy of minutes that is stored at their issue, so that later changes of the rows do not affect them.

`build_issued_copy(minutes)` returns the whole content as approved, with the names of the day.
`meetings.queries.issued_copy` reads it.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from meetings import clock
from meetings.models import Attachment, Minutes, Resolution
from meetings.queries.meeting import agenda, attendees
from meetings.queries.minutes import resolutions_in_order
from meetings.rules.seal import content

PUBLIC_KEYS = ("title", "text", "deadline", "parts")  # the keys of a resolution's content that the public can read


def build_issued_copy(minutes: Minutes) -> dict[str, Any]:
    """Return the content that the approvals cover and the texts printed on this day; call it at the issue."""
    covered = content(minutes)
    rows = zip(resolutions_in_order(minutes), covered["resolutions"], strict=True)
    before = _before(minutes)
    issued = {
        "content": covered,
        "at": clock.now(),
        "agenda": [[item.kind, item.side, item.title, item.speaker] for item in agenda(minutes.meeting)],
        "attendance": [who.title for who in attendees(minutes.meeting)],
        "files": _files(minutes.attachments.filter(removed_at=None, is_scan=False).order_by("pk")),
        "resolutions": [
            _resolution(row, covered_content, before.get(row.amends_id or row.pk)) for row, covered_content in rows
        ],
    }
    return _plain(issued)


def _plain(value: dict[str, object]) -> dict[str, Any]:
    """Return the value as a JSON field would return it, with strings for dates and times."""
    plain: dict[str, Any] = json.loads(json.dumps(value, cls=DjangoJSONEncoder))
    return plain


def _before(minutes: Minutes) -> dict[int, dict[str, Any]]:
    """Return the resolutions in the copy of the corrected minutes, with their content, by primary key."""
    corrected_copy = minutes.corrects.frozen if minutes.corrects else None
    if not corrected_copy:
        return {}
    pairs = zip(corrected_copy["resolutions"], corrected_copy["content"]["resolutions"], strict=True)
    return {row["pk"]: {**row, "said": covered_content} for row, covered_content in pairs}


def _resolution(row: Resolution, covered_content: dict[str, Any], before: dict[str, Any] | None) -> dict[str, Any]:
    now = _plain(covered_content)
    reworded = before is not None and any(now[name] != before["said"][name] for name in PUBLIC_KEYS)
    return {
        "pk": row.amends_id or row.pk,
        "agenda_item": row.agenda_item.title if row.agenda_item else "",
        "parts": [[part.role, part.name or part.department.name, part.task] for part in row.parts.all()],
        "continues": row.continues.title if row.continues else "",
        "files": _files(row.attachments.all()),
        # When a correction last changed the public content: an earlier release is outdated.
        "reworded_at": clock.now() if reworded else (before or {}).get("reworded_at"),
    }


def _files(rows: Iterable[Attachment]) -> list[dict[str, object]]:
    return [{"pk": row.pk, "name": row.name, "sha256": row.sha256} for row in rows]
