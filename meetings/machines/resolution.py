"""State machine of resolutions, from the issued minutes to the verified result (`Y 2(6)`, `C 5(5)`).

A resolution becomes adopted when its minutes are issued, and carried over when later minutes are issued. These two
changes are not steps that somebody performs, so the table has no rows for them.
"""

from django.utils.translation import gettext_lazy as _

from meetings import clock
from meetings.enums import ApprovalStep, ResolutionState
from meetings.machines.base import SAME, Input, Machine, Transition
from meetings.models import Resolution
from meetings.queries.resolution import recipients, undelivered_of, waiting_reports
from meetings.rules import resolution as rules
from meetings.rules import seats
from meetings.rules.suspension import has_lead_report, suspension_not_proposed, suspension_proposed

S = ResolutionState
OPEN = (S.ASSIGNED, S.UNDER_WAY, S.RETURNED)
FOLLOWED = (S.UNDER_WAY, S.REPORTED, S.RETURNED, S.SUSPENDED, S.CARRIED, S.VERIFIED)
CLAUSE = "follow_up"
PROGRESS: tuple[Input[Resolution], ...] = (
    Input("text", "longtext", _("Progress"), help=_("What was done, when, with which result; what comes next.")),
    Input("files", "files", _("Files"), required=False),
)
REASON: Input[Resolution] = Input(
    "reason", "longtext", _("Reason"), help=_("What is missing; the department reads it.")
)
OPINION: Input[Resolution] = Input("opinion", "text", _("Opinion"), required=False)
WAITING: Input[Resolution] = Input("report", "choice", _("Report"), options=waiting_reports)

RESOLUTION: Machine[Resolution] = Machine(
    states=ResolutionState,
    forward_states=(S.DRAFTED, S.ADOPTED, S.ASSIGNED, S.UNDER_WAY, S.REPORTED, S.VERIFIED),
    transitions=(
        Transition(
            (S.ADOPTED,),
            "assign",
            S.ASSIGNED,
            _("Assign to the departments"),
            seats.either_clerk,
            needs=(rules.has_lead,),
            inputs=(Input("note", "longtext", _("Note to the departments"), required=False),),
            clause=CLAUSE,
        ),
        Transition(
            OPEN,
            "report",
            S.UNDER_WAY,
            _("Report progress"),
            seats.part_liaisons,
            inputs=PROGRESS,
            clause=CLAUSE,
        ),
        Transition(
            OPEN,
            "report_part_done",
            S.UNDER_WAY,
            _("Report the own part done"),
            seats.open_part_liaisons,
            awaited=True,
            inputs=PROGRESS,
            clause=CLAUSE,
            when=rules.has_open_part,
        ),
        Transition(
            OPEN,
            "report_done",
            S.REPORTED,
            _("Report it done"),
            seats.lead_liaisons,
            warns=(rules.open_parts_warning,),
            inputs=PROGRESS,
            clause=CLAUSE,
        ),
        Transition(
            OPEN,
            "agree_suspension",
            S.SUSPENDED,
            _("Agree to the suspension"),
            seats.verifiers,
            needs=(has_lead_report,),
            panel=ApprovalStep.SUSPEND,
            on_paper=False,
            inputs=(OPINION,),
            clause=CLAUSE,
            when=suspension_proposed,
        ),
        Transition(
            (S.REPORTED,),
            "verify",
            S.VERIFIED,
            _("Verify the result"),
            seats.verifiers,
            panel=ApprovalStep.VERIFY,
            warns=(rules.open_parts_warning,),
            on_paper=False,
            inputs=(OPINION,),
            clause=CLAUSE,
        ),
        Transition(
            FOLLOWED,
            "accept_report",
            SAME,
            _("Verify a progress report"),
            seats.either_clerk,
            inputs=(WAITING,),
            clause=CLAUSE,
            when=lambda resolution: waiting_reports(resolution).exists(),
        ),
        Transition(
            FOLLOWED,
            "deliver",
            SAME,
            _("Register a delivery to the leaders"),
            seats.either_clerk,
            inputs=(
                Input("report", "choice", _("Report"), options=undelivered_of),
                Input("tenures", "tenures", _("Delivered to"), options=recipients),
                Input("on", "date", _("Delivered on"), initial=lambda resolution: clock.today()),
            ),
            clause=CLAUSE,
            when=lambda resolution: undelivered_of(resolution).exists(),
        ),
        Transition(
            (S.REPORTED,),
            "return",
            S.RETURNED,
            _("Return for more"),
            seats.verifiers,
            inputs=(REASON,),
            back=True,
        ),
        Transition(
            FOLLOWED,
            "send_back_report",
            SAME,
            _("Send a progress report back"),
            seats.either_clerk,
            inputs=(WAITING, REASON),
            back=True,
            when=lambda resolution: waiting_reports(resolution).exists(),
        ),
        Transition(
            OPEN,
            "suspend",
            S.SUSPENDED,
            _("Suspend it"),
            seats.verifiers,
            needs=(has_lead_report,),
            panel=ApprovalStep.SUSPEND,
            on_paper=False,
            inputs=(Input("reason", "longtext", _("Reason"), help=_("Why it rests, and what has to come first.")),),
            back=True,
            when=suspension_not_proposed,
        ),
        Transition(
            OPEN,
            "decline_suspension",
            SAME,
            _("Do not suspend it"),
            seats.verifiers,
            inputs=(Input("reason", "longtext", _("Reason")),),
            back=True,
            when=suspension_proposed,
        ),
        Transition(
            (S.SUSPENDED,),
            "resume",
            S.UNDER_WAY,
            _("Take it up again"),
            seats.verifiers,
            inputs=(Input("reason", "longtext", _("Reason"), help=_("What has changed since it was suspended.")),),
            back=True,
        ),
    ),
)
