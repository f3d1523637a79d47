"""What a person may choose in forms, derived from the tenures that are in force today."""

from django import forms
from django.db.models import Q, QuerySet

from meetings import clock
from meetings.enums import LEADERS, Role, Side
from meetings.models import Department, JointConference, Meeting, Membership, Person, Tenure, TopicCategory
from meetings.queries.conference import adoption_on
from meetings.queries.people import clerk_conference_ids, tenures


def clerk_sides(person: Person) -> set[str]:
    """Return the sides for which the person is a clerk today."""
    return {t.post.side for t in person.tenures_in_force() if t.post.role == Role.CLERK}


def _liaison_memberships(person: Person) -> QuerySet[Membership]:
    """Return the memberships of the departments whose liaison the person is, in the conferences of these posts."""
    posts = [tenure.post for tenure in person.tenures_in_force() if tenure.post.role == Role.LIAISON]
    found = Q(pk__in=[])
    for post in posts:
        own = Q(department=post.department_id)
        found |= own if post.conference_id is None else own & Q(conference=post.conference_id)
    return Membership.objects.filter(found)


def writable_conferences(person: Person) -> QuerySet[JointConference]:
    """Return the conferences in which the person may propose topics, as clerk or as liaison of a member department."""
    return JointConference.objects.filter(
        Q(pk__in=clerk_conference_ids(person)) | Q(pk__in=_liaison_memberships(person).values("conference"))
    )


def proposing_departments(person: Person) -> QuerySet[Department]:
    """Return the departments in whose name the person may propose topics.

    A liaison proposes for their own department, a clerk for the members of their own side and of neither side.
    """
    offered = Q(pk__in=_liaison_memberships(person).values("department"))
    for post in (tenure.post for tenure in person.tenures_in_force() if tenure.post.role == Role.CLERK):
        members = Membership.objects.filter(conference=post.conference_id, side__in=[post.side, Side.NEITHER])
        offered |= Q(pk__in=members.values("department"))
    return Department.objects.filter(offered)


def categories_in_force(person: Person) -> QuerySet[TopicCategory]:
    """Return the topic categories of the regulations in force today in the conferences where the person may propose."""
    adoptions = (adoption_on(conference, clock.today()) for conference in writable_conferences(person))
    regulations = [adoption.regulation_id for adoption in adoptions if adoption]
    return TopicCategory.objects.filter(regulation__in=regulations).select_related("regulation")


def chairs(conferences: QuerySet[JointConference], meeting: Meeting) -> QuerySet[Tenure]:
    """Return the tenures that may chair a meeting: those of leaders and of attending posts.

    They are in force on the day of the meeting, or today for a new meeting.
    """
    day = meeting.day if meeting.pk else clock.today()
    rows = tenures(on=day).filter(post__conference__in=conferences)
    return rows.filter(Q(post__role__in=LEADERS) | Q(post__attends=True))


class TenureField(forms.ModelChoiceField):  # type: ignore[type-arg]  # no generic at run time
    """A choice of tenures, labelled with title and name."""

    def label_from_instance(self, obj: Tenure) -> str:
        return f"{obj.full_title}　{obj.person.name}"


class CategoryField(forms.ModelChoiceField):  # type: ignore[type-arg]  # no generic at run time
    """A choice of topic categories, labelled with the clause that names them.

    Set `several` where categories of several conferences are offered: the label then names the regulation too.
    """

    def label_from_instance(self, obj: TopicCategory) -> str:
        label = f"{obj.clause}　{obj.title}" if obj.clause else obj.title
        return f"{label}（{obj.regulation.number or obj.regulation.title}）" if self.several else label

    several = False
