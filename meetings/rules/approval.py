"""Who may sign in a panel: each seat once, each person once, on screen or on paper, in person or as a deputy.

- `SignerChoice`: a seat with the tenure in whose name it is signed; with a `Delegation` the deputy signs for the holder
  (委托审签).
- `Signature`: how a seat is signed, if not by the logged-in person in a post of their own.
- `find_signer_choices(person, …)`: how a person may fill a free seat on screen.
- `why_not_register`, `signer_gaps`, `day_gaps`: the requirements of a signature on paper (线下审签).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings import clock
from meetings.enums import Medium
from meetings.models import Approval, Attachment, Delegation, Person, Tenure
from meetings.models.minutes import signer_text
from meetings.models.record_types import HasConference, HasRules
from meetings.queries.accounts import opened_by_one
from meetings.queries.delegation import CONFIRMED, delegations, delegations_to, is_running
from meetings.queries.people import in_force
from meetings.refusal import Missing
from meetings.rules.seats import Seat, is_clerk
from meetings.rules.second_people import SAFE_AFTER


@dataclass(frozen=True)
class SignerChoice:
    """A seat and a matching tenure; with a delegation the deputy signs for the holder of that tenure."""

    seat: Seat
    tenure: Tenure
    delegation: Delegation | None = None

    def __str__(self) -> str:
        signer_tenure = self.delegation.to if self.delegation else self.tenure
        return signer_text(
            signer_tenure.full_title, signer_tenure.person.name, self.delegation.authority if self.delegation else ""
        )

    @property
    def signer(self) -> int:
        """The primary key of the person who signs."""
        return self.delegation.to.person_id if self.delegation else self.tenure.person_id

    @property
    def people(self) -> set[int]:
        """The primary keys of the people involved: the signer and, with a delegation, the represented holder."""
        return {self.tenure.person_id, self.signer}


@dataclass(frozen=True)
class Signature:
    """In whose name, and on which paper, a seat is signed; all fields are empty if the person signs on screen.

    For a signature on paper, which has a `scan`, `seat` and `tenure` say whose signature it is, and `on` is its date.
    """

    delegation: Delegation | None = None
    seat: str = ""
    tenure: Tenure | None = None
    on: date | None = None
    scan: Attachment | None = None


def involved_people(approvals: Iterable[Approval]) -> set[int]:
    """Return the primary keys of the people involved in these approvals; none of them may sign in another seat."""
    found: set[int] = set()
    for approval in approvals:
        found.add(approval.person_id)
        if approval.delegation is not None:
            found.add(approval.delegation.tenure.person_id)
    return found


def free_seats(seats: Iterable[Seat], approvals: Iterable[Approval]) -> tuple[Seat, ...]:
    """Return the seats that have not been signed."""
    signed = {approval.seat for approval in approvals}
    return tuple(seat for seat in seats if seat.key not in signed)


def find_signer_choices(
    person: Person, record: HasConference, seats: Iterable[Seat], approvals: Iterable[Approval]
) -> list[SignerChoice]:
    """Return how the person may fill a free seat on screen today; own posts come before delegations.

    A clerk who registered a signature on paper in this panel may not sign in it: one person never fills two seats.
    """
    given = list(approvals)
    excluded = involved_people(given) | {approval.entered_by_id for approval in given}
    if person.pk in excluded:
        return []
    seats = free_seats(seats, given)
    own = [
        SignerChoice(seat, tenure)
        for seat in seats
        for tenure in person.tenures_in_force()
        if seat.fits(tenure, record)
    ]
    for_others = [
        SignerChoice(seat, delegation.tenure, delegation)
        for seat in seats
        for delegation in delegations_to(person)
        if seat.fits(delegation.tenure, record) and delegation.tenure.person_id not in excluded
    ]
    return own + for_others


def why_not_register(by: Person, record: HasConference, approvals: Iterable[Approval]) -> Missing | None:
    """Return why this person may not register a signature on paper; None if they may.

    Nobody signs for others through accounts that one person just opened alone: that one might use them all.
    """
    if not is_clerk(by, record):
        return Missing(
            _("Signatures on paper are registered by the clerks of the conference."), code="not_a_registering_clerk"
        )
    if by.pk in involved_people(approval for approval in approvals if approval.medium == Medium.SCREEN):
        return Missing(
            _("You have a part in this step yourself. Another clerk registers the signatures on paper."),
            code="registers_own_step",
        )
    return new_account_gap(by, code="registers_with_new_account")


def new_account_gap(by: Person, *, code: str) -> Missing | None:
    """Return why an account that one person alone opened lately does nothing in the name of signers; None if it may."""
    opened = opened_by_one(by, since=clock.now() - SAFE_AFTER)
    if opened is None:
        return None
    reason = _(
        "One person alone made your account or gave you its code, less than seven days ago. A colleague who has been "
        "a clerk for longer does what concerns the signatures of others; you may from %(when)s."
    )
    when = date_format(timezone.localtime(opened + SAFE_AFTER), "DATETIME_FORMAT")
    return Missing(reason % {"when": when}, code=code)


def signer_gaps(
    by: Person, record: HasConference, seat: Seat, approvals: Iterable[Approval], signature: Signature
) -> list[Missing]:
    """Return what is wrong with the signer of a signature on paper: the post, the day or the people."""
    tenure, delegation, day = signature.tenure, signature.delegation, signature.on
    if tenure is None or day is None:
        raise TypeError("a signature on paper names a tenure and a day")
    if day > clock.today():
        return [
            Missing(
                _("The day of the signature lies in the future. Enter the day that stands on the paper."),
                code="signed_in_the_future",
            )
        ]
    filling = SignerChoice(seat, tenure, delegation)
    values = {
        "who": signer_text(tenure.full_title, tenure.person.name, ""),
        "day": date_format(day),
        "seat": seat.label,
    }
    if not Tenure.objects.filter(in_force(day), pk=tenure.pk).exists():
        return [
            Missing(
                _("%(who)s did not hold this post on %(day)s. Correct the signer or the day.") % values,
                code="signer_not_in_office",
            )
        ]
    if not seat.fits(tenure, record):
        return [
            Missing(_("%(who)s cannot sign as %(seat)s. Choose another signer.") % values, code="signer_not_for_seat")
        ]
    if delegation is not None and (delegation.tenure_id != tenure.pk or not is_running(delegation, day)):
        return [
            Missing(
                _("The delegation by %(who)s did not run on %(day)s. Correct the signer or the day.") % values,
                code="delegation_not_running",
            )
        ]
    if filling.signer == by.pk:
        return [
            Missing(
                _("Nobody registers the own signature. Sign at the screen, or let another clerk register it."),
                code="registers_own_signature",
            )
        ]
    if filling.people & involved_people(approvals):
        return [
            Missing(
                _("%(who)s already has a part in this step. Each seat is for another person.") % values,
                code="signer_has_a_part",
            )
        ]
    return []


def possible_signers(record: HasRules, seat: Seat, since: date) -> list[SignerChoice]:
    """Return who may have signed in a seat between `since` and today: holders of its posts, and their deputies."""
    conference, today = record.conference, clock.today()
    held = Tenure.objects.filter(
        Q(to_date=None) | Q(to_date__gte=since), post__conference=conference, from_date__lte=today
    )
    held = held.select_related("person", "post__conference", "post__department").order_by("post__order", "order", "pk")
    own = [SignerChoice(seat, tenure) for tenure in held if seat.fits(tenure, record)]
    given = delegations(Delegation.objects.filter(CONFIRMED, from_date__lte=today, to_date__gte=since))
    given = given.filter(tenure__in=[filling.tenure.pk for filling in own]).order_by("from_date", "pk")
    return own + [SignerChoice(seat, delegation.tenure, delegation) for delegation in given]


def others_may_sign(by: Person, record: HasRules, seat: Seat) -> bool:
    """Return whether somebody other than `by` may sign in the seat today; `by` cannot register their own signature."""
    return any(filling.signer != by.pk for filling in possible_signers(record, seat, clock.today()))


def day_gaps(on: date, since: date | None, before: date | None) -> list[Missing]:
    """Return what is wrong with the date on a paper.

    `since` is the day from which the content is unchanged, `before` the date of the preceding step.
    """
    if since is not None and on < since:
        reason = _(
            "The content has been as it is since %(day)s; a paper that was signed before covers another text. "
            "Correct the day, or have the present text signed."
        )
        return [Missing(reason % {"day": date_format(since)}, code="signed_before_content")]
    if before is not None and on < before:
        reason = _("The step before this one was signed on %(day)s. Enter that day or a later one.")
        return [Missing(reason % {"day": date_format(before)}, code="signed_before_previous_step")]
    return []
