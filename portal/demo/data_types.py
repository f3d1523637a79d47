"""Data types of the demonstration: frozen dataclasses, independent of the database.

- `Day`: a fixed date, or a number of days relative to the day of loading (`-10` is ten days before).
- `PostData`, `TenureData`: a post and its holders.
- `MeetingData`: a meeting with its topics (`TopicData`), resolutions (`ResolutionData`), guests and `News`.
- `ReportData`, `ExplanationData`, `SuspensionData`: the follow-up of a resolution.
- `Misprint`: a misprint in the minutes of a meeting, and its correction.

Records refer to each other by `key`. Strings such as `role`, `side` and `facet` are values of `meetings.enums`.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

Day = date | int


def resolve(day: Day, today: date) -> date:
    """Return the date of a `Day` if the demonstration is loaded on `today`."""
    return today + timedelta(days=day) if isinstance(day, int) else day


@dataclass(frozen=True)
class DepartmentData:
    """A department: its side in each conference (by slug), its head and its liaison."""

    name: str
    telephone: str
    sides: dict[str, str]
    head: tuple[str, str]  # title, name
    liaison: str
    former_name: str = ""


@dataclass(frozen=True)
class TenureData:
    """A person in a post between two dates (both inclusive)."""

    login: str
    name: str
    title: str  # as printed in minutes
    since: date
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class PostData:
    """A post with its tenures. `kind`, `role` and `side` are values of the enums."""

    key: str
    title: str
    tenures: tuple[TenureData, ...]
    role: str = "none"
    kind: str = "office"
    side: str = ""
    conference: str | None = None
    department: str | None = None
    attends: bool = False


@dataclass(frozen=True)
class GeneratedFile:
    """A file to be generated: `kind` is docx, pdf or xlsx. Rows of cells; a text file has one cell per row."""

    name: str
    kind: str
    rows: tuple[tuple[str | float, ...], ...]


@dataclass(frozen=True, kw_only=True)
class ReportData:
    """A department's written report, and its verification or return, if any.

    `done`: the lead department reports that the resolution is done. `part_done`: a co-operating department reports that
    its own part is done. `returned`: the date and the reason.
    """

    by: str
    on: Day
    text: str
    done: bool = False
    part_done: bool = False
    verified: Day | None = None
    returned: tuple[Day, str] | None = None
    files: tuple[GeneratedFile, ...] = ()


@dataclass(frozen=True)
class ExplanationData:
    """Why a resolution is unfinished before a later meeting (by key), and what is proposed."""

    for_meeting: str
    text: str
    opinion: str


@dataclass(frozen=True)
class Deadline:
    """A deadline: a date, a standing task, the next meeting, or a text only. Without a text, the date is formatted."""

    day: Day | None = None
    text: str = ""
    standing: bool = False
    next_meeting: bool = False

    def formatted(self, today: date) -> str:
        """Return the deadline as the minutes print it."""
        if self.text or self.day is None:
            return self.text
        day = resolve(self.day, today)
        return f"{day.year}年{day.month}月{day.day}日前"


@dataclass(frozen=True)
class SuspensionData:
    """A suspension (暂缓): one side proposes it with a reason (`on`), the other side agrees (`agreed`)."""

    on: Day
    agreed: Day
    reason: str


@dataclass(frozen=True, kw_only=True)
class ResolutionData:
    """A resolution (议定事项) with its follow-up.

    `tasks`: the task of each co-operating department. `continues`: the key of the resolution that is carried over into
    this one (结转). `public_stage`: the stage to release, where the record allows more than one.
    """

    key: str
    topic: str
    title: str
    text: str
    facet: str
    tags: tuple[str, ...]
    lead: str
    co: tuple[str, ...]
    deadline: Deadline
    amount: int | None = None
    disclosure: str = "public"
    reason: str = ""
    tasks: tuple[tuple[str, str], ...] = ()
    continues: str = ""
    suspension: SuspensionData | None = None
    public_stage: str = ""
    reports: tuple[ReportData, ...] = ()
    explanations: tuple[ExplanationData, ...] = ()


@dataclass(frozen=True)
class OpinionData:
    """A department's opinion on a topic: agree, changes or object; `override_reason` if an objection is overridden."""

    department: str
    verdict: str
    text: str
    override_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class TopicData:
    """A topic. `last_step` is the last step of its path that is taken. `returned` is the reason for a return."""

    key: str
    side: str
    proposer: str
    facet: str
    title: str
    text: str
    research: str
    joint: str = ""
    report: str = ""
    opinions: tuple[OpinionData, ...] = ()
    notes: str = ""  # on the discussion at the meeting
    last_step: str = "discussed"
    returned: str = ""
    files: tuple[GeneratedFile, ...] = ()
    on_paper: bool = False  # whether the leader approves it on paper


@dataclass(frozen=True)
class Briefing:
    """A briefing (通报) of one side, with its figures."""

    side: str
    title: str
    speaker: str
    notes: str


@dataclass(frozen=True)
class Absence:
    """The absence of the holder of a post (by key), who is on leave or sends a delegate."""

    post: str
    delegate: str = ""
    delegate_title: str = ""


@dataclass(frozen=True, kw_only=True)
class News:
    """A news article, written on `on`, or else on the day after the meeting."""

    key: str
    title: str
    summary: str
    paragraphs: tuple[str, ...]
    motif: str
    alt: str
    tags: tuple[str, ...]
    days: int = 1
    on: Day | None = None
    table: tuple[tuple[str, ...], ...] = ()
    table_caption: str = ""


@dataclass(frozen=True, kw_only=True)
class Misprint:
    """A misprint in the text of a resolution (by key) in the first minutes, and the correction of the minutes."""

    resolution: str
    printed: str
    meant: str
    reason: str
    on: date
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class DelegationData:
    """A delegation (委托审签): the holder of a post lets a deputy sign. Posts are named as for `actors.post_holder`."""

    post: str
    deputy: str
    since: date
    until: date
    reason: str


@dataclass(frozen=True, kw_only=True)
class MeetingData:
    """A meeting of a conference with everything that belongs to it."""

    key: str
    conference: str
    title: str
    on: Day
    hour: int
    place: str
    briefings: tuple[Briefing, ...]
    topics: tuple[TopicData, ...]
    resolutions: tuple[ResolutionData, ...] = ()
    follow_up: str = ""
    deployment: str = ""
    absences: tuple[Absence, ...] = ()
    guests: tuple[tuple[str, str], ...] = ()
    notice: str = ""  # number of the notice
    number: str = ""  # number of the minutes
    misprint: Misprint | None = None
    on_paper: bool = False  # whether both leaders approve the minutes on one sheet of paper
    delegation: DelegationData | None = None
    minutes_disclosure: str = "on_request"
    kind: str = "regular"
    consultation: str = ""
    news: tuple[News, ...] = ()
    summary: str = ""  # for the intro of the outcome page
    files: tuple[GeneratedFile, ...] = field(default=())
