"""What a person may choose in forms, read from the tenures of today."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from meetings import clock
from meetings.enums import LEADERS, Role, Side
from meetings.models import Department, JointConference, Meeting, Membership, Person, Tenure, TopicCategory
from meetings.queries.conference import adoption_on
from meetings.queries.people import tenures


def clerk_in(person: Person) -> set[int]:
    """The conferences in which the person is a clerk today."""
    return {
        t.post.conference_id for t in person.tenures_in_force() if t.post.role == Role.CLERK and t.post.conference_id
    }


def clerk_sides(person: Person) -> set[str]:
    """The sides for which the person is a clerk today."""
    return {t.post.side for t in person.tenures_in_force() if t.post.role == Role.CLERK}


def liaison_for(person: Person) -> set[int]:
    """The departments that the person speaks for today."""
    return {
        t.post.department_id for t in person.tenures_in_force() if t.post.role == Role.LIAISON and t.post.department_id
    }


def writable_conferences(person: Person) -> QuerySet[JointConference]:
    """The conferences for which the person may propose: as a clerk, or as the liaison of a member department."""
    return JointConference.objects.filter(
        Q(pk__in=clerk_in(person)) | Q(memberships__department__in=liaison_for(person))
    ).distinct()


def proposing_departments(person: Person) -> QuerySet[Department]:
    """The departments in whose name the person may propose: the own, and for a clerk the members of the own side."""
    offered = Q(pk__in=liaison_for(person))
    for post in (tenure.post for tenure in person.tenures_in_force() if tenure.post.role == Role.CLERK):
        members = Membership.objects.filter(conference=post.conference_id, side__in=[post.side, Side.NEITHER])
        offered |= Q(pk__in=members.values("department"))
    return Department.objects.filter(offered)


def categories_in_force(person: Person) -> QuerySet[TopicCategory]:
    """The topic categories of the regulations that are in force today where the person may propose."""
    adoptions = (adoption_on(conference, clock.today()) for conference in writable_conferences(person))
    regulations = [adoption.regulation_id for adoption in adoptions if adoption]
    return TopicCategory.objects.filter(regulation__in=regulations).select_related("regulation")


def chairs(conferences: QuerySet[JointConference], meeting: Meeting) -> QuerySet[Tenure]:
    """Who may chair: those who attend or lead, in force on the day of the meeting (today for a new one)."""
    day = meeting.day if meeting.pk else clock.today()
    rows = tenures(on=day).filter(post__conference__in=conferences)
    return rows.filter(Q(post__role__in=LEADERS) | Q(post__attends=True))


class TenureField(forms.ModelChoiceField):  # type: ignore[type-arg]  # no generic at run time
    """People in their posts: title and name."""

    def label_from_instance(self, obj: Any) -> str:
        """As documents print it."""
        return f"{obj.full_title}　{obj.person.name}"


class CategoryField(forms.ModelChoiceField):  # type: ignore[type-arg]  # no generic at run time
    """Topic categories with the clause that names them."""

    def label_from_instance(self, obj: Any) -> str:
        """Clause and category; the regulation's number where several are offered."""
        label = f"{obj.clause}　{obj.title}" if obj.clause else obj.title
        return f"{label}（{obj.regulation.number or obj.regulation.title}）" if self.several else label

    several = False
