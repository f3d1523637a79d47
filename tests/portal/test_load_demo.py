"""The loaded demonstration: loaded once for the whole module, then only read."""

import shutil
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker
from wagtail.models import PageLogEntry, Revision, TaskState, WorkflowState

from meetings.enums import (
    Disclosure,
    Medium,
    MeetingState,
    MinutesState,
    ResolutionState,
    Role,
    TopicState,
)
from meetings.models import (
    Approval,
    Attachment,
    Department,
    Meeting,
    Minutes,
    PendingChange,
    Person,
    ProgressReport,
    RecordLogEntry,
    Regulation,
    RegulationAdoption,
    Resolution,
    ResolutionPart,
    Tenure,
    Topic,
)
from meetings.operations.work import sources, work_differences
from meetings.queries.deadline import overdue
from meetings.queries.minutes import document
from meetings.queries.resolution import undelivered_of
from meetings.rules import meeting as meeting_rules
from meetings.rules.seal import seal_broken
from portal.demo.all_meetings import MEETINGS
from portal.demo.logins import LOGINS, PASSWORDS
from portal.models import DemonstrationLoad
from publicity.enums import ReleaseKind
from publicity.models import Article, OutcomePage, PublicDecision, Release
from publicity.queries.releases import carry_over_line
from search.index_maintenance import differences
from tests import demo
from tests.browser import server
from tests.meetings.admin.pages import query_count
from tests.scratch import file_database
from tests.shared_world import shared_world

pytestmark = [pytest.mark.django_db, pytest.mark.search_index, pytest.mark.slow, pytest.mark.xdist_group("demo")]

ITEMS = {item.key: item for sitting in MEETINGS for item in sitting.resolutions}
V, U, R = ResolutionState.VERIFIED, ResolutionState.UNDER_WAY, ResolutionState.REPORTED
STATES = {
    **dict.fromkeys(("Y22-1", "Y22-3", "Y22-4", "Y23-1", "Y23-4", "Y24-2", "Y24-4"), V),
    **dict.fromkeys(("C22-1", "C22-2", "C23-1", "C23-2", "C24-3", "C24-S1", "W25-1", "W25-2"), V),
    **dict.fromkeys(("Y23-2", "Y23-3", "Y23-5", "Y24-1", "Y24-5", "Y24-6"), U),
    **dict.fromkeys(("Y25-1", "Y25-2", "Y25-3", "Y25-4", "Y25-6", "C24-1", "C24-2", "C25-1", "C25-2"), U),
    "Y24-3": R,
    "Y22-2": ResolutionState.CARRIED,
    "Y25-5": ResolutionState.SUSPENDED,
}


