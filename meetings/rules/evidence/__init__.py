"""Compliance report (制度对照): for each clause of the applicable regulation, its evidence or the gap.

- `Finding`: a clause compared with the records: met, a gap, or still ahead. Its evidence says who, when and where.
- `of_meeting(meeting)`, `of_year(conference, year, rules)`: the findings in the order of the regulation.

If the text of a regulation is not available, there are no findings, and the page says so.
"""

from functools import partial

from meetings.models import JointConference, Meeting, RegulationAdoption
from meetings.rules.evidence.base import Finding, Proof, Status, judge
from meetings.rules.evidence.conference import CONFERENCE
from meetings.rules.evidence.meeting import MEETING
from meetings.rules.evidence.outcome import OUTCOME
from meetings.rules.evidence.topic import TOPIC, topics_of

__all__ = ["Finding", "Proof", "Status", "of_meeting", "of_year"]
ORDER = (
    "briefing", "category", "follow_up_explained", "special", "topic.research", "topic.confer", "topic.approve",
    "topic.agree", "attendance", "chair", "meeting.settle", "meeting.notify", "agenda", "minutes", "follow_up",
    "publicity",
)  # fmt: skip


def of_meeting(meeting: Meeting) -> list[Finding]:
    """Return the findings of a meeting under the regulation of its day.

    The number of queries does not depend on the number of topics.
    """
    rules, topics = meeting.adoption, topics_of(meeting)
    found = judge(rules, {key: partial(find, meeting) for key, find in (MEETING | OUTCOME).items()})
    found += judge(rules, {key: partial(find, meeting, topics) for key, find in TOPIC.items()})
    return sorted(found, key=lambda finding: ORDER.index(finding.key))


def of_year(conference: JointConference, year: int, rules: RegulationAdoption) -> list[Finding]:
    """Return the findings on the conference itself: its name, its sections and staff, a meeting in the year."""
    return judge(rules, {key: partial(find, conference, year, rules) for key, find in CONFERENCE.items()})
