"""What functions ask of the records that they are given.

- `HasConference`, `HasRules`: any record with its conference, or also with the rules that apply to it.
- `MachineRecord`: the records with a state machine. `FileOwner`: the records that files are attached to.
  `ApprovalTarget`: the rows that approvals are attached to.
"""

from typing import Protocol

from meetings.models.conference import JointConference
from meetings.models.meeting import Meeting
from meetings.models.minutes import Minutes
from meetings.models.regulation import RegulationAdoption
from meetings.models.resolution import ProgressReport, Resolution
from meetings.models.topic import Topic


class HasConference(Protocol):
    """A record of a conference; posts and what hangs on them may have none."""

    @property
    def conference(self) -> JointConference | None:
        """The conference, or None."""


class HasRules(Protocol):
    """A record that a regulation applies to."""

    @property
    def conference(self) -> JointConference:
        """The conference."""

    @property
    def adoption(self) -> RegulationAdoption:
        """The adoption whose rules apply."""


MachineRecord = Topic | Meeting | Minutes | Resolution
FileOwner = MachineRecord | ProgressReport
ApprovalTarget = Topic | Meeting | Minutes | ProgressReport
