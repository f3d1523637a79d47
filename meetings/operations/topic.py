"""The verbs of a topic (`Y 2(1)(2)`, `C 5(1)`)."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from meetings import clock
from meetings.enums import ApprovalStep, TopicState, Verdict
from meetings.models import Department, Opinion, Person, RegulationAdoption, Topic
from meetings.operations.base import announce, locked, operation, required_text, saving, sign, taking, void_approvals
from meetings.queries.conference import adoption_on
from meetings.queries.people import holds, side_of
from meetings.refusal import Refused
from meetings.rules import topic as rules
from meetings.rules.approval import Signature
from meetings.rules.hashing import digest
from meetings.rules.seats import proposers, seat_of, speaks_for
from meetings.write_lock import writing


def content_hash(topic: Topic) -> str:
    """The hash of what both sides and the leader agree to: title, proposal, research and category."""
    return digest([topic.title, topic.text, topic.research, topic.category_id, topic.proposer_id])


def save_topic(topic: Topic, *, by: Person, version: int | None = None) -> Topic:
    """Create a draft or change one that is a draft or was returned; judged by the regulation of the day."""
    if not topic.pk:
        topic.created_by = by
    topic.adoption = _adoption_today(topic)
    _refuse_stranger(topic, by)
    if not side_of(topic.proposer, topic.conference):
        raise Refused(
            _("%(name)s is no member of this conference. Choose one that is.") % {"name": topic.proposer},
            code="proposer_not_a_member",
        )
    with saving(topic, "edit" if topic.pk else "create", by=by, version=version) as row:
        if row.pk:
            stored = Topic.objects.get(pk=row.pk)
            if stored.state not in rules.EDITABLE:
                raise Refused(
                    _("Only a draft or a returned topic can be changed. Return it first."), code="topic_not_editable"
                )
            _refuse_stranger(stored, by)
            row.state = stored.state
    return topic


def _refuse_stranger(topic: Topic, by: Person) -> None:
    if seat_of(by, topic, proposers(topic)) is None:
        raise Refused(
            _("A topic is written by the proposing department's liaison or a clerk of its side."), code="not_a_proposer"
        )


def _adoption_today(topic: Topic) -> RegulationAdoption:
    """The regulation that judges the topic if it is written or submitted today; its category must be of it."""
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


@operation(Topic, "submit")
def submit_topic(topic: Topic, *, by: Person, version: int | None = None) -> Topic:
    """Submit a draft with its research; from now on it is judged by the regulation of this day."""
    with taking(topic, "submit", by=by, version=version) as take:
        take.record.submitted_on = clock.today()
        take.record.return_reason = ""
        take.record.adoption = _adoption_today(take.record)
        found = content_hash(take.record)
        take.data["content"] = {ApprovalStep.CONFER: found, ApprovalStep.APPROVE_TOPIC: found}
    return topic


@operation(Topic, "confer")
def confer_topic(
    topic: Topic,
    *,
    by: Person,
    version: int | None = None,
    opinion: str = "",
    signature: Signature | None = None,
) -> Topic:
    """One side agrees in conferral; when both have, the topic is conferred (`Y 2(2)`)."""
    with taking(topic, "confer", by=by, version=version, signature=signature) as take:
        sign(take, digest=content_hash(take.record), opinion=opinion)
    return topic


@operation(Topic, "approve")
def approve_topic(
    topic: Topic,
    *,
    by: Person,
    version: int | None = None,
    opinion: str = "",
    signature: Signature | None = None,
) -> Topic:
    """The government leader in charge of union work approves the topic (`Y 2(2)`)."""
    with taking(topic, "approve", by=by, version=version, signature=signature) as take:
        sign(take, digest=content_hash(take.record), opinion=opinion)
    return topic


@operation(Topic, "ask_opinions")
def ask_opinions(topic: Topic, *, by: Person, departments: Iterable[Department], version: int | None = None) -> Topic:
    """Ask departments for their opinion; one that was asked before is not asked twice."""
    with taking(topic, "ask_opinions", by=by, version=version) as take:
        asked = set(take.record.opinions.values_list("department_id", flat=True))
        new = [department for department in departments if department.pk not in asked]
        if not new:
            raise Refused(_("These departments were asked already. Choose others."), code="departments_asked_already")
        Opinion.objects.bulk_create(
            Opinion(topic=take.record, department=department, asked_on=clock.today()) for department in new
        )
        take.data["departments"] = [department.name for department in new]
    return topic


def give_opinion(opinion: Opinion, *, by: Person, verdict: str, text: str = "") -> Opinion:
    """The asked department's liaison answers; an answer may change until the topic is on an agenda."""
    with writing():
        topic = locked(opinion.topic)
        row = Opinion.objects.select_related("department").get(pk=opinion.pk)
        if not any(t.post.role == "liaison" and speaks_for(t, row.department_id) for t in by.held()):
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


def override_objection(opinion: Opinion, *, by: Person, reason: str) -> Opinion:
    """A clerk overrides an open objection with a reason, which stays visible beside it."""
    with writing():
        topic = locked(opinion.topic)
        row = Opinion.objects.select_related("department").get(pk=opinion.pk)
        if not holds(by, topic.conference, "clerk"):
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


@operation(Topic, "record_study")
def record_study(
    topic: Topic, *, by: Person, joint_research: str, proposal_report: str, version: int | None = None
) -> Topic:
    """Record the joint research and the 议题建议报告 (`Y 2(2)`)."""
    with taking(topic, "record_study", by=by, version=version) as take:
        take.record.joint_research = joint_research.strip()
        take.record.proposal_report = proposal_report.strip()
    return topic


@operation(Topic, "agree")
def agree_topic(topic: Topic, *, by: Person, version: int | None = None) -> Topic:
    """State the consensus: research, opinions and report are there, no objection is open."""
    with taking(topic, "agree", by=by, version=version):
        pass
    return topic


@operation(Topic, "return")
def return_topic(topic: Topic, *, by: Person, reason: str, version: int | None = None) -> Topic:
    """Return a topic to its proposer with a reason; approvals given so far are voided, visibly."""
    with taking(topic, "return", by=by, version=version) as take:
        take.record.return_reason = required_text(
            reason, _("Give the reason of the return."), code="return_reason_missing"
        )
        take.data["reason"] = take.record.return_reason
        void_approvals(take.record, _("The topic was returned"))
    return topic


def move_topic(topic: Topic, state: TopicState, *, by: Person, action: str) -> None:
    """Follow the agenda: listed, taken off again, or discussed; called by the meeting's verbs in their transaction."""
    row = locked(topic)
    if action == "list" and (gaps := rules.no_open_objection(row)):
        raise Refused.lacking(gaps)
    row.state = state
    row.version += 1
    row.save()
    announce(row, action, by=by)
