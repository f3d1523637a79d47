"""Words in which changes that wait for a second person are told, and the values of their data."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings.enums import Side
from meetings.models import JointConference, Person, Post
from meetings.operations.change_kinds import Data
from meetings.refusal import Refused


def as_day(text: str) -> date:
    """Return a stored day."""
    return date.fromisoformat(text)


def as_text(day: date | None) -> str | None:
    """Return a day as it is stored; None for none."""
    return day.isoformat() if day else None


def person_of(data: Data) -> Person:
    """Return the person of an act."""
    return Person.objects.get(pk=data["person"])


def post_of(data: Data) -> Post:
    """Return the post of an act, as it is now."""
    return Post.objects.select_related("conference", "department").get(pk=data["post"])


def who(person: Person) -> str:
    """Return a person with the login, which tells people of one name apart."""
    return f"{person.name}（{person.username}）"


def place(conference: JointConference | None) -> str:
    """Return the short name of a conference, or that it is all of them."""
    return conference.short_name if conference else _("All conferences")


def post_words(post: Post) -> str:
    """Return a post with all that decides its rights."""
    side = Side(post.side).label if post.side else ""
    parts = [place(post.conference), post.title, post.department and post.department.name, side]
    return " · ".join(str(part) for part in (*parts, post.get_role_display()) if part)


def days(begin: date, end: date | None) -> str:
    """Return the period of a tenure."""
    return _("%(start)s to %(end)s") % {"start": date_format(begin), "end": date_format(end) if end else _("open")}


def setting_words(value: object) -> str:
    """Return the value of a setting as text."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value) if value not in (None, "") else _("none")


def old_and_new(what: object, old: object, new: object) -> str:
    """Return a line about a value that changes."""
    return _("%(what)s: %(old)s → %(new)s") % {"what": what, "old": setting_words(old), "new": setting_words(new)}


def changed_meanwhile() -> Refused:
    """Return the refusal of a request that starts from values which are no longer there."""
    return Refused(
        _("What it starts from was changed meanwhile. Decline this request, and make it anew."),
        code="changed_meanwhile",
    )


def inactive_meanwhile(person: Person) -> Refused:
    """Return the refusal of a right for somebody whose account was deactivated since the request."""
    return Refused(_("%(name)s is deactivated meanwhile.") % {"name": person}, code="is_inactive_meanwhile")
