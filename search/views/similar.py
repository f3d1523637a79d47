"""历年同类事项: decisions of all years on the same matter, with who leads them and how they stand.

A panel stands on the page of a topic and of a resolution, for staff and for the public; beside a topic that is being
written it follows what is typed (`search/similar.js`). Nobody is shown more than the own search would find.

Key concepts
- `panel(text, reader, …)`: the panel with what `reader` may see; empty without any.
- `similar_decisions`: the door that the form's script asks.
- `register()`: hangs the panels into the rooms below; called once when the app is ready.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from meetings import registry
from meetings.enums import ResolutionState
from meetings.models import Resolution, Topic
from meetings.queries.visibility import has_sight
from publicity.models import Release
from search.engines.base import SIMILAR
from search.engines.selection import finder
from search.reader import Reader, public_reader, staff_reader
from search.result import Hit
from search.sources import SOURCES
from search.views import public, staff
from search.views.results import Line

ASKED = 4 * SIMILAR  # some may stand in draft minutes: those of one sitting, hardly on one matter
Lines = Callable[[Sequence[Hit]], list[Line]]


def _settled(hit: Hit) -> bool:
    """Leave out what stands in draft minutes: nobody decided it yet."""
    return bool(hit.data["stage"] != ResolutionState.DRAFTED)


def _short(line: Line, hit: Hit) -> Line:
    """A line with its year in the place of its number."""
    year = _("in %(year)s") % {"year": hit.day.year} if hit.day else ""
    return replace(line, number=year, co="", when="")


def for_staff(hits: Sequence[Hit]) -> list[Line]:
    """Return the lines of records, as they stand today."""
    late = staff.late_among(hits)
    return [_short(staff.line_of(hit, (), late), hit) for hit in hits]


def for_public(hits: Sequence[Hit]) -> list[Line]:
    """Return the lines of what was released."""
    return [_short(public.line_of(hit), hit) for hit in hits]


def lines_like(text: str, reader: Reader, lines: Lines, without: Collection[str] = ()) -> list[Line]:
    """Return the decisions on the matter of `text`, the most alike first.

    Its first line, the title, says the matter best; the whole text is asked for where nothing is like the title.
    """
    title = text.strip().partition("\n")[0]
    found = _settled_like(title, reader, without)
    if not found and title != text.strip():
        found = _settled_like(text, reader, without)
    return lines(found)


def _settled_like(text: str, reader: Reader, without: Collection[str]) -> list[Hit]:
    return [hit for hit in finder().similar(text, reader, without, ASKED) if _settled(hit)][:SIMILAR]


def panel(lines: Sequence[Line], *, template: str = "search/similar.html") -> str:
    """The panel, or nothing where nothing is alike."""
    return render_to_string(template, {"lines": lines}) if lines else ""


def topic_panel(topic: Topic, request: HttpRequest) -> str:
    """What was decided on the matter of a topic."""
    return panel(lines_like(f"{topic.title}\n{topic.text}", staff_reader(request.user), for_staff))


def resolution_panel(resolution: Resolution, request: HttpRequest) -> str:
    """What else was decided on the matter of a resolution."""
    text, own = f"{resolution.title}\n{resolution.text}", SOURCES["resolution"].key(resolution.pk)
    return panel(lines_like(text, staff_reader(request.user), for_staff, {own}))


def release_panel(release: Release, request: HttpRequest) -> str:
    """What else was decided on the matter of a public resolution, as far as it is public too."""
    text, own = f"{release.title}\n{release.wording}", SOURCES["release"].key(release.resolution_id)
    found = lines_like(text, public_reader(), for_public, {own})
    return panel(found, template="search/similar_public.html")


def topic_form_panel(request: HttpRequest) -> str:
    """The panel beside a topic that is being written; its script fills it."""
    return render_to_string("search/similar_form.html") if has_sight(request.user) else ""


@require_safe
def similar_decisions(request: HttpRequest) -> HttpResponse:
    """Answer with the lines of what was decided on the matter of `text`, or with a sentence that nothing was."""
    if not has_sight(request.user):
        raise PermissionDenied
    lines = lines_like(request.GET.get("text", ""), staff_reader(request.user), for_staff)
    response = HttpResponse(render_to_string("search/similar_lines.html", {"lines": lines}))
    patch_cache_control(response, private=True, no_store=True)
    return response


def register() -> None:
    """Hang the panels into the rooms below."""
    registry.panel(Topic)(topic_panel)
    registry.panel(Resolution)(resolution_panel)
    registry.panel(Release)(release_panel)
    registry.form_panel(Topic)(topic_form_panel)
