"""State machine of meetings (`Y 2(4)`, `C 5(2)`)."""

from django.utils.translation import gettext_lazy as _

from meetings.enums import ApprovalStep, MeetingKind, MeetingState
from meetings.machines.base import SAME, Input, Machine, Transition
from meetings.models import Meeting
from meetings.rules import meeting as rules
from meetings.rules import seats

S = MeetingState

MEETING: Machine[Meeting] = Machine(
    states=MeetingState,
    forward_states=(S.PLANNED, S.SETTLED, S.NOTIFIED, S.HELD),
    transitions=(
        Transition(
            (S.PLANNED,),
            "consult",
            SAME,
            _("Agree to the special meeting"),
            seats.consultees,
            needs=(rules.has_occasion,),
            required=lambda r: r.judged,
            panel=ApprovalStep.CONSULT,
            inputs=(Input("opinion", "text", _("Opinion"), required=False),),
            clause="special",
            note=_("The occasion is agreed to as it is written now."),
            when=lambda meeting: meeting.kind == MeetingKind.SPECIAL and bool(rules.was_consulted(meeting)),
        ),
        Transition(
            (S.PLANNED,),
            "settle",
            S.SETTLED,
            _("Settle the meeting"),
            seats.settlers,
            needs=(
                rules.has_place,
                rules.has_chair,
                rules.has_official_name,
                rules.was_consulted,
                rules.has_agenda,
                rules.has_attendance,
                rules.follow_up_listed,
                rules.follow_up_explained,
            ),
            panel=ApprovalStep.SETTLE,
            inputs=(Input("opinion", "text", _("Opinion"), required=False),),
            clause="meeting.settle",
            note=_("Time, place, chair, agenda and attendance are agreed to as they stand now."),
        ),
        Transition(
            (S.SETTLED,),
            "notify",
            S.NOTIFIED,
            _("Issue the notice"),
            seats.notice_issuers,
            inputs=(
                Input(
                    "number",
                    "text",
                    _("Number of the notice"),
                    required=False,
                    help=_("If it has one, with its year in 〔〕."),
                ),
            ),
            clause="meeting.notify",
            note=_("From now on the departments see the meeting and reply."),
        ),
        Transition(
            (S.NOTIFIED,),
            "hold",
            S.HELD,
            _("Record as held"),
            seats.either_clerk,
            needs=(rules.day_has_come,),
            note=_("Names and titles are kept as on the day; the topics count as discussed."),
        ),
        Transition(
            (S.HELD,),
            "draft_minutes",
            SAME,
            _("Draft the minutes"),
            seats.either_clerk,
            awaited=True,
            clause="minutes",
            note=_("The text, the attendance and a resolution for each topic are drafted from the meeting."),
            when=lambda meeting: not meeting.minutes.exists(),
        ),
        Transition(
            (S.SETTLED, S.NOTIFIED),
            "reopen",
            S.PLANNED,
            _("Reopen the preparation"),
            seats.either_clerk,
            inputs=(Input("reason", "longtext", _("Reason")),),
            back=True,
            note=_("The settlement given so far becomes void and is asked for again."),
        ),
    ),
)
