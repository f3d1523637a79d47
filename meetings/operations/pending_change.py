"""Operations on acts that need a second person: submit, confirm, decline, withdraw, put in force after the period.

- `request_or_apply(acts, by=…)`: does the acts at once where nobody else is needed, else submits them as one request.
- `confirm_change`, `put_in_force`: put a request in force; everything is checked again, by the operations themselves.
- `decline_change`, `withdraw_change`: end a request without effect.

What a request is about, and who may confirm it, is in `operations.change_content`.

One-time codes are returned to the caller, who shows them once: to the confirmer, never to the requester.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings import clock
from meetings.confirmation import Confirmation, applying
from meetings.enums import ChangeState, Role
from meetings.models import JointConference, PendingChange, Person
from meetings.operations.base import announce, locked, refresh, required_text
from meetings.operations.change_content import (
    acts_of,
    content_digest,
    differs_from_submitted,
    in_force_from,
    lines_of,
    people_of_acts,
    scope_of,
    second_people,
    submitted_act,
)
from meetings.operations.change_kinds import Act, kind_of
from meetings.operations.login import IssuedCode, issue_code
from meetings.operations.work import add_notice
from meetings.queries.accounts import controllers_of
from meetings.queries.pending_change import waiting_changes
from meetings.refusal import Refused, Stale
from meetings.rules.pending_change import may_be_in_other_hands
from meetings.rules.second_people import SAFE_AFTER, Scope, joined_names, may_decline, may_put_in_force
from meetings.write_lock import trial, write_transaction

TITLE_LENGTH = 200


@dataclass(frozen=True)
class Outcome:
    """What became of the acts: the request that waits now, if any, and the codes to show once."""

    change: PendingChange | None = None
    codes: Sequence[IssuedCode] = field(default_factory=list)


class AlreadyWaiting(Refused):
    """Refusal of a request that waits already; `change` is the waiting one."""

    def __init__(self, change: PendingChange) -> None:
        self.change = change
        super().__init__(
            _("The same change waits already: “%(title)s”. See the list of changes to confirm.") % {"title": change},
            code="change_waits_already",
        )


# --- submitting ------------------------------------------------------------------------------------------------------
def needs_confirmation(acts: Iterable[Act], by: Person | None) -> bool:
    """Return whether `by` needs a second person for any of the acts."""
    return any(kind_of(act).needs(act.data, by) for act in acts)


@write_transaction()
def request_or_apply(
    acts: Iterable[Act],
    *,
    by: Person,
    subject: Person | None = None,
    note: str = "",
    row: Model | None = None,
    version: int | None = None,
) -> Outcome:
    """Do the acts at once if `by` may do all of them alone, else submit them as one request.

    Codes that are issued at once are for `by` to hand over. A request is tried first and rolled back, so that whatever
    refuses it is said now. `Refused` also if the same request waits already, `Stale` if `row`, which the form showed,
    is newer than `version`.
    """
    acts = list(acts)
    if row is not None:
        locked(row, version)
    if not acts:
        return Outcome()
    if not needs_confirmation(acts, by):
        return Outcome(codes=[code for act in acts for code in kind_of(act).apply(act.data, by, by)])
    stored = [act.as_json() for act in acts]
    for other in waiting_changes():
        same = [{"kind": act["kind"], "data": act["data"]} for act in other.acts] == stored
        if same and not differs_from_submitted(other):
            raise AlreadyWaiting(other)
    with trial(), applying(Confirmation(0, "", alone=False)):
        for act in acts:
            list(kind_of(act).apply(act.data, by, None))
    scope = scope_of(acts)
    known = JointConference.objects.filter(pk__in=[pk for pk in scope.conferences if pk])
    change = PendingChange(
        title=_title(acts, scope),
        acts=[submitted_act(act) for act in acts],
        subject=subject,
        conference=known[0] if len(scope.conferences) == len(known) == 1 else None,
        requested_by=by,
        requested_at=clock.now(),
        open_to_reviewers=Role.REVIEWER in scope.roles,
        note=note.strip(),
    )
    change.save()
    change.people.set(scope.people)
    change.conferences.set(() if None in scope.conferences else known)
    announce(change, "request", by=by, data=_log_data(change))
    add_notice(change, "pendingchange.about_you", people=scope.people - {by.pk}, data={})
    return Outcome(change=change)


def _title(acts: Sequence[Act], scope: Scope) -> str:
    labels = "、".join(dict.fromkeys(str(kind_of(act).label) for act in acts))
    names = joined_names(Person.objects.filter(pk__in=scope.people).order_by("pk")[:3])
    if len(scope.people) > 3:
        names = ngettext("%(names)s and %(count)s more", "%(names)s and %(count)s more", len(scope.people) - 3) % {
            "names": names,
            "count": len(scope.people) - 3,
        }
    return (f"{names}：{labels}" if names else labels)[:TITLE_LENGTH]


def _log_data(change: PendingChange) -> dict[str, object]:
    """Return for the log what the request changes, and its note."""
    return {"changes": [line for act in change.acts for line in act["lines"]], "note": change.note}


# --- deciding --------------------------------------------------------------------------------------------------------
@write_transaction()
def confirm_change(change: PendingChange, *, by: Person, version: int | None, seen: str) -> list[IssuedCode]:
    """Put a request in force as its second person; return the codes to show to `by`, once.

    `seen` is the `content_digest` of the page that `by` read. `Stale` if it shows something else now; `Refused` if it
    was decided, if `by` may not confirm it, if it is about something else than what was submitted, or with the reasons
    of an act that is no longer possible. Then the request stays as it is.
    """
    row = _waiting(change, version)
    if by.pk not in {person.pk for person in second_people(row)}:
        raise Refused(_confirmer_reason(row, by), code="not_a_confirmer")
    return _decide_in_force(change, row, ChangeState.CONFIRMED, "confirm", by=by, seen=seen)


@write_transaction()
def put_in_force(change: PendingChange, *, by: Person, version: int | None, seen: str) -> list[IssuedCode]:
    """Put a request in force after the waiting period, where nobody may confirm it; return the codes to show to `by`.

    `Refused` if somebody may confirm it now, or if the period has not passed.
    """
    row = _waiting(change, version)
    if not may_put_in_force(by, row, scope_of(acts_of(row))):
        raise Refused(
            _("Only an administrator of all that it concerns puts it in force."), code="puts_in_force_as_administrator"
        )
    if others := second_people(row):
        names = {"names": joined_names(others)}
        raise Refused(_("Somebody can confirm it: %(names)s. Ask there.") % names, code="confirmer_exists")
    until = in_force_from(row)
    if clock.now() < until:
        when = {"when": date_format(timezone.localtime(until), "DATETIME_FORMAT")}
        raise Refused(_("It may be put in force from %(when)s.") % when, code="waiting_period")
    return _decide_in_force(change, row, ChangeState.EXPIRED_IN, "put_in_force", by=by, seen=seen)


def _waiting(change: PendingChange, version: int | None) -> PendingChange:
    row = locked(change)
    if not row.is_waiting:
        values = {"state": row.get_state_display(), "who": row.decided_by or ""}
        raise Refused(_("It was decided already: %(state)s (%(who)s).") % values, code="change_decided")
    if version is not None and row.version != version:
        raise Stale()
    return row


def _confirmer_reason(change: PendingChange, by: Person) -> str:
    """Say why this person may not confirm, and who may."""
    names = joined_names(second_people(change))
    if by.pk == change.requested_by_id:
        own = _("Your own request is confirmed by another person.")
        return f"{own} {_('Ask %(names)s.') % {'names': names}}" if names else own
    return _(
        "You cannot confirm this. It takes another administrator or an auditor, who is not concerned, and whose "
        "account has not been connected with that of the requester in the last seven days."
    )


def _decide_in_force(
    change: PendingChange, row: PendingChange, state: ChangeState, action: str, *, by: Person, seen: str
) -> list[IssuedCode]:
    if seen != content_digest(row):
        raise Stale()
    alone = state == ChangeState.EXPIRED_IN
    acts, lines, differs = acts_of(row), lines_of(row), differs_from_submitted(row)
    requester = Person.objects.get(pk=row.requested_by_id)
    gaining = {pk for act in acts for pk in kind_of(act).gains(act.data)}
    doubtful = [p for p in Person.objects.filter(pk__in=gaining, is_active=True) if may_be_in_other_hands(p)]
    row.people.add(*people_of_acts(acts))
    row.acts = [{**act.as_json(), "lines": told} for act, told in zip(acts, lines, strict=True)]
    with applying(Confirmation(row.pk, str(by), alone=alone)):
        codes = [code for act in acts for code in kind_of(act).apply(act.data, requester, by)]
        if not alone:
            coded = {code.person.pk for code in codes}
            codes += _new_codes(gaining - coded, {person.pk for person in doubtful}, requester, by)
    if differs:  # said last: an act that is impossible by now has a reason of its own
        raise Refused(
            _(
                "It is about other rights or other people by now than when it was submitted. Decline or withdraw it, "
                "and submit it again."
            ),
            code="differs_from_submitted",
        )
    _close(change, row, state, action, by=by)
    return codes


def _new_codes(gaining: set[int], doubtful: set[int], requester: Person, by: Person) -> list[IssuedCode]:
    """Issue codes for those who gain by the request and whose accounts somebody else may use.

    The requester may if the account was made or reset lately; `doubtful` are those of `may_be_in_other_hands`.
    """
    connected = controllers_of(gaining | {requester.pk}, within=SAFE_AFTER)
    people = Person.objects.filter(pk__in=gaining - {requester.pk}, is_active=True).order_by("pk")
    used = [p for p in people if p.pk in doubtful or connected[p.pk] & connected[requester.pk]]
    return [issue_code(person, by=requester, shown_to=by) for person in used]


def _close(
    change: PendingChange, row: PendingChange, state: ChangeState, action: str, *, by: Person, reason: str = ""
) -> None:
    row.state = state
    row.decided_by, row.decided_at, row.reason = by, clock.now(), reason
    row.version += 1
    row.save()
    announce(row, action, by=by, data={**_log_data(row), "reason": reason})
    refresh(change, row)


@write_transaction()
def decline_change(change: PendingChange, *, by: Person, reason: str, version: int | None = None) -> PendingChange:
    """Decline a request, with a reason: whom it concerns (不是我要的), or another administrator or auditor."""
    row = _waiting(change, version)
    if not may_decline(by, row, scope_of(acts_of(row))):
        raise Refused(_("You cannot decline this request."), code="may_not_decline")
    text = required_text(reason, _("Say why."), code="reason_missing")
    row.acts = [{**act.as_json(), "lines": told} for act, told in zip(acts_of(row), lines_of(row), strict=True)]
    _close(change, row, ChangeState.DECLINED, "decline", by=by, reason=text)
    add_notice(row, "pendingchange.declined", people={row.requested_by_id}, data={"by": by.name, "reason": text})
    return change


@write_transaction()
def withdraw_change(change: PendingChange, *, by: Person, version: int | None = None) -> PendingChange:
    """Withdraw the own request."""
    row = _waiting(change, version)
    if by.pk != row.requested_by_id:
        raise Refused(_("Only who made a request withdraws it."), code="not_the_requester")
    row.acts = [{**act.as_json(), "lines": told} for act, told in zip(acts_of(row), lines_of(row), strict=True)]
    _close(change, row, ChangeState.WITHDRAWN, "take_back", by=by)
    return change
