"""Wagtail hooks of the publicity: URLs, log actions, and actions that are refused.

Nobody holds the permission to publish, and a live page without approval is not saved. The hooks turn what would then be
an error into a message, for those whom Wagtail offers the action nevertheless (a superuser, for example).
"""

from collections.abc import Iterator

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLResolver, include, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import BaseLogEntry, Page
from wagtail.rich_text.feature_registry import FeatureRegistry

from meetings.admin.menu import SUBMENU
from meetings.models.people import AnyUser
from publicity.admin.index_view import menu_item
from publicity.file_protection import change_refusal
from publicity.models import GatedPage, Picture, PublicDocument
from publicity.models.tree import StructurePage
from publicity.page_visibility import restrict_page_chooser
from publicity.rich_text import document_link_rule, link_rule
from publicity.rules import is_clerk
from publicity.views.files import refuse_unused

ACTIONS = {
    "approve": gettext_lazy("Review: approved"),
    "approve_stage": gettext_lazy("Explanation of a stage: approved by a reviewer"),
    "create_section": gettext_lazy("Public section made"),
    "decline_stage": gettext_lazy("The lead department declined a stage"),
    "draft_outcome": gettext_lazy("Outcome page drafted from the record"),
    "drop_stage": gettext_lazy("Proposed stage taken back"),
    "except": gettext_lazy("Personal data may stay"),
    "hide_source": gettext_lazy("Source of an outcome page hidden: its minutes are not disclosed any more"),
    "lift_withdrawal": gettext_lazy("Put up for release again"),
    "renew_wording": gettext_lazy("Corrected wording put up for release"),
    "propose_stage": gettext_lazy("Lead department asked to confirm a stage"),
    "publish": gettext_lazy("Published after the reviews"),
    "release": gettext_lazy("Released to the public"),
    "return": gettext_lazy("Review: returned"),
    "return_stage": gettext_lazy("Explanation of a stage: returned by a reviewer"),
    "send_stage": gettext_lazy("Explanation of a stage sent to a reviewer"),
    "take_down": gettext_lazy("Taken down"),
    "unscheduled": gettext_lazy("Taken off the schedule: not approved"),
    "withdraw": gettext_lazy("Taken back from the public"),
}


class PublicityFormatter(LogFormatter):
    """Log formatter that shows the reason, opinion or answer of an entry."""

    def format_comment(self, log_entry: BaseLogEntry) -> str:
        return str(log_entry.data.get("reason") or log_entry.data.get("opinion") or log_entry.data.get("answer") or "")


def register_log_actions(actions: LogActionRegistry) -> None:
    """Register the log actions of the publicity."""
    for action, label in ACTIONS.items():
        formatter = type("Formatter", (PublicityFormatter,), {"label": label, "message": label})
        actions.register_action(f"publicity.{action}")(formatter)


def use_own_link_rules(features: FeatureRegistry) -> None:
    """Let the editor of rich text leave out the addresses of files and pages that the person may not see."""
    features.register_converter_rule("contentstate", "link", link_rule())
    features.register_converter_rule("contentstate", "document-link", document_link_rule())


def stylesheet() -> SafeString:
    """Return the link to the style sheet of the publicity's own pages and panels."""
    return format_html('<link rel="stylesheet" href="{}">', static("publicity/admin.css"))


def register_admin_urls() -> list[URLResolver]:
    """Return the staff URLs of the publicity."""
    return [path("publicity/", include("publicity.admin.urls"))]


def check_document_access(document: PublicDocument, request: HttpRequest) -> None:
    """Answer 404 for a document that no public page uses."""
    refuse_unused(document, request)


def refuse_unapproved(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Report that a page without approval is saved and not published."""
    if isinstance(page, GatedPage) and not page.is_approved:
        messages.error(request, _("The text has been saved, but not published: it has to pass the reviews first."))
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


def refuse_publishing_new(request: HttpRequest, parent: Page, page_class: type[Page]) -> HttpResponse | None:
    """Save a new page instead of publishing it, and say so.

    Publishing while creating would not even reach `before_publish_page`.
    """
    if request.method == "POST" and request.POST.get("action-publish") and issubclass(page_class, GatedPage):
        messages.error(request, _("A new page is saved or sent for review. It goes out after its last review."))
        post = request.POST.copy()
        del post["action-publish"]
        request.POST = post  # type: ignore[assignment]  # a mutable copy of the posted data
    return None


def refuse_bulk_action(
    request: HttpRequest, action_type: str, objects: list[Model], action: object
) -> HttpResponse | None:
    """Refuse bulk actions that publish, take down, move or delete pages, or delete files in use."""
    if action_type in {"publish", "unpublish", "delete", "move"} and any(isinstance(o, Page) for o in objects):
        messages.error(request, _("Pages go out, are taken down and are moved one by one."))
        return redirect("wagtailadmin_explore_root")
    refusals = (
        change_refusal(file)
        for file in objects
        if action_type == "delete" and isinstance(file, Picture | PublicDocument)
    )
    if reason := next(filter(None, refusals), None):
        messages.error(request, str(reason))
        return redirect("wagtailadmin_home")
    return None


def redirect_to_take_down(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Send the user to the page that takes a page down, where a reason is required."""
    if isinstance(page.specific, GatedPage):
        return redirect("publicity_admin:take_down", page.pk)
    return None


def refuse_deleting_published(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to delete a page that was once public: its reviews and releases are evidence."""
    if isinstance(page.specific, StructurePage) or page.first_published_at:
        messages.error(request, _("A page that was public is kept. Take it down instead."))
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None


def refuse_editing_structure(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to edit the pages of the tree's structure: they have no content of their own."""
    if isinstance(page.specific, StructurePage):
        messages.warning(request, _("This page is kept by the portal itself. Its words come from the conference."))
        return redirect("wagtailadmin_explore", page.pk)
    return None


def page_buttons(page: Page, user: AnyUser, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Yield the buttons of a page: its reviews, its exceptions for personal data, taking it down."""
    specific = page.specific
    if not isinstance(specific, GatedPage) or not specific.pk:
        return
    yield Button(_("Reviews"), reverse("publicity_admin:review", args=[page.pk]), icon_name="check", priority=80)
    yield Button(
        _("Personal data"), reverse("publicity_admin:personal_data", args=[page.pk]), icon_name="user", priority=81
    )
    if specific.live and is_clerk(user, specific.conference):
        yield Button(
            _("Take the page down"),
            reverse("publicity_admin:take_down", args=[page.pk]),
            icon_name="download",
            priority=82,
        )


hooks.register("register_log_actions", register_log_actions)
hooks.register("register_admin_urls", register_admin_urls)
hooks.register(SUBMENU, menu_item)
hooks.register("register_rich_text_features", use_own_link_rules, order=10)  # after Wagtail's own rules
hooks.register("insert_global_admin_css", stylesheet)
hooks.register("before_serve_document", check_document_access)
hooks.register("before_publish_page", refuse_unapproved)
hooks.register("before_create_page", refuse_publishing_new)
hooks.register("before_bulk_action", refuse_bulk_action)
hooks.register("before_unpublish_page", redirect_to_take_down)
hooks.register("before_delete_page", refuse_deleting_published)
hooks.register("before_edit_page", refuse_editing_structure)
hooks.register("register_page_header_buttons", page_buttons)
hooks.register("construct_page_chooser_queryset", restrict_page_chooser)
