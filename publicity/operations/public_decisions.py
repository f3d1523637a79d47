"""What is public now, written from the releases: the only writer of `PublicDecision` and `PublicCount`.

- `decide(row)`: apply a new release or withdrawal; called in its transaction.
- `public_differences()`: where these tables and the releases differ.
- `repair_public()`: write both tables anew.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from meetings.write_lock import write_transaction
from publicity.enums import ReleaseKind
from publicity.models import PublicCount, PublicDecision, Release
from publicity.models.content import PublicContent

_CONTENT = tuple(field.attname for field in PublicContent._meta.local_fields)
_BATCH = 500
Cell = tuple[int, int, str]  # conference, year and stage


def deciding_releases() -> QuerySet[Release]:
    """Return, from the history alone, the release of each resolution that is public now: its latest row."""
    later = Release.objects.filter(resolution=OuterRef("resolution"), pk__gt=OuterRef("pk"))
    rows: QuerySet[Release] = Release.objects.filter(~Exists(later), kind=ReleaseKind.RELEASE)
    return rows.order_by("resolution")


def _decision_of(row: Release) -> PublicDecision:
    content = {name: getattr(row, name) for name in _CONTENT}
    return PublicDecision(resolution_id=row.resolution_id, release=row, **content)


def _cell(row: PublicContent | PublicCount) -> Cell:
    return row.conference_id, row.year, row.stage


def decide(row: Release) -> None:
    """Let the public read what a new row of the history says. The caller holds the transaction of the row."""
    before = PublicDecision.objects.filter(pk=row.resolution_id).first()
    cells = {_cell(before)} if before is not None else set()
    if row.kind == ReleaseKind.RELEASE:
        _decision_of(row).save()
        cells.add(_cell(row))
    elif before is not None:
        before.delete()
    _count_again(cells)


def _count_again(cells: Iterable[Cell]) -> None:
    for conference, year, stage in sorted(cells):
        cell: dict[str, Any] = {"conference_id": conference, "year": year, "stage": stage}
        number = PublicDecision.objects.filter(**cell).count()
        if number:
            PublicCount.objects.update_or_create(**cell, defaults={"number": number})
        else:
            PublicCount.objects.filter(**cell).delete()


def _counted() -> dict[Cell, int]:
    """Return the counts as the decisions say."""
    rows = PublicDecision.objects.order_by().values_list("conference", "year", "stage").annotate(Count("pk"))
    return {(conference, year, stage): number for conference, year, stage, number in rows}


def public_differences() -> Iterator[str]:
    """Yield a line for each decision and count that is missing, left over or not as the releases say."""
    shown = {row.pk: row for row in PublicDecision.objects.all().iterator(_BATCH)}
    for row in deciding_releases().iterator(_BATCH):
        decision = shown.pop(row.resolution_id, None)
        if decision is None:
            yield f"缺少：{row.number}"
        elif (decision.release_id, *_content(decision)) != (row.pk, *_content(row)):
            yield f"有变：{row.number}"
    yield from (f"多余：{decision.number}" for decision in shown.values())
    stored = {_cell(row): row.number for row in PublicCount.objects.all()}
    for conference, year, stage in sorted({cell for cell, _number in stored.items() ^ _counted().items()}):
        yield f"计数不符：会议 {conference}，{year} 年，{stage}"


def _content(row: PublicContent) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in _CONTENT)


@write_transaction()
def repair_public() -> None:
    """Write the public decisions and their counts anew from the releases."""
    PublicCount.objects.all().delete()
    PublicDecision.objects.all()._raw_delete(PublicDecision.objects.db)
    PublicDecision.objects.bulk_create(map(_decision_of, deciding_releases().iterator(_BATCH)), batch_size=_BATCH)
    PublicCount.objects.bulk_create(
        PublicCount(conference_id=conference, year=year, stage=stage, number=number)
        for (conference, year, stage), number in _counted().items()
    )
