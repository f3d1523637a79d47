"""Views of a page beside its editor: the review screen, exceptions for personal data, taking it down.

- `PageActionView`: the base. Only writers, clerks and reviewers of the page's conference find the page.
- `ReviewView`: the text as the public would read it, every verdict so far, and the form for a verdict.
"""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from meetings.admin.core.action import ActionView
from meetings.admin.core.forms import set_error_messages
from meetings.admin.core.permitted import PermittedView
from meetings.models.people import AnyUser
from meetings.types import StrOrPromise
from publicity.admin.shown_form import ActsOnWhatItShowed
from publicity.models import GatedPage, OutcomePage, PersonalDataException
from publicity.operations.pages import except_finding, take_down
from publicity.operations.reviews import give_verdict, send_for_review
from publicity.personal_data import Finding
from publicity.queries.status import status_of, submitted, verdicts_of
from publicity.review_sheet import last_review
from publicity.rules import is_clerk, is_reviewer, is_writer, verdict_refusal


def can_view_page(person: AnyUser, page: GatedPage) -> bool:
    """Return True for the writers and clerks of the page's conference; for its reviewers once it was submitted."""
    conference = page.conference
    if is_writer(person, conference) or is_clerk(person, conference):
        return True
    return is_reviewer(person, conference) and Page.objects.filter(submitted(), pk=page.pk).exists()


class PageActionView(ActsOnWhatItShowed, PermittedView, ActionView[forms.Form]):
    """Base of a form for one operation on a page."""

    header_icon = "doc-full-inverse"

    @cached_property
    def page(self) -> GatedPage:
        """The page; 404 for people who may not view it."""
        found = Page.objects.filter(pk=self.kwargs["pk"]).specific().first()
        if not isinstance(found, GatedPage) or not can_view_page(self.person, found):
            raise Http404
        return found

    @property
    def subject(self) -> GatedPage:
        return self.page

    @cached_property
    def draft(self) -> GatedPage:
        """The latest text of the page."""
        latest: GatedPage = self.page.get_latest_revision_as_object()
        return latest

    def get_form(self, form_class: type[forms.BaseForm] | None = None) -> forms.BaseForm:
        """Use the project's messages for missing fields."""
        form: forms.BaseForm = super().get_form(form_class)
        set_error_messages(form)
        return form

    def get_success_url(self) -> str:
        return reverse("wagtailadmin_home")

    def get_breadcrumbs_items(self) -> list[dict[str, object]]:
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": "", "label": self.draft.title},
        ]

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return {
            **super().get_context_data(**kwargs),
            "page": self.page,
            "draft": self.draft,
            "status": status_of(self.page),
            "button": self.button,
            "back_url": self.get_success_url(),
        }


