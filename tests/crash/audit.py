"""Check the database after a crash: every acknowledged write is there, and no write was done in part.

`python -m tests.crash.audit JOURNAL` prints one line per fault. The journal has a line of JSON for each write that was
acknowledged by a response.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django


def lost_writes(write: dict[str, Any]) -> Iterator[str]:
    """Yield a message if an acknowledged write is not in the database."""
    from meetings.models import Minutes, ProgressReport, Topic
    from publicity.enums import ReleaseKind
    from publicity.models import Release

    data, pk = write["data"], write["pk"]
    checks = {
        "propose": lambda: Topic.objects.filter(title=data["title"]).count() == 1,
        "submit": lambda: Topic.objects.filter(pk=pk, state="submitted").exists(),
        "report": lambda: ProgressReport.objects.filter(text=data["text"], part__resolution=pk).count() == 1,
        "approve": lambda: Minutes.objects.get(pk=pk).approvals.filter(person=write["person"]).count() == 1,
        "issue": lambda: Minutes.objects.filter(pk=pk, state="issued").exists(),
        "withdraw": lambda: Release.objects.filter(resolution=pk, kind=ReleaseKind.WITHDRAWAL).count() == 1,
    }
    if not checks[write["what"]]():
        yield f"acknowledged and lost: {write}"


def log_count(record: Any, action: str) -> int:
    """Return the number of log entries for an action on a record."""
    from meetings.models import RecordLogEntry

    return RecordLogEntry.objects.get_for_instance(record).filter(action=action).count()


def inconsistencies() -> Iterator[str]:
    """Yield records whose state, rows and log entries are not consistent."""
    yield from _topics()
    yield from _minutes()
    yield from _resolutions()


def _unequal(what: Any, **parts: int) -> Iterator[str]:
    if len(set(parts.values())) > 1:
        yield f"{what} was done by halves: {parts}"


def _topics() -> Iterator[str]:
    from meetings.models import Topic

    for row in Topic.objects.filter(title__contains="号议题"):
        yield from _unequal(row, rows=1, logged=log_count(row, "meetings.topic.create"))
        submitted = row.state == "submitted"
        yield from _unequal(row, state=int(submitted), day=int(row.submitted_on is not None))
        yield from _unequal(row, state=int(submitted), logged=log_count(row, "meetings.topic.submit"))


def _minutes() -> Iterator[str]:
    from meetings.models import Minutes
    from meetings.rules.seal import seal_broken

    serials = []
    for row in Minutes.objects.all():
        given = row.approvals.filter(voided_at=None).count()
        yield from _unequal(row, approvals=given, logged=log_count(row, "meetings.minutes.approve"))
        yield from _unequal(row, complete=int(given == 2), state=int(row.state in {"approved", "issued"}))
        issued = int(row.state == "issued")
        yield from _unequal(
            row, issued=issued, logged=log_count(row, "meetings.minutes.issue"), numbered=int(bool(row.number))
        )
        for item in row.resolutions.all():
            settled = int(item.state != "drafted")
            yield from _unequal(
                item, issued=issued, settled=settled, logged=log_count(item, "meetings.resolution.adopt")
            )
        if row.hash and seal_broken(row):
            yield f"{row}: the seal is broken"
        serials += [row.serial] if row.serial else []
    if sorted(serials) != list(range(1, len(serials) + 1)):
        yield f"numbers with a gap or a double: {serials}"


def _resolutions() -> Iterator[str]:
    from meetings.models import ProgressReport, Resolution
    from publicity.models import Release

    for row in Resolution.objects.all():
        reports = ProgressReport.objects.filter(part__resolution=row)
        created = sum(log_count(report, "meetings.progressreport.create") for report in reports)
        yield from _unequal(
            row, reports=len(reports), created=created, logged=log_count(row, "meetings.resolution.report")
        )
        kinds = Counter(Release.objects.filter(resolution=row).values_list("kind", flat=True))
        for kind, action in (("release", "release"), ("withdrawal", "withdraw")):
            yield from _unequal(row, rows=kinds[kind], logged=log_count(row, f"publicity.{action}"))


def main(journal: Path) -> None:
    """Print the faults."""
    django.setup()
    from search.engines.selection import engine
    from search.index_maintenance import differences

    for write in map(json.loads, journal.read_text().splitlines()):
        print(*lost_writes(write), sep="\n", end="")  # noqa: T201
    for fault in (
        *inconsistencies(),
        *differences(),
        *engine().faults(),
        *search_faults(),
        *_elasticsearch(),
        *search_faults(),
    ):
        print(fault)  # noqa: T201


def search_faults() -> Iterator[str]:
    """Yield withdrawn resolutions that the public search finds by title, and released ones that it does not find.

    Both indexes are checked, also while changes wait in the outbox.
    """
    from publicity.enums import ReleaseKind
    from publicity.models import Release
    from search.engines.elasticsearch import client
    from search.engines.elasticsearch.engine import ElasticsearchEngine
    from search.engines.selection import engine
    from search.query import Query
    from search.reader import public_reader

    asked = [engine(), *([ElasticsearchEngine(30.0)] if client.configured() else [])]
    last = {row.resolution_id: row for row in Release.objects.select_related("resolution").order_by("pk")}
    for pk, row in last.items():
        query = Query(text=f'"{row.resolution.title}"', reader=public_reader(), page_size=1000)
        for each in asked:
            found = f"release:{pk}" in {hit.key for hit in each.search(query).hits}
            if found != (row.kind == ReleaseKind.RELEASE):
                yield f"{type(each).__name__}: {row.resolution} is {'shown' if found else 'not found'}"


def _elasticsearch() -> Iterator[Any]:
    """Deliver the waiting changes to Elasticsearch; yield each document in which the index then differs."""
    from search.engines.elasticsearch import client, index_build, outbox_worker
    from search.models import SearchIndex

    if client.configured():
        name = SearchIndex.objects.get(ready=True).name
        outbox_worker.deliver(refresh=True)
        client.client(30).indices.refresh(index=name)
        yield from index_build.differences(name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
