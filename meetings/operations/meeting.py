"""Operations on meetings (`Y 2(4)`, `C 5(2)`): prepare, settle, notify, hold, reopen, explain.

Everything that a settlement covers is changed inside `operations.preparation.preparation_change`. Agenda and attendance
have modules of their own.
"""

from django.utils.translation import gettext as _

from meetings import clock
from meetings.enums import ApprovalStep, MeetingState, TopicState
from meetings.models import Explanation, Meeting, Person, RegulationAdoption, Resolution
from meetings.operations.agenda import start_agenda
from meetings.operations.attendance import add_missing_attendance, freeze_attendance
from meetings.operations.base import (
    announce,
    locked,
    perform_step,
    refresh,
    required_text,
    sign,
)
from meetings.operations.preparation import content_hashes, preparation_change, require_clerk, void_outdated_approvals
from meetings.operations.topic import move_topic
from meetings.operations.voiding import void_approvals
from meetings.queries.conference import adoption_on
from meetings.queries.meeting import unfinished_before
from meetings.refusal import Refused
from meetings.rules.approval import Signature
from meetings.rules.document_number import number_gaps
from meetings.rules.meeting import consultation_hash, meeting_already_held, settlement_hash
from meetings.write_lock import write_transaction

# What an edit may change: every editable field but the conference. The others are set by steps.
EDITED = tuple(
    field.name
    for field in Meeting._meta.concrete_fields
    if field.editable and not field.primary_key and field.name != "conference"
)


def save_meeting(meeting: Meeting, *, by: Person, version: int | None = None) -> Meeting:
    """Create a meeting with its first agenda and attendance, or change a meeting in preparation.

    The regulation of the day of the meeting applies; `Refused` if none is in force on that day, or if the chair holds
    no post in the conference.
    """
    if not meeting.pk:
        return _create(meeting, by=by)
    with preparation_change(meeting, "edit", by=by, version=version) as change:
        for name in EDITED:
            setattr(change.meeting, name, getattr(meeting, name))
        _complete(change.meeting)
    return meeting


def _complete(meeting: Meeting) -> None:
    """Check what was entered, and set the regulation of the day."""
    if meeting.chair is not None and meeting.chair.post.conference_id != meeting.conference_id:
        raise Refused(
            _("This person holds no post in the conference. Choose another chair."),
            code="chair_of_another_conference",
            field="chair",
        )
    meeting.adoption = _adoption_of_the_day(meeting)


def _adoption_of_the_day(meeting: Meeting) -> RegulationAdoption:
    adoption = adoption_on(meeting.conference, meeting.day)
    if adoption is None:
        raise Refused(
            _("No regulation is in force for this conference on that day. Ask the administrator to enter it."),
            code="no_regulation_that_day",
        )
    return adoption


def _create(meeting: Meeting, *, by: Person) -> Meeting:
    with write_transaction():
        require_clerk(by, meeting)
        _complete(meeting)
        meeting.state = MeetingState.PLANNED
        meeting.save()
        start_agenda(meeting)
        add_missing_attendance(meeting)
        announce(meeting, "create", by=by, data={"content": content_hashes(meeting)})
    return meeting


def consult_meeting(
    meeting: Meeting,
    *,
    by: Person,
    version: int | None = None,
    opinion: str = "",
    signature: Signature | None = None,
) -> Meeting:
    """Record that one of those named by the regulation agrees to the special meeting (`Y 2`, `C 5(2)`)."""
    with perform_step(meeting, "consult", by=by, version=version, signature=signature) as context:
        void_outdated_approvals(context.record, by=by)
        sign(context, digest=consultation_hash(context.record), opinion=opinion)
    return meeting


def settle_meeting(
    meeting: Meeting,
    *,
    by: Person,
    version: int | None = None,
    opinion: str = "",
    signature: Signature | None = None,
) -> Meeting:
    """Record that one seat agrees to time, place, chair, agenda and attendance.

    The meeting is settled when every seat has agreed to the same content.
    """
    with perform_step(meeting, "settle", by=by, version=version, signature=signature) as context:
        void_outdated_approvals(context.record, by=by)
        sign(context, digest=settlement_hash(context.record), opinion=opinion)
    return meeting


def notify_meeting(meeting: Meeting, *, by: Person, version: int | None = None, number: str = "") -> Meeting:
    """Issue the notice; from now on departments can see the meeting and reply (`Y 2(4)`, `C 5(2)`)."""
    with perform_step(meeting, "notify", by=by, version=version) as context:
        number = number.strip()
        if number and (gaps := number_gaps(number)):
            raise Refused.lacking(gaps)
        context.record.notice_number, context.record.notified_on = number, clock.today()
        context.data["number"] = number
    return meeting


def hold_meeting(meeting: Meeting, *, by: Person, version: int | None = None) -> Meeting:
    """Record the meeting as held: store names and titles of the day, set its topics to “discussed”."""
    with perform_step(meeting, "hold", by=by, version=version) as context:
        context.record.held_on = context.record.day
        freeze_attendance(context.record)
        for topic in [item.topic for item in context.record.agenda.select_related("topic") if item.topic]:
            move_topic(topic, TopicState.DISCUSSED, by=by, action="discuss")
    return meeting


def reopen_meeting(meeting: Meeting, *, by: Person, reason: str, version: int | None = None) -> Meeting:
    """Return the meeting to preparation with a reason.

    The approvals of the settlement are voided, visibly, and the notice is withdrawn.
    """
    with perform_step(meeting, "reopen", by=by, version=version) as context:
        context.data["reason"] = required_text(
            reason, _("Give the reason why the meeting is reopened."), code="reopen_reason_missing"
        )
        void_approvals(
            context.record, _("The meeting was reopened"), by=by, steps=(ApprovalStep.SETTLE,), announced=True
        )
        context.record.notified_on, context.record.notice_number = None, ""
    return meeting


def explain(
    resolution: Resolution, meeting: Meeting, *, by: Person, text: str, opinion: str, version: int | None = None
) -> Explanation:
    """Explain to a coming meeting why a resolution is unfinished and what is proposed (`Y 1(6)`, `C 4三`).

    An existing explanation of this resolution for this meeting is replaced.
    """
    with write_transaction():
        row = locked(meeting, version)
        require_clerk(by, row)
        if row.state == MeetingState.HELD:
            raise Refused.lacking([meeting_already_held()])
        if all(found.resolution.pk != resolution.pk for found in unfinished_before(row)):
            raise Refused(
                _("“%(title)s” is no unfinished resolution of an earlier meeting.") % {"title": resolution},
                code="nothing_to_explain",
            )
        texts = {
            "text": required_text(text, _("Explain why it is not finished."), code="explanation_missing"),
            "opinion": required_text(
                opinion, _("Say what is proposed to do about it."), code="explanation_opinion_missing"
            ),
        }
        author = {"by": by, "on": clock.today()}
        explanation, _created = Explanation.objects.update_or_create(
            resolution=resolution, meeting=row, defaults={**texts, **author}
        )
        row.version += 1
        row.save()
        announce(row, "explain", by=by, data={"resolution": resolution.title, **texts})
    refresh(meeting, row)
    return explanation
