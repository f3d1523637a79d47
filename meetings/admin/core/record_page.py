"""Base views of the page of one object in the admin.

- `InspectPageView` shows title, facts, long texts, the panels that other apps register, and the log.
- `RecordPageView` is for records with a state machine. It adds the timeline, the next steps, approvals, documents and
  attachments.

Each viewset's page adds its own `facts`, `texts` and template.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton

from meetings import registry
from meetings.admin.core.attachments import files_of
from meetings.admin.core.downloads import DocumentLinks, DocumentView
from meetings.admin.core.field_values import display_value, field_label
from meetings.admin.core.guard import ANY_PERMISSION
from meetings.admin.core.log_entries import log_entries
from meetings.admin.core.page_layout import ObjectView, RecordLayout
from meetings.admin.core.permitted import PersonView
from meetings.admin.core.record_state import DueStep, due_steps, timeline
from meetings.admin.core.status_badges import StatusBadge, status_badge
from meetings.admin.core.work import WorkLine, work_lines
from meetings.components import TimelinePoint
from meetings.models import Approval, RecordLogEntry, Resolution
from meetings.models.record_types import MachineRecord
from meetings.queries.approval import with_signers
from meetings.queries.log import unread_actions, unread_entries
from meetings.queries.prefetched import is_prefetched
from meetings.queries.work import work_on
from meetings.rules.addressees import Holders
from meetings.types import StrOrPromise

LOG_SHOWN = 8
M = TypeVar("M", bound=Model)
R = TypeVar("R", bound=MachineRecord)


@dataclass(frozen=True)
class Fact:
    """A labelled value at the head of a page, with a URL if it is a link."""

    label: StrOrPromise
    value: object
    url: str = ""

    @classmethod
    def of(cls, row: Model, name: str, url: str = "") -> "Fact":
        """Return a field of the row with its label; a choice is shown by its label too."""
        return cls(field_label(row, name), display_value(row, name), url)


class InspectPageView(ObjectView[M], PersonView, RecordLayout, generic.InspectView):
    """The page of one object: facts, texts, registered panels and log."""

    any_permission_required: Any = ANY_PERMISSION  # Wagtail's view has a list
    only_shows = True
    history_url_name = ""

    def get_page_title(self) -> str:
        return str(self.object)

    def get_header_buttons(self) -> list[HeaderButton]:
        url = self.get_edit_url()
        return [HeaderButton(_("Edit"), url=url, icon_name="edit")] if url else []

    def facts(self) -> list[Fact]:
        """Return the facts below the title; those without a value are not shown."""
        return []

    def texts(self) -> list[Fact]:
        """Return the long texts; empty ones are not shown."""
        return []

    def badge(self) -> StatusBadge | None:
        """Return the status badge, or None for a model without states."""
        return None

    def panels(self) -> list[SafeString]:
        """Return the rendered panels that apps of higher layers registered for the model."""
        return registry.render_panels(registry.PANELS.get(self.model, []), self.object, self.request)

    def log(self) -> list[RecordLogEntry]:
        """Return the latest entries of the log that the person reads."""
        return list(log_entries(self.object).exclude(unread_entries(self.person, self.object))[:LOG_SHOWN])

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        context: dict[str, object] = super().get_context_data(**kwargs)
        return context | {
            "record": self.object,
            "badge": self.badge(),
            "facts": [fact for fact in self.facts() if fact.value],
            "texts": [fact for fact in self.texts() if fact.value],
            "panels": self.panels(),
            "log": self.log(),
            "history_url": reverse(self.history_url_name, args=[self.object.pk]),
        }


class RecordPageView(InspectPageView[R]):
    """The page of a record with a state machine."""

    template_name = "meetings/record.html"
    step_url_name = ""
    documents: tuple[type[DocumentView], ...] = ()  # the viewset adds their URLs; `downloads` links to them

    def badge(self) -> StatusBadge:
        return status_badge(self.object)

    @cached_property
    def steps(self) -> list[DueStep]:
        """The steps that start from the present state."""
        return due_steps(self.person, self.object, self.step_url_name)

    @cached_property
    def entries(self) -> list[RecordLogEntry]:
        """The whole log of the record, latest first; the timeline takes its days from it."""
        return list(log_entries(self.object))

    def log(self) -> list[RecordLogEntry]:
        unread = set(unread_actions(self.person, self.object))
        return [entry for entry in self.entries if entry.action not in unread][:LOG_SHOWN]

    def waiting(self) -> list[WorkLine]:
        """Return what waits on the record, with those for whom it waits."""
        items = list(work_on(self.object).prefetch_related("not_for"))
        for item in items:
            item.record = self.object
        holders = Holders({item.conference_id for item in items}) if items else None
        return work_lines(items, holders, own=False)

    def timeline(self) -> list[TimelinePoint]:
        """Return the timeline of the record."""
        return timeline(self.object, self.entries)

    def no_step_message(self) -> str:
        """Return the text that is shown where no step is left; empty for the default text."""
        return ""

    def extra_steps(self) -> list[registry.Button]:
        """Return the buttons that apps of higher layers registered for the model."""
        found = registry.EXTRA_BUTTONS.get(self.model, [])
        return [button for steps in found for button in steps(self.object, self.person)]

    def downloads(self) -> list[DocumentLinks]:
        """Return the documents that this person may download."""
        return []

    def approvals(self) -> Iterable[Approval]:
        """Return all approvals of the record; the template shows voided ones struck through.

        Those of a resolution are attached to its reports: its page adds them.
        """
        record = self.object
        if isinstance(record, Resolution):
            return ()
        return record.approvals.all() if is_prefetched(record, "approvals") else with_signers(record.approvals.all())

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        context = super().get_context_data(**kwargs)
        attachments, attach_url = files_of(self.object, self.person)
        return context | {
            "timeline": self.timeline(),
            "steps": [step for step in self.steps if not step.back],
            "steps_back": [step for step in self.steps if step.back],
            "extra_steps": self.extra_steps(),
            "no_step_message": self.no_step_message(),
            "approvals": self.approvals(),
            "downloads": self.downloads(),
            "waiting": self.waiting(),
            "attachments": attachments,
            "attach_url": attach_url,
        }
