"""Operations on topics (`Y 2(1)(2)`, `C 5(1)`)."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from meetings import clock
from meetings.enums import ApprovalStep, TopicState, Verdict
from meetings.models import Department, Opinion, Person, RegulationAdoption, Topic
from meetings.operations.base import (
    announce,
    locked,
    perform_step,
    required_text,
    saving,
    sign,
)
from meetings.operations.voiding import void_approvals
from meetings.queries.conference import adoption_on
from meetings.queries.people import holds_role, side_of
from meetings.refusal import Refused, Stale
from meetings.rules import topic as rules
from meetings.rules.approval import Signature
from meetings.rules.hashing import digest
from meetings.rules.seats import is_liaison_of, proposers, seat_of
from meetings.write_lock import write_transaction


def content_hash(topic: Topic) -> str:
    """Return the hash of what both sides and the leader agree to: title, text, research, category and proposer."""
    return digest([topic.title, topic.text, topic.research, topic.category_id, topic.proposer_id])


def save_topic(topic: Topic, *, by: Person, version: int | None = None) -> Topic:
    """Create a topic, or change one that is a draft or was returned; the regulation of today applies.

    `Refused` if `by` may not propose it, the proposer is not a member, or no regulation is in force.
    """
    if not topic.pk:
        topic.created_by = by
    topic.adoption = _adoption_today(topic)
    _require_proposer(topic, by)
    if not side_of(topic.proposer, topic.conference):
        raise Refused(
            _("%(name)s is no member of this conference. Choose one that is.") % {"name": topic.proposer},
            code="proposer_not_a_member",
            field="proposer",
        )
    with saving(topic, "edit" if topic.pk else "create", by=by, version=version) as row:
        if row.pk:
            stored = Topic.objects.get(pk=row.pk)
            if stored.state not in rules.EDITABLE:
                raise Refused(
                    _("Only a draft or a returned topic can be changed. Return it first."), code="topic_not_editable"
                )
            _require_proposer(stored, by)
            row.state = stored.state
    return topic


def _require_proposer(topic: Topic, by: Person) -> None:
    if seat_of(by, topic, proposers(topic)) is None:
        raise Refused(
            _("A topic is written by the proposing department's liaison or a clerk of its side."), code="not_a_proposer"
        )


def _adoption_today(topic: Topic) -> RegulationAdoption:
    """Return the adoption in force today; `Refused` if there is none or the topic's category belongs to another one."""
    adoption = adoption_on(topic.conference, clock.today())
    if adoption is None:
        raise Refused(
            _("No regulation is in force for this conference today. Ask the administrator to enter it."),
            code="no_regulation_today",
        )
    if topic.category.regulation_id != adoption.regulation_id and adoption.judged:
        raise Refused(
            _("This category belongs to another regulation. Choose one of the regulation in force."),
            code="category_of_another_regulation",
        )
    return adoption


def submit_topic(topic: Topic, *, by: Person, version: int | None = None) -> Topic:
    """Submit a draft with its research; from now on the regulation of this day applies to it."""
    with perform_step(topic, "submit", by=by, version=version) as context:
        context.record.submitted_on = clock.today()
        context.record.return_reason = ""
        context.record.adoption = _adoption_today(context.record)
        content_digest = content_hash(context.record)
        context.data["content"] = {ApprovalStep.CONFER: content_digest, ApprovalStep.APPROVE_TOPIC: content_digest}
    return topic


def confer_topic(
    topic: Topic,
    *,
    by: Person,
    version: int | None = None,
    opinion: str = "",
    signature: Signature | None = None,
) -> Topic:
    """Record the agreement of one side; the topic is conferred when both sides have agreed (`Y 2(2)`)."""
    with perform_step(topic, "confer", by=by, version=version, signature=signature) as context:
        sign(context, digest=content_hash(context.record), opinion=opinion)
    return topic


def approve_topic(
    topic: Topic,
    *,
    by: Person,
    version: int | None = None,
    opinion: str = "",
    signature: Signature | None = None,
) -> Topic:
    """Approve the topic, by the government leader in charge of union work (`Y 2(2)`)."""
    with perform_step(topic, "approve", by=by, version=version, signature=signature) as context:
        sign(context, digest=content_hash(context.record), opinion=opinion)
    return topic


def ask_opinions(topic: Topic, *, by: Person, departments: Iterable[Department], version: int | None = None) -> Topic:
    """Ask departments for their opinion; departments asked before are skipped, `Refused` if none is new."""
    with perform_step(topic, "ask_opinions", by=by, version=version) as context:
        asked = set(context.record.opinions.values_list("department_id", flat=True))
        new = [department for department in departments if department.pk not in asked]
        if not new:
            raise Refused(_("These departments were asked already. Choose others."), code="departments_asked_already")
        Opinion.objects.bulk_create(
            Opinion(topic=context.record, department=department, asked_on=clock.today()) for department in new
        )
        context.data["departments"] = [department.name for department in new]
    return topic


