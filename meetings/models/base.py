"""What records share: a version against stale forms, a key, the one record a file is of, and rows that stay."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Versioned(models.Model):
    """`version` grows with each write; a form that carries an older one is refused."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True


class Record(Versioned):
    """A record with a state, and a stable identifier where it was loaded under one."""

    key = models.CharField(_("key"), max_length=40, unique=True, null=True, blank=True, editable=False)

    class Meta:
        abstract = True


def exactly_one(*names: str) -> Q:
    """A condition for a check constraint: one of the named foreign keys is set and the others are not."""
    condition = Q()
    for chosen in names:
        condition |= Q(**{f"{name}__isnull": name != chosen for name in names})
    return condition


class Targeted(models.Model):
    """Belongs to exactly one record, named by one of `TARGETS` (held by a check constraint of each subclass)."""

    TARGETS: tuple[str, ...] = ()

    class Meta:
        abstract = True

    @property
    def target(self) -> Any:
        """The record this row belongs to."""
        return next(getattr(self, name) for name in self.TARGETS if getattr(self, f"{name}_id") is not None)


class AppendOnly(TypeError):
    """Code tried to change or to delete a row of a history."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Rows that are added and read, never changed or deleted."""

    def update(self, **kwargs: Any) -> int:
        """Refuse."""
        raise AppendOnly("rows of a history are not updated")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise AppendOnly("rows of a history are not deleted")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        """Refuse."""
        raise AppendOnly("rows of a history are not updated")


class History(models.Model):
    """A row that is written once: nobody changes or deletes it, whatever called."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new row; an existing one is never changed."""
        if not self._state.adding:
            raise AppendOnly("rows of a history are not updated")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise AppendOnly("rows of a history are not deleted")
