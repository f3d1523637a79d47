"""三审三校: one workflow task per review. Its reviewers are those who hold the post today."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.locks import WorkflowLock
from wagtail.models import Task, TaskState

from meetings.models.people import AnyUser


class ReviewLock(WorkflowLock):
    """Lock of a page under review: nobody changes it; the writer may cancel the review first."""

    def get_message(self, user: AnyUser) -> str:
        return str(_("This page is being reviewed. To change it, cancel the review first."))

    def get_locked_by(self, user: AnyUser, can_lock: bool = False) -> str:
        return str(_("Locked while it is reviewed"))

    def get_description(self, user: AnyUser, can_lock: bool = False) -> str:
        return str(_("Nobody can change the page while it is reviewed."))


class ReviewTask(Task):
    """The first, second or third review of a page (一审, 二审, 三审).

    It offers no action in Wagtail's editor. A verdict is given on the review screen, through
    `publicity.operations.reviews.give_verdict`, which can show a refusal.
    """

    stage = models.PositiveSmallIntegerField(_("review"), unique=True)

    lock_class = ReviewLock
    admin_form_fields: list[str] = []

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")

    def locked_for_user(self, obj: object, user: AnyUser) -> bool:
        """Return True for everybody: a text does not change while it is reviewed."""
        return True

    def get_actions(self, obj: object, user: AnyUser) -> list[tuple[str, str, bool]]:
        """Return nothing: verdicts are given on the review screen."""
        return []

    def get_task_states_user_can_moderate(self, user: AnyUser, **kwargs: object) -> models.QuerySet[TaskState]:
        """Return nothing for Wagtail's own panels: "mine today" lists the reviews."""
        return TaskState.objects.none()
