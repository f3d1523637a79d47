"""Building a city: every conference with its records, then what is derived from them.

- `build(size)`: fill an empty, migrated database. The derived rows are made by `manage.py upgrade`, as in an
  installation: work items, the search index, and what later versions add.
- `make_rows(size)`: the records alone.
"""

from collections.abc import Callable

from django.core.management import call_command
from django.db import connection

from benchmarks.city.accounts import make_accounts
from benchmarks.city.files import make_files
from benchmarks.city.logs import make_logs
from benchmarks.city.meetings import make_meetings
from benchmarks.city.minutes import make_minutes, seal
from benchmarks.city.office import Office, make_office, regulations
from benchmarks.city.progress import make_progress
from benchmarks.city.public import Numbers, make_public
from benchmarks.city.rows import Chance
from benchmarks.city.size import SEED, Size
from meetings.models import Regulation
from meetings.write_lock import write_transaction


def build(size: Size, *, note: Callable[[str], object] = lambda text: None) -> None:
    """Write all rows, then what is derived from them; `note` is called with a line for each step."""
    make_rows(size, note=note)
    analyze()  # the queries of the next step need the statistics
    call_command("upgrade", stdout=_Notes(note))
    analyze()


def make_rows(size: Size, *, note: Callable[[str], object] = lambda text: None) -> None:
    """Write the rows of all conferences, without what is derived from them."""
    chance, numbers = Chance(SEED), Numbers()
    with write_transaction():
        rules = regulations()
        for number in range(size.conferences):
            office = _conference(number, size, rules, numbers, chance)
            note(f"{number + 1}/{size.conferences} {office.conference.short_name}")
        numbers.store()


def _conference(number: int, size: Size, rules: list[Regulation], numbers: Numbers, chance: Chance) -> Office:
    office = make_office(number, size, rules, chance)
    sittings = make_meetings(office, size, chance)
    minutes, items = make_minutes(office, sittings, size, chance)
    seal(office, minutes, sittings)
    make_progress(office, items, sittings, chance)
    make_files(office, sittings, items, chance)
    make_accounts(office, chance)
    make_public(office, items, size, numbers, chance)
    make_logs(office, sittings, items, size, chance)
    return office


def analyze() -> None:
    """Let the database count its rows, as its own upkeep does in an installation."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


class _Notes:
    """A stream for a command, which passes its lines on."""

    def __init__(self, note: Callable[[str], object]) -> None:
        self._note = note

    def write(self, text: str) -> None:
        """Pass a line on."""
        if text.strip():
            self._note(text.strip())
