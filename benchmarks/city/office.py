"""A conference with its departments, posts and their holders, past and present.

- `regulations()`: the two regulations that the conferences follow, created by the operation.
- `Office.make(number, …)`: one conference. The people are written in bulk, the conference by its operation, which also
  creates its public section.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password

from benchmarks import vocabulary
from benchmarks.city.rows import Chance, insert
from benchmarks.city.size import LAST_DAY, YEARS, Size
from meetings.enums import GroupKind, Level, PostKind, Role, SeatKind, SettledBy, Side
from meetings.models import (
    Department,
    GroupSeat,
    JointConference,
    LeadingGroup,
    Membership,
    Person,
    Post,
    Regulation,
    RegulationAdoption,
    Tenure,
    TopicCategory,
)
from meetings.models.regulation import RULE_FIELDS
from meetings.operations.conference import save_conference
from meetings.operations.regulation import adopt_regulation, start_regulation
from meetings.regulation_presets import WITHOUT_TEXT

BEGIN = LAST_DAY - timedelta(days=365 * YEARS)
TEXT_FROM = LAST_DAY - timedelta(days=365 * 6)  # the regulation with its text; before that an older one without
PASSWORD = "Zhengce-2026"  # noqa: S105 -- of made-up people
EVERY_FOURTH = 4  # conference follows the second regulation, with a coordination group

# Key of a post, title, role, side, whether it attends the meetings.
POSTS = (
    ("head", "政府主要负责人", Role.HEAD_OF_GOVERNMENT, Side.GOVERNMENT, True),
    ("liaison_leader", "联系工会工作的负责人", Role.LIAISON_LEADER, Side.GOVERNMENT, True),
    ("gov_leader", "政府常务负责人", Role.GOVERNMENT_LEADER, Side.GOVERNMENT, True),
    ("union_head", "总工会主席", Role.UNION_HEAD, Side.UNION, True),
    ("union_leader", "总工会常务副主席", Role.UNION_LEADER, Side.UNION, True),
    ("gov_clerk", "政府办经办人员", Role.CLERK, Side.GOVERNMENT, False),
    ("union_clerk", "总工会经办人员", Role.CLERK, Side.UNION, False),
    ("writer", "信息员", Role.WRITER, "", False),
    ("reviewer1", "一审人员", Role.REVIEWER, "", False),
    ("reviewer2", "二审人员", Role.REVIEWER, "", False),
    ("reviewer3", "三审人员", Role.REVIEWER, "", False),
    ("administrator", "系统管理员", Role.ADMINISTRATOR, "", False),
    ("auditor", "审计员", Role.AUDITOR, "", False),
)
DUTIES = {Role.CLERK, Role.LIAISON, Role.WRITER, Role.REVIEWER, Role.ADMINISTRATOR, Role.AUDITOR}
CHANGING = ("head", "liaison_leader", "union_head", "gov_clerk", "union_clerk")  # posts with former holders


@dataclass
class Office:
    """A conference with those who work for it."""

    conference: JointConference
    old: RegulationAdoption
    adoption: RegulationAdoption
    government: Department
    union: Department
    departments: list[Department]
    tenures: dict[str, Tenure] = field(default_factory=dict)  # by the key of the post; those in force
    liaisons: dict[int, Tenure] = field(default_factory=dict)  # by department
    chiefs: dict[int, Tenure] = field(default_factory=dict)  # by department; they attend the meetings
    categories: dict[int, list[TopicCategory]] = field(default_factory=dict)  # by adoption

    def person(self, key: str) -> Person:
        """Return who holds the post."""
        found: Person = self.tenures[key].person
        return found

    def adoption_on(self, day: date) -> RegulationAdoption:
        """Return the rules of a day."""
        return self.adoption if day >= TEXT_FROM else self.old

    @property
    def has_group(self) -> bool:
        """Whether the heads of a coordination group settle and approve."""
        return self.adoption.settled_by == "group_heads"


def regulations() -> list[Regulation]:
    """Create the regulations: an older one without text, that of a county, that of a town."""
    return [
        start_regulation("Y", by=None, title="政府与工会联席会议暂行办法", issuer="市人民政府办公室"),
        start_regulation("Y", by=None, title="政府与工会联席会议制度", issuer="市人民政府办公室"),
        start_regulation("C", by=None, title="政府与工会联席会议实施办法", issuer="市人民政府办公室"),
    ]


def make_office(number: int, size: Size, rules: list[Regulation], chance: Chance) -> Office:
    """Create a conference, its departments and its people."""
    place = f"{vocabulary.PLACES[number % len(vocabulary.PLACES)][:-1]}{number + 1}区"
    government, union, departments = _departments(place, size)
    conference = JointConference(
        name=f"{place}人民政府与{place}总工会联席会议",
        short_name=place,
        slug=f"place-{number + 1}",
        level=Level.COUNTY,
        government_side=f"{place}人民政府",
        union_side=f"{place}总工会",
    )
    members = [(government, Side.GOVERNMENT), (union, Side.UNION), *((row, Side.GOVERNMENT) for row in departments)]
    save_conference(conference, by=None)
    insert([Membership(conference=conference, department=row, side=side) for row, side in members])
    old = adopt_regulation(
        conference,
        rules[0],
        by=None,
        from_date=BEGIN,
        to_date=TEXT_FROM - timedelta(days=1),
        rules=WITHOUT_TEXT,
    )
    followed = rules[2] if number % EVERY_FOURTH == EVERY_FOURTH - 1 else rules[1]
    kept = {name: getattr(followed, name) for name in RULE_FIELDS}
    office = Office(conference, old, old, government, union, departments)
    _people(office, number, chance)
    if kept["settled_by"] == SettledBy.GROUP_HEADS:
        _group(office)  # before the rules that name its heads
    office.adoption = adopt_regulation(conference, followed, by=None, from_date=TEXT_FROM, to_date=None, rules=kept)
    office.categories = {row.pk: list(row.regulation.categories.all()) for row in (old, office.adoption)}
    return office


def _departments(place: str, size: Size) -> tuple[Department, Department, list[Department]]:
    offices = ["人民政府办公室", "总工会"]
    others = [name for name in vocabulary.DEPARTMENTS if name not in offices]
    names = [*offices, *others[: size.departments]]
    rows = insert([Department(name=f"{place}{name}", order=order) for order, name in enumerate(names)])
    return rows[0], rows[1], rows[2:]


def _people(office: Office, number: int, chance: Chance) -> None:
    conference = office.conference
    sides = {Side.GOVERNMENT: office.government, Side.UNION: office.union}
    posts: dict[str, Post] = {
        key: Post(
            conference=conference,
            department=sides.get(side),  # type: ignore[call-overload]  # a post of neither side has none
            title=title,
            role=role,
            side=side,
            attends=attends,
            kind=PostKind.DUTY if role in DUTIES else PostKind.OFFICE,
            order=order,
        )
        for order, (key, title, role, side, attends) in enumerate(POSTS)
    }
    for row in office.departments:
        posts[f"liaison-{row.pk}"] = Post(
            conference=conference, department=row, title="联络员", role=Role.LIAISON, kind=PostKind.DUTY, order=90
        )
        posts[f"chief-{row.pk}"] = Post(conference=conference, department=row, title="主要负责人", order=50)
    insert(list(posts.values()))
    password = make_password(PASSWORD)
    people = {
        key: Person(username=f"p{number}-{key}", name=chance.name(), password=password, is_staff=False) for key in posts
    }
    former = [(key, Person(username=f"p{number}-{key}-{n}", name=chance.name())) for key in CHANGING for n in range(2)]
    insert([*people.values(), *(person for _key, person in former)])
    begins = LAST_DAY - timedelta(days=365 * 3)
    held = {key: _tenure(posts[key], people[key], begins if key in CHANGING else BEGIN) for key in posts}
    third = timedelta(days=(begins - BEGIN).days // 2)
    past = [
        _tenure(posts[key], person, BEGIN + third * (n % 2), BEGIN + third * (n % 2 + 1) - timedelta(days=1))
        for n, (key, person) in enumerate(former)
    ]
    insert([*held.values(), *past])
    office.tenures = {key: held[key] for key, *_rest in POSTS}
    office.liaisons = {row.pk: held[f"liaison-{row.pk}"] for row in office.departments}
    office.chiefs = {row.pk: held[f"chief-{row.pk}"] for row in office.departments}


def _tenure(post: Post, person: Person, begins: date, ends: date | None = None) -> Tenure:
    title = f"{post.department.name if post.department else ''}{post.title}"
    return Tenure(post=post, person=person, full_title=title, order=post.order, from_date=begins, to_date=ends)


def _group(office: Office) -> None:
    """Create the coordination group with a head of each side and some members (`C 3`)."""
    (group,) = insert(
        [LeadingGroup(conference=office.conference, kind=GroupKind.COORDINATION, name="联席会议协调小组")]
    )
    heads = [(office.tenures["liaison_leader"], SeatKind.HEAD), (office.tenures["union_head"], SeatKind.HEAD)]
    members = [(tenure, SeatKind.MEMBER) for tenure in office.chiefs.values()]
    insert(
        [
            GroupSeat(group=group, post=tenure.post, kind=kind, order=order)
            for order, (tenure, kind) in enumerate([*heads, *members])
        ]
    )
