"""The verbs of a meeting (`Y 2(4)`, `C 5(2)`): prepared, settled, notified, held, and opened again.

What a settlement covers is changed through `operations.arranging`; agenda and attendance have files of their own.
"""

from django.utils.translation import gettext as _

from meetings import clock
from meetings.enums import ApprovalStep, MeetingState, TopicState
from meetings.models import Explanation, Meeting, Person, RegulationAdoption, Resolution
from meetings.operations.agenda import start_agenda
from meetings.operations.attendance import draw, freeze_attendance
from meetings.operations.base import announce, locked, operation, refresh, required_text, sign, taking, void_approvals
from meetings.operations.preparation import arranging, demand_clerk, hashes, void_outdated
from meetings.operations.topic import move_topic
from meetings.queries.conference import adoption_on
from meetings.queries.meeting import unfinished_before
from meetings.refusal import Refused
from meetings.rules.approval import Signature
from meetings.rules.document_number import number_gaps
from meetings.rules.meeting import consultation_hash, held_already, settlement_hash
from meetings.write_lock import writing

FORM = ("kind", "title", "time", "place", "chair", "consultation")  # what the form of a meeting holds


def save_meeting(meeting: Meeting, *, by: Person, version: int | None = None) -> Meeting:
    """Create a meeting with its first agenda and attendance, or change one in preparation.

    It is judged by the regulation of its day. `Refused` if none is in force then.
    """
    if meeting.chair is not None and meeting.chair.post.conference_id != meeting.conference_id:
        raise Refused(
            _("This person holds no post in the conference. Choose another chair."), code="chair_of_another_conference"
        )
    if not meeting.pk:
        return _create(meeting, by=by)
    with arranging(meeting, "edit", by=by, version=version) as change:
        for name in FORM:
            setattr(change.meeting, name, getattr(meeting, name))
        change.meeting.adoption = _adoption_of_the_day(change.meeting)
    return meeting


def _adoption_of_the_day(meeting: Meeting) -> RegulationAdoption:
    adoption = adoption_on(meeting.conference, meeting.day)
    if adoption is None:
        raise Refused(
            _("No regulation is in force for this conference on that day. Ask the administrator to enter it."),
            code="no_regulation_that_day",
        )
    return adoption


def _create(meeting: Meeting, *, by: Person) -> Meeting:
    with writing():
        meeting.adoption = _adoption_of_the_day(meeting)
        demand_clerk(by, meeting)
        meeting.state = MeetingState.PLANNED
        meeting.save()
        start_agenda(meeting)
        draw(meeting)
        announce(meeting, "create", by=by, data={"content": hashes(meeting)})
    return meeting


@operation(Meeting, "consult")
def consult_meeting(
    meeting: Meeting,
    *,
    by: Person,
    version: int | None = None,
    opinion: str = "",
    signature: Signature | None = None,
) -> Meeting:
    """One of those whom the regulation names agrees that the special meeting is called (`Y 2`, `C 5(2)`)."""
    with taking(meeting, "consult", by=by, version=version, signature=signature) as take:
        void_outdated(take.record, by=by)
        sign(take, digest=consultation_hash(take.record), opinion=opinion)
    return meeting


@operation(Meeting, "settle")
def settle_meeting(
    meeting: Meeting,
    *,
    by: Person,
    version: int | None = None,
    opinion: str = "",
    signature: Signature | None = None,
) -> Meeting:
    """One seat agrees to time, place, chair, agenda and attendance; settled when all have agreed to the same."""
    with taking(meeting, "settle", by=by, version=version, signature=signature) as take:
        void_outdated(take.record, by=by)
        sign(take, digest=settlement_hash(take.record), opinion=opinion)
    return meeting


@operation(Meeting, "notify")
def notify_meeting(meeting: Meeting, *, by: Person, version: int | None = None, number: str = "") -> Meeting:
    """Issue the notice; the departments see the meeting from now on and reply (`Y 2(4)`, `C 5(2)`)."""
    with taking(meeting, "notify", by=by, version=version) as take:
        number = number.strip()
        if number and (gaps := number_gaps(number)):
            raise Refused.lacking(gaps)
        take.record.notice_number, take.record.notified_on = number, clock.today()
        take.data["number"] = number
    return meeting


@operation(Meeting, "hold")
def hold_meeting(meeting: Meeting, *, by: Person, version: int | None = None) -> Meeting:
    """Record the meeting as held on its day: names and titles are kept as of then, its topics count as discussed."""
    with taking(meeting, "hold", by=by, version=version) as take:
        take.record.held_on = take.record.day
        freeze_attendance(take.record)
        for item in take.record.agenda.filter(topic__isnull=False).select_related("topic"):
            move_topic(item.topic, TopicState.DISCUSSED, by=by, action="discuss")
    return meeting


@operation(Meeting, "reopen")
def reopen_meeting(meeting: Meeting, *, by: Person, reason: str, version: int | None = None) -> Meeting:
    """Go back to the preparation with a reason; the settlement is void, visibly, and the notice is withdrawn."""
    with taking(meeting, "reopen", by=by, version=version) as take:
        take.data["reason"] = required_text(
            reason, _("Give the reason why the meeting is reopened."), code="reopen_reason_missing"
        )
        void_approvals(take.record, _("The meeting was reopened"), steps=(ApprovalStep.SETTLE,))
        take.record.notified_on, take.record.notice_number = None, ""
    return meeting


def explain(
    resolution: Resolution, meeting: Meeting, *, by: Person, text: str, opinion: str, version: int | None = None
) -> Explanation:
    """Say to a coming meeting why a resolution is unfinished and what is proposed (`Y 1(6)`, `C 4三`)."""
    with writing():
        row = locked(meeting, version)
        demand_clerk(by, row)
        if row.state == MeetingState.HELD:
            raise Refused.lacking([held_already()])
        if all(found.resolution.pk != resolution.pk for found in unfinished_before(row)):
            raise Refused(
                _("“%(title)s” is no unfinished resolution of an earlier meeting.") % {"title": resolution},
                code="nothing_to_explain",
            )
        told = {
            "text": required_text(text, _("Explain why it is not finished."), code="explanation_missing"),
            "opinion": required_text(
                opinion, _("Say what is proposed to do about it."), code="explanation_opinion_missing"
            ),
        }
        known = {"by": by, "on": clock.today()}
        explanation, _created = Explanation.objects.update_or_create(
            resolution=resolution, meeting=row, defaults={**told, **known}
        )
        row.version += 1
        row.save()
        announce(row, "explain", by=by, data={"resolution": resolution.title, **told})
    refresh(meeting, row)
    return explanation
