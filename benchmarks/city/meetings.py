"""The meetings of a conference with topics, agenda, attendance and signatures.

- `make_meetings(office, …)`: all meetings, the oldest first; the last two are still to be held.
- `sign(…)`: signatures on screen under one content hash.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.city.office import BEGIN, Office
from benchmarks.city.rows import Chance, insert, moment
from benchmarks.city.size import LAST_DAY, LAST_PLANNED, Size
from meetings.enums import (
    AgendaKind,
    ApprovalStep,
    AttendanceStatus,
    MeetingKind,
    MeetingState,
    Side,
    TopicState,
    Verdict,
)
from meetings.models import AgendaItem, Approval, Attendance, Meeting, Opinion, Tenure, Topic, TopicCategory
from meetings.rules.hashing import digest

TOPICS = 2  # on the agenda of a meeting
OPEN_TOPICS = 12  # of a conference, in every state before the agenda
OPEN_STATES = (TopicState.DRAFT, TopicState.SUBMITTED, TopicState.CONFERRED, TopicState.APPROVED, TopicState.AGREED)
SPECIAL = 0.1
GUESTS = 3


@dataclass
class Sitting:
    """A meeting with what belongs to it."""

    meeting: Meeting
    day: date
    topics: list[Topic]
    agenda: list[AgendaItem]


def make_meetings(office: Office, size: Size, chance: Chance) -> list[Sitting]:
    """Write the meetings of a conference."""
    days = _days(size.meetings)
    rows = insert([_meeting(office, day, number, len(days), chance) for number, day in enumerate(days)])
    sittings = [Sitting(row, day, [], []) for row, day in zip(rows, days, strict=True)]
    _topics(office, sittings, chance)
    _agenda(office, sittings)
    _attendance(office, sittings, chance)
    settled = [each for each in sittings if each.meeting.state != MeetingState.PLANNED]
    keys = ("liaison_leader", "union_head") if office.has_group else ("gov_clerk", "union_clerk")
    seats = ("government_group_head", "union_group_head") if office.has_group else ("government_clerk", "union_clerk")
    insert(
        [
            approval
            for each in settled
            for approval in sign(
                ApprovalStep.SETTLE,
                list(zip(seats, (office.tenures[key] for key in keys), strict=True)),
                digest(each.meeting.title),
                each.day - timedelta(days=12),
                meeting=each.meeting,
            )
        ]
    )
    return sittings


def sign(step: str, seats: list[tuple[str, Tenure]], content_hash: str, on: date, **target: object) -> list[Approval]:
    """Return the signatures of these seats, not yet written."""
    return [
        Approval(
            step=step,
            seat=seat,
            post=tenure.post,
            tenure=tenure,
            person=tenure.person,
            hash=content_hash,
            on=on,
            at=moment(on),
            **target,
        )
        for seat, tenure in seats
    ]


def _days(number: int) -> list[date]:
    """Return the days of the meetings: evenly spread, the last two in the future."""
    held = number - 2
    step = (LAST_DAY - BEGIN).days / held
    days = [BEGIN + timedelta(days=round(step * (each + 0.5))) for each in range(held)]
    return [*days, LAST_DAY + timedelta(days=9), LAST_DAY + timedelta(days=LAST_PLANNED)]


def _meeting(office: Office, day: date, number: int, total: int, chance: Chance) -> Meeting:
    states = {total - 1: MeetingState.PLANNED, total - 2: MeetingState.NOTIFIED}
    state = states.get(number, MeetingState.HELD)
    special = state == MeetingState.HELD and chance.happens(SPECIAL)
    notified = state != MeetingState.PLANNED
    return Meeting(
        conference=office.conference,
        adoption=office.adoption_on(day),
        kind=MeetingKind.SPECIAL if special else MeetingKind.REGULAR,
        title=f"{day.year}年第{number + 1}次联席会议",
        time=moment(day),
        place="第一会议室",
        chair=office.tenures["head"],
        consultation="双方主要负责人当面商定，事项不能等到例会。" if special else "",
        state=state,
        notice_number=f"{office.conference.short_name}办函〔{day.year}〕{number + 1}号" if notified else "",
        notified_on=day - timedelta(days=10) if notified else None,
        held_on=day if state == MeetingState.HELD else None,
    )


def _topics(office: Office, sittings: list[Sitting], chance: Chance) -> None:
    """Write the topics: of each meeting, and those that wait for one; with the departments' opinions."""
    rows, days = [], []
    for each in sittings:
        held = each.meeting.state == MeetingState.HELD
        each.topics = [
            _topic(office, each.day, TopicState.DISCUSSED if held else TopicState.LISTED, chance)
            for _number in range(TOPICS)
        ]
        rows += each.topics
        days += [each.day] * TOPICS
    for number in range(OPEN_TOPICS):
        rows.append(_topic(office, LAST_DAY, OPEN_STATES[number % len(OPEN_STATES)], chance))
        days.append(LAST_DAY)
    insert(rows)
    insert(
        [opinion for topic, day in zip(rows, days, strict=True) for opinion in _opinions(office, topic, day, chance)]
    )


