"""制度对照: each clause of the regulation in force then, with its evidence (who, when, where it is read) or its gap.

Key concepts
- `Finding`: one clause held against the records: met, a gap, still ahead, or not asked for.
- `of_meeting(meeting)`, `of_year(conference, year)`: the findings in the order of the regulation.
Where the text of a regulation is not at hand nothing is judged: there are no findings, and the page says so.
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
    """The findings of one meeting, by the regulation of its day; a number of queries that no number of topics moves."""
    rules, topics = meeting.adoption, topics_of(meeting)
    found = judge(rules, {key: partial(find, meeting) for key, find in (MEETING | OUTCOME).items()})
    found += judge(rules, {key: partial(find, meeting, topics) for key, find in TOPIC.items()})
    return sorted(found, key=lambda finding: ORDER.index(finding.key))


def of_year(conference: JointConference, year: int, rules: RegulationAdoption) -> list[Finding]:
    """What the regulation asks of the conference itself: its name, its sections and staff, a meeting in the year."""
    return judge(rules, {key: partial(find, conference, year, rules) for key, find in CONFERENCE.items()})
