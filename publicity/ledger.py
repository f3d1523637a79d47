"""Data for the public ledger and for timelines."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Line:
    """A line of the ledger, for one resolution (`templates/components/ledger_line.html`)."""

    what: str
    url: str
    number: str
    lead: str
    co: str
    when: str
    stage: str
    word: str
    wording: str = ""


@dataclass(frozen=True)
class TimelinePoint:
    """A day on the timeline of a resolution (`templates/components/thread.html`)."""

    stage: str
    label: str
    on: date | None
    text: str = ""
    url: str = ""