def opinion_digest(opinion: Opinion) -> str:
    """Return the hash of what an opinion says; a form carries it, because opinions have no version."""
    return digest([opinion.verdict, opinion.text, opinion.override_reason])


def _opinion(opinion: Opinion, seen: str) -> Opinion:
    """Return the stored opinion; `Stale` if the form showed another one."""
    row = Opinion.objects.select_related("department").get(pk=opinion.pk)
    if seen and seen != opinion_digest(row):
        raise Stale()
    return row


def give_opinion(
    opinion: Opinion, *, by: Person, verdict: str, text: str = "", version: int | None = None, seen: str = ""
) -> Opinion:
    """Store the opinion of an asked department, by its liaison; it can be changed until the topic is on an agenda.

    `Stale` if the topic is newer than `version`, or if the opinion is not the one of the digest `seen`.
    """
    with write_transaction():
        topic = locked(opinion.topic, version)
        row = _opinion(opinion, seen)
        if not is_liaison_of(by, topic.conference_id, row.department_id):
            reason = _("The opinion of %(name)s is given by its own liaison.")
            raise Refused(reason % {"name": row.department.name}, code="not_your_opinion")
        if topic.state not in rules.STUDIED:
            raise Refused(_("Opinions are closed: the topic is on an agenda or was returned."), code="opinions_closed")
        if verdict not in Verdict.values or verdict == Verdict.PENDING:
            raise Refused(_("Choose an opinion."), code="opinion_missing")
        if verdict != Verdict.AGREE:
            required_text(text, _("Write down what should change, or why you object."), code="opinion_text_missing")
        row.verdict, row.text, row.given_by, row.given_on = verdict, text.strip(), by, clock.today()
        row.override_reason, row.overridden_by = "", None
        row.save()
        announce(
            topic, "opinion", by=by, data={"department": row.department.name, "verdict": str(Verdict(verdict).label)}
        )
    return row


def override_objection(
    opinion: Opinion, *, by: Person, reason: str, version: int | None = None, seen: str = ""
) -> Opinion:
    """Override an open objection, by a clerk, with a reason that stays visible beside it.

    `Stale` as in `give_opinion`.
    """
    with write_transaction():
        topic = locked(opinion.topic, version)
        row = _opinion(opinion, seen)
        if not holds_role(by, topic.conference, "clerk"):
            raise Refused(_("Objections are overridden by a clerk of the conference."), code="not_a_topic_clerk")
        if not row.is_open_objection:
            raise Refused(_("There is no open objection of this department."), code="no_open_objection")
        row.override_reason = required_text(
            reason, _("Give the reason; it stays visible beside the objection."), code="override_reason_missing"
        )
        row.overridden_by = by
        row.save()
        announce(topic, "override", by=by, data={"department": row.department.name, "reason": row.override_reason})
    return row


def record_study(
    topic: Topic, *, by: Person, joint_research: str, proposal_report: str, version: int | None = None
) -> Topic:
    """Record the joint research and the 议题建议报告 (`Y 2(2)`)."""
    with perform_step(topic, "record_study", by=by, version=version) as context:
        context.record.joint_research = joint_research.strip()
        context.record.proposal_report = proposal_report.strip()
    return topic


def agree_topic(topic: Topic, *, by: Person, version: int | None = None) -> Topic:
    """State the consensus; it requires research, opinions and report, and no open objection."""
    with perform_step(topic, "agree", by=by, version=version):
        pass
    return topic


def return_topic(topic: Topic, *, by: Person, reason: str, version: int | None = None) -> Topic:
    """Return a topic to its proposer with a reason; the approvals given so far are voided, visibly."""
    with perform_step(topic, "return", by=by, version=version) as context:
        context.record.return_reason = required_text(
            reason, _("Give the reason of the return."), code="return_reason_missing"
        )
        context.data["reason"] = context.record.return_reason
        void_approvals(context.record, _("The topic was returned"), by=by, announced=True)
    return topic


def move_topic(topic: Topic, state: TopicState, *, by: Person, action: str) -> None:
    """Set the state that follows from an agenda: listed, agreed again, or discussed.

    Meeting operations call it in their transaction. `Refused` if a topic with an open objection would be listed.
    """
    row = locked(topic)
    if action == "list" and (gaps := rules.no_open_objection(row)):
        raise Refused.lacking(gaps)
    row.state = state
    row.version += 1
    row.save()
    announce(row, action, by=by)
