"""State machine of topics (`Y 2(1)(2)`, `C 5(1)`)."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from meetings.enums import ApprovalStep, TopicState
from meetings.machines.base import SAME, Input, Machine, Transition
from meetings.models import Department, Topic
from meetings.queries.people import departments
from meetings.rules import seats
from meetings.rules import topic as rules

S = TopicState
OPINION: Input[Topic] = Input("opinion", "text", _("Opinion"), required=False)
REASON: Input[Topic] = Input("reason", "longtext", _("Reason"))


def asked_from(topic: Topic) -> QuerySet[Department]:
    """Return the departments that can be asked for an opinion: the members of the conference."""
    return departments(topic.conference)


TOPIC: Machine[Topic] = Machine(
    states=TopicState,
    forward_states=(S.DRAFT, S.SUBMITTED, S.CONFERRED, S.APPROVED, S.AGREED, S.LISTED, S.DISCUSSED),
    transitions=(
        Transition(
            (S.DRAFT, S.RETURNED),
            "submit",
            S.SUBMITTED,
            _("Submit the topic"),
            seats.proposers,
            needs=(rules.has_research,),
            clause="topic.research",
        ),
        Transition(
            (S.SUBMITTED,),
            "confer",
            S.CONFERRED,
            _("Agree in conferral"),
            seats.either_clerk,
            required=lambda r: r.topic_conferral,
            panel=ApprovalStep.CONFER,
            inputs=(OPINION,),
            clause="topic.confer",
        ),
        Transition(
            (S.CONFERRED,),
            "approve",
            S.APPROVED,
            _("Approve the topic"),
            seats.topic_approvers,
            required=lambda r: r.topic_approval,
            panel=ApprovalStep.APPROVE_TOPIC,
            inputs=(OPINION,),
            clause="topic.approve",
        ),
        Transition(
            (S.APPROVED,),
            "ask_opinions",
            SAME,
            _("Ask departments for their opinion"),
            seats.either_clerk,
            inputs=(Input("departments", "departments", _("Departments"), options=asked_from),),
            clause="topic.agree",
        ),
        Transition(
            (S.APPROVED,),
            "record_study",
            SAME,
            _("Record research and proposal report"),
            seats.consensus_leaders,
            required=lambda r: r.joint_research or r.consensus_report,
            inputs=(
                Input("joint_research", "longtext", _("Joint research"), initial=lambda t: t.joint_research),
                Input("proposal_report", "longtext", _("Proposal report"), initial=lambda t: t.proposal_report),
            ),
            clause="topic.agree",
        ),
        Transition(
            (S.APPROVED,),
            "agree",
            S.AGREED,
            _("State the consensus"),
            seats.consensus_leaders,
            needs=(
                rules.has_joint_research,
                rules.opinions_given,
                rules.no_open_objection,
                rules.has_proposal_report,
            ),
            clause="topic.agree",
        ),
        Transition(
            (S.SUBMITTED, S.CONFERRED, S.APPROVED, S.AGREED),
            "return",
            S.RETURNED,
            _("Return the topic"),
            lambda record: seats.either_clerk(record) + seats.topic_approvers(record),
            inputs=(REASON,),
            back=True,
        ),
    ),
)
