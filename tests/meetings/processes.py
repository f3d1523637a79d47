"""Twenty processes at once on one database; run by `test_processes.py` as a program of its own.

`python -m tests.meetings.processes` reads DATABASE_URL, holds each contest there, and prints what came of it as JSON.
Every process is forked from one that has Django loaded and starts when all stand at the line.

Key concepts
- `contested`: registers a contest under its name; it builds its own world and returns what stands afterwards.
- `race(act)`: lets every process act at the same moment, and counts what each met.
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
    """Let every process do `act(its number)`: how many were done, how many refused, and each error by its words.

    The search index, which followed every change, is compared with the records afterwards.
    """
    from search.engines.selection import engine
    from search.index_maintenance import differences, rebuild

    rebuild()  # a world is built without operations
    met = Counter(kind for kind, _result in _run(act))
    met.update(map(str, [*differences(), *engine().faults()]))
    return dict(met)


def results(act: Callable[[int], Any]) -> list[Any]:
    """What `act` returned to each process that was done."""
    return [result for kind, result in _run(act) if kind == "done"]


def _run(act: Callable[[int], Any]) -> list[tuple[str, Any]]:
    from django.db import connections

    from meetings.refusal import Refused

    context = multiprocessing.get_context("fork")
    line, met = context.Barrier(PROCESSES), context.Queue()

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
    processes = [context.Process(target=run, args=(number,)) for number in range(PROCESSES)]
    for process in processes:
        process.start()
    found = [met.get(timeout=120) for _ in processes]
    for process in processes:
        process.join()
    return found


def main() -> None:
    """Hold every contest in a database that was migrated, no more."""
    django.setup()
    for contests in ("tests.meetings.concurrency", "tests.publicity.concurrency"):
        import_module(contests)
    print(json.dumps({name: contest() for name, contest in CONTESTS.items()}, ensure_ascii=False))  # noqa: T201


if __name__ == "__main__":
    from tests.meetings import processes

    processes.main()
