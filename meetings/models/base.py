"""Abstract base models: version check, key, reference to one record of several types, append-only rows."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Versioned(models.Model):
    """A model with optimistic locking: `version` grows with each write, and a form with an older one is refused."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True


class Record(Versioned):
    """A record. `key` is a stable identifier, set only for records that were loaded with one."""

    key = models.CharField(_("key"), max_length=40, unique=True, null=True, blank=True, editable=False)

    class Meta:
        abstract = True


def exactly_one(*names: str) -> Q:
    """Return the condition of a check constraint: exactly one of the named foreign keys is set."""
    condition = Q()
    for chosen in names:
        condition |= Q(**{f"{name}__isnull": name != chosen for name in names})
    return condition


class Targeted(models.Model):
    """A row that belongs to exactly one record, through one of the foreign keys in `TARGETS`.

    A check constraint of each subclass enforces this.
    """

    TARGETS: tuple[str, ...] = ()

    class Meta:
        abstract = True

    @property
    def target(self) -> Any:
        """The record that this row belongs to."""
        return next(getattr(self, name) for name in self.TARGETS if getattr(self, f"{name}_id") is not None)


class AppendOnlyError(TypeError):
    """Raised when code tries to change or delete a row that must not be changed."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """A queryset that refuses updates and deletions with `AppendOnlyError`."""

    def update(self, **kwargs: object) -> int:
        raise AppendOnlyError("rows of a history are not updated")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("rows of a history are not deleted")

    def bulk_update(self, *args: object, **kwargs: object) -> int:
        raise AppendOnlyError("rows of a history are not updated")


class History(models.Model):
    """An append-only model: a saved row can be neither changed nor deleted."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert a new row; raise `AppendOnlyError` for an existing one."""
        if not self._state.adding:
            raise AppendOnlyError("rows of a history are not updated")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("rows of a history are not deleted")
