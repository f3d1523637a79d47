"""What stands in the database after the web process was killed: every acknowledged write, and nothing done by halves.

`python -m tests.crash.audit JOURNAL` prints what is wrong, a line each. The journal has a line of JSON for each write
that was answered.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django


def missing(line: dict[str, Any]) -> Iterator[str]:
    """Say what an acknowledged write left out."""
    from meetings.models import Minutes, ProgressReport, Topic
    from publicity.enums import ReleaseKind
    from publicity.models import Release

    data, pk = line["data"], line["pk"]
    stands = {
        "propose": lambda: Topic.objects.filter(title=data["title"]).count() == 1,
        "submit": lambda: Topic.objects.filter(pk=pk, state="submitted").exists(),
        "report": lambda: ProgressReport.objects.filter(text=data["text"], part__resolution=pk).count() == 1,
        "approve": lambda: Minutes.objects.get(pk=pk).approvals.filter(person=line["person"]).count() == 1,
        "issue": lambda: Minutes.objects.filter(pk=pk, state="issued").exists(),
        "withdraw": lambda: Release.objects.filter(resolution=pk, kind=ReleaseKind.WITHDRAWAL).count() == 1,
    }
    if not stands[line["what"]]():
        yield f"acknowledged and lost: {line}"


def told(record: Any, action: str) -> int:
    """How often the log tells of an action on a record."""
    from meetings.models import RecordLogEntry

    return RecordLogEntry.objects.get_for_instance(record).filter(action=action).count()


def halves() -> Iterator[str]:
    """Say where a state, its rows and its log entries do not fit one another."""
    yield from _topics()
    yield from _minutes()
    yield from _resolutions()


def _unequal(what: Any, **parts: int) -> Iterator[str]:
    if len(set(parts.values())) > 1:
        yield f"{what} was done by halves: {parts}"


def _topics() -> Iterator[str]:
    from meetings.models import Topic

    for row in Topic.objects.filter(title__contains="号议题"):
        yield from _unequal(row, rows=1, told=told(row, "meetings.topic.create"))
        submitted = row.state == "submitted"
        yield from _unequal(row, state=int(submitted), day=int(row.submitted_on is not None))
        yield from _unequal(row, state=int(submitted), told=told(row, "meetings.topic.submit"))


def _minutes() -> Iterator[str]:
    from meetings.models import Minutes
    from meetings.rules.seal import seal_broken

    serials = []
    for row in Minutes.objects.all():
        given = row.approvals.filter(voided_at=None).count()
        yield from _unequal(row, approvals=given, told=told(row, "meetings.minutes.approve"))
        yield from _unequal(row, complete=int(given == 2), state=int(row.state in {"approved", "issued"}))
        issued = int(row.state == "issued")
        yield from _unequal(
            row, issued=issued, told=told(row, "meetings.minutes.issue"), numbered=int(bool(row.number))
        )
        for item in row.resolutions.all():
            settled = int(item.state != "drafted")
            yield from _unequal(item, issued=issued, settled=settled, told=told(item, "meetings.resolution.adopt"))
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
        created = sum(told(report, "meetings.progressreport.create") for report in reports)
        yield from _unequal(row, reports=len(reports), created=created, told=told(row, "meetings.resolution.report"))
        kinds = Counter(Release.objects.filter(resolution=row).values_list("kind", flat=True))
        for kind, action in (("release", "release"), ("withdrawal", "withdraw")):
            yield from _unequal(row, rows=kinds[kind], told=told(row, f"publicity.{action}"))


def main(journal: Path) -> None:
    """Print what is wrong."""
    django.setup()
    from search.engines.selection import engine
    from search.index_maintenance import differences

    for line in map(json.loads, journal.read_text().splitlines()):
        print(*missing(line), sep="\n", end="")  # noqa: T201
    for fault in (*halves(), *differences(), *engine().faults(), *shown(), *_elasticsearch(), *shown()):
        print(fault)  # noqa: T201


def shown() -> Iterator[str]:
    """Say which withdrawn resolution everyone still finds by its title, from either index and whatever waits."""
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
    """Bring what waits; yield each document of which the index then differs."""
    from search.engines.elasticsearch import client, index_build, outbox_worker
    from search.models import SearchIndex

    if client.configured():
        name = SearchIndex.objects.get(ready=True).name
        outbox_worker.deliver(refresh=True)
        client.client(30).indices.refresh(index=name)
        yield from index_build.differences(name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