def _topic(office: Office, day: date, state: str, chance: Chance) -> Topic:
    lead, other = chance.sample(office.departments, 2)
    adoption = office.adoption_on(day)
    categories: list[TopicCategory] = office.categories[adoption.pk]
    text = chance.sentences(2, lead=lead.name, other=other.name, day=day, place=office.conference.short_name)
    return Topic(
        conference=office.conference,
        adoption=adoption,
        side=chance.choice((Side.GOVERNMENT, Side.UNION)),
        proposer=lead,
        category=chance.choice(categories),
        title=f"关于{chance.matter()}",
        text=text,
        research=f"走访{chance.randint(3, 30)}家企业。{text}",
        joint_research=text,
        proposal_report=text,
        state=state,
        submitted_on=None if state == TopicState.DRAFT else day - timedelta(days=60),
        created_by=office.liaisons[lead.pk].person,
    )


def _opinions(office: Office, topic: Topic, day: date, chance: Chance) -> list[Opinion]:
    if topic.state == TopicState.DRAFT:
        return []
    open_state = topic.state in OPEN_STATES
    departments = chance.sample([row for row in office.departments if row.pk != topic.proposer_id], 2)
    rows = []
    for department in departments:
        given = not open_state or chance.happens(0.5)
        rows.append(
            Opinion(
                topic=topic,
                department=department,
                verdict=Verdict.AGREE if given else Verdict.PENDING,
                text="同意。" if given else "",
                asked_on=day - timedelta(days=50),
                given_by=office.liaisons[department.pk].person if given else None,
                given_on=day - timedelta(days=40) if given else None,
            )
        )
    return rows


def _agenda(office: Office, sittings: list[Sitting]) -> None:
    for each in sittings:
        titles = [
            (AgendaKind.BRIEFING, Side.GOVERNMENT, "通报经济社会发展情况", None),
            (AgendaKind.BRIEFING, Side.UNION, "通报工会工作情况", None),
            (AgendaKind.FOLLOW_UP, "", "通报上次会议议定事项落实情况", None),
            *((AgendaKind.DELIBERATION, topic.side, topic.title, topic) for topic in each.topics),
            (AgendaKind.DEPLOYMENT, "", "部署工作", None),
        ]
        each.agenda = [
            AgendaItem(meeting=each.meeting, order=order, kind=kind, side=side, title=title, topic=topic)
            for order, (kind, side, title, topic) in enumerate(titles)
        ]
    insert([item for each in sittings for item in each.agenda])


def _attendance(office: Office, sittings: list[Sitting], chance: Chance) -> None:
    leaders = [office.tenures[key] for key in ("head", "liaison_leader", "gov_leader", "union_head", "union_leader")]
    rows = []
    for each in sittings:
        held = each.meeting.state == MeetingState.HELD
        chiefs = [office.chiefs[row.pk] for row in chance.sample(office.departments, min(GUESTS, len(office.chiefs)))]
        for order, tenure in enumerate([*leaders, *chiefs]):
            answered = held or chance.happens(0.5)
            status = AttendanceStatus.ATTENDS if chance.happens(0.93) else AttendanceStatus.LEAVE
            rows.append(
                Attendance(
                    meeting=each.meeting,
                    department=tenure.post.department,
                    post=tenure.post,
                    person=tenure.person if held else None,
                    name=tenure.person.name if held else "",
                    title=tenure.full_title if held else "",
                    side=tenure.post.side or Side.GOVERNMENT,
                    status=status if answered else AttendanceStatus.INVITED,
                    order=order,
                )
            )
    insert(rows)
