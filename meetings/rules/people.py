"""What an administrator may change, and what a post and a tenure must have."""

from django.db.models import Model, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from meetings.enums import Role, Side
from meetings.models import Department, Person, Post, Tenure
from meetings.models.catalogue import CATALOGUE
from meetings.models.people import AnyUser
from meetings.queries.people import belongs_to, departments_of, overlapping, side_of, tenures
from meetings.queries.visibility import administers, overseen
from meetings.refusal import Missing
from meetings.rules.conference import days_overlap


def is_bootstrap_superuser(person: AnyUser) -> bool:
    """Return whether the person is a superuser while there is no administrator, to create the first one."""
    if not (isinstance(person, Person) and person.is_superuser and person.is_active):
        return False
    return not tenures().filter(post__role=Role.ADMINISTRATOR).exists()


def administered(person: AnyUser) -> set[int | None]:
    """Return the keys of the conferences that the person administers today; None among them means all.

    A superuser who has to create the first administrator administers all.
    """
    return administers(person) or ({None} if is_bootstrap_superuser(person) else set())


def manages_any(person: AnyUser) -> bool:
    """Return whether the person is an administrator today, of one conference or of all."""
    return bool(administered(person))


def may_add(person: AnyUser, model: type[Model]) -> bool:
    """Return whether the person may add rows of this model.

    Conferences, and rows that belong to no conference, are added only by an administrator of all conferences. The
    administrator of a conference adds departments that are members of it.
    """
    reach = administered(person)
    return None in reach or (bool(reach) and (model is Department or CATALOGUE[model].conference not in {"", "pk"}))


def manages(person: AnyUser, row: Model) -> bool:
    """Return whether the person may change this row.

    The administrator of a conference may change what belongs to it, departments that belong to no other one, and people
    who hold no post elsewhere and are no superusers: setting the password of a person gives access to all rights of
    that person. Rows that belong to no conference are changed only by an administrator of all conferences.
    """
    reach = administered(person)
    if None in reach or not reach:
        return None in reach
    if isinstance(row, Person):
        held = Tenure.objects.filter(person=row.pk).values_list("post__conference", flat=True)
        return set(held) <= reach and not Person.objects.filter(pk=row.pk, is_superuser=True).exists()
    if isinstance(row, Post):  # not stored yet if it is new, so its own field is read instead of the database
        return row.conference_id in reach
    if isinstance(row, Department):
        return row.pk is None or belongs_to(row, reach)
    path = CATALOGUE[type(row)].conference
    return bool(path) and type(row)._default_manager.filter(pk=row.pk, **{f"{path}__in": reach}).exists()


def may_appoint(person: AnyUser, successor: Person) -> bool:
    """Return whether the person may give posts to this one: whom they administer, or can see as an administrator."""
    return manages(person, successor) or overseen(person, Person).filter(pk=successor.pk).exists()


def managed_departments(person: AnyUser) -> QuerySet[Department]:
    """Return the departments that the person may change, merge and make members: those for which `manages` holds."""
    reach = administered(person)
    rows = Department.objects.all()
    return rows if None in reach else departments_of(reach) if reach else rows.none()


def post_gaps(post: Post) -> list[Missing]:
    """Return what a post lacks for its role: department, conference or side, or a department of the conference."""
    gaps = []
    if post.role == Role.LIAISON and post.department_id is None:
        gaps.append(
            Missing(
                _("A liaison speaks for a department. Choose it."),
                code="liaison_without_department",
                field="department",
            )
        )
    if post.role == Role.CLERK and (post.conference_id is None or post.side not in {Side.GOVERNMENT, Side.UNION}):
        gaps.append(
            Missing(
                _("A clerk acts for one side of one conference. Choose both."),
                code="clerk_without_side",
                field="side" if post.conference_id else "conference",
            )
        )
    elsewhere = {Role.LIAISON, Role.AUDITOR, Role.ADMINISTRATOR, Role.NONE}
    if post.role not in {*elsewhere, Role.CLERK} and post.conference_id is None:
        gaps.append(
            Missing(
                _("These rights are held in a conference. Choose it."),
                code="role_without_conference",
                field="conference",
            )
        )
    return gaps + _membership_gaps(post)


def _membership_gaps(post: Post) -> list[Missing]:
    """Require that a post with rights names a department of its conference; a post of no conference acts in all."""
    if post.role == Role.NONE or post.conference is None or post.department is None:
        return []
    if side_of(post.department, post.conference):
        return []
    values = {"department": post.department, "conference": post.conference.short_name}
    if post.role == Role.LIAISON:
        reason = _("%(department)s is no member of %(conference)s. Choose a member, or make it one first.")
        return [Missing(reason % values, code="liaison_department_not_a_member", field="department")]
    reason = _("%(department)s is no member of %(conference)s. Choose a member, or leave the department empty.")
    return [Missing(reason % values, code="post_department_not_a_member", field="department")]


def tenure_gaps(tenure: Tenure, among: list[Tenure]) -> list[Missing]:
    """Require that a post is held by one person at a time; `among` are the other tenures saved together with this."""
    if tenure.to_date and tenure.to_date < tenure.from_date:
        return [
            Missing(
                _("%(title)s: the last day lies before the first.") % {"title": tenure.full_title},
                code="tenure_days_reversed",
            )
        ]
    written = [t.pk for t in (tenure, *among) if t.pk]
    days = (tenure.from_date, tenure.to_date)
    holders = [*overlapping(tenure, tenure.post).exclude(pk__in=written).select_related("person")]
    holders += [
        other
        for other in among
        if other.post_id == tenure.post_id and days_overlap(days, (other.from_date, other.to_date))
    ]
    reason = _("%(post)s is held by %(name)s from %(start)s to %(end)s. End that tenure the day before.")
    return [
        Missing(
            reason
            % {
                "post": tenure.post,
                "name": other.person,
                "start": date_format(other.from_date),
                "end": date_format(other.to_date) if other.to_date else pgettext("end of a tenure", "now"),
            },
            code="post_held_by_another",
        )
        for other in holders
    ]
