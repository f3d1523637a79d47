"""Concurrency tests with twenty processes on one database; `test_processes.py` runs this module as a program.

`python -m tests.meetings.processes` reads DATABASE_URL, runs every contest there, and prints the results as JSON.
The processes are forked from one that has loaded Django, and start together at a barrier.

- `contested`: registers a contest under its name. A contest creates its own data and returns the final state.
- `race(act)`: runs `act` in all processes at the same moment and counts the outcomes.
"""

import json
import multiprocessing
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from typing import Any

import django

PROCESSES = 20
CONTESTS: dict[str, Callable[[], dict[str, Any]]] = {}


def contested(contest: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    """Register a contest under the name of its function."""
    CONTESTS[contest.__name__] = contest
    return contest


def race(act: Callable[[int], Any]) -> dict[str, int]:
    """Call `act(number)` in every process and count the outcomes: done, refused, and each error by its message.

    Afterwards the search index is compared with the records; every difference is counted as well.
    """
    from search.engines.selection import engine
    from search.index_maintenance import differences, rebuild

    rebuild()  # the factories bypass the operations, so the index does not contain their rows yet
    met = Counter(kind for kind, _result in _run(act))
    met.update(map(str, [*differences(), *engine().faults()]))
    return dict(met)


def results(act: Callable[[int], Any], number: int = PROCESSES) -> list[Any]:
    """Call `act(number)` in every process and return the results of the successful ones."""
    return [result for kind, result in _run(act, number) if kind == "done"]


def _run(act: Callable[[int], Any], size: int = PROCESSES) -> list[tuple[str, Any]]:
    from django.db import connections

    from meetings.refusal import Refused

    context = multiprocessing.get_context("fork")
    line, met = context.Barrier(size), context.Queue()

    def run(number: int) -> None:
        line.wait()
        try:
            result = act(number)
            met.put(("done", result if isinstance(result, list) else None))
        except Refused:
            met.put(("refused", None))
        except BaseException as error:
            met.put((f"{type(error).__name__}: {error}", None))
            raise

    connections.close_all()  # a connection must not cross a fork
    processes = [context.Process(target=run, args=(number,)) for number in range(size)]
    for process in processes:
        process.start()
    found = [met.get(timeout=120) for _ in processes]
    for process in processes:
        process.join()
    return found


def main() -> None:
    """Run every contest in a database that contains only the migrations."""
    django.setup()
    for contests in ("tests.meetings.concurrency", "tests.publicity.concurrency"):
        import_module(contests)
    print(json.dumps({name: contest() for name, contest in CONTESTS.items()}, ensure_ascii=False))  # noqa: T201


if __name__ == "__main__":
    from tests.meetings import processes

    processes.main()
