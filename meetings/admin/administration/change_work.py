"""How the work items of changes that a second person confirms are shown."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings import registry
from meetings.registry import WorkAction
from meetings.rules.second_people import CONFIRM, DOUBT, PUT_IN_FORCE

KIND = gettext_lazy("To confirm")


def _page(item: Any, detail: None) -> str:
    return reverse("pendingchange:inspect", args=[item.object_id])


def _declined(item: Any, detail: None) -> str:
    values = {"who": item.data.get("by", ""), "title": item.record, "reason": item.data.get("reason", "")}
    return _("%(who)s declined your request: %(title)s (%(reason)s)") % values


def _supervision_ends(item: Any, detail: None) -> str:
    values = {"post": item.data.get("post", "")}
    return _("An administrator changed or ended your post that confirms requests: %(post)s") % values


ACTIONS = {
    CONFIRM: WorkAction(
        what=gettext_lazy("Confirm or decline"),
        text=lambda item, detail: _("Confirm or decline: %(title)s") % {"title": item.record},
        kind=KIND,
        url=_page,
        shared=True,
    ),
    PUT_IN_FORCE: WorkAction(
        what=gettext_lazy("Put in force"),
        text=lambda item, detail: _("You may put in force: %(title)s") % {"title": item.record},
        kind=KIND,
        url=_page,
    ),
    DOUBT: WorkAction(
        what=gettext_lazy("Nobody can confirm it"),
        text=lambda item, detail: (
            _("Nobody can confirm it; look at it, and decline it if you doubt it: %(title)s") % {"title": item.record}
        ),
        kind=KIND,
        url=_page,
    ),
    "pendingchange.about_you": WorkAction(
        what=gettext_lazy("Concerns your rights or your account"),
        text=lambda item, detail: (
            _("This concerns your rights or your account; decline it if you did not ask for it: %(title)s")
            % {"title": item.record}
        ),
        kind=KIND,
        url=_page,
    ),
    "person.supervision_ends": WorkAction(
        what=gettext_lazy("Your post that confirms requests ends"),
        text=_supervision_ends,
        kind=gettext_lazy("Post"),
        url=lambda item, detail: reverse("wagtailadmin_home"),
    ),
    "pendingchange.declined": WorkAction(what=gettext_lazy("Request declined"), text=_declined, kind=KIND, url=_page),
}


def register() -> None:
    """Register how the work items of requests are shown; called once when the app is ready."""
    for name, action in ACTIONS.items():
        registry.work_action(name, action)
