"""One address of each kind of page in a city, and who asks for it.

- `PUBLIC`, `STAFF`: the pages, each with a function that returns its address in the built city. To measure another page
  and to have its queries explained (`tests/benchmarks/test_query_plans.py`), add a row.
- `person(role)`: the person who asks for a staff page.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from benchmarks.city.size import LAST_DAY
from meetings.enums import ChangeState, MeetingState, MinutesState, ResolutionState, Role, TopicState
from meetings.models import (
    Department,
    JointConference,
    Meeting,
    Minutes,
    PendingChange,
    Person,
    Resolution,
    Topic,
)
from publicity.models import Article, ConferenceSection, OutcomePage, PublicDecision


@dataclass(frozen=True)
class PageKind:
    """A kind of page. `role` is empty for the public; `export` is a file, to which the limits of pages do not apply."""

    name: str
    address: Callable[[], str]
    role: str = ""
    export: bool = False


def person(role: str) -> Person:
    """Return who holds this role in the first conference."""
    return Person.objects.filter(tenures__post__role=role, tenures__to_date=None).order_by("pk")[0]


def _at(address: str) -> Callable[[], str]:
    return lambda: address


def _named(name: str, *args: object, query: str = "") -> Callable[[], str]:
    return lambda: reverse(name, args=args) + query


def _of(name: str, find: Callable[[], object]) -> Callable[[], str]:
    """Return the address of a page of a record, which is found when it is asked for."""
    return lambda: reverse(name, args=[find().pk])  # type: ignore[attr-defined]  # a model


def _place() -> JointConference:
    return JointConference.objects.order_by("pk")[0]


def _section() -> ConferenceSection:
    found: ConferenceSection = ConferenceSection.objects.get(conference=_place())
    return found


def _meeting(state: str) -> Callable[[], Meeting]:
    return lambda: Meeting.objects.filter(conference=_place(), state=state).order_by("-time")[0]


def _issued() -> Minutes:
    return Minutes.objects.filter(meeting__conference=_place(), state=MinutesState.ISSUED).order_by("-pk")[0]


def _minutes(state: str) -> Callable[[], Minutes]:
    return lambda: Minutes.objects.filter(meeting__conference=_place(), state=state).order_by("-pk")[0]


def _resolution(state: str) -> Callable[[], Resolution]:
    rows = Resolution.objects.filter(state=state).order_by("-pk")
    return lambda: rows.filter(minutes__meeting__conference=_place(), parts__department=_department())[0]


def _department() -> Department:
    """Return the department of the liaison who asks."""
    tenure = person(Role.LIAISON).tenures_in_force()[0]
    assert tenure.post.department is not None
    return tenure.post.department


def _year_of_clauses() -> str:
    return reverse("records_year_clauses", args=[_place().pk, LAST_DAY.year])


def _topic() -> Topic:
    return Topic.objects.filter(conference=_place(), state=TopicState.SUBMITTED).order_by("pk")[0]


def _waiting_change() -> PendingChange:
    return PendingChange.objects.filter(conference=_place(), state=ChangeState.WAITING)[0]


def _released() -> PublicDecision:
    return PublicDecision.objects.released().filter(conference=_place())[0]


def _url(find: Callable[[], object]) -> Callable[[], str]:
    return lambda: find().url  # type: ignore[attr-defined]  # a page


PUBLIC = (
    PageKind("home", _at("/")),
    PageKind("all outcomes", _at("/outcomes/")),
    PageKind("all outcomes, page 50", _at("/outcomes/?page=50")),
    PageKind("all news", _at("/news/")),
    PageKind("a decision", lambda: _released().get_absolute_url()),
    PageKind("section of a conference", _url(_section)),
    PageKind("outcomes of a conference", lambda: f"{_section().url}outcomes/"),
    PageKind("news of a conference", lambda: f"{_section().url}news/"),
    PageKind("outcome page", _url(lambda: OutcomePage.objects.public().filter(meeting__conference=_place())[0])),
    PageKind("article", _url(lambda: Article.objects.public()[0])),
    PageKind("search", _at("/search/?q=工资")),
    PageKind("site map", _at("/sitemap.xml")),
    PageKind("site map of a year", lambda: f"/sitemap-{_place().slug}-{LAST_DAY.year}.xml"),
    PageKind("feed of outcomes", _at("/outcomes/feed/")),
    PageKind("outcomes of a year and stage", lambda: f"/outcomes/?year={LAST_DAY.year}&stage=under_way"),
)

STAFF = (
    PageKind("desk of a clerk", _named("wagtailadmin_home"), Role.CLERK),
    PageKind("desk of a leader", _named("wagtailadmin_home"), Role.HEAD_OF_GOVERNMENT),
    PageKind("desk of a liaison", _named("wagtailadmin_home"), Role.LIAISON),
    PageKind("desk of a writer", _named("wagtailadmin_home"), Role.WRITER),
    PageKind("desk of a reviewer", _named("wagtailadmin_home"), Role.REVIEWER),
    PageKind("desk of an administrator", _named("wagtailadmin_home"), Role.ADMINISTRATOR),
    PageKind("desk of an auditor", _named("wagtailadmin_home"), Role.AUDITOR),
    PageKind("work", _named("records_work"), Role.CLERK),
    PageKind("work of others", _named("records_work", query="?show=others"), Role.CLERK),
    PageKind("topics", _named("topic:index"), Role.CLERK),
    PageKind("meetings", _named("meeting:index"), Role.CLERK),
    PageKind("minutes", _named("minutes:index"), Role.CLERK),
    PageKind("resolutions", _named("resolution:index"), Role.CLERK),
    PageKind("resolutions, for a liaison", _named("resolution:index"), Role.LIAISON),
    PageKind("resolutions, overdue", _named("resolution:index", query="?late=yes"), Role.CLERK),
    PageKind("reports", _named("progressreport:index"), Role.CLERK),
    PageKind("reports, for a liaison", _named("progressreport:index"), Role.LIAISON),
    PageKind("supervision", _named("resolution:supervision"), Role.CLERK),
    PageKind("supervision, for an auditor", _named("resolution:supervision"), Role.AUDITOR),
    PageKind("a topic", _of("topic:inspect", _topic), Role.CLERK),
    PageKind("workspace of a planned meeting", _of("meeting:inspect", _meeting(MeetingState.PLANNED)), Role.CLERK),
    PageKind("a held meeting", _of("meeting:inspect", _meeting(MeetingState.HELD)), Role.CLERK),
    PageKind("a meeting, for a leader", _of("meeting:inspect", _meeting(MeetingState.PLANNED)), Role.UNION_HEAD),
    PageKind("clauses of a meeting", _of("meeting:clauses", _meeting(MeetingState.HELD)), Role.CLERK),
    PageKind(
        "clauses of a year", lambda: reverse("records_year_clauses", args=[_place().pk, LAST_DAY.year]), Role.CLERK
    ),
    PageKind("minutes, issued", _of("minutes:inspect", _issued), Role.CLERK),
    PageKind("minutes, to be approved", _of("minutes:inspect", _minutes(MinutesState.IN_APPROVAL)), Role.UNION_HEAD),
    PageKind("a verified resolution", _of("resolution:inspect", _resolution(ResolutionState.VERIFIED)), Role.CLERK),
    PageKind("an open resolution", _of("resolution:inspect", _resolution(ResolutionState.UNDER_WAY)), Role.LIAISON),
    PageKind("publicity", _named("publicity_admin:index"), Role.CLERK),
    PageKind("staff search", _named("staff_search", query="?q=工资"), Role.CLERK),
    PageKind("delegations", _named("delegation:index"), Role.CLERK),
    PageKind("changes to confirm", _named("pendingchange:index"), Role.AUDITOR),
    PageKind("a change to confirm", _of("pendingchange:inspect", _waiting_change), Role.AUDITOR),
    PageKind("people", _named("person:index"), Role.ADMINISTRATOR),
    PageKind("posts", _named("post:index"), Role.ADMINISTRATOR),
    PageKind("departments", _named("department:index"), Role.ADMINISTRATOR),
    PageKind("a department", _of("department:inspect", _department), Role.ADMINISTRATOR),
    PageKind("a conference", _of("jointconference:inspect", _place), Role.ADMINISTRATOR),
    PageKind("operations log", _named("wagtailadmin_reports:site_history"), Role.AUDITOR),
    PageKind("access log", _named("accessentry:index"), Role.AUDITOR),
    PageKind("resolutions as csv", _named("resolution:index", query="?export=csv"), Role.CLERK, export=True),
    PageKind("resolutions as xlsx", _named("resolution:index", query="?export=xlsx"), Role.CLERK, export=True),
    PageKind("ledger as xlsx", _named("resolution:ledger_sheet"), Role.CLERK, export=True),
    PageKind("ledger as docx", _named("resolution:ledger"), Role.CLERK, export=True),
    PageKind("access log as csv", _named("accessentry:index", query="?export=csv"), Role.AUDITOR, export=True),
    PageKind(
        "operations log as csv",
        _named("wagtailadmin_reports:site_history", query="?export=csv"),
        Role.AUDITOR,
        export=True,
    ),
)
