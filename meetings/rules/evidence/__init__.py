"""Compliance report (制度对照): for each clause of the applicable regulation, its evidence or the gap.

- `Finding`: a clause compared with the records: met, a gap, or still ahead. Its evidence says who, when and where.
- `of_meeting(meeting)`, `of_year(conference, year, rules)`: the findings in the order of the regulation.

If the text of a regulation is not available, there are no findings, and the page says so.
"""

from functools import partial

from django.db.models import prefetch_related_objects

from meetings.models import JointConference, Meeting, RegulationAdoption
from meetings.rules.evidence.base import Finding, Proof, Status, judge, texts
from meetings.rules.evidence.conference import CONFERENCE
from meetings.rules.evidence.meeting import MEETING
from meetings.rules.evidence.outcome import OUTCOME
from meetings.rules.evidence.topic import TOPIC, topics_of

__all__ = ["Finding", "Proof", "Status", "of_meeting", "of_year"]


def of_meeting(meeting: Meeting, *, with_texts: bool = True) -> list[Finding]:
    """Return the findings of a meeting under the regulation of its day, in the order of its clauses.

    `with_texts` adds the clauses that govern no point. The number of queries does not depend on the
    number of topics.
    """
    rules, topics = meeting.adoption, topics_of(meeting)
    prefetch_related_objects([rules.regulation], "clauses")
    found = judge(rules, {key: partial(find, meeting) for key, find in (MEETING | OUTCOME).items()})
    found += judge(rules, {key: partial(find, meeting, topics) for key, find in TOPIC.items()})
    return sorted([*found, *(texts(rules) if with_texts else [])], key=lambda finding: finding.order)


def of_year(conference: JointConference, year: int, rules: RegulationAdoption) -> list[Finding]:
    """Return the findings on the conference itself: its name, its sections and staff, a meeting in the year.

    The clauses that govern no point follow in their order.
    """
    prefetch_related_objects([rules.regulation], "clauses")
    found = judge(rules, {key: partial(find, conference, year, rules) for key, find in CONFERENCE.items()})
    return sorted([*found, *texts(rules)], key=lambda finding: finding.order)
