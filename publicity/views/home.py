"""The content of the home page and of the section of a conference; all of it comes from public queries."""

from dataclasses import dataclass
from operator import attrgetter

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from meetings import clock
from meetings.models import JointConference
from publicity.enums import Stage
from publicity.models import Article, ConferenceSection, PlainPage
from publicity.queries.releases import ReleaseFilter, count_by

LEDGER_SIZE, NEWS_SIZE = 6, 4
# The order of the bar: from done to not begun.
STAGE_ORDER = (
    *(Stage.VERIFIED, Stage.REPORTED_DONE, Stage.UNDER_WAY, Stage.LASTING, Stage.ADOPTED),
    *(Stage.CARRIED, Stage.SUSPENDED, Stage.OVERDUE),
)
GAP = 0.4  # per cent, between two parts of the bar


@dataclass(frozen=True)
class BarPart:
    """One stage in the bar of a year; `x` and `width` are percentages of the bar."""

    stage: str
    word: str
    count: int
    url: str
    x: str
    width: str


@dataclass(frozen=True)
class Bar:
    """The stages of the resolutions of a year."""

    year: int
    total: int
    url: str
    parts: list[BarPart]


def outcomes_url(conference: JointConference | None, **choice: str | int) -> str:
    """Return the URL of the list of outcomes, of one conference if given, with filters."""
    base = f"/{conference.slug}/outcomes/" if conference else reverse("publicity:outcomes")
    return f"{base}?{urlencode(choice)}" if choice else base


def year_bar(conference: JointConference | None) -> Bar | None:
    """Return the bar of this year, or of the last year with a public resolution; None if there is none."""
    of_conference = {"conference": conference} if conference else {}
    years = count_by("year", **of_conference)
    if not years:
        return None
    year = clock.today().year
    year = year if year in years else max(years)
    stages = count_by("stage", year=year, **of_conference)
    total = sum(stages.values())
    parts, x = [], 0.0
    for stage in STAGE_ORDER:
        if number := stages.get(stage, 0):
            width = 100 * number / total
            parts.append(
                BarPart(
                    stage=stage,
                    word=str(stage.label),
                    count=number,
                    url=outcomes_url(conference, year=year, stage=stage.value),
                    x=f"{x:.2f}",
                    width=f"{max(width - GAP if x + width < 99.9 else width, GAP):.2f}",
                )
            )
            x += width
    return Bar(year=year, total=total, url=outcomes_url(conference, year=year), parts=parts)


def home_context(request: HttpRequest, conference: JointConference | None = None) -> dict[str, object]:
    """Return the template context of the home page, or of the section of one conference."""
    # By their keys, and sorted below: SQLite would read the whole tree to filter and sort it.
    keys = ConferenceSection.objects.values("pk")
    sections: QuerySet[ConferenceSection] = (
        ConferenceSection.objects.live().filter(pk__in=keys).select_related("conference").order_by()
    )
    articles = Article.objects.public()
    news = articles.of_conference(conference) if conference else articles
    plain_pages = PlainPage.objects.public().of_conference(conference).order_by("path") if conference else []
    return {
        "conference": conference,
        "sections": [] if conference else sorted(sections, key=attrgetter("path")),
        "bar": year_bar(conference),
        "lines": [row.ledger_line() for row in ReleaseFilter(conference=conference).rows()[:LEDGER_SIZE]],
        "news": list(news[:NEWS_SIZE]),
        "plain_pages": list(plain_pages),
        "outcomes_url": outcomes_url(conference),
        "news_url": f"/{conference.slug}/news/" if conference else reverse("publicity:news"),
    }
