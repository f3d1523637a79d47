"""Sections of the desk for writers and reviewers: what they wrote, and what they passed.

What waits for them is in the work items (`publicity.work_sources`). Both links lead to the page where a text is read
and its reviews are shown.
"""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.models import Page, TaskState

from meetings import registry
from meetings.enums import Role
from meetings.models import Person
from meetings.registry import DeskLine, DeskSection
from publicity.queries.status import pages_of, status_of
from publicity.rules import conferences_as

MAX_LINES = 6


def _url(page: Page) -> str:
    """Return the page with text and reviews; a draft that nobody reviews yet is opened where it is written."""
    if page.current_workflow_state is None and not page.live:
        return reverse("wagtailadmin_pages:edit", args=[page.pk])
    return reverse("publicity_admin:review", args=[page.pk])


@registry.desk_section
def drafts_section(person: Person) -> DeskSection | None:
    """Return a writer's pages that are not public as they stand, each with the state of its review."""
    conferences = conferences_as(person, Role.WRITER)
    if not conferences:
        return None
    own = pages_of(conferences).filter(Q(live=False) | Q(has_unpublished_changes=True), owner=person)
    lines = [DeskLine(page.draft_title, _url(page), status_of(page)) for page in own[:MAX_LINES]]
    if not lines:
        return None
    return DeskSection("drafts", _("My drafts"), lines, _("All pages"), reverse("publicity_admin:index"))


@registry.desk_section
def passed_section(person: Person) -> DeskSection | None:
    """Return what a reviewer passed lately, and where it stands now."""
    conferences = conferences_as(person, Role.REVIEWER)
    if not conferences:
        return None
    passed = TaskState.objects.filter(status=TaskState.STATUS_APPROVED, finished_by=person, revision__isnull=False)
    verdicts = list(passed.select_related("task", "revision").order_by("-finished_at", "-pk")[: 2 * MAX_LINES])
    pages = {page.pk: page for page in pages_of(conferences).filter(pk__in=[v.revision.object_id for v in verdicts])}
    lines = []
    for verdict in verdicts:
        if (page := pages.pop(int(verdict.revision.object_id), None)) is not None:
            day = date_format(timezone.localtime(verdict.finished_at))
            note = " · ".join([_("%(review)s on %(day)s") % {"review": verdict.task.name, "day": day}, status_of(page)])
            lines.append(DeskLine(page.draft_title, reverse("publicity_admin:review", args=[page.pk]), note))
    if not lines:
        return None
    return DeskSection(
        "passed", _("What I passed"), lines[:MAX_LINES], _("All pages"), reverse("publicity_admin:index")
    )
