"""历年同类事项: similar decisions of all years, with their lead departments and present state.

A panel is shown on the pages of topics and resolutions, for staff and for the public. Beside the topic form it follows
what is typed (`search/similar.js`). It contains nothing that the reader's own search would not find.

- `panel(lines)`: the HTML of the panel, empty without lines.
- `similar_decisions`: the view that the script of the topic form requests.
- `register()`: registers the panels; called once when the app is ready.
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
from meetings.components import LedgerLine
from meetings.enums import ResolutionState
from meetings.models import Resolution, Topic
from meetings.queries.visibility import sees_any_record
from publicity.models import PublicDecision
from search.engines.base import MAX_SIMILAR, Engine
from search.engines.selection import engine, finder
from search.reader import Reader, public_reader, staff_reader
from search.result import Hit
from search.sources import SOURCES
from search.views import public, staff

CANDIDATES = 4 * MAX_SIMILAR  # some may be in draft minutes; those of one meeting rarely have the same subject
ToLines = Callable[[Sequence[Hit]], list[LedgerLine]]


def _settled(hit: Hit) -> bool:
    """Return whether the decision was taken: resolutions of draft minutes are not decided yet."""
    return bool(hit.data["stage"] != ResolutionState.DRAFTED)


def _short(line: LedgerLine, hit: Hit) -> LedgerLine:
    """Return the line with its year instead of its number, without what only a result page shows."""
    year = _("in %(year)s") % {"year": hit.day.year} if hit.day else ""
    return replace(line, number=year, co="", when="", about="", passage="", lead_as="")


def staff_lines(hits: Sequence[Hit]) -> list[LedgerLine]:
    """Return the lines of records, with their state today."""
    late = staff.overdue_ids(hits)
    return [_short(staff.line_of(hit, (), late), hit) for hit in hits]


def public_lines(hits: Sequence[Hit]) -> list[LedgerLine]:
    """Return the lines of released resolutions."""
    return [_short(public.line_of(hit), hit) for hit in hits]


def similar_lines(
    text: str,
    reader: Reader,
    lines: ToLines,
    excluded_keys: Collection[str] = (),
    using: Callable[[], Engine] = finder,
) -> list[LedgerLine]:
    """Return the lines of decisions similar to `text`, the most similar first.

    The first line, the title, describes the subject best. The whole text is used only if nothing is similar to the
    title.
    """
    title = text.strip().partition("\n")[0]
    found = _settled_hits(using(), title, reader, excluded_keys)
    if not found and title != text.strip():
        found = _settled_hits(using(), text, reader, excluded_keys)
    return lines(found)


def _settled_hits(by: Engine, text: str, reader: Reader, excluded_keys: Collection[str]) -> list[Hit]:
    return [hit for hit in by.similar(text, reader, excluded_keys, CANDIDATES) if _settled(hit)][:MAX_SIMILAR]


def panel(lines: Sequence[LedgerLine], *, template: str = "search/similar.html") -> str:
    """Return the HTML of the panel, or an empty string without lines."""
    return render_to_string(template, {"lines": lines}) if lines else ""


def topic_panel(topic: Topic, request: HttpRequest) -> str:
    """Return the panel with decisions similar to a topic."""
    return panel(similar_lines(f"{topic.title}\n{topic.text}", staff_reader(request.user), staff_lines))


def resolution_panel(resolution: Resolution, request: HttpRequest) -> str:
    """Return the panel with decisions similar to a resolution."""
    text, own_key = f"{resolution.title}\n{resolution.text}", SOURCES["resolution"].key(resolution.pk)
    return panel(similar_lines(text, staff_reader(request.user), staff_lines, {own_key}))


def release_panel(decision: PublicDecision, request: HttpRequest) -> str:
    """Return the panel with public decisions similar to a public resolution.

    The page may be kept. So the embedded index answers, which changes in the transaction of a withdrawal; that of
    Elasticsearch follows later.
    """
    text, own_key = f"{decision.title}\n{decision.wording}", SOURCES["release"].key(decision.resolution_id)
    found = similar_lines(text, public_reader(), public_lines, {own_key}, using=engine)
    return panel(found, template="search/similar_public.html")


def topic_form_panel(request: HttpRequest) -> str:
    """Return the panel beside the topic form. Its script fills it."""
    return render_to_string("search/similar_form.html") if sees_any_record(request.user) else ""


@require_safe
def similar_decisions(request: HttpRequest) -> HttpResponse:
    """Return the lines of decisions similar to the parameter `text`, or a sentence if there are none."""
    if not sees_any_record(request.user):
        raise PermissionDenied
    lines = similar_lines(request.GET.get("text", ""), staff_reader(request.user), staff_lines)
    response = HttpResponse(render_to_string("search/similar_lines.html", {"lines": lines}))
    patch_cache_control(response, private=True, no_store=True)
    return response


def register() -> None:
    """Register the panels with the record pages."""
    registry.panel(Topic)(topic_panel)
    registry.panel(Resolution)(resolution_panel)
    registry.panel(PublicDecision)(release_panel)
    registry.form_panel(Topic)(topic_form_panel)
