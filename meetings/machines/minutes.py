"""State machine of minutes (`Y 2(5)`, `C 5(4)`)."""

from django.utils.translation import gettext_lazy as _

from meetings.enums import ApprovalStep, MinutesState
from meetings.machines.base import SAME, Input, Machine, Transition
from meetings.models import Minutes
from meetings.rules import correction, seats
from meetings.rules import minutes as rules

S = MinutesState
COMPLETE = (
    rules.has_text,
    rules.has_disclosure,
    rules.attendance_final,
    rules.resolutions_complete,
    correction.has_correction_note,
    correction.amendments_fit,
)

MINUTES: Machine[Minutes] = Machine(
    states=MinutesState,
    forward_states=(S.DRAFT, S.IN_APPROVAL, S.APPROVED, S.ISSUED),
    transitions=(
        Transition(
            (S.DRAFT,),
            "send",
            S.IN_APPROVAL,
            _("Send for approval"),
            seats.either_clerk,
            needs=COMPLETE,
            clause="minutes",
        ),
        Transition(
            (S.IN_APPROVAL,),
            "approve",
            S.APPROVED,
            _("Approve the minutes"),
            seats.minutes_approvers,
            needs=COMPLETE,
            panel=ApprovalStep.APPROVE_MINUTES,
            inputs=(Input("opinion", "text", _("Opinion"), required=False),),
            clause="minutes",
            note=_("Text, attendance, resolutions and attachments are approved as they stand now."),
        ),
        Transition(
            (S.APPROVED,),
            "issue",
            S.ISSUED,
            _("Issue the minutes"),
            seats.minutes_issuers,
            needs=(rules.seal_fits, correction.amendments_fit),
            inputs=(
                Input(
                    "number",
                    "text",
                    _("Number"),
                    help=_("As the registry gave it, with its year in 〔〕."),
                    when=rules.uses_registry_number,
                ),
            ),
            clause="minutes",
            note=_("Issued minutes cannot be changed any more; their resolutions are settled."),
        ),
        Transition(
            (S.IN_APPROVAL, S.APPROVED),
            "return",
            S.DRAFT,
            _("Return to the draft"),
            lambda record: seats.either_clerk(record) + seats.minutes_approvers(record),
            inputs=(Input("reason", "longtext", _("Reason")),),
            back=True,
            note=_("The approvals given so far become void."),
        ),
        Transition(
            (S.ISSUED,),
            "correct",
            SAME,
            _("Correct the minutes"),
            seats.either_clerk,
            inputs=(
                Input(
                    "reason",
                    "longtext",
                    _("What is corrected and why"),
                    help=_("It is printed at the head of the correction."),
                ),
            ),
            clause="minutes",
            back=True,
            note=_(
                "These minutes stay as they are. The correction starts as a copy, is approved like any minutes, and "
                "gets a number of its own; the resolutions keep their reports and their public numbers."
            ),
            when=correction.correctable,
        ),
    ),
)
