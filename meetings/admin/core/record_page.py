"""A record's page reads like a file: where it stands, what is due, and what lies in it.

Key concepts
- `FilePageView`: what every such page has: title and facts, texts, panels of the rooms above, the log.
- `RecordPageView`: that of a record with a machine: the thread, the steps, opinions, approvals, attachments besides.
  A viewset's own page adds `facts`, `texts` and what its template shows besides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton

from meetings import registry
from meetings.admin.core.attachments import files_of
from meetings.admin.core.downloads import Paper
from meetings.admin.core.guard import SEE
from meetings.admin.core.log_entries import entries
from meetings.admin.core.record_state import Due, Knot, due_steps, knots
from meetings.admin.core.status_badges import Mark, mark_of
from meetings.models import Approval, Person
from meetings.queries.approval import with_signers

LOG_SHOWN = 8


@dataclass(frozen=True)
class Fact:
    """One line of the head: a label, its value and where it leads."""

    label: Any
    value: Any
    url: str = ""


class FilePageView(generic.InspectView):
    """The page of one row: what it is, what it says, what happened to it."""

    model: Any = None
    any_permission_required: Any = SEE
    history_url_name = ""

    @property
    def person(self) -> Person:
        """Who reads."""
        return cast(Person, self.request.user)

    def get_fields(self) -> list[str]:
        """None of Wagtail's list of fields: the page shows what it shows."""
        return []

    def get_page_title(self) -> str:
        """The record's name."""
        return str(self.object)

    def get_page_subtitle(self) -> str:
        """Nothing besides."""
        return ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The list, the record."""
        plural = capfirst(self.model._meta.verbose_name_plural)
        here = {"url": "", "label": self.get_page_title()}
        return [*self.breadcrumbs_items, {"url": reverse(self.index_url_name), "label": plural}, here]

    def get_header_buttons(self) -> list[HeaderButton]:
        """Edit, for whoever may."""
        url = self.get_edit_url()
        return [HeaderButton(_("Edit"), url=url, icon_name="edit")] if url else []

    def facts(self) -> list[Fact]:
        """What stands below the title."""
        return []

    def texts(self) -> list[Fact]:
        """The long texts of the file; empty ones are left out."""
        return []

    def mark(self) -> Mark | None:
        """Where it stands, as a shape and a word."""
        return None

    def panels(self) -> list[SafeString]:
        """What the rooms above show here."""
        return registry.render_panels(registry.PANELS.get(self.model, []), self.object, self.request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything that the page shows."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "record": self.object,
            "mark": self.mark(),
            "facts": [fact for fact in self.facts() if fact.value],
            "texts": [fact for fact in self.texts() if fact.value],
            "panels": self.panels(),
            "log": list(entries(self.object)[:LOG_SHOWN]),
            "history_url": reverse(self.history_url_name, args=[self.object.pk]),
        }


class RecordPageView(FilePageView):
    """The page of one record."""

    template_name = "meetings/record.html"
    step_url_name = ""

    def mark(self) -> Mark:
        """Where the record stands, as a shape and a word."""
        return mark_of(self.object)

    @cached_property
    def steps(self) -> list[Due]:
        """What can happen now."""
        return due_steps(self.person, self.object, self.step_url_name)

    def knots(self) -> list[Knot]:
        """The way of the record."""
        return knots(self.object)

    def nothing(self) -> str:
        """What is said where no step is left; empty for the usual words."""
        return ""

    def extra_steps(self) -> list[registry.Button]:
        """The buttons of the rooms above."""
        found = registry.EXTRA_BUTTONS.get(self.model, [])
        return [button for steps in found for button in steps(self.object, self.person)]

    def downloads(self) -> list[Paper]:
        """The documents that this person may take away."""
        return []

    def approvals(self) -> Iterable[Approval]:
        """Who agreed to what when; voided ones stay, struck through."""
        return with_signers(self.object.approvals.all())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything that the page shows."""
        context = super().get_context_data(**kwargs)
        attachments, attach_url = files_of(self.object, self.person)
        return context | {
            "knots": self.knots(),
            "steps": [step for step in self.steps if not step.back],
            "steps_back": [step for step in self.steps if step.back],
            "extra_steps": self.extra_steps(),
            "nothing": self.nothing(),
            "approvals": self.approvals(),
            "downloads": self.downloads(),
            "attachments": attachments,
            "attach_url": attach_url,
        }
