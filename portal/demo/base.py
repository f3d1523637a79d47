"""What stands before the story: conferences, departments, offices and people, regulations, groups, the public site.

Everything is entered by the administrator, who is the first person and is entered by the command itself.
"""

from functools import partial

from wagtail.models import Site

from meetings import rule_presets
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
    Tenure,
    TopicCategory,
)
from meetings.operations.conference import (
    adopt_regulation,
    save_adoption,
    save_conference,
    save_group,
    save_regulation,
)
from meetings.operations.people import save_department, save_person, save_post, succeed
from portal.demo import actors
from portal.demo.data_types import Holder, Office, Unit
from portal.demo.departments import UNITS
from portal.demo.people import GROUPS, OFFICES, PASSWORDS, START
from portal.demo.regulations import DOCUMENTS, PLACES, Document, Place
from portal.demo.schedule import Diary
from publicity.models import PublicitySettings

# Without its text nobody knows how the former 办法 divided the topics; the office's own division names no clause.
WITHOUT_CLAUSE = "无条文"


def tell(diary: Diary) -> None:
    """Plan the founding, and what changes among people and regulations later on."""
    for office in sorted(OFFICES, key=lambda office: office.role != "administrator"):
        if office.conference is None:
            diary.write(START, partial(_appoint_first, office), hour=7)
    for place in PLACES:
        diary.write(START, partial(_found, place), hour=8)
    for order, unit in enumerate(UNITS, 1):
        diary.write(START, partial(_set_up, unit, order), hour=8)
    diary.write(START, _enrol, hour=9)
    for order, office in enumerate(OFFICES, 1):
        if office.conference is not None:
            diary.write(START, partial(_appoint_first, office, order), hour=9)
        for holder in office.holders[1:]:
            diary.write(holder.since, partial(_succeed, office, holder), hour=8)
    for document in DOCUMENTS:
        diary.write(max(document.since or START, START), partial(_issue, document), hour=10)
    _tell_joining(diary)
    diary.write(START, _form_groups, hour=11)
    diary.write(START, _describe_site, hour=12)


def _tell_joining(diary: Diary) -> None:
    for place in PLACES:
        if place.adopts_from:
            diary.write(place.adopts_from, partial(_join, place), hour=10)


def _administrator() -> Person | None:
    """The administrator; None until there is one, which stands for the command."""
    return Person.objects.filter(username="guanliyuan").first()


def _found(place: Place) -> None:
    conference = JointConference(
        **{name: getattr(place, name) for name in ("slug", "name", "short_name", "level")},
        **{name: getattr(place, name) for name in ("government_side", "union_side")},
        **{name: getattr(place, name) for name in ("government_section", "union_section")},
    )
    if place.parent:
        conference.parent = actors.conference(place.parent)
    save_conference(conference, by=_administrator())


def _join(place: Place) -> None:
    """Follow the regulation of another place; the township's minutes have a series of their own."""
    rules = {**rule_presets.YUANQU, "minutes_numbering": Numbering.SERIES}
    regulation = Regulation.objects.get(number=place.adopts)
    adopt_regulation(
        actors.conference(place.slug), regulation, by=_administrator(), rules=rules, from_date=place.adopts_from
    )


def _set_up(unit: Unit, order: int) -> None:
    """Enter a department under its name of then; a new name is entered when it gets it."""
    row = Department(name=unit.former or unit.name, telephone=unit.telephone, order=order)
    save_department(row, by=_administrator())
    if unit.former:
        row.name = unit.name
        save_department(row, by=_administrator())


def _enrol() -> None:
    for place in PLACES:
        members = [(actors.department(unit.name), unit.sides[place.slug]) for unit in UNITS if place.slug in unit.sides]
        save_conference(actors.conference(place.slug), by=_administrator(), members=members)


def _post(office: Office, order: int) -> Post:
    return Post(
        title=office.title,
        conference=actors.conference(office.conference) if office.conference else None,
        department=actors.department(office.unit) if office.unit else None,
        kind=office.kind,
        role=office.role,
        side=office.side,
        attends=office.attends,
        order=order,
    )


def _appoint_first(office: Office, order: int = 0) -> None:
    """Make the office and whoever holds it first."""
    by, holder = _administrator(), office.holders[0]
    post = save_post(_post(office, order), by=by)
    tenure = Tenure(post=post, full_title=holder.title, order=order, from_date=holder.since)
    person = Person(username=holder.login, name=holder.name)
    save_person(person, by=by, password=PASSWORDS.get(holder.login, ""), temporary=False, tenures=[tenure])


def _succeed(office: Office, holder: Holder) -> None:
    """Let a successor take the office over (自然替补)."""
    by, present = _administrator(), Tenure.objects.get(person__username=office.holders[0].login)
    person = Person(username=holder.login, name=holder.name)
    save_person(person, by=by, password=PASSWORDS.get(holder.login, ""), temporary=False)
    succeed(present.post, person, by=by, from_date=holder.since, full_title=holder.title)


def _issue(document: Document) -> None:
    """Enter a regulation, end what it repeals the day before, put it in force."""
    by, place = _administrator(), actors.conference(document.conference)
    repealed = next((former for former in DOCUMENTS if former.key == document.repeals), None)
    regulation = Regulation(
        title=document.title,
        number=document.number,
        issuer=document.issuer,
        issued_on=document.issued_on,
        bases="\n".join(document.bases),
        text=document.text,
        copies=document.copies,
        repeals=Regulation.objects.get(number=repealed.number) if repealed else None,
    )
    rules = getattr(rule_presets, document.preset)
    regulation.categories.set(
        [
            TopicCategory(
                clause=clause if rules["judged"] else WITHOUT_CLAUSE,
                title=title,
                facet=facet,
                disclosure=disclosure,
                order=order,
            )
            for order, (clause, title, facet, disclosure) in enumerate(rule_presets.CATEGORIES[rules["clause_set"]])
        ]
    )
    save_regulation(regulation, by=by)
    if repealed:
        former = RegulationAdoption.objects.get(conference=place, regulation__number=repealed.number)
        former.to_date = repealed.until
        save_adoption(former, by=by)
    adopt_regulation(place, regulation, by=by, rules=rules, from_date=document.since)


def _form_groups() -> None:
    for kind, name, located_at, seats in GROUPS:
        group = LeadingGroup(conference=actors.conference("chengqiao"), kind=kind, name=name, located_at=located_at)
        group.seats.set(
            [
                GroupSeat(post=actors.tenure(office).post, kind=seat, order=order)
                for order, (seat, office) in enumerate(seats)
            ]
        )
        save_group(group, by=_administrator())


def _describe_site() -> None:
    """Fill in the settings of the public site, which says on each page that everything is invented."""
    site = PublicitySettings.for_site(Site.objects.get(is_default_site=True))
    site.title = "政府与工会联席会议公开平台"
    site.welcome = "会议定了什么、谁来办、何时办成、办到哪一步，逐项公开。"
    site.examples = "户外劳动者服务站点\n医疗互助 50万元\n根治欠薪"
    site.organ = "垣曲县人民政府办公室、垣曲县总工会"
    site.contact = "0359-5550101"
    site.demonstration = True
    site.save()
