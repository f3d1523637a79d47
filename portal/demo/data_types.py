"""The shapes in which the demonstration is told: data only, no database.

Key concepts
- `Day`: a fixed day, or a number of days from the day of loading (`-10` is ten days ago).
- `Office`, `Holder`: a post and who holds it from when to when.
- `Sitting`: one meeting with its `Proposal`s (topics), `Item`s (resolutions), guests and `News`.
- `Report`, `Explained`, `Misprint`: what becomes of an item afterwards.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

Day = date | int


def resolve(day: Day, today: date) -> date:
    """The calendar day of a `Day` for a load on `today`."""
    return today + timedelta(days=day) if isinstance(day, int) else day


@dataclass(frozen=True)
class Unit:
    """A department: its side in each conference by slug, its head and its liaison."""

    name: str
    telephone: str
    sides: dict[str, str]
    head: tuple[str, str]  # title, name
    liaison: str
    former: str = ""


@dataclass(frozen=True)
class Holder:
    """Somebody in an office from a day to a day (both inclusive)."""

    login: str
    name: str
    title: str  # as printed in minutes
    since: date
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Office:
    """A post with those who held it; `key` names it in sittings. `kind`, `role` and `side` are values of the enums."""

    key: str
    title: str
    holders: tuple[Holder, ...]
    role: str = "none"
    kind: str = "office"
    side: str = ""
    conference: str | None = None
    unit: str | None = None
    attends: bool = False


@dataclass(frozen=True)
class Sheet:
    """A generated file: `kind` is docx, pdf or xlsx; rows of cells (a text file has one cell a row)."""

    name: str
    kind: str
    rows: tuple[tuple[str | float, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Report:
    """A department's written report, and what both sides found of it, if they have.

    `done`: the lead department reports the whole done; `part_done`: a co-operating one its own part.
    """

    by: str
    on: Day
    text: str
    done: bool = False
    part_done: bool = False
    verified: Day | None = None
    returned: tuple[Day, str] | None = None
    files: tuple[Sheet, ...] = ()


@dataclass(frozen=True)
class Explained:
    """Why an item is unfinished before the sitting `at`, and what is proposed."""

    at: str
    text: str
    opinion: str


@dataclass(frozen=True)
class Due:
    """A deadline: a day, a standing task, the next meeting, or none but words. Without `words` a day is written out."""

    day: Day | None = None
    words: str = ""
    standing: bool = False
    next_meeting: bool = False

    def written(self, today: date) -> str:
        """The deadline as it stands in the minutes."""
        if self.words or self.day is None:
            return self.words
        day = resolve(self.day, today)
        return f"{day.year}年{day.month}月{day.day}日前"


@dataclass(frozen=True)
class Suspended:
    """暂缓: one side proposes it with a reason, the other one agrees (`on` and `agreed`)."""

    on: Day
    agreed: Day
    reason: str


@dataclass(frozen=True, kw_only=True)
class Item:
    """A resolution (议定事项) with its later story.

    `tasks`: what each co-operating unit does. `continues`: the key of the one that is carried over into it (结转).
    `shown_as`: the public stage that the office chooses where the record bears several out.
    """

    key: str
    topic: str
    title: str
    text: str
    facet: str
    tags: tuple[str, ...]
    lead: str
    co: tuple[str, ...]
    due: Due
    amount: int | None = None
    disclosure: str = "public"
    reason: str = ""
    tasks: tuple[tuple[str, str], ...] = ()
    continues: str = ""
    suspended: Suspended | None = None
    shown_as: str = ""
    reports: tuple[Report, ...] = ()
    explained: tuple[Explained, ...] = ()


@dataclass(frozen=True)
class View:
    """A department's opinion on a topic: agree, changes or object; an override carries its reason."""

    unit: str
    verdict: str
    text: str
    overridden: str = ""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A topic. `ends` is the last step of its path that is taken; days count back from the sitting."""

    key: str
    side: str
    proposer: str
    facet: str
    title: str
    text: str
    research: str
    joint: str = ""
    report: str = ""
    views: tuple[View, ...] = ()
    notes: str = ""  # what was said of it at the sitting
    ends: str = "discussed"
    returned: str = ""
    files: tuple[Sheet, ...] = ()
    on_paper: bool = False  # the leader approves it on paper


@dataclass(frozen=True)
class Briefing:
    """通报 of one side, with its figures."""

    side: str
    title: str
    speaker: str
    notes: str


@dataclass(frozen=True)
class Absence:
    """Who is on leave, or sends somebody; `who` is the key of an office or the name of a unit."""

    who: str
    delegate: str = ""
    delegate_title: str = ""


@dataclass(frozen=True, kw_only=True)
class News:
    """An article; `days` after the sitting, or on a day of its own."""

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
    """Wrong words in the text of an item as the first minutes had it, and the correction that puts them right."""

    item: str
    printed: str
    meant: str
    reason: str
    on: date
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class Away:
    """Whoever holds an office lets another sign for some days (委托审签); offices as in `cast.office`."""

    office: str
    deputy: str
    since: date
    until: date
    reason: str


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """One meeting of a conference with all that surrounds it."""

    key: str
    conference: str
    title: str
    on: Day
    hour: int
    place: str
    briefings: tuple[Briefing, ...]
    topics: tuple[Proposal, ...]
    items: tuple[Item, ...] = ()
    follow_up: str = ""
    deployment: str = ""
    absences: tuple[Absence, ...] = ()
    guests: tuple[tuple[str, str], ...] = ()
    notice: str = ""
    number: str = ""
    misprint: Misprint | None = None
    on_paper: bool = False  # both leaders approve the minutes on one sheet of paper
    away: Away | None = None
    minutes_disclosure: str = "on_request"
    kind: str = "regular"
    consultation: str = ""
    news: tuple[News, ...] = ()
    summary: str = ""  # the plain sentence of the outcome page
    files: tuple[Sheet, ...] = field(default=())
