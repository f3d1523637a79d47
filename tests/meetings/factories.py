"""Model factories and two complete data sets for the tests: a county that follows Y and a town that follows C.

- `XFactory`: creates one row of a model with plausible values.
- `yuanqu()`, `chengqiao()`: create a `World`: a conference with its rules, departments, posts and their holders. The
  people have the same attribute names in both worlds: `gov_clerk`, `union_clerk`, `head`, `liaison_leader`,
  `gov_leader`, `union_head`, `union_leader`, `liaison` (of `department`), `other_liaison` (of `other_department`),
  `writer`, `reviewers`, `administrator`, `auditor`, and `stranger` who holds no post.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory

from meetings.enums import GroupKind, Level, PostKind, Role, SeatKind, Side
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
    Topic,
    TopicCategory,
)
from meetings.operations.regulation import start_regulation
from meetings.queries.regulation import citations_of
from meetings.regulation_presets import PRESETS, WITHOUT_TEXT
from tests.stories import story

SINCE = date(2020, 1, 1)
NOTICE_FROM = date(2024, 9, 5)  # the county notice is in force from this day


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person

    username = factory.Sequence(lambda n: f"person{n}")
    name = factory.Sequence(lambda n: f"人员{n}")


class DepartmentFactory(DjangoModelFactory[Department]):
    class Meta:
        model = Department

    name = factory.Sequence(lambda n: f"第{n}局")
    telephone = "0359-5550100"


class ConferenceFactory(DjangoModelFactory[JointConference]):
    class Meta:
        model = JointConference

    short_name = factory.Sequence(lambda n: f"某县{n}")
    slug = factory.Sequence(lambda n: f"place{n}")
    level = Level.COUNTY
    government_side = factory.LazyAttribute(lambda o: f"{o.short_name}人民政府")
    union_side = factory.LazyAttribute(lambda o: f"{o.short_name}总工会")
    name = factory.LazyAttribute(lambda o: f"{o.government_side}与{o.union_side}联席会议")


class RegulationFactory(DjangoModelFactory[Regulation]):
    class Meta:
        model = Regulation

    title = factory.Sequence(lambda n: f"联席会议制度{n}")
    issuer = "办公室"

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        return {**PRESETS[kwargs.pop("preset", "Y")], **kwargs}


class AdoptionFactory(DjangoModelFactory[RegulationAdoption]):
    class Meta:
        model = RegulationAdoption

    conference = factory.SubFactory(ConferenceFactory)
    regulation = factory.SubFactory(RegulationFactory)

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        preset = kwargs.pop("preset", "Y")
        kwargs["citations"] = citations_of(kwargs["regulation"])
        return {**(PRESETS[preset] if isinstance(preset, str) else preset), **kwargs}


class PostFactory(DjangoModelFactory[Post]):
    class Meta:
        model = Post

    title = factory.Sequence(lambda n: f"岗位{n}")


class TenureFactory(DjangoModelFactory[Tenure]):
    class Meta:
        model = Tenure

    post = factory.SubFactory(PostFactory)
    person = factory.SubFactory(PersonFactory)
    full_title = factory.LazyAttribute(lambda o: o.post.title)
    from_date = SINCE


class TopicFactory(DjangoModelFactory[Topic]):
    class Meta:
        model = Topic

    title = factory.Sequence(lambda n: f"关于第{n}件事的议题")
    text = "建议由财政安排专项资金。"
    research = "走访六家企业，座谈四次。"
    side = Side.UNION


def seat(
    title: str,
    name: str = "",
    *,
    conference: JointConference | None = None,
    department: Department | None = None,
    role: str = Role.NONE,
    side: str = "",
    attends: bool = False,
    person: Person | None = None,
    **options: Any,
) -> Tenure:
    """Create a post and a tenure since `SINCE`."""
    duty = role in {Role.CLERK, Role.LIAISON, Role.WRITER, Role.REVIEWER}
    post = PostFactory.create(
        title=title,
        conference=conference,
        department=department,
        role=role,
        side=side,
        attends=attends,
        kind=PostKind.DUTY if duty else PostKind.OFFICE,
        order=options.pop("order", 0),
    )
    tenure: Tenure = TenureFactory.create(
        post=post, person=person or PersonFactory.create(name=name or title), full_title=title, **options
    )
    return tenure


@dataclass
class World:
    """A conference with its rules and people."""

    conference: JointConference
    adoption: RegulationAdoption
    union_office: Department
    government_office: Department
    department: Department
    other_department: Department
    gov_clerk: Person
    union_clerk: Person
    head: Person
    liaison_leader: Person
    gov_leader: Person
    union_head: Person
    union_leader: Person
    liaison: Person
    other_liaison: Person
    writer: Person
    reviewers: list[Person]
    administrator: Person
    auditor: Person
    stranger: Person
    tenures: dict[str, Tenure] = field(default_factory=dict)

    def category(self, facet: str = "welfare") -> TopicCategory:
        """Return the first category of the regulation in force with this facet."""
        return TopicCategory.objects.filter(regulation=self.adoption.regulation, facet=facet).order_by("pk")[0]

    def topic(self, **values: Any) -> Topic:
        """Create a topic, by default of the union side and in the state DRAFT."""
        defaults = {
            "conference": self.conference,
            "adoption": self.adoption,
            "proposer": self.department,
            "category": values.pop("category", None) or self.category(),
        }
        topic: Topic = TopicFactory.create(**{**defaults, **values})
        return topic


def regulation(preset: str, title: str, **values: Any) -> Regulation:
    """Create a regulation with the clauses, agenda and categories of Y or C."""
    return start_regulation(preset, by=None, title=title, issuer="办公室", **values)


def _world(conference: JointConference, adoption: RegulationAdoption, place: str) -> World:
    offices = {
        "government_office": (f"{place}政府办", Side.GOVERNMENT),
        "union_office": (f"{place}总工会", Side.UNION),
        "department": (f"{place}财政局", Side.GOVERNMENT),
        "other_department": (f"{place}人社局", Side.GOVERNMENT),
    }
    departments: dict[str, Department] = {}
    for order, (key, (name, side)) in enumerate(offices.items()):
        departments[key] = DepartmentFactory.create(name=name, order=order)
        Membership.objects.create(conference=conference, department=departments[key], side=side)
    government: dict[str, Any] = {"department": departments["government_office"], "side": Side.GOVERNMENT}
    union: dict[str, Any] = {"department": departments["union_office"], "side": Side.UNION}
    here: dict[str, Any] = {"conference": conference}
    tenures = {
        "head": seat("县长", "韩正", role=Role.HEAD_OF_GOVERNMENT, attends=True, order=1, **here, **government),
        "liaison_leader": seat("副县长", "温知", role=Role.LIAISON_LEADER, attends=True, order=2, **here, **government),
        "gov_leader": seat("常务副县长", "段怀", role=Role.GOVERNMENT_LEADER, order=3, **here, **government),
        "union_head": seat("总工会主席", "景齐", role=Role.UNION_HEAD, attends=True, order=4, **here, **union),
        "union_leader": seat("常务副主席", "卫兰", role=Role.UNION_LEADER, attends=True, order=5, **here, **union),
        "gov_clerk": seat("政府办经办人员", role=Role.CLERK, order=6, **here, **government),
        "union_clerk": seat("总工会经办人员", role=Role.CLERK, order=7, **here, **union),
        "writer": seat("信息员", role=Role.WRITER, **here),
        "administrator": seat("系统管理员", role=Role.ADMINISTRATOR),
        "auditor": seat("审计员", role=Role.AUDITOR),
    }
    for key, department in (("liaison", departments["department"]), ("other_liaison", departments["other_department"])):
        tenures[key] = seat(f"{department}联络员", role=Role.LIAISON, department=department, **here)
        seat(f"{department}局长", f"{department}局长某", department=department, order=20, **here)
    reviewers = [seat(f"{n}审人员", role=Role.REVIEWER, **here).person for n in "一二三"]
    known: dict[str, Any] = {**departments, **{key: tenure.person for key, tenure in tenures.items()}}
    return World(
        conference=conference,
        adoption=adoption,
        **known,
        reviewers=reviewers,
        stranger=PersonFactory.create(name="局外人"),
        tenures=tenures,
    )


@story
def yuanqu(place: str = "县") -> World:
    """Create a county that follows Y since 5 September 2024, and before that an older measure without text."""
    conference = ConferenceFactory.create(short_name=f"{place}某")
    old = regulation("Y", f"{place}暂行办法")
    AdoptionFactory.create(conference=conference, regulation=old, preset=WITHOUT_TEXT, to_date=date(2024, 9, 4))
    notice = regulation("Y", f"{place}联席会议制度的通知", number="垣政办发〔2024〕19号")
    adoption = AdoptionFactory.create(conference=conference, regulation=notice, preset="Y", from_date=NOTICE_FROM)
    return _world(conference, adoption, place)


@story
def chengqiao(place: str = "镇") -> World:
    """Create a town that follows C; the vice-head and the head of the union head the coordination group."""
    conference = ConferenceFactory.create(short_name=f"{place}某", level=Level.TOWNSHIP)
    measures = regulation("C", f"{place}联席会议实施办法")
    adoption = AdoptionFactory.create(
        conference=conference, regulation=measures, preset="C", from_date=date(2021, 1, 1)
    )
    world = _world(conference, adoption, place)
    coordination_group(conference, *(world.tenures[key].post for key in ("liaison_leader", "union_head")))
    return world


def coordination_group(conference: JointConference, *heads: Post) -> LeadingGroup:
    """Create a coordination group with these heads; without any, with a new post of each side."""
    group: LeadingGroup = LeadingGroup.objects.create(
        conference=conference, kind=GroupKind.COORDINATION, name=f"{conference.short_name}联席会议协调小组"
    )
    sides = (Side.GOVERNMENT, Side.UNION)
    for post in heads or [PostFactory.create(conference=conference, side=side) for side in sides]:
        GroupSeat.objects.create(group=group, post=post, kind=SeatKind.HEAD)
    return group
