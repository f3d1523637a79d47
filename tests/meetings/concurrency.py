"""Contests of twenty processes on the records, see `tests.meetings.processes`."""

from typing import Any

from django.db import transaction

from meetings import clock
from meetings.enums import Role
from meetings.models import (
    Attachment,
    AttemptCount,
    Department,
    JointConference,
    LoginCode,
    Minutes,
    Person,
    RecordLogEntry,
)
from meetings.operations.approval import register_paper
from meetings.operations.attempts import Limit, LimitReached, count_attempt, forget_attempts
from meetings.operations.changes_of_accounts import account_act
from meetings.operations.correction import correct_minutes
from meetings.operations.department import save_department
from meetings.operations.login import issue_code, redeem_code
from meetings.operations.meeting import settle_meeting
from meetings.operations.minutes import approve_minutes, edit_minutes, issue_minutes
from meetings.operations.number_series import next_number
from meetings.operations.progress import report_done, report_progress, verify
from meetings.operations.tenures import begin_tenure
from meetings.operations.topic import submit_topic
from tests.meetings.confirming import confirm, give_password, with_records
from tests.meetings.confirming import submit as submit_change
from tests.meetings.factories import ConferenceFactory, PersonFactory, PostFactory, World, chengqiao, seat, yuanqu
from tests.meetings.follow_up import LATER, assigned, reported, upload
from tests.meetings.processes import PROCESSES, contested, race, results
from tests.meetings.steps import AFTER, DAY, approved_minutes, drafted_minutes, in_approval, planned_meeting

NUMBERS_EACH = 10


def entries(record: Any, action: str) -> int:
    """Return the number of log entries of this action."""
    return RecordLogEntry.objects.get_for_instance(record).filter(action=action).count()


@contested
def numbers() -> dict[str, Any]:
    """Every process takes ten numbers of one series."""
    conference: JointConference = ConferenceFactory.create()

    def take(_number: int) -> list[int]:
        given = []
        for _ in range(NUMBERS_EACH):
            with transaction.atomic():
                given.append(next_number(conference, "纪要"))
        return given

    return {"given": sorted(number for given in results(take) for number in given)}


@contested
def submit() -> dict[str, Any]:
    """All processes perform the same step of one topic."""
    world = yuanqu("甲县")
    topic = world.topic()
    met = race(lambda n: submit_topic(topic, by=world.liaison))
    return {"met": met, "logged": entries(topic, "meetings.topic.submit")}


@contested
def settle() -> dict[str, Any]:
    """The clerks of both sides settle one meeting."""
    world = yuanqu("乙县")
    meeting = planned_meeting(world)
    met = race(lambda n: settle_meeting(meeting, by=(world.gov_clerk, world.union_clerk)[n % 2]))
    meeting.refresh_from_db()
    return {"met": met, "state": meeting.state, "approvals": meeting.approvals.count()}


@contested
def edit() -> dict[str, Any]:
    """All processes edit the same version of one text."""
    world = yuanqu("丙县")
    minutes = drafted_minutes(world)
    typed: dict[str, Any] = {"title": minutes.title, "disclosure": minutes.disclosure, "version": minutes.version}
    met = race(lambda n: edit_minutes(minutes, by=world.gov_clerk, body=f"<p>第{n}稿</p>", **typed))
    return {"met": met, "revisions": minutes.revisions.count()}


@contested
def approve() -> dict[str, Any]:
    """All leaders compete for the seats of one approval."""
    minutes = in_approval(yuanqu("丁县"))
    posts = minutes.meeting.conference.posts
    leaders = posts.filter(role__endswith="leader") | posts.filter(role__in=["head_of_government", "union_head"])
    people = [post.tenures.get().person for post in leaders]
    met = race(lambda n: approve_minutes(minutes, by=people[n % len(people)]))
    minutes.refresh_from_db()
    return {"met": met, "state": minutes.state, "seats": sorted(minutes.approvals.values_list("seat", flat=True))}


@contested
def paper() -> dict[str, Any]:
    """Both clerks register one signature on paper, each with a scan."""
    minutes = in_approval(yuanqu("戊县"))
    clerks = minutes.meeting.conference.posts.filter(role="clerk").order_by("pk")
    leaders = minutes.meeting.conference.posts.filter(role__in=["head_of_government", "government_leader"])

    def register(number: int) -> None:
        signed: dict[str, Any] = {"seat": "government_leader", "tenure": leaders[number % 2].tenures.get(), "on": AFTER}
        with clock.at(AFTER):
            by = clerks[number % 2].tenures.get().person
            register_paper(minutes, "approve", by=by, scan=upload(f"审签单{number}.pdf"), **signed)

    met = race(register)
    minutes.refresh_from_db()
    scans = Attachment.objects.filter(minutes=minutes).count()
    return {"met": met, "state": minutes.state, "approvals": minutes.approvals.count(), "scans": scans}


def _fresh(minutes: list[Minutes], number: int) -> Minutes:
    return Minutes.objects.get(pk=minutes[number % len(minutes)].pk)


