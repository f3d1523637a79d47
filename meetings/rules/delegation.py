"""Who may delegate a signature to whom (委托审签): leaders, clerks and group heads, to a colleague of the same side.

- `delegation_gaps(delegation, by)`: everything that is wrong with a new delegation.
- `may_manage_delegation(person, delegation)`: who may enter and end it: a clerk of the conference, or the giver.
- `may_confirm_delegation(person, delegation)`: who may confirm what a clerk entered: the giver, or another clerk.
  Nobody alone chooses who signs for somebody else.
- `givers(person)`, `deputies(person)`: the choices of the form.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings import clock
from meetings.enums import STAFF, GroupKind, SeatKind
from meetings.models import Delegation, JointConference, Person, Tenure
from meetings.models.minutes import signer_text
from meetings.models.people import AnyUser
from meetings.models.work_item import Task
from meetings.queries.accounts import controllers_of
from meetings.queries.delegation import delegations
from meetings.queries.people import clerk_conference_ids
from meetings.refusal import Missing
from meetings.rules.approval import new_account_gap
from meetings.rules.seats import GOVERNMENT_CLERK, UNION_CLERK
from meetings.rules.second_people import SAFE_AFTER

GROUP_HEADS = Q(post__seats__kind=SeatKind.HEAD, post__seats__group__kind=GroupKind.COORDINATION)


def _not_over(prefix: str = "") -> Q:
    return Q(**{f"{prefix}to_date": None}) | Q(**{f"{prefix}to_date__gte": clock.today()})


def delegable_conferences(person: Person) -> QuerySet[JointConference]:
    """Return the conferences in which the person may enter a delegation: as a clerk, or for a post of their own."""
    own = givers(person).filter(person=person).values("post__conference")
    return JointConference.objects.filter(Q(pk__in=clerk_conference_ids(person)) | Q(pk__in=own))


def givers(person: Person) -> QuerySet[Tenure]:
    """Return current and future tenures that this person may delegate: all for a clerk, otherwise their own."""
    signing = Q(post__role__in=STAFF) | Q(pk__in=Tenure.objects.filter(GROUP_HEADS).values("pk"))
    allowed = Q(post__conference__in=clerk_conference_ids(person)) | Q(person=person, post__conference__isnull=False)
    return _ordered(Tenure.objects.filter(_not_over(), signing, allowed))


def deputies(person: Person) -> QuerySet[Tenure]:
    """Return current and future tenures whose holder may be a deputy: leaders and clerks, who can see the records."""
    return _ordered(
        Tenure.objects.filter(_not_over(), post__role__in=STAFF, post__conference__in=delegable_conferences(person))
    )


def _ordered(rows: QuerySet[Tenure]) -> QuerySet[Tenure]:
    found = rows.filter(person__is_active=True).select_related("person", "post__conference")
    return found.order_by("post__conference", "post__order", "order", "pk")


def may_manage_delegation(person: AnyUser, delegation: Delegation) -> bool:
    """Return whether the person may enter and end the delegation: a clerk of the conference, or the giver."""
    if not isinstance(person, Person):
        return False
    return delegation.tenure.person_id == person.pk or delegation.tenure.post.conference_id in clerk_conference_ids(
        person
    )


def may_confirm_delegation(person: AnyUser, delegation: Delegation) -> bool:
    """Return whether the person may confirm it: the giver, or a clerk who neither entered it nor signs under it.

    `hand_gap` may refuse a clerk nevertheless.
    """
    if not isinstance(person, Person) or delegation.confirmed_by_id is not None:
        return False
    if delegation.tenure.person_id == person.pk:
        return True
    barred = {delegation.entered_by_id, delegation.to.person_id}
    return person.pk not in barred and delegation.tenure.post.conference_id in clerk_conference_ids(person)


def hand_gap(by: Person, delegation: Delegation) -> Missing | None:
    """Return why a clerk confirms nothing, although nobody else is barred: one person may act through both accounts.

    The giver always may. Everybody may who is not connected with whoever entered it by an account that was made or
    reset in the last seven days.
    """
    if delegation.tenure.person_id == by.pk:
        return None
    if gap := new_account_gap(by, code="confirms_with_new_account"):
        return gap
    known = controllers_of({by.pk, delegation.entered_by_id}, within=SAFE_AFTER)
    if not known[by.pk] & known[delegation.entered_by_id]:
        return None
    return Missing(
        _(
            "Your account and that of whoever entered the delegation were made or reset by one person in the last "
            "seven days. The giver confirms it, or a clerk whose account is older."
        ),
        code="confirms_for_the_same_hand",
    )


def delegation_tasks(delegation: Delegation) -> Iterator[Task]:
    """Yield the confirmation that a delegation waits for, until its last day."""
    if delegation.confirmed_by_id is not None:
        return
    fields: dict[str, Any] = {"action": "delegation.confirm", "ends_on": delegation.to_date}
    barred = frozenset({delegation.entered_by_id, delegation.to.person_id})
    yield Task(person=delegation.tenure.person_id, **fields)
    for seat in (GOVERNMENT_CLERK, UNION_CLERK):
        yield Task(seat=seat.key, not_for=barred, **fields)


def delegation_gaps(delegation: Delegation, by: Person) -> list[Missing]:
    """Return everything that is wrong with a new delegation: its people, or else its days."""
    return _people_gaps(delegation, by) or _day_gaps(delegation)


def _people_gaps(delegation: Delegation, by: Person) -> list[Missing]:
    giver, deputy = delegation.tenure, delegation.to
    if not may_manage_delegation(by, delegation):
        message = _("A delegation is entered by a clerk of the conference, or by whoever gives it.")
        return [Missing(message, code="not_your_delegation_to_enter")]
    if not givers(by).filter(pk=giver.pk).exists():
        return [Missing(_("A giver holds a post that signs here. Choose another giver."), code="giver_has_no_seat")]
    if giver.person_id == deputy.person_id:
        return [Missing(_("Giver and deputy are one person. Choose another deputy."), code="deputy_is_giver")]
    if deputy.person_id == by.pk:
        return [
            Missing(
                _("You cannot enter a delegation to yourself. The giver or another clerk enters it."),
                code="deputy_enters_own_delegation",
            )
        ]
    if deputy.post.conference_id != giver.post.conference_id or deputy.post.role not in STAFF:
        return [
            Missing(
                _("A deputy is a leader or a clerk of the same conference. Choose another deputy."),
                code="deputy_not_staff_here",
            )
        ]
    if giver.post.side and deputy.post.side and giver.post.side != deputy.post.side:
        return [
            Missing(
                _("A deputy belongs to the same side: both sides have to agree. Choose another deputy."),
                code="deputy_of_other_side",
            )
        ]
    return []


def _day_gaps(delegation: Delegation) -> list[Missing]:
    if delegation.to_date < delegation.from_date:
        return [Missing(_("The last day lies before the first. Correct the days."), code="days_reversed")]
    for tenure in (delegation.tenure, delegation.to):
        if delegation.from_date < tenure.from_date or (tenure.to_date and delegation.from_date > tenure.to_date):
            reason = _("%(who)s does not hold this post on %(day)s. Correct the first day.")
            who = signer_text(tenure.full_title, tenure.person.name, "")
            return [
                Missing(
                    reason % {"who": who, "day": date_format(delegation.from_date)}, code="delegation_outside_tenure"
                )
            ]
    overlapping = Delegation.objects.filter(
        tenure=delegation.tenure, from_date__lte=delegation.to_date, to_date__gte=delegation.from_date
    )
    reason = _("%(giver)s has delegated to %(deputy)s already, %(days)s. End that delegation first.")
    return [
        Missing(
            reason % {"giver": row.tenure.person, "deputy": row.to.person, "days": row.days}, code="delegations_overlap"
        )
        for row in delegations(overlapping).exclude(pk=delegation.pk)
    ]
