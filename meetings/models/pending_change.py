"""A request for acts that need a second person (待复核的变更)."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from meetings.enums import ChangeState
from meetings.models.base import AppendOnlyError, Versioned
from meetings.models.conference import JointConference
from meetings.models.people import Person


class PendingChange(Versioned):
    """One request with one or more acts that one person must not do alone; kept for good.

    `acts` is a list of `{"kind": …, "data": {…}, "lines": […]}`. The kinds are registered in
    `meetings.operations.change_kinds`; `lines` say in words what changes, as described last. `people` are those who
    gain by the acts or whose accounts are touched: they never confirm, and they may decline. `conferences` are those
    that it concerns, none of them for the whole installation; `conference` is set if it is one alone.
    """

    title = models.CharField(_("what it is about"), max_length=200)
    acts: Any = models.JSONField(_("acts"), default=list)
    subject = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="changes_about", verbose_name=_("person concerned")
    )
    people: Any = models.ManyToManyField(Person, related_name="changes_concerning", verbose_name=_("people concerned"))
    conference = models.ForeignKey(
        JointConference,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="pending_changes",
        verbose_name=_("joint conference"),
    )
    conferences: Any = models.ManyToManyField(JointConference, related_name="+", editable=False)
    requested_by = models.ForeignKey(
        Person, models.PROTECT, related_name="changes_requested", verbose_name=_("requested by")
    )
    requested_at = models.DateTimeField(_("requested at"))
    open_to_reviewers = models.BooleanField(_("reviewers confirm it too"), default=False, editable=False)
    note = models.CharField(_("note for whoever confirms"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=ChangeState.choices, default=ChangeState.WAITING)
    decided_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="changes_decided",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("change to confirm")
        verbose_name_plural = _("changes to confirm")
        ordering = ["-requested_at", "-pk"]
        indexes = [models.Index(fields=["state", "-requested_at"], name="change_by_state")]

    def __str__(self) -> str:
        return self.title

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        """Raise `AppendOnlyError`: who asked for which right, and who confirmed it, stays readable."""
        raise AppendOnlyError("requests are declined or withdrawn, never deleted")

    @property
    def is_waiting(self) -> bool:
        """True until somebody decided."""
        return self.state == ChangeState.WAITING