@contested
def issue() -> dict[str, Any]:
    """Issue four minutes of one series, then correct one of them."""
    world = chengqiao()
    days = [
        DAY.replace(day=day) for day in (14, 13, 12, 11)
    ]  # in reverse order, so that no earlier resolution needs an explanation
    waiting = [approved_minutes(world, day) for day in days]

    def issue_one(number: int) -> None:
        with clock.at(AFTER):
            issue_minutes(_fresh(waiting, number), by=world.union_clerk)

    def correct(number: int) -> None:
        with clock.at(AFTER):
            clerk = (world.gov_clerk, world.union_clerk)[number % 2]
            correct_minutes(_fresh(waiting, 0), by=clerk, reason="金额误印。")

    met = race(issue_one)
    serials = sorted(Minutes.objects.get(pk=row.pk).serial or 0 for row in waiting)
    corrected = race(correct)
    corrections = list(waiting[0].corrections.values_list("state", "resolutions__amends__minutes"))
    return {"met": met, "serials": serials, "corrected": corrected, "same": corrections == [("draft", waiting[0].pk)]}


@contested
def registry() -> dict[str, Any]:
    """The same number of a shared registry is entered for two minutes."""
    world = yuanqu("己县")
    waiting = [approved_minutes(world, DAY.replace(day=day)) for day in (14, 13)]

    def issue_one(number: int) -> None:
        with clock.at(AFTER):
            issue_minutes(_fresh(waiting, number), by=world.gov_clerk, number="垣政办纪〔2025〕9号")

    met = race(issue_one)
    return {"met": met, "states": sorted(Minutes.objects.get(pk=row.pk).state for row in waiting)}


@contested
def reports() -> dict[str, Any]:
    """Every process writes a progress report, then every process reports completion."""
    world = yuanqu("庚县")
    row = assigned(world)
    before = row.version

    def report(number: int) -> None:
        with clock.at(LATER):
            report_progress(row, by=world.liaison, text=f"第{number}次进展。")

    def finish(number: int) -> None:
        with clock.at(LATER):
            report_done(row, by=world.liaison, text=f"第{number}次报结。")

    met = race(report)
    row.refresh_from_db()
    written, grown = row.parts.get(role="lead").reports.count(), row.version - before
    done = race(finish)
    row.refresh_from_db()
    return {"met": met, "written": written, "versions": grown, "done": done, "state": row.state}


@contested
def verification() -> dict[str, Any]:
    """The clerks of both sides verify one resolution."""
    world = yuanqu("辛县")
    row = reported(world, number="垣政办纪〔2025〕18号")

    def say(number: int) -> None:
        with clock.at(LATER):
            verify(row, by=(world.gov_clerk, world.union_clerk)[number % 2])

    met = race(say)
    row.refresh_from_db()
    return {"met": met, "state": row.state}


@contested
def department() -> dict[str, Any]:
    """All processes create a department with the same name."""
    world = yuanqu("壬县")
    met = race(lambda n: save_department(Department(name="县大数据局"), by=world.administrator))
    return {"met": met, "rows": Department.objects.filter(name="县大数据局").count()}


@contested
def attempts() -> dict[str, Any]:
    """All processes guess the password of one account from one address, each from its own session."""
    limit = Limit(name="guess", attempts=5, window=900, first_wait=900, longest_wait=900)
    wider = Limit(name="guesses", attempts=40, window=900, first_wait=10, longest_wait=900)

    def guess(_number: int) -> list[int]:
        try:
            return [each.count for each in count_attempt(limit.counter("zhang"), wider.counter("203.0.113.7"))]
        except LimitReached:
            return []

    counts = sorted(each for each in results(guess) if each)
    return {"counts": counts, "stored": sorted(AttemptCount.objects.values_list("count", flat=True))}


@contested
def good_attempts() -> dict[str, Any]:
    """All processes enter the right password at the same moment, while failures of somebody else are counted."""
    own = Limit(name="own", attempts=40, window=900, first_wait=900, longest_wait=900)
    wider = Limit(name="office", attempts=40, window=900, first_wait=10, longest_wait=900)
    for _time in range(7):
        count_attempt(own.counter("li"), wider.counter("203.0.113.8"))

    def log_in(_number: int) -> None:
        forget_attempts(*count_attempt(own.counter("zhang"), wider.counter("203.0.113.8")))

    met = race(log_in)
    left = {
        each.counter.limit.name: each.count
        for each in count_attempt(own.counter("zhang"), wider.counter("203.0.113.8"))
    }
    return {"met": met, "left": left}


def _newcomers(world: World) -> tuple[Any, list[Person]]:
    post = PostFactory.create(conference=world.conference, title="新设岗位")
    return post, [PersonFactory.create() for _ in range(PROCESSES)]


@contested
def tenure() -> dict[str, Any]:
    """As many people as processes are appointed to one vacant post."""
    world = yuanqu("癸县")
    post, people = _newcomers(world)
    met = race(lambda n: begin_tenure(post, people[n], by=world.administrator, from_date=AFTER))
    return {"met": met, "tenures": post.tenures.count()}


@contested
def confirmation() -> dict[str, Any]:
    """Two auditors confirm one request at once; each reads its page first."""
    world = with_records(yuanqu("确县"))
    other = give_password(seat("第二审计员", role=Role.AUDITOR).person)
    change = submit_change(account_act("login_code", give_password(world.head)), by=world.administrator)
    met = race(lambda n: confirm(change, by=(world.auditor, other)[n % 2]))
    return {"met": met, "codes": LoginCode.objects.filter(person=world.head).count()}


@contested
def redemption() -> dict[str, Any]:
    """All processes log in with one one-time code."""
    world = yuanqu("码县")
    code = issue_code(world.gov_clerk, by=None, shown_to=None).code

    def use(_number: int) -> list[bool]:
        return [redeem_code(world.gov_clerk.username, code) is not None]

    return {"redeemed": sum(worked for [worked] in results(use))}
