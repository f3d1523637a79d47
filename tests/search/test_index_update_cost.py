"""Cost of index updates at the end of a step: few statements, and the same number for three records as for one.

Each kind of step runs in one world before it is counted in others, because a facet value or audience that occurs for
the first time takes a statement of its own.
"""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings import clock
from meetings.enums import PartRole
from meetings.models import Explanation, Opinion, ProgressReport, Resolution, Topic
from meetings.operations.department import merge_department
from meetings.operations.minutes import approve_minutes, issue_minutes
from meetings.operations.progress import assign, report_done, report_progress, verify
from meetings.operations.topic import save_topic
from meetings.write_lock import write_transaction
from publicity.enums import Stage
from publicity.operations.outcomes import draft_outcome
from publicity.operations.releases import release_stage, withdraw
from publicity.operations.reviews import give_verdict, send_for_review
from publicity.rules import reviews_needed
from search import index_updates
from search.engines.selection import engine
from search.index_maintenance import differences, rebuild
from search.models import SearchDocument
from search.sources import SOURCES
from tests.meetings.factories import DepartmentFactory, World, yuanqu
from tests.meetings.steps import AFTER, approvers, in_approval, issued_minutes
from tests.publicity.factories import county, issued, place, public_article, public_outcome, resolutions

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LATE = date(2025, 11, 29)
Act = Callable[[], object]
_numbers = count(1)


def next_number() -> str:
    """Return an unused number for minutes."""
    return f"垣政办纪〔2025〕{next(_numbers)}号"


def new_topic(world: World, size: int) -> Act:
    save_topic(world.topic(), by=world.union_clerk)
    values = {"conference": world.conference, "adoption": world.adoption, "proposer": world.department}
    topics = [
        Topic(**values, category=world.category(), side="union", title=f"第{n}个", text="……") for n in range(size)
    ]
    return lambda: [save_topic(topic, by=world.union_clerk) for topic in topics]


def changed_topic(world: World, size: int) -> Act:
    topics = [save_topic(world.topic(), by=world.union_clerk) for _number in range(size)]
    for topic in topics:
        topic.title = f"{topic.title}（修改）"
    return lambda: [save_topic(topic, by=world.union_clerk) for topic in topics]


def adopted(world: World, size: int) -> list[Resolution]:
    return list(issued_minutes(world, topics=size, number=next_number()).resolutions.order_by("order"))


def assigned(world: World, size: int) -> list[Resolution]:
    rows = adopted(world, size)
    with clock.at(AFTER):
        for row in rows:
            assign(row, by=world.gov_clerk)
    return rows


def assigning(world: World, size: int) -> Act:
    rows = adopted(world, size)
    return lambda: [assign(row, by=world.gov_clerk) for row in rows]


def reporting(world: World, size: int) -> Act:
    rows = assigned(world, size)
    return lambda: [report_progress(row, by=world.liaison, text="已拟定方案。") for row in rows]


def verifying(world: World, size: int) -> Act:
    """The last of two people verifies; verified resolutions are public."""
    rows = assigned(world, size)
    Resolution.objects.filter(pk__in=[row.pk for row in rows]).update(disclosure="public")
    place(world)
    rebuild()
    public_outcome(world, rows[0].minutes.meeting)
    with clock.at(AFTER):
        for row in rows:
            row.refresh_from_db()
            report_done(row, by=world.liaison, text="已经办结。")
            verify(row, by=world.gov_clerk)
    return lambda: [verify(row, by=world.union_clerk) for row in rows]


def approving(world: World, size: int) -> Act:
    """The last of two people approves."""
    rows = [in_approval(world, date(2025, 11, 10 + n)) for n in range(size)]
    with clock.at(LATE):
        for row in rows:
            approve_minutes(row, by=approvers(world, row)[0])
    return lambda: [approve_minutes(row, by=approvers(world, row)[1]) for row in rows]


def issuing(world: World, size: int) -> Act:
    """Minutes with one resolution each are issued."""
    rows = [in_approval(world, date(2025, 11, 10 + n)) for n in range(size)]
    with clock.at(LATE):
        for row in rows:
            for person in approvers(world, row):
                approve_minutes(row, by=person)
    return lambda: [issue_minutes(row, by=world.gov_clerk, number=next_number()) for row in rows]


