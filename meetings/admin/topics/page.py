"""The admin page of a topic: its texts and the opinions of the departments (`Y 2(1)(2)`, `C 5(1)`)."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meetings.admin.core.guard import seen_by
from meetings.admin.core.record_page import Fact, RecordPageView
from meetings.admin.core.record_urls import url_of
from meetings.admin.core.status_badges import status_badge
from meetings.enums import MeetingState, TopicState
from meetings.models import Meeting, Opinion, Topic
from meetings.queries.people import clerk_conference_ids
from meetings.queries.reach import reach_of
from meetings.rules import topic as rules


class TopicPageView(RecordPageView[Topic]):
    """The page of a topic."""

    template_name = "meetings/topic.html"

    def facts(self) -> list[Fact]:
        """Return conference, proposer, category and clause, regulation, and the meeting if the person may see it."""
        topic: Topic = self.object
        clause = f"{topic.category.title}（{topic.category.clause}）" if topic.category.clause else topic.category.title
        meeting = seen_by(self.person, Meeting).filter(agenda__topic=topic).select_related("conference").last()
        return [
            Fact(_("Conference"), topic.conference.short_name),
            Fact(_("Proposed by"), f"{topic.proposer}（{topic.get_side_display()}）"),
            Fact(_("Category"), clause),
            Fact(_("Judged by"), topic.adoption.regulation.number or topic.adoption.regulation.title),
            Fact(_("Meeting"), meeting and str(meeting), url_of(meeting) if meeting else ""),
        ]

    def texts(self) -> list[Fact]:
        topic: Topic = self.object
        return [
            Fact(_("Reason of the return"), topic.return_reason if topic.state == TopicState.RETURNED else ""),
            Fact.of(topic, "text"),
            Fact.of(topic, "research"),
            Fact.of(topic, "joint_research"),
            Fact.of(topic, "proposal_report"),
        ]

    def no_step_message(self) -> str:
        """Return the next action for an agreed topic, which has no step of its own: it waits for a meeting."""
        if self.object.state != TopicState.AGREED:
            return ""
        meeting = (
            seen_by(self.person, Meeting)
            .filter(conference=self.object.conference, state=MeetingState.PLANNED)
            .order_by("time")
            .first()
        )
        if meeting is None:
            return gettext("Next: once a meeting is in preparation, the clerks put this topic on its agenda.")
        text = gettext("Next: the clerks put this topic on the agenda of {meeting}.")
        return format_html(text, meeting=format_html('<a href="{}">{}</a>', url_of(meeting), meeting))

    @cached_property
    def opinions(self) -> list[dict[str, object]]:
        """Return one row per asked department: its opinion, and the URLs of what the person may do with it."""
        own = reach_of(self.person).departments_in(self.object.conference_id)
        clerk = self.object.conference_id in clerk_conference_ids(self.person)
        open_ = self.object.state in rules.STUDIED
        rows: QuerySet[Opinion] = self.object.opinions.select_related("department", "given_by", "overridden_by")
        return [
            {
                "opinion": row,
                "badge": status_badge(row),
                "answer_url": open_ and row.department_id in own and self.part_url("opinion", row),
                "override_url": clerk and row.is_open_objection and self.part_url("override", row),
            }
            for row in rows
        ]

    def part_url(self, name: str, row: Opinion) -> str:
        """Return the URL of an operation on an opinion."""
        return reverse(f"topic:{name}", args=[self.object.pk, row.pk])

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        no_opinions = gettext("Nobody was asked yet.") if self.object.state in rules.STUDIED else ""
        return super().get_context_data(**kwargs) | {"opinions": self.opinions, "no_opinions": no_opinions}
