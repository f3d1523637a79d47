"""The forms of gated pages: what the gate would refuse is told when a page is sent for review, with the text kept."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm

from meetings.enums import MeetingState
from meetings.models import Meeting

SUBMIT_ACTIONS = ("action-submit", "action-restart-workflow", "action-publish")


class GatedPageForm(WagtailAdminPageForm):
    """Checks a page before it is sent for review; a draft may be saved with anything in it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.parent_page is not None:
            self.instance.parent_path = self.parent_page.path

    def is_valid(self) -> bool:
        """Ask the gate too, when the page is being sent for review."""
        valid = bool(super().is_valid())
        if valid and any(name in self.data for name in SUBMIT_ACTIONS):
            draft = self.save(commit=False)
            for gap in draft.refusals():
                self.add_error(None, str(gap))
            valid = not self.errors
        return valid


class ArticleForm(GatedPageForm):
    """Offers the meetings of the section's conference that were held; a cover has words for it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("meeting")
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Meeting.objects.filter(
                conference__section__path=self.instance.section_path, state=MeetingState.HELD
            ).select_related("conference")

    def clean(self) -> dict[str, Any]:
        """A cover without words for it is refused."""
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("cover") and not (cleaned.get("cover_alt") or "").strip():
            self.add_error("cover_alt", _("Say what the cover shows, for those who do not see it."))
        return cleaned


class OutcomeForm(GatedPageForm):
    """Items are edited, ordered and removed here; new ones come from the record, by the button that drafts them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = self.formsets["items"]
        items.max_num = items.initial_form_count()

    def is_valid(self) -> bool:
        """Refuse an item that no resolution stands behind."""
        valid = super().is_valid()
        for form in self.formsets["items"].forms:
            if form.has_changed() and form.instance.resolution_id is None and not form.cleaned_data.get("DELETE"):
                form.add_error(None, _("Items come from the record. Use the button of the meeting to add one."))
                valid = False
        return valid
