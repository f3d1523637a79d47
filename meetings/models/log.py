"""The audit log of the records: one table of its own, read by the history views and the operations log."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import BaseLogEntry, BaseLogEntryManager
from wagtail.models.audit_log import LogEntryQuerySet

from meetings import request_origin
from meetings.enums import STAFF, AccessKind, Role
from meetings.models.base import AppendOnlyQuerySet, History
from meetings.models.catalogue import ADMINISTERED, SUPERVISED
from meetings.models.conference import JointConference
from meetings.models.people import AnyUser, Person


class RecordLogQuerySet(AppendOnlyQuerySet, LogEntryQuerySet):  # type: ignore[override]  # as_manager of either
    """Log entries, which cannot be changed or deleted."""


class RecordLogEntryManager(BaseLogEntryManager):
    """Writes entries with their conference, and limits which entries a user may read."""

    def get_queryset(self) -> RecordLogQuerySet:
        """Return the entries as an append-only queryset."""
        return RecordLogQuerySet(self.model, using=self._db)

    def log_action(self, instance: models.Model, action: str, **kwargs: object) -> "RecordLogEntry":
        """Write an entry for `instance`, with the conference of the record and the address of the request."""
        kwargs.setdefault("object_id", str(instance.pk))
        kwargs.setdefault("conference", conference_in_log(instance))
        kwargs.setdefault("address", request_origin.address())
        entry: RecordLogEntry = super().log_action(instance, action, **kwargs)
        return entry

    def viewable_by_user(self, user: AnyUser) -> "models.QuerySet[RecordLogEntry]":
        """Return the entries that this user may read.

        Staff and auditors read the entries of their conferences; auditors of all conferences read every entry.
        Administrators of all conferences read the entries on the models that administrators maintain.
        """
        held = user.tenures_in_force() if hasattr(user, "tenures_in_force") else []
        if any(tenure.post.role == Role.AUDITOR and tenure.post.conference_id is None for tenure in held):
            return self.all()
        seen = {t.post.conference_id for t in held if t.post.role in STAFF | {Role.AUDITOR} and t.post.conference_id}
        entries = self.filter(conference__in=seen)
        if any(tenure.post.role == Role.ADMINISTRATOR and tenure.post.conference_id is None for tenure in held):
            entries |= self.filter(
                content_type__app_label="meetings",
                content_type__model__in=[model._meta.model_name for model in (*ADMINISTERED, *SUPERVISED)],
            )
        return entries

    def get_for_instance(self, instance: models.Model) -> "models.QuerySet[RecordLogEntry]":
        """Return the entries on one record."""
        return self.filter(content_type=self._content_type(instance), object_id=str(instance.pk))

    def for_instance(self, instance: models.Model) -> "models.QuerySet[RecordLogEntry]":
        return self.get_for_instance(instance)

    def _content_type(self, instance: models.Model) -> ContentType:
        from django.contrib.contenttypes.models import ContentType

        return ContentType.objects.get_for_model(instance, for_concrete_model=False)


def conference_in_log(instance: object) -> JointConference | None:
    """Return the conference of a record; None for a record without one, such as a person or a regulation.

    A conference that was refused when it was created is not stored, so nothing can refer to it.
    """
    conference = instance if isinstance(instance, JointConference) else getattr(instance, "conference", None)
    return conference if isinstance(conference, JointConference) and conference.pk else None


class RecordLogEntry(History, BaseLogEntry):
    """A log entry: who did what to which record, when, and from which address. Written by operations, never changed."""

    object_id = models.CharField(max_length=40, db_index=True)  # type: ignore[assignment]  # a method in the base
    conference = models.ForeignKey(
        JointConference,
        models.PROTECT,
        null=True,
        blank=True,  # a person or a department belongs to no conference
        related_name="log_entries",
        verbose_name=_("joint conference"),
    )

    address = models.GenericIPAddressField(_("from address"), null=True, blank=True)

    objects = RecordLogEntryManager()  # type: ignore[misc, assignment]  # untyped in one base, another in the other

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        ordering = ["-timestamp", "-id"]

    def __str__(self) -> str:
        return f"{self.action} {self.label}"

    def object_id_for_display(self) -> str:
        """Return the id of the record."""
        return self.object_id


class AccessEntry(History):
    """An entry of the access log: a login, refusal, export or download. Append-only."""

    kind = models.CharField(_("kind"), max_length=20, choices=AccessKind.choices)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="accesses", verbose_name=_("person"))
    login = models.CharField(_("login"), max_length=150, blank=True)
    conference = models.ForeignKey(
        JointConference, models.PROTECT, null=True, related_name="accesses", verbose_name=_("joint conference")
    )
    what = models.CharField(_("what"), max_length=300, blank=True)
    path = models.CharField(_("page"), max_length=300, blank=True)
    address = models.GenericIPAddressField(_("from address"), null=True)
    at = models.DateTimeField(_("at"), db_index=True)

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("accesses")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.login}"
