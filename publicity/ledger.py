"""One thing settled, as the line of the public ledger (`templates/components/ledger_line.html`)."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Line:
    """What, who, by when, how far."""

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
    """A day on the thread of a resolution (`templates/components/thread.html`)."""

    stage: str
    label: str
    on: date | None
    text: str = ""
    url: str = ""