def publishing(world: World, size: int) -> Act:
    """The last reviewer approves a page, which releases its resolutions for the first time."""
    place(world)
    meeting = issued(world, items=size)
    rebuild()  # the factories bypass the operations
    page = draft_outcome(meeting, by=world.gov_clerk)
    send_for_review(page, by=world.gov_clerk)
    *others, last = world.reviewers[: reviews_needed(world.conference)]
    for person in others:
        give_verdict(page, approve=True, opinion="同意", by=person)
    return lambda: give_verdict(page, approve=True, opinion="同意", by=last)


def released(world: World, size: int) -> list[Resolution]:
    place(world)
    meeting = issued(world, items=size, state="under_way")
    rebuild()
    public_outcome(world, meeting)
    return resolutions(meeting)


def releasing(world: World, size: int) -> Act:
    """Public resolutions move to their next stage."""
    rows = released(world, size)
    return lambda: [release_stage(row, stage=Stage.UNDER_WAY, by=world.gov_clerk) for row in rows]


def withdrawing(world: World, size: int) -> Act:
    rows = released(world, size)
    return lambda: [withdraw(row, reason="文字有误", by=world.gov_clerk) for row in rows]


# The number of statements of each step; none may take more than eight.
STEPS: dict[Callable[[World, int], Act], int] = {
    new_topic: 5,
    changed_topic: 6,
    assigning: 6,
    reporting: 7,
    verifying: 7,
    approving: 6,
    issuing: 8,
    publishing: 8,
    releasing: 8,
    withdrawing: 7,
}
DAYS = {assigning: AFTER, reporting: AFTER, verifying: AFTER, approving: LATE, issuing: LATE}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_a_step_renews_the_index_in_few_statements(
    step: Callable[[World, int], Act], monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: list[int] = []
    update_documents = index_updates.update_documents

    def counted(changes: Collection[index_updates.ChangedRow]) -> None:
        with CaptureQueriesContext(connection) as statements:
            update_documents(changes)
        counts.append(len(statements))

    for name, size in (("甲", 1), ("乙", 1), ("丙", 3)):
        act = step(yuanqu(name), size)
        before = set(SearchDocument.objects.values_list("pk", flat=True))
        today: AbstractContextManager[object] = clock.at(DAYS[step]) if step in DAYS else nullcontext()
        with monkeypatch.context() as patched, today, write_transaction():
            patched.setattr(index_updates, "update_documents", counted)
            act()
        assert len(before ^ set(SearchDocument.objects.values_list("pk", flat=True))) >= size, "each was written"
    _first, one, three = counts
    assert one == three == STEPS[step] <= 8
    assert [*differences(), *engine().faults()] == []


def test_what_did_not_change_takes_one_statement_to_tell() -> None:
    world = yuanqu()
    row = adopted(world, 1)[0]
    documents = list(SOURCES["resolution"].documents([row.pk]))
    with write_transaction(), CaptureQueriesContext(connection) as statements:
        engine().index(documents)
    assert len(statements) == 1


def create_all_kinds(world: World, day: date) -> None:
    """Create one record of each kind that has documents, with everything that its document contains."""
    meeting = issued(world, day)
    resolution = resolutions(meeting)[0]
    resolution.tags.add("欠薪", "民生")
    resolution.save()
    public_outcome(world, meeting)
    public_article(world, f"{day}的消息", tags=["便民", "惠民"])
    part = resolution.parts.get(role=PartRole.LEAD)
    ProgressReport.objects.create(part=part, author=world.liaison, on=day, text="已办")
    Explanation.objects.create(
        resolution=resolution, meeting=meeting, by=world.gov_clerk, on=day, text="因", opinion="意"
    )
    meeting.attendance.create(department=world.other_department, name="某")
    topic = world.topic(state="submitted")
    for department in (world.department, world.other_department):
        Opinion.objects.create(topic=topic, department=department, asked_on=day)


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_reads_three_in_as_many_statements_as_one(name: str) -> None:
    world = county()
    for day in (date(2025, 9, 5), date(2025, 9, 6), date(2025, 9, 7)):
        create_all_kinds(world, day)
    # Each department has a predecessor, and a successor that was merged in turn.
    for department in (world.department, world.other_department):
        merge_department(DepartmentFactory.create(), into=department, by=None)
        merge_department(department, into=(between := DepartmentFactory.create()), by=None)
        merge_department(between, into=DepartmentFactory.create(), by=None)
    source = SOURCES[name]
    subjects = list(source.rows().values_list(source.subject, flat=True))
    counts = []
    for some in (subjects[:1], subjects[:1], subjects[:3]):
        with CaptureQueriesContext(connection) as statements:
            assert len(list(source.documents(some))) == len(some)
        counts.append(len(statements))
    assert len(subjects) >= 3
    assert counts[1] == counts[2] <= 3
