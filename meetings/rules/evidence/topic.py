"""Evidence on the topics of a meeting: research, conferral, approval, consensus (`Y 2(1)(2)`, `C 5(1)`)."""

from collections.abc import Callable

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.enums import ApprovalStep, TopicState, Verdict
from meetings.models import Approval, Meeting, Opinion, RecordLogEntry, Topic
from meetings.queries.approval import with_signers
from meetings.queries.meeting import agenda
from meetings.queries.prefetched import is_prefetched
from meetings.rules.evidence.base import Found, Proof, signatures

AGREED = frozenset({TopicState.AGREED, TopicState.LISTED, TopicState.DISCUSSED})


def topics_of(meeting: Meeting) -> list[Topic]:
    """Return the topics in the order of the agenda, with approvals and opinions.

    Three queries, or none for a meeting that was read by `with_evidence`.
    """
    if is_prefetched(meeting, "agenda"):
        return [item.topic for item in agenda(meeting) if item.topic is not None]
    signed = with_signers(Approval.objects.filter(voided_at=None))
    opinions = Opinion.objects.select_related("department")
    rows = Topic.objects.filter(agenda_items__meeting=meeting).select_related("category", "proposer", "adoption")
    return list(
        rows.prefetch_related(Prefetch("approvals", queryset=signed), Prefetch("opinions", queryset=opinions)).order_by(
            "agenda_items__order", "pk"
        )
    )


def _no_topics(topics: list[Topic]) -> Found | None:
    return None if topics else Found(message=_("No topic is on the agenda."))


def category(meeting: Meeting, topics: list[Topic]) -> Found:
    """Find the category of each topic (`Y 1(3)–(5)(7)`, `C 4二`)."""
    named = {topic.pk: "，".join(filter(None, [topic.category.clause, topic.category.title])) for topic in topics}
    proofs = [Proof(f"{topic}：{named[topic.pk]}", None, topic) for topic in topics]
    return _no_topics(topics) or Found(proofs)


def research(meeting: Meeting, topics: list[Topic]) -> Found:
    """Find the research with which each topic was proposed (`Y 2(1)`, `C 5(1)`)."""
    proofs = [
        Proof(_("%(topic)s: proposed by %(department)s") % {"topic": t, "department": t.proposer}, t.submitted_on, t)
        for t in topics
    ]
    gaps = [_("%(topic)s: no research report.") % {"topic": t} for t in topics if not t.research.strip()]
    return _no_topics(topics) or Found(proofs, gaps)


def _signed(topics: list[Topic], step: ApprovalStep, gap_text: str) -> Found:
    proofs, gaps = [], []
    for topic in topics:
        signed = signatures((row for row in topic.approvals.all() if row.step == step), topic)
        proofs += [Proof(f"{topic}：{proof.text}", proof.on, topic) for proof in signed]
        if not signed:
            gaps.append(gap_text % {"topic": topic})
    return _no_topics(topics) or Found(proofs, gaps)


def confer(meeting: Meeting, topics: list[Topic]) -> Found:
    """Find the conferral of both sides on each topic (`Y 2(2)`)."""
    return _signed(topics, ApprovalStep.CONFER, _("%(topic)s: not conferred by both sides."))


def approve(meeting: Meeting, topics: list[Topic]) -> Found:
    """Find the approval of each topic by the leader in charge of union work (`Y 2(2)`)."""
    return _signed(topics, ApprovalStep.APPROVE_TOPIC, _("%(topic)s: not approved by the leader in charge."))


def agree(meeting: Meeting, topics: list[Topic]) -> Found:
    """Find the opinions of departments and the consensus before the meeting (`Y 2(2)`, `C 5(1)`)."""
    days = {
        entry.object_id: timezone.localtime(entry.timestamp).date()
        for entry in RecordLogEntry.objects.filter(
            action="meetings.topic.agree", object_id__in=[str(topic.pk) for topic in topics]
        )
    }
    proofs, gaps = [], []
    for topic in topics:
        if topic.state not in AGREED:
            gaps.append(_("%(topic)s: no consensus yet.") % {"topic": topic})
            continue
        opinions = "、".join(f"{row.department}{row.get_verdict_display()}" for row in topic.opinions.all())
        text = f"{topic}：{opinions}" if opinions else str(topic)
        proofs.append(Proof(text, days.get(str(topic.pk)), topic))
        gaps += [
            _("%(topic)s: the objection of %(department)s stands.") % {"topic": topic, "department": row.department}
            for row in topic.opinions.all()
            if row.verdict == Verdict.OBJECT and not row.override_reason
        ]
    return _no_topics(topics) or Found(proofs, gaps)


TOPIC: dict[str, Callable[[Meeting, list[Topic]], Found]] = {
    "category": category,
    "topic.research": research,
    "topic.confer": confer,
    "topic.approve": approve,
    "topic.agree": agree,
}
