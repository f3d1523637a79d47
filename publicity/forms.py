"""The forms of gated pages in the editor.

When a page is sent for review, the reasons from `refusals()` of the page are shown as errors, and the input is kept.
"""

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm
from wagtail.permissions import policy_registry

from meetings.enums import MeetingState
from meetings.models import Meeting

SUBMIT_ACTIONS = ("action-submit", "action-restart-workflow", "action-publish")


class GatedPageForm(WagtailAdminPageForm):
    """A form that checks a page before it is sent for review. A draft may be saved with any content."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if self.parent_page is not None:
            self.instance.parent_path = self.parent_page.path

    def clean(self) -> dict[str, object]:
        """Refuse files of another conference and links to pages that neither the public nor this conference has.

        This holds for drafts too: the editor and the preview would show what the key names.
        """
        cleaned: dict[str, object] = super().clean()
        for name in list(cleaned):
            gaps = self.instance.reference_refusals(name, cleaned[name])
            for gap in gaps:
                self.add_error(name, forms.ValidationError(str(gap), code=gap.code))
        return cleaned

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

    def clean(self) -> dict[str, object]:
        """Refuse a cover without an alternative text."""
        cleaned = super().clean()
        if cleaned.get("cover") and not str(cleaned.get("cover_alt") or "").strip():
            self.add_error("cover_alt", _("Say what the cover shows, for those who do not see it."))
        return cleaned


class SettingsForm(WagtailAdminModelForm):
    """The form of the settings of the public site."""

    def clean(self) -> dict[str, object]:
        """Refuse a mark that the person may not choose. One that stands there already may stay."""
        cleaned: dict[str, object] = super().clean() or {}
        mark = cleaned.get("mark")
        if isinstance(mark, Model) and "mark" in self.changed_data:
            policy = policy_registry.get_by_type(type(mark))
            if not policy.user_has_any_permission_for_instance(self.for_user, ["change", "choose"], mark):
                reason = _("This picture is not among those that you may choose. Choose another, or upload it here.")
                self.add_error("mark", forms.ValidationError(reason, code="mark_not_permitted"))
        return cleaned


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
