"""What a topic must have before each step (`Y 2(1)(2)`, `C 5(1)`)."""

from django.utils.translation import gettext as _

from meetings.enums import TopicState, Verdict
from meetings.models import Person, Topic
from meetings.refusal import Missing
from meetings.rules.seats import proposers, seat_of

EDITABLE = frozenset({TopicState.DRAFT, TopicState.RETURNED})
STUDIED = frozenset({TopicState.SUBMITTED, TopicState.CONFERRED, TopicState.APPROVED, TopicState.AGREED})


def has_research(topic: Topic) -> list[Missing]:
    """Require research: a report in the text or as an attachment."""
    if topic.research.strip() or topic.attachments.filter(removed_at=None, is_scan=False).exists():
        return []
    return [
        Missing(
            _("The research report is missing. Write it in the topic or attach the document."),
            code="research_missing",
            clause="topic.research",
        )
    ]


def opinions_given(topic: Topic) -> list[Missing]:
    """Require that at least one department was asked for its opinion and all of them have answered."""
    opinions = list(topic.opinions.select_related("department"))
    if not opinions:
        return [
            Missing(
                _("No department was asked for its opinion yet. Ask those concerned."),
                code="nobody_asked",
                clause="topic.agree",
            )
        ]
    waiting = "、".join(o.department.name for o in opinions if o.verdict == Verdict.PENDING)
    if not waiting:
        return []
    return [
        Missing(
            _("%(names)s: no opinion yet. Remind their liaisons.") % {"names": waiting},
            code="opinions_outstanding",
            clause="topic.agree",
        )
    ]


def no_open_objection(topic: Topic) -> list[Missing]:
    """Require that there is no objection that was not overridden; it blocks consensus and listing."""
    objecting = "、".join(o.department.name for o in topic.opinions.select_related("department") if o.is_open_objection)
    if not objecting:
        return []
    reason = _("%(names)s objects. Come to terms, or override the objection with a reason that stays visible.")
    return [Missing(reason % {"names": objecting}, code="objection_open", clause="topic.agree")]


def has_joint_research(topic: Topic) -> list[Missing]:
    """Require the joint research, which the union leads after the approval, if the rules ask for it (`Y 2(2)`)."""
    if not topic.adoption.joint_research or topic.joint_research.strip():
        return []
    return [
        Missing(
            _("The joint research is missing. Record when, where and what was found."),
            code="joint_research_missing",
            clause="topic.agree",
        )
    ]


def has_proposal_report(topic: Topic) -> list[Missing]:
    """Require a workable 议题建议报告, if the rules ask for it (`Y 2(2)`)."""
    if not topic.adoption.consensus_report or topic.proposal_report.strip():
        return []
    return [
        Missing(
            _("The proposal report is missing. Record it in the topic."),
            code="proposal_report_missing",
            clause="topic.agree",
        )
    ]


def may_edit(person: Person, topic: Topic) -> bool:
    """Return whether the person may change the topic now: a draft or returned topic that they may propose."""
    return topic.state in EDITABLE and seat_of(person, topic, proposers(topic)) is not None
