"""Schedule the basic data: conferences, departments, posts and people, regulations, groups, the public site.

The administrator enters everything. The first step creates the administrator itself, without an acting person. Once
there are records, the auditor confirms who takes over a post that signs or reviews. The logins that are printed get
their passwords from the load itself, as from a command on the server.
"""

from collections.abc import Mapping, Sequence
from functools import partial

from wagtail.models import Site

from meetings import regulation_presets
from meetings.enums import Numbering
from meetings.models import (
    Department,
    GroupSeat,
    JointConference,
    LeadingGroup,
    Person,
    Post,
    Regulation,
    RegulationAdoption,
    StandardAgendaItem,
    Tenure,
    TopicCategory,
)
from meetings.models.regulation import RULE_FIELDS
from meetings.operations.change_content import content_digest
from meetings.operations.change_kinds import Act
from meetings.operations.changes_of_adoptions import adoption_act
from meetings.operations.changes_of_tenures import succession_act
from meetings.operations.conference import save_conference, save_group
from meetings.operations.department import save_department
from meetings.operations.pending_change import confirm_change, request_or_apply
from meetings.operations.people import save_person
from meetings.operations.regulation import adopt_regulation, save_regulation, start_regulation
from meetings.operations.tenures import save_post
from meetings.queries.pending_change import waiting_about
from portal.demo import actors
from portal.demo.all_posts import POSTS
from portal.demo.chengqiao_groups import GROUPS
from portal.demo.data_types import DepartmentData, PostData, TenureData
from portal.demo.departments import DEPARTMENTS
from portal.demo.first_holders import START
from portal.demo.logins import PASSWORDS
from portal.demo.regulations import CONFERENCES, REGULATIONS, ConferenceData, RegulationData
from portal.demo.schedule import Schedule
from publicity.models import PublicitySettings


def add_steps(schedule: Schedule) -> None:
    """Schedule the basic data, and later changes of people and regulations."""
    for post in sorted(POSTS, key=lambda post: post.role != "administrator"):
        if post.conference is None:
            schedule.add(START, partial(_create_post, post), hour=7)
    for conference in CONFERENCES:
        schedule.add(START, partial(_create_conference, conference), hour=8)
    for order, department in enumerate(DEPARTMENTS, 1):
        schedule.add(START, partial(_create_department, department, order), hour=8)
    schedule.add(START, _create_memberships, hour=9)
    for order, post in enumerate(POSTS, 1):
        if post.conference is not None:
            schedule.add(START, partial(_create_post, post, order), hour=9)
        for tenure_data in post.tenures[1:]:
            schedule.add(tenure_data.since, partial(_succeed, post, tenure_data), hour=8)
            schedule.add(tenure_data.since, partial(_confirm_succession, tenure_data), hour=8)
    schedule.add(START, _create_groups, hour=10)  # before the rules that name their heads
    for regulation in REGULATIONS:
        schedule.add(max(regulation.since or START, START), partial(_create_regulation, regulation), hour=10)
    _add_adoption_steps(schedule)
    schedule.add(START, _configure_site, hour=12)


def _add_adoption_steps(schedule: Schedule) -> None:
    for conference in CONFERENCES:
        if conference.adopts_from:
            schedule.add(conference.adopts_from, partial(_adopt_regulation_of_another_conference, conference), hour=10)


def _administrator() -> Person | None:
    """Return the administrator, or None before there is one: operations take None as the command itself."""
    return Person.objects.filter(username="guanliyuan").first()


def _create_conference(data: ConferenceData) -> None:
    conference = JointConference(
        **{name: getattr(data, name) for name in ("slug", "name", "short_name", "level")},
        **{name: getattr(data, name) for name in ("government_side", "union_side")},
        **{name: getattr(data, name) for name in ("government_section", "union_section")},
    )
    if data.parent:
        conference.parent = actors.conference(data.parent)
    save_conference(conference, by=_administrator())


def _adopt_regulation_of_another_conference(data: ConferenceData) -> None:
    """Let a township adopt the county's regulation (`Y 3(3)`), with its own series of minutes numbers."""
    rules = {**regulation_presets.YUANQU, "minutes_numbering": Numbering.SERIES}
    regulation = Regulation.objects.get(number=data.adopts)
    adopt_regulation(
        actors.conference(data.slug), regulation, by=_administrator(), rules=rules, from_date=data.adopts_from
    )


def _create_department(department: DepartmentData, order: int) -> None:
    """Create a department. One that was renamed is created under its former name and renamed, to record that name."""
    row = Department(name=department.former_name or department.name, telephone=department.telephone, order=order)
    save_department(row, by=_administrator())
    if department.former_name:
        row.name = department.name
        save_department(row, by=_administrator())


def _create_memberships() -> None:
    for conference in CONFERENCES:
        members = [
            (actors.department(department.name), department.sides[conference.slug])
            for department in DEPARTMENTS
            if conference.slug in department.sides
        ]
        save_conference(actors.conference(conference.slug), by=_administrator(), members=members)


