"""How much is made, and from when to when."""

from dataclasses import dataclass
from datetime import date

SEED = 20261201
LAST_DAY = date(2026, 11, 30)  # the records end here: pages are measured as of this day
YEARS = 12
LAST_PLANNED = 45  # days after `LAST_DAY` on which the meeting in preparation is to be held


@dataclass(frozen=True)
class Size:
    """The number of conferences, and how many rows belong to each."""

    conferences: int = 40
    meetings: int = 100  # of a conference, with one in preparation and one that was notified
    resolutions: int = 500  # of a conference
    releases: int = 1500  # of a conference, with withdrawals
    departments: int = 20  # of a conference
    log_entries: int = 2500  # of a conference


CITY = Size()
SMALL = Size(conferences=16, meetings=16, resolutions=80, releases=200, departments=6, log_entries=150)
