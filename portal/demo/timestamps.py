"""Replace the real time in rows that Wagtail or Django timestamps by the scheduled time of the step.

Wagtail writes revisions and workflow states with the system clock; it does not use `meetings.clock`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db.models import Model
from django.db.models.signals import post_save
from django.utils import timezone
from wagtail.models import Page, Revision, TaskState, WorkflowState

from meetings.models import Person
from publicity.models import Picture

STAMPED: tuple[tuple[type[Model], str], ...] = (
    (Revision, "created_at"),
    (WorkflowState, "created_at"),
    (TaskState, "started_at"),
    (Page, "latest_revision_created_at"),
    (Page, "first_published_at"),
    (Page, "last_published_at"),
    (Picture, "created_at"),
    (Person, "date_joined"),
)


@contextmanager
def stamped(moment: datetime) -> Iterator[None]:
    """Set the timestamps in `STAMPED` of rows that are saved inside the context to `moment` when it ends."""
    began = timezone.now()
    written: set[tuple[type[Model], str, object]] = set()

    def record_instance(instance: Model, **kwargs: object) -> None:
        written.update((model, field, instance.pk) for model, field in STAMPED if isinstance(instance, model))

    post_save.connect(record_instance, weak=False, dispatch_uid="demo.stamps")
    try:
        yield
    finally:
        post_save.disconnect(dispatch_uid="demo.stamps")
    for model, field, pk in written:
        model._default_manager.filter(pk=pk, **{f"{field}__gte": began}).update(**{field: moment})