def _post(data: PostData, order: int) -> Post:
    return Post(
        title=data.title,
        conference=actors.conference(data.conference) if data.conference else None,
        department=actors.department(data.department) if data.department else None,
        kind=data.kind,
        role=data.role,
        side=data.side,
        attends=data.attends,
        order=order,
    )


def _create_post(data: PostData, order: int = 0) -> None:
    """Create a post and its first holder."""
    by, tenure_data = _administrator(), data.tenures[0]
    post = save_post(_post(data, order), by=by)
    tenure = Tenure(post=post, full_title=tenure_data.title, order=order, from_date=tenure_data.since)
    person = Person(username=tenure_data.login, name=tenure_data.name)
    save_person(person, by=by, tenures=[tenure])
    _set_password(person)


def _set_password(person: Person) -> None:
    """Set the password of a login that is printed."""
    if password := PASSWORDS.get(person.username):
        save_person(Person.objects.get(pk=person.pk), by=None, password=password, temporary=False)


def _succeed(data: PostData, tenure_data: TenureData) -> None:
    """Let a successor take over a post (自然替补)."""
    by, first = _administrator(), Tenure.objects.get(person__username=data.tenures[0].login)
    person = Person(username=tenure_data.login, name=tenure_data.name)
    save_person(person, by=by)
    act = succession_act(first.post, person, from_date=tenure_data.since, full_title=tenure_data.title)
    assert by is not None  # the administrator is there from the first day
    if request_or_apply([act], by=by, subject=person).change is None:
        _set_password(person)


def _confirm_succession(tenure_data: TenureData) -> None:
    """Let the auditor confirm the succession, if it waits for a second person."""
    person = Person.objects.get(username=tenure_data.login)
    for change in waiting_about(person):
        auditor = Person.objects.get(username="shenji")
        confirm_change(change, by=auditor, version=change.version, seen=content_digest(change))
        _set_password(person)


def _create_regulation(data: RegulationData) -> None:
    """Create and adopt a regulation; end the adoption of the regulation that it repeals."""
    by, conference = _administrator(), actors.conference(data.conference)
    repealed = next((former for former in REGULATIONS if former.key == data.repeals), None)
    document = {
        "title": data.title,
        "number": data.number,
        "issuer": data.issuer,
        "issued_on": data.issued_on,
        "bases": "\n".join(data.bases),
        "text": data.text,
        "copies": data.copies,
        "repeals": Regulation.objects.get(number=repealed.number) if repealed else None,
    }
    if data.source:
        regulation = start_regulation(data.source, by=by, **document)
    else:
        regulation = save_regulation(_without_text(document), by=by)
    rules = {name: getattr(regulation, name) for name in RULE_FIELDS}
    acts = []
    if repealed:
        former = RegulationAdoption.objects.get(conference=conference, regulation__number=repealed.number)
        former.to_date = repealed.until
        acts.append(adoption_act(former))
    adoption = RegulationAdoption(conference=conference, regulation=regulation, from_date=data.since, **rules)
    _submit_and_confirm([*acts, adoption_act(adoption)])


def _submit_and_confirm(acts: Sequence[Act]) -> None:
    """Do the acts; let the auditor confirm them if they wait for a second person."""
    by = _administrator()
    assert by is not None  # the administrator is there from the first day
    if change := request_or_apply(acts, by=by).change:
        auditor = Person.objects.get(username="shenji")
        confirm_change(change, by=auditor, version=change.version, seen=content_digest(change))


def _without_text(document: Mapping[str, object]) -> Regulation:
    """Return a regulation with the agenda and categories of Y, which cites no clause."""
    regulation = Regulation(**regulation_presets.WITHOUT_TEXT, **document)
    regulation.agenda.set(
        StandardAgendaItem(kind=kind, side=side, title=title, order=order)
        for order, (kind, side, title) in enumerate(regulation_presets.AGENDA["Y"])
    )
    regulation.categories.set(
        TopicCategory(title=title, facet=facet, disclosure=disclosure, order=order)
        for order, (_clause, title, facet, disclosure) in enumerate(regulation_presets.CATEGORIES["Y"])
    )
    return regulation


def _create_groups() -> None:
    for kind, name, located_at, seats in GROUPS:
        group = LeadingGroup(conference=actors.conference("chengqiao"), kind=kind, name=name, located_at=located_at)
        group.seats.set(
            [
                GroupSeat(post=actors.tenure(post).post, kind=seat, order=order)
                for order, (seat, post) in enumerate(seats)
            ]
        )
        save_group(group, by=_administrator())


def _configure_site() -> None:
    """Fill in the settings of the public site; `demonstration` makes each page say that all content is invented."""
    site = PublicitySettings.for_site(Site.objects.get(is_default_site=True))
    site.title = "政府与工会联席会议公开平台"
    site.welcome = "会议定了什么、谁来办、何时办成、办到哪一步，逐项公开。"
    site.examples = "户外劳动者服务站点\n医疗互助 50万元\n根治欠薪"
    site.organ = "垣曲县人民政府办公室、垣曲县总工会"
    site.contact = "0359-5550101"
    site.demonstration = True
    site.save()