@pytest.fixture(scope="module", autouse=True)
def output(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Return the output of loading the demonstration; its database replaces the suite's own for this module.

    On SQLite it is the demonstration that `make demo` loads, once per test run. On PostgreSQL it is loaded here.
    """
    if connection.vendor != "sqlite":
        with shared_world(django_db_blocker):
            printed = StringIO()
            call_command("load_demo", verbosity=0, stdout=printed)
            yield printed.getvalue()
        return
    folder, output_text = demo.loaded()
    shutil.copytree(folder / "media", settings.MEDIA_ROOT, dirs_exist_ok=True)
    shutil.copytree(folder / "private", storages["private"].location, dirs_exist_ok=True)  # type: ignore[attr-defined]
    with django_db_blocker.unblock(), file_database(folder / server.DATABASE), shared_world(django_db_blocker):
        yield output_text


def test_each_record_stands_under_its_key_in_its_state() -> None:
    assert dict(Resolution.objects.values_list("key", "state")) == STATES


@pytest.mark.parametrize("key", ITEMS)
def test_each_record_says_what_the_story_says(key: str) -> None:
    row, item = Resolution.objects.get(key=key), ITEMS[key]
    parts: dict[str, list[str]] = {part.role: [] for part in row.parts.all()}
    for part in row.parts.select_related("department"):
        parts[part.role].append(part.department.name)
    assert (row.title, row.text, row.amount) == (item.title, item.text, item.amount)
    assert (parts["lead"], sorted(parts.get("co", []))) == ([item.lead], sorted(item.co))
    assert set(row.tags.names()) == set(item.tags)


def test_sittings_are_judged_by_the_regulation_of_their_day() -> None:
    judged = dict(Meeting.objects.values_list("key", "adoption__judged"))
    assert [key for key, value in judged.items() if not value] == ["Y23", "Y22"]
    former = RegulationAdoption.objects.get(regulation__number="垣政办发〔2003〕38号")
    present = Regulation.objects.get(number="垣政办发〔2024〕19号")
    assert former.to_date == date(2024, 9, 4)
    assert former.regulation.text == ""
    assert present.repeals == former.regulation


def test_every_held_meeting_has_issued_minutes_whose_seal_holds() -> None:
    held = Meeting.objects.filter(state=MeetingState.HELD)
    assert held.count() == 10
    for minutes in Minutes.objects.all():
        assert minutes.state == MinutesState.ISSUED
        assert not seal_broken(minutes)
    series = Minutes.objects.filter(meeting__conference__slug="chengqiao").order_by("issued_on")
    assert list(series.values_list("serial", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_a_misprint_was_corrected_and_the_public_reads_the_right_words() -> None:
    old, new = (Minutes.objects.get(key=key) for key in ("C24-M", "C24-M2"))
    row = Resolution.objects.get(key="C24-1")
    assert (new.corrects, row.minutes, old.resolutions.count()) == (old, new, 0)
    assert "更正说明" in new.body
    assert "不超过400元" in document(old).resolutions[0].resolution.text
    assert "不超过40元" in document(new).resolutions[0].resolution.text
    assert "不超过40元" in PublicDecision.objects.released().get(resolution=row).wording
    assert ProgressReport.objects.filter(part__resolution=row).exists()


def test_the_coming_sitting_lacks_a_briefing_an_explanation_and_more() -> None:
    meeting = Meeting.objects.exclude(state=MeetingState.HELD).get()
    assert meeting.state == MeetingState.PLANNED
    assert meeting.day == DemonstrationLoad.objects.get().day + timedelta(days=18)
    gap = meeting_rules.follow_up_explained(meeting)
    assert len(gap) == 1
    assert "餐饮" in gap[0].reason
    assert [warning for warning in meeting_rules.warnings(meeting) if warning.clause == "briefing"]
    objecting = [row for row in Topic.objects.get(key="Y26-T3").opinions.all() if row.is_open_objection]
    assert [row.department.name for row in objecting] == ["县自然资源局"]


def test_topics_stand_where_the_story_leaves_them() -> None:
    states = dict(Topic.objects.values_list("key", "state"))
    topics = [topic for sitting in MEETINGS for topic in sitting.topics]
    discussed = {topic.key for topic in topics if topic.last_step == "discussed" and not topic.returned}
    assert {key for key, state in states.items() if state == TopicState.DISCUSSED} == discussed
    assert {key for key, state in states.items() if state == TopicState.RETURNED} == {
        "Y22-T5",
        "Y23-T6",
        "Y24-T6",
        "Y25-T6",
        "Y26-T6",
        "C23-T3",
        "C24-T4",
    }
    coming = {"Y26-T1": "listed", "Y26-T2": "listed", "Y26-T3": "approved", "Y26-T4": "submitted", "Y26-T5": "draft"}
    assert {key: states[key] for key in coming} == coming
    assert states["C25-T3"] == TopicState.AGREED


def test_people_change_between_two_sittings() -> None:
    chairs = dict(Meeting.objects.filter(conference__slug="yuanqu").values_list("key", "chair__person__name"))
    assert (chairs["Y23"], chairs["Y24"]) == ("韩其川", "罗清衡")
    approvers = Topic.objects.filter(key__in=["Y22-T1", "Y23-T1"]).values_list(
        "key", "approvals__person__name", "approvals__step"
    )
    assert {(key, name) for key, name, step in approvers if step == "approve_topic"} == {
        ("Y22-T1", "温知远"),
        ("Y23-T1", "苗秉和"),
    }
    assert Department.objects.get(name="县卫健局").former_names == "县卫计局"


def test_something_is_overdue_and_something_is_due_within_a_week() -> None:
    assert set(overdue(Resolution.objects.all()).values_list("key", flat=True)) == {"Y24-5"}
    today = DemonstrationLoad.objects.get().day
    soon = Resolution.objects.filter(state=U, deadline__range=(today, today + timedelta(days=7)))
    assert list(soon.values_list("key", flat=True)) == ["Y25-3"]


def test_an_item_goes_on_in_a_later_one_and_another_one_rests() -> None:
    old, new = (Resolution.objects.get(key=key) for key in ("Y22-2", "Y24-5"))
    assert (old.state, new.continues) == ("carried", old)
    assert f"予以结转，接续事项为“{new.title}”" in new.minutes.body
    resting = Resolution.objects.get(key="Y25-5")
    assert (resting.state, resting.explanations.count()) == ("suspended", 1)
    signed = Approval.objects.filter(step="suspend", voided_at=None)
    assert set(signed.values_list("seat", flat=True)) == {"government_clerk", "union_clerk"}


def test_co_operating_departments_have_parts_of_their_own() -> None:
    parts = ResolutionPart.objects.filter(role="co")
    assert parts.exclude(task="").count() >= 8
    assert parts.exclude(done_on=None).filter(reports__claims_done=True).count() >= 3
    before = Resolution.objects.get(key="Y25-4")
    assert (before.deadline_kind, before.deadline_text) == ("next_meeting", "下次联席会议前")


def test_reports_reach_the_leaders_but_the_latest_wait() -> None:
    judged = Resolution.objects.filter(minutes__meeting__adoption__judged=True)
    assert {row.key for row in judged if undelivered_of(row).exists()} == {"Y25-3"}


def test_the_public_reads_what_is_disclosed_and_nothing_else() -> None:
    public = {item.key for item in ITEMS.values() if item.disclosure == "public"} - {"C24-S1"}
    assert set(PublicDecision.objects.released().values_list("resolution__key", flat=True)) == public
    assert not Release.objects.filter(resolution__key__in=["Y23-5", "C25-2", "Y25-5"]).exists()
    shown = {row.resolution.key: row.stage for row in PublicDecision.objects.released()}
    assert (shown["Y24-3"], shown["Y24-5"], shown["Y23-3"]) == ("reported_done", "overdue", "lasting")
    assert (shown["Y22-2"], shown["Y23-2"]) == ("carried", "under_way")
    line = carry_over_line(PublicDecision.objects.released().get(resolution__key="Y24-5"))
    assert [row.resolution.key for row in line] == ["Y22-2", "Y24-5"]
    numbers = list(PublicDecision.objects.released().values_list("resolution__public_number", flat=True))
    assert len(set(numbers)) == len(numbers)


def test_one_release_was_taken_back_and_one_disclosure_tightened() -> None:
    kinds = {
        key: list(Release.objects.filter(resolution__key=key).order_by("pk").values_list("kind", flat=True)[:3])
        for key in ("C24-2", "C24-S1")
    }
    assert kinds["C24-2"] == [ReleaseKind.RELEASE, ReleaseKind.WITHDRAWAL, ReleaseKind.RELEASE]
    assert kinds["C24-S1"][-1] == ReleaseKind.WITHDRAWAL
    assert Resolution.objects.get(key="C24-S1").disclosure == Disclosure.ON_REQUEST


def test_every_page_passed_its_reviews() -> None:
    assert Article.objects.public().count() == Article.objects.count() == 17
    assert OutcomePage.objects.count() == 10
    assert OutcomePage.objects.public().count() == 9  # nothing of the special meeting is public any more
    for state in WorkflowState.objects.filter(status=WorkflowState.STATUS_APPROVED):
        verdicts = TaskState.objects.filter(workflow_state=state, status=TaskState.STATUS_APPROVED)
        assert len(set(verdicts.values_list("finished_by", flat=True))) == 3


def test_news_of_a_meeting_appears_before_its_minutes_are_issued() -> None:
    for sitting in MEETINGS:
        for news in sitting.news:
            if news.on is None:
                page, minutes = (
                    Article.objects.get(slug=news.key.lower()),
                    Minutes.objects.get(key=f"{sitting.key}-M"),
                )
                assert minutes.issued_on is not None
                assert timezone.localdate(page.first_published_at) < minutes.issued_on


def test_the_log_tells_the_story_on_its_days() -> None:
    # From midnight of the day of loading, not a day before now: at noon, yesterday afternoon is less than a day ago.
    began = timezone.make_aware(datetime.combine(DemonstrationLoad.objects.get().day, time.min))
    assert not RecordLogEntry.objects.filter(timestamp__gte=began).exists()
    assert not Revision.objects.filter(created_at__gte=began).exists()
    assert not TaskState.objects.filter(started_at__gte=began).exists()
    assert set(PageLogEntry.objects.filter(timestamp__gte=began).values_list("page__slug", flat=True)) <= {"home"}
    unnamed = RecordLogEntry.objects.filter(user=None)
    given = unnamed.filter(action="meetings.person.password").values_list("object_id", flat=True)
    assert set(Person.objects.filter(pk__in=map(int, given)).values_list("username", flat=True)) == set(PASSWORDS)
    passwords = unnamed.filter(action__in=["meetings.person.password", "meetings.person.edit"], object_id__in=given)
    others = unnamed.exclude(pk__in=passwords.values("pk"))
    assert set(others.values_list("label", flat=True)) <= {"系统管理员", "司维安"}
    steps = RecordLogEntry.objects.filter(
        object_id=str(Resolution.objects.get(key="Y24-2").pk), action__startswith="meetings.resolution."
    )
    verbs = [action.rsplit(".", 1)[1] for action in steps.order_by("timestamp").values_list("action", flat=True)]
    assert [verb for verb in verbs if verb in {"adopt", "assign", "report_done", "verify"}] == [
        "adopt",
        "assign",
        "report_done",
        "verify",
        "verify",
    ]


def test_the_auditor_confirmed_who_took_over_a_post_that_signs() -> None:
    changes = PendingChange.objects.all()
    assert changes.exists()
    assert set(changes.values_list("state", "requested_by__username", "decided_by__username")) == {
        ("confirmed", "guanliyuan", "shenji")
    }
    of_people = changes.exclude(subject=None)
    assert set(of_people.values_list("subject__name", flat=True)) == {"罗清衡", "苗秉和"}


def test_the_follow_up_report_is_a_file_of_its_sitting() -> None:
    report = Attachment.objects.get(meeting__key="Y25")
    assert report.name == "上次联席会议议定事项落实情况报告.docx"
    files = Attachment.objects.filter(is_scan=False)
    kinds = {name.rsplit(".", 1)[1] for name in files.values_list("name", flat=True)}
    assert kinds == {"docx", "xlsx", "pdf"}


def test_some_signed_on_paper_and_one_by_a_deputy() -> None:
    papers = Approval.objects.filter(medium=Medium.PAPER).select_related("scan", "entered_by", "person")
    minutes = papers.filter(minutes__meeting__key="Y24")
    assert {(row.person.name, row.on) for row in minutes} == {
        ("景思齐", date(2024, 11, 19)),
        ("罗清衡", date(2024, 11, 21)),
    }
    assert [row.topic.key for row in papers.filter(minutes=None) if row.topic] == ["Y25-T1"]
    for row in papers:
        assert row.scan is not None
        assert row.scan.target == row.target
        assert row.entered_by is not None
        assert row.entered_by.name == "吕青禾"
    deputies = Approval.objects.exclude(delegation=None)
    assert [row.signer for row in deputies] == [
        "镇总工会专职副主席 黄佩兰（受镇人大副主席、镇总工会主席顾明川委托，2025年6月23日至27日）"
    ]
    assert {row.minutes.meeting.key for row in deputies if row.minutes} == {"C25"}


def test_the_index_agrees_with_the_records() -> None:
    assert list(differences()) == []


def test_the_work_items_are_those_of_the_records() -> None:
    """The whole story went through the operations; each opened and closed exactly what it had to."""
    for source in sources():
        found = [(d.left_over, d.missing, d.changed) for d in work_differences(source)]
        assert found == [], source.name


@pytest.mark.parametrize("login", PASSWORDS)
def test_the_desk_of_each_role_takes_few_queries(login: str) -> None:
    """Clerks have the two lists of others besides: vacant posts, and what they wait for."""
    person = Person.objects.get(username=login)
    clerk = any(tenure.post.role == Role.CLERK for tenure in person.tenures_in_force())
    client = Client()
    client.force_login(person)
    assert query_count(client, "wagtailadmin_home") <= (35 if clerk else 25)


def test_it_prints_a_login_for_each_role_that_opens_the_admin(output: str) -> None:
    lines = [line.split(" ") for line in output.splitlines()]
    for role, login, password in LOGINS:
        assert [role, login, password] in lines
        person = Person.objects.get(username=login)
        validate_password(password, person)
        answer = Client().post(reverse("wagtailadmin_login"), {"username": login, "password": password})
        assert (answer.status_code, answer["Location"]) == (302, reverse("wagtailadmin_home"))
    assert Person.objects.exclude(username__in=[login for _role, login, _password in LOGINS]).exists()
    assert not any(
        person.has_usable_password()
        for person in Person.objects.exclude(username__in=[login for _role, login, _password in LOGINS])
    )
    assert Tenure.objects.filter(person__is_superuser=True).count() == 0


def test_a_complete_load_is_left_as_it_is(output: str) -> None:
    before = RecordLogEntry.objects.count()
    printed = StringIO()
    call_command("load_demo", stdout=printed)
    assert "保持不变" in printed.getvalue()
    assert RecordLogEntry.objects.count() == before


def test_an_interrupted_load_is_named() -> None:
    with transaction.atomic():
        DemonstrationLoad.objects.update(complete=False)
        with pytest.raises(CommandError, match="RESET=1"):
            call_command("load_demo")
        transaction.set_rollback(True)


def test_a_database_with_other_data_is_refused() -> None:
    with transaction.atomic():
        DemonstrationLoad.objects.all().delete()
        with pytest.raises(CommandError, match="其他数据"):
            call_command("load_demo")
        transaction.set_rollback(True)


def test_a_clock_that_is_behind_the_story_is_named() -> None:
    with transaction.atomic():
        DemonstrationLoad.objects.all().delete()
        with pytest.raises(CommandError, match="系统日期"):
            call_command("load_demo", day=date(2020, 1, 1))
        transaction.set_rollback(True)