class VerdictForm(forms.Form):
    """The verdict of a reviewer."""

    approve = forms.TypedChoiceField(
        label=_("Verdict"),
        choices=[("yes", _("Approve")), ("no", _("Return for changes"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    opinion = forms.CharField(
        label=_("Opinion"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when you return it: what has to be changed."),
    )


class ReviewView(PageActionView):
    """Review a page (三审三校)."""

    form_class = VerdictForm
    template_name = "publicity/admin/review.html"
    button = _("Give the verdict")

    def perform(self, form: forms.Form) -> None:
        give_verdict(
            self.page,
            approve=form.cleaned_data["approve"],
            opinion=form.cleaned_data["opinion"],
            by=self.person,
        )

    def done_message(self) -> str:
        """Return the new status of the page; the last reviewer reads that it is public."""
        now = Page.objects.get(pk=self.page.pk).specific
        published = now.latest_revision_id == now.live_revision_id and now.is_public()
        if not published:
            return str(_("Your verdict has been recorded. The page now: %(status)s.") % {"status": status_of(now)})
        return str(_("Approved by all: “%(title)s” is public now.") % {"title": now.title})

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add the text, the verdicts so far, and why this person may not give one."""
        outcome = isinstance(self.draft, OutcomePage)
        return {
            **super().get_context_data(**kwargs),
            "entries": self.draft.draft_lines() if isinstance(self.draft, OutcomePage) else [],
            "is_outcome": outcome,
            "reasons": self.draft.preview_refusals(),
            "verdicts": verdicts_of(self.page),
            "exceptions": PersonalDataException.objects.filter(page_id=self.page.pk).select_related("by"),
            "refusal": verdict_refusal(self.page, self.person),
            "preview_url": reverse("publicity_admin:preview", args=[self.page.pk]),
            "by_eye": [file for file in self.draft.documents() if file.extract_text() is None],
            "actions": self.actions(),
        }

    def actions(self) -> list[tuple[StrOrPromise, str]]:
        """Return what else this person can do with the page now, as (label, URL)."""
        page, person = self.page, self.person
        edits, reviewed = page.permissions_for_user(person).can_edit(), page.workflow_in_progress
        found: list[tuple[StrOrPromise, str]] = []
        if edits and not reviewed and (not page.live or page.has_unpublished_changes):
            found.append((_("Send for review"), reverse("publicity_admin:send", args=[page.pk])))
        if edits:
            found.append((_("Open in the editor"), reverse("wagtailadmin_pages:edit", args=[page.pk])))
        if page.is_public():
            found.append((_("See it as the public does"), page.url))
        if last_review(page):
            found.append((_("Review sheet (Word)"), reverse("publicity_admin:review_sheet", args=[page.pk])))
        if page.live and is_clerk(person, page.conference):
            found.append((_("Take the page down"), reverse("publicity_admin:take_down", args=[page.pk])))
        return found


class PreviewView(PageActionView):
    """The latest text as the public would read it, for reviewers too, who may not edit it."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response: HttpResponse = self.draft.make_preview_request(request, self.draft.default_preview_mode)
        return response


class SendView(PageActionView):
    """Send a page for review."""

    form_class = forms.Form
    template_name = "publicity/admin/send.html"
    button = _("Send for review")
    done = _("The page has been sent for review.")

    def has_permission(self) -> bool:
        """Return True for those who may edit the page."""
        return bool(self.page.permissions_for_user(self.person).can_edit())

    def perform(self, form: forms.Form) -> None:
        send_for_review(self.page, by=self.person)

    def get_success_url(self) -> str:
        return reverse("publicity_admin:review", args=[self.page.pk])


class TakeDownForm(forms.Form):
    """The reason for taking a page down."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays in the record and is not shown to the public."),
    )


class TakeDownView(PageActionView):
    """Take a page down."""

    form_class = TakeDownForm
    template_name = "publicity/admin/take_down.html"
    button = _("Take the page down")
    done = _("The page has been taken down; no public page, list or search shows it any more.")

    def has_permission(self) -> bool:
        """Return True for clerks of the conference."""
        return is_clerk(self.person, self.page.conference)

    def perform(self, form: forms.Form) -> None:
        take_down(self.page, reason=form.cleaned_data["reason"], by=self.person)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add the resolutions that are withdrawn with the page."""
        shown = self.page.released_items() if isinstance(self.page, OutcomePage) else []
        return {**super().get_context_data(**kwargs), "shown": shown}


class ExceptForm(forms.Form):
    """Which number may stay, and why."""

    digest = forms.ChoiceField(label=_("Which number"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("Consent, or another ground. Your name stands beside it.")
    )

    def __init__(self, *args: Any, findings: list[tuple[str, Finding]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["digest"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                (digest, text)
                for digest, text in {
                    finding.digest: f"{place}：{finding.label} {finding.masked}" for place, finding in findings
                }.items()
            ]


class PersonalDataView(PageActionView):
    """Personal data in the latest text: what was found, and what may stay for which reason."""

    form_class = ExceptForm
    template_name = "publicity/admin/personal_data.html"
    button = _("Personal data that may stay")
    done = _("The reason has been recorded; this number no longer stops the page.")

    def get_form_kwargs(self) -> dict[str, object]:
        return {**super().get_form_kwargs(), "findings": self.draft.findings()}

    def perform(self, form: forms.Form) -> None:
        except_finding(
            self.page,
            digest=form.cleaned_data["digest"],
            reason=form.cleaned_data["reason"],
            by=self.person,
        )

    def get_success_url(self) -> str:
        """Return this page again: there may be more numbers."""
        return reverse("publicity_admin:personal_data", args=[self.page.pk])

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return {
            **super().get_context_data(**kwargs),
            "findings": self.draft.findings(),
            "exceptions": PersonalDataException.objects.filter(page_id=self.page.pk).select_related("by"),
            "back_url": reverse("wagtailadmin_pages:edit", args=[self.page.pk]),
        }
