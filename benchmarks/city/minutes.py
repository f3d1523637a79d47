"""The minutes of held meetings, with the resolutions that they settled and the parts of the departments.

- `make_minutes(office, sittings, …)`: minutes, resolutions and parts. The last two held meetings have minutes that are
  still being drafted and approved; the others are sealed and issued with the copy of their content.
- `seal(minutes)`: the copy of the content and its hash, computed by the portal's own rules, and the signatures.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Revision

from benchmarks import vocabulary
from benchmarks.city.meetings import Sitting, sign
from benchmarks.city.office import Office
from benchmarks.city.rows import Chance, insert, moment
from benchmarks.city.size import LAST_DAY, Size
from meetings.enums import (
    ApprovalStep,
    DeadlineKind,
    Disclosure,
    MeetingState,
    MinutesState,
    PartRole,
    ResolutionState,
)
from meetings.models import (
    Approval,
    Department,
    Minutes,
    RecordTag,
    Resolution,
    ResolutionPart,
    TaggedResolution,
    Tenure,
)
from meetings.models.minutes import NumberSeries
from meetings.rules.hashing import digest
from meetings.rules.issued_copy import build_issued_copy

S = ResolutionState
YEAR = 365
# From which age in days on resolutions are in which state, with the probability of each; the rest is verified.
AGES = (
    (YEAR, {S.ADOPTED: 0.04, S.ASSIGNED: 0.1, S.UNDER_WAY: 0.3, S.REPORTED: 0.06, S.RETURNED: 0.03, S.SUSPENDED: 0.02}),
    (3 * YEAR, {S.UNDER_WAY: 0.25, S.RETURNED: 0.04, S.SUSPENDED: 0.04}),
    (100 * YEAR, {S.UNDER_WAY: 0.01}),
)
PUBLIC, CLOSED = 0.75, 0.05
CARRIED = 0.03
CARRIED_OVER = 6  # meetings later


@dataclass
class Item:
    """A resolution with its parts."""

    resolution: Resolution
    lead: Department
    others: list[Department]
    day: date  # of the meeting
    sitting: Sitting
    parts: list[ResolutionPart] = field(default_factory=list)

    @property
    def public(self) -> bool:
        """Whether it may be released."""
        row = self.resolution
        return row.disclosure == Disclosure.PUBLIC and row.state != S.DRAFTED


def make_minutes(
    office: Office, sittings: list[Sitting], size: Size, chance: Chance
) -> tuple[list[Minutes], list[Item]]:
    """Write minutes, resolutions and parts."""
    held = [each for each in sittings if each.meeting.state == MeetingState.HELD]
    rows = [_minutes(office, each, number, len(held), chance) for number, each in enumerate(held)]
    insert(rows)
    series = max((row.serial or 0 for row in rows), default=0)
    insert([NumberSeries(conference=office.conference, name="minutes", last=series)] if series else [])
    items: list[Item] = []
    for number in range(size.resolutions):
        index = number * len(held) // size.resolutions
        order = 0 if not items or items[-1].sitting is not held[index] else items[-1].resolution.order + 1
        items.append(_item(office, held[index], rows[index], order, chance))
    insert([item.resolution for item in items])
    _carry_over(items, len(held), size, chance)
    for item in items:
        item.parts = _parts(item, chance)
    insert([part for item in items for part in item.parts])
    _tag(items, chance)
    return rows, items


def _minutes(office: Office, sitting: Sitting, number: int, total: int, chance: Chance) -> Minutes:
    day = sitting.day
    states = {total - 1: MinutesState.DRAFT, total - 2: MinutesState.IN_APPROVAL}
    state = states.get(number, MinutesState.ISSUED)
    lead, other = chance.sample(office.departments, 2)
    body = "".join(
        f"<p>{chance.sentences(2, lead=lead.name, other=other.name, day=day, place=office.conference.short_name)}</p>"
        for _paragraph in range(4)
    )
    numbered = office.adoption_on(day).minutes_numbering == "series"
    written = f"第{number + 1}期" if numbered else f"{office.conference.short_name[:-1]}纪〔{day.year}〕{number + 1}号"
    return Minutes(
        meeting=sitting.meeting,
        title=f"{office.conference.short_name}{sitting.meeting.title}纪要",
        body=body,
        drafted=body,
        disclosure=Disclosure.PUBLIC if chance.happens(0.5) else Disclosure.ON_REQUEST,
        state=state if state != MinutesState.ISSUED else MinutesState.APPROVED,
        number=written if state == MinutesState.ISSUED else "",
        serial=number + 1 if numbered and state == MinutesState.ISSUED else None,
        issued_on=day + timedelta(days=7) if state == MinutesState.ISSUED else None,
    )


def _item(office: Office, sitting: Sitting, minutes: Minutes, order: int, chance: Chance) -> Item:
    day = sitting.day
    lead, *others = chance.sample(office.departments, chance.choice((2, 2, 3)))
    kind, text, deadline = _deadline(day, chance)
    luck = chance.random()
    disclosure = (
        Disclosure.PUBLIC if luck < PUBLIC else Disclosure.CLOSED if luck > 1 - CLOSED else Disclosure.ON_REQUEST
    )
    topic = chance.choice([row for row in sitting.agenda if row.topic is not None])
    resolution = Resolution(
        minutes=minutes,
        agenda_item=topic,
        order=order,
        title=chance.matter()[:60],
        text=chance.sentences(2, lead=lead.name, other=others[0].name, day=day, place=office.conference.short_name),
        facet=topic.topic.category.facet if topic.topic else "other",
        amount=chance.randint(5, 900) * 10000 if chance.happens(0.2) else None,
        deadline_text=text,
        deadline_kind=kind,
        deadline=deadline,
        disclosure=disclosure,
        disclosure_reason="涉及工作秘密。" if disclosure == Disclosure.CLOSED else "",
        state=_state(minutes, day, chance),
    )
    if resolution.state == S.SUSPENDED:
        resolution.suspended_reason = "资金尚未到位。"
    if resolution.state == S.VERIFIED:
        resolution.verified_on = min(LAST_DAY, day + timedelta(days=chance.randint(60, 300)))
    return Item(resolution, lead, others, day, sitting)


def _state(minutes: Minutes, day: date, chance: Chance) -> str:
    if minutes.state != MinutesState.APPROVED:
        return S.DRAFTED
    age = (LAST_DAY - day).days
    shares = next(shares for most, shares in AGES if age <= most)
    luck = chance.random()
    for state, share in shares.items():
        luck -= share
        if luck < 0:
            return state
    return S.VERIFIED


def _deadline(day: date, chance: Chance) -> tuple[str, str, date | None]:
    luck = chance.random()
    if luck < 0.7:
        due = day + timedelta(days=chance.randint(30, 400))
        return DeadlineKind.DATE, f"{due.year}年{due.month}月{due.day}日前", due
    if luck < 0.8:
        return DeadlineKind.NEXT_MEETING, "下次会议前", None
    return (DeadlineKind.STANDING, "长期坚持", None) if luck < 0.95 else (DeadlineKind.NONE, "", None)


def _parts(item: Item, chance: Chance) -> list[ResolutionPart]:
    done = item.resolution.verified_on
    return [
        ResolutionPart(
            resolution=item.resolution,
            department=department,
            role=PartRole.CO if number else PartRole.LEAD,
            name=department.name,
            task="牵头落实。" if not number else "",
            done_on=done,
        )
        for number, department in enumerate([item.lead, *item.others])
    ]


def _carry_over(items: list[Item], meetings: int, size: Size, chance: Chance) -> None:
    """Let some resolutions continue an unfinished one of an earlier meeting, which ends as carried over."""
    distance = CARRIED_OVER * size.resolutions // max(1, meetings)
    changed = []
    for earlier, later in zip(items, items[distance:], strict=False):
        drafted = S.DRAFTED in {earlier.resolution.state, later.resolution.state}
        if not drafted and earlier.resolution.continues_id is None and chance.happens(CARRIED):
            later.resolution.continues = earlier.resolution
            earlier.resolution.state, earlier.resolution.verified_on = S.CARRIED, None
            changed += [earlier.resolution, later.resolution]
    Resolution.objects.bulk_update(changed, ["continues", "state", "verified_on"], batch_size=200)


def _tag(items: list[Item], chance: Chance) -> None:
    tags = {
        name: RecordTag.objects.get_or_create(name=name, defaults={"slug": f"tag-{n}"})[0]
        for n, name in enumerate(vocabulary.TAGS)
    }
    insert(
        [
            TaggedResolution(content_object=item.resolution, tag=tags[name])
            for item in items
            for name in chance.sample(vocabulary.TAGS, chance.randint(0, 2))
        ]
    )


def seal(office: Office, rows: list[Minutes], sittings: list[Sitting]) -> None:
    """Store a revision of each, and issue those that are approved: hash, copy of the content, signatures."""
    for row, revision in zip(rows, _revisions(office, rows), strict=True):
        row.latest_revision = revision
    Minutes.objects.bulk_update(rows, ["latest_revision"], batch_size=200)
    by_meeting = {each.meeting.pk: each for each in sittings}
    approvals: list[Approval] = []
    for row in rows:
        if row.state != MinutesState.APPROVED:
            continue
        day = by_meeting[row.meeting_id].day + timedelta(days=7)
        row.frozen = build_issued_copy(row)
        row.hash = digest(row.frozen["content"])
        row.state, row.sealed_at = MinutesState.ISSUED, moment(day)
        row.save(update_fields=["frozen", "hash", "state", "sealed_at"])
        approvals += sign(ApprovalStep.APPROVE_MINUTES, _approvers(office), row.hash, day, minutes=row)
    insert(approvals)


def _revisions(office: Office, rows: list[Minutes]) -> list[Revision]:
    types = ContentType.objects.get_for_model(Minutes)
    return insert(
        [
            Revision(
                content_type=types,
                base_content_type=types,
                object_id=str(row.pk),
                object_str=row.title,
                content=row.serializable_data(),
                user=office.person("gov_clerk"),
                created_at=moment(row.meeting.time.date(), 18),
            )
            for row in rows
        ]
    )


def _approvers(office: Office) -> list[tuple[str, Tenure]]:
    if office.has_group:
        keys = {"government_group_head": "liaison_leader", "union_group_head": "union_head"}
    else:
        keys = {"government_leader": "head", "union_leader": "union_head"}
    return [(seat, office.tenures[key]) for seat, key in keys.items()]
