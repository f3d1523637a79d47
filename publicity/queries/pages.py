"""Which pages the public may read, as querysets: the lists, the feeds, the sitemap and the search start here."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from meetings.enums import MeetingState
from meetings.models import JointConference
from publicity.models import Article, OutcomeItem, OutcomePage, PlainPage
from publicity.queries.releases import released

_APPROVED = Q(live=True, alias_of__isnull=True) & ~Q(approved_hash="")


def public_articles(conference: JointConference | None = None) -> QuerySet[Article]:
    """The news that is out, newest first, with meeting and cover; of one conference if given."""
    rows = Article.objects.filter(_APPROVED).filter(Q(meeting__isnull=True) | Q(meeting__state=MeetingState.HELD))
    if conference is not None:
        rows = rows.filter(path__startswith=conference.section.path)
    rows = rows.select_related("meeting__conference", "cover").prefetch_related("cover__renditions")
    newest_first: QuerySet[Article] = rows.order_by("-date", "-pk")
    return newest_first


def public_outcomes() -> QuerySet[OutcomePage]:
    """The outcome pages that are out and show at least one released resolution, newest meeting first."""
    shown = OutcomeItem.objects.filter(
        Exists(released().order_by().filter(resolution=OuterRef("resolution"))), page=OuterRef("pk")
    )
    rows = OutcomePage.objects.filter(_APPROVED, Exists(shown)).select_related("meeting__conference")
    newest_first: QuerySet[OutcomePage] = rows.order_by("-date", "-pk")
    return newest_first


def public_plain_pages() -> QuerySet[PlainPage]:
    """The plain pages that are out."""
    return PlainPage.objects.filter(_APPROVED).order_by("path")


def outcome_of(resolution_id: int) -> OutcomePage | None:
    """The public outcome page that shows a resolution, if there is one."""
    rows: QuerySet[OutcomePage] = public_outcomes().filter(items__resolution=resolution_id)
    page: OutcomePage | None = rows.first()
    return page
