"""Opens and closes work items, in the transaction of the change.

- `SOURCES`, `registry.WORK_SOURCES`: the kinds of records on which something can wait, each with its tasks.
- `connect()`: connects `record_changed`. The tasks of every record that a change can affect are computed at the end of
  the operation, and the stored ones are opened and closed accordingly.
- `work_differences(source)`, `repair(source)`: what is stored wrongly, for `manage.py work_check`.
- `add_notice(record, action, person=…)`: a notice for one person; `open_notice` closes it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from meetings import clock, registry
from meetings.enums import WorkItemKind
from meetings.models import Person, WorkItem
from meetings.models.log import conference_in_log
from meetings.models.work_item import Task
from meetings.operations.work_sources import SOURCES
from meetings.registry import WorkSource
from meetings.signals import record_changed
from meetings.write_lock import run_at_end, write_transaction

CHECK_BATCH = 200  # records whose tasks are computed together by `work_check`
TaskKey = tuple[int, str, str, int | None, int | None, int | None, int | None]


@dataclass
class Difference:
    """Stored tasks that should not be there, expected ones that are missing, and those with other values."""

    left_over: list[WorkItem]
    missing: list[tuple[Model, Task]]
    changed: list[tuple[WorkItem, Task]]

    def __bool__(self) -> bool:
        return bool(self.left_over or self.missing or self.changed)


def sources() -> list[WorkSource]:
    """Return all sources of tasks, those of the apps above too."""
    return [*SOURCES, *registry.WORK_SOURCES]


def changed(record: Model, action: str = "", **kwargs: object) -> None:
    """Compute the tasks that a change of this record can affect, at the end of the operation (a signal receiver)."""
    for source in sources():
        affected = source.affected.get(type(record))
        if affected is not None:
            for pk in affected(record, action):
                run_at_end(update_tasks, (source.name, pk))


def connect() -> None:
    """Connect the receiver of changed records; called once when the app is ready."""
    record_changed.connect(changed, dispatch_uid="meetings.work")


def update_tasks(changes: Collection[tuple[str, int]]) -> None:
    """Store the tasks of these records, given by the names of their sources and their keys, as they are now."""
    by_name = {source.name: source for source in sources()}
    for name in dict.fromkeys(name for name, _pk in changes):
        _repair(by_name[name], {pk for of, pk in changes if of == name})


def work_differences(source: WorkSource) -> Iterable[Difference]:
    """Yield where the stored tasks of a source differ from the records, in batches."""
    for pks in _batches(source):
        if difference := _difference(source, pks):
            yield difference


def repair(source: WorkSource) -> None:
    """Open and close the tasks of a source as its records say; in one transaction for each batch."""
    for pks in _batches(source):
        with write_transaction():
            _repair(source, pks)


def _batches(source: WorkSource) -> Iterable[list[int]]:
    """Yield the keys of all records of a source, and of those of which tasks are left over."""
    stored = WorkItem.objects.filter(source=source.name, closed_at=None, kind=WorkItemKind.TASK)
    existing = source.model._default_manager.values_list("pk", flat=True)
    keys = sorted({*existing, *stored.values_list("object_id", flat=True)})
    for start in range(0, len(keys), CHECK_BATCH):
        yield keys[start : start + CHECK_BATCH]


def _difference(source: WorkSource, pks: Collection[int]) -> Difference:
    content_type = ContentType.objects.get_for_model(source.model, for_concrete_model=False)
    expected: dict[TaskKey, tuple[Model, Task]] = {
        (record.pk, *task.key): (record, task) for record in source.load(pks) for task in source.tasks(record)
    }
    stored = WorkItem.objects.filter(
        content_type=content_type, object_id__in=pks, source=source.name, closed_at=None, kind=WorkItemKind.TASK
    ).prefetch_related("not_for")
    difference = Difference([], [], [])
    for item in stored:
        conference = item.conference_id if source.conference is None else None
        key = (item.object_id, item.action, item.seat, conference, item.department_id, item.person_id, item.detail)
        record, task = expected.pop(key, (None, None))
        if record is None or task is None:
            difference.left_over.append(item)
        elif _values(item) != (task.clause, task.starts_on, task.ends_on, task.due_on, task.signs, task.not_for):
            difference.changed.append((item, task))
    difference.missing = list(expected.values())
    return difference


def _values(item: WorkItem) -> tuple[object, ...]:
    not_for = frozenset(person.pk for person in item.not_for.all())
    return (item.clause, item.starts_on, item.ends_on, item.due_on, item.signs, not_for)


def _repair(source: WorkSource, pks: Collection[int]) -> None:
    difference = _difference(source, pks)
    if difference.left_over:
        WorkItem.objects.filter(pk__in=[item.pk for item in difference.left_over]).update(closed_at=clock.now())
    for item, task in difference.changed:
        item.clause, item.signs = task.clause, task.signs
        item.starts_on, item.ends_on, item.due_on = task.starts_on, task.ends_on, task.due_on
        item.save(update_fields=["clause", "signs", "starts_on", "ends_on", "due_on"])
        item.not_for.set(task.not_for)
    rows = [(_new_item(source, record, task), task) for record, task in difference.missing]
    WorkItem.objects.bulk_create(row for row, _task in rows)
    excluded = WorkItem.not_for.through
    excluded._default_manager.bulk_create(
        excluded(workitem=row, person_id=person) for row, task in rows for person in task.not_for
    )


def _new_item(source: WorkSource, record: Model, task: Task) -> WorkItem:
    return WorkItem(
        source=source.name,
        action=task.action,
        content_type=ContentType.objects.get_for_model(record, for_concrete_model=False),
        object_id=record.pk,
        detail=task.detail,
        conference_id=_conference(source, record, task),
        seat=task.seat,
        department_id=task.department,
        person_id=task.person,
        signs=task.signs,
        clause=task.clause,
        since=clock.now(),
        starts_on=task.starts_on,
        ends_on=task.ends_on,
        due_on=task.due_on,
    )


def _conference(source: WorkSource, record: Model, task: Task) -> int | None:
    if source.conference is None:
        return task.conference
    conference = source.conference(record)
    return conference.pk if conference is not None else None


def add_notice(record: Model, action: str, *, people: Iterable[int], data: Mapping[str, object]) -> None:
    """Create a notice for each of these people; call it in the transaction of the change that it is about."""
    WorkItem.objects.bulk_create(
        WorkItem(
            kind=WorkItemKind.NOTICE,
            source="notice",
            action=action,
            content_type=ContentType.objects.get_for_model(record, for_concrete_model=False),
            object_id=record.pk,
            conference=conference_in_log(record),
            person_id=person,
            since=clock.now(),
            data=dict(data),
        )
        for person in dict.fromkeys(people)
    )


def open_notice(item: WorkItem, *, by: Person) -> None:
    """Close a notice because its addressee has opened it; nothing happens for a task or for anybody else."""
    WorkItem.objects.filter(pk=item.pk, kind=WorkItemKind.NOTICE, person=by, closed_at=None).update(
        closed_at=clock.now()
    )
