"""The forms of gated pages in the editor.

When a page is sent for review, the reasons from `refusals()` of the page are shown as errors, and the input is kept.
"""

from django import forms
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm

from meetings.enums import MeetingState
from meetings.models import Meeting

SUBMIT_ACTIONS = ("action-submit", "action-restart-workflow", "action-publish")


class GatedPageForm(WagtailAdminPageForm):
    """A form that checks a page before it is sent for review. A draft may be saved with any content."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if self.parent_page is not None:
            self.instance.parent_path = self.parent_page.path

    def is_valid(self) -> bool:
        """Add the refusals of the page as errors when it is being sent for review."""
        valid = bool(super().is_valid())
        if valid and any(name in self.data for name in SUBMIT_ACTIONS):
            draft = self.save(commit=False)
            for gap in draft.refusals():
                self.add_error(None, str(gap))
            valid = not self.errors
        return valid


class ArticleForm(GatedPageForm):
    """The form of an article: offers held meetings of the conference, and requires a text for the cover."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("meeting")
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Meeting.objects.filter(
                conference__section__path=self.instance.section_path, state=MeetingState.HELD
            ).select_related("conference")

    def clean(self) -> None:
        """Refuse a cover without an alternative text."""
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("cover") and not (cleaned.get("cover_alt") or "").strip():
            self.add_error("cover_alt", _("Say what the cover shows, for those who do not see it."))


class OutcomeForm(GatedPageForm):
    """The form of an outcome page: items are edited, sorted and removed.

    New items come from the record, by the button that drafts the page.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        items = self.formsets["items"]
        items.max_num = items.initial_form_count()

    def is_valid(self) -> bool:
        """Refuse an item without a resolution."""
        valid = super().is_valid()
        for form in self.formsets["items"].forms:
            if form.has_changed() and form.instance.resolution_id is None and not form.cleaned_data.get("DELETE"):
                form.add_error(None, _("Items come from the record. Use the button of the meeting to add one."))
                valid = False
        return valid
