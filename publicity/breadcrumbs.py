"""The breadcrumbs of public pages (`templates/components/breadcrumbs.html`)."""

from django.utils.translation import gettext as _

from meetings.models import JointConference

NEWS, OUTCOMES = "news", "outcomes"


def breadcrumb_trail(conference: JointConference | None = None, column: str = "") -> list[tuple[str, str]]:
    """Return the pairs (title, URL) from the home page down to the parent of the page."""
    pages = [(_("Home"), "/")]
    if conference is not None:
        pages.append((conference.short_name, f"/{conference.slug}/"))
        if column:
            pages.append(({NEWS: _("News"), OUTCOMES: _("Outcomes")}[column], f"/{conference.slug}/{column}/"))
    return pages
