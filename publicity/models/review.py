"""三审三校: one task per review; its reviewers are whoever holds the post today."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.locks import WorkflowLock
from wagtail.models import Task, TaskState


class ReviewLock(WorkflowLock):
    """While a page is reviewed nobody changes it; the writer may take it back first."""

    def get_message(self, user: Any) -> str:
        """Say what to do."""
        return str(_("This page is being reviewed. To change it, cancel the review first."))

    def get_locked_by(self, user: Any, can_lock: bool = False) -> str:
        """Say what locks it."""
        return str(_("Locked while it is reviewed"))

    def get_description(self, user: Any, can_lock: bool = False) -> str:
        """Say who may change it."""
        return str(_("Nobody can change the page while it is reviewed."))


class ReviewTask(Task):
    """The first, second or third review of a page (一审, 二审, 三审).

    It offers nothing in Wagtail's editor: a verdict is given on the review screen, through
    `publicity.operations.reviews.give_verdict`, where a refusal can be told.
    """

    stage = models.PositiveSmallIntegerField(_("review"), unique=True)

    lock_class = ReviewLock
    admin_form_fields: list[str] = []

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """Lock for everybody: what is being reviewed does not change under the reviewers' eyes."""
        return True

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        """Offer nothing here: see the class."""
        return []

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> models.QuerySet[TaskState]:
        """Name nothing in Wagtail's own panels: "mine today" does."""
        return TaskState.objects.none()
