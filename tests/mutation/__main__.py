"""Mutation tests of rules, state machines, operations and queries: `make mutate`.

    python -m tests.mutation            60 changes, the same each time; SEED=7 selects others, COUNT=200 selects more

For each change, the tests that reach the changed lines run until one fails. The run fails unless nine of ten changes
are killed. Survivors are printed as diffs with the tests that ran, and are also in `var/mutation/report.json`. 60
changes take at most half an hour on two cores; more changes take proportionally longer. The coverage run that this
requires is repeated only after a change of sources or tests.
"""

import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.mutation import reach, report
from tests.mutation.crew import WorkerPool, worker_pool
from tests.mutation.mutators import Mutation, mutations
from tests.mutation.reach import ROOT, Selection
from tests.mutation.report import NOT_RUN, UNREACHED, Outcome
from tests.mutation.sampling import sample
from tests.mutation.worker import Result

COUNT = 60
MINUTES = 28  # for COUNT changes, including the coverage run; a check of the tests that killed them follows
REQUIRED_SHARE = 0.9
REPORT = Path("var/mutation/report.json")


def main() -> int:
    """Run the mutation tests; return 0 if enough changes were killed."""
    began = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    seed, count = int(os.environ.get("SEED") or 1), int(os.environ.get("COUNT") or COUNT)
    sources = {path: (ROOT / path).read_text(encoding="utf-8") for path in reach.covered_files()}
    changes = sample((change for path, text in sources.items() for change in mutations(path, text)), count, seed)
    reached = reach.current()
    outcomes = [_outcome(change, sources[change.path], reached.selection(change)) for change in changes]
    scratch = tempfile.TemporaryDirectory(prefix="portal-mutation-", ignore_cleanup_errors=True)
    with scratch as folder, worker_pool(Path(folder)) as workers:
        _warm_up(workers, outcomes)
        _run(workers, outcomes, until=began + 60 * MINUTES * max(1, count / COUNT))
    seconds = time.monotonic() - began
    report.write(outcomes, ROOT / REPORT, seed=seed, seconds=seconds)
    print(f"\n{report.survivors(outcomes)}\n\n{report.table(outcomes)}\n")
    killed = report.share_killed(outcomes)
    print(
        f"{killed:.0%} of {len(outcomes)} changes killed, {REQUIRED_SHARE:.0%} wanted; "
        f"seed {seed}, {seconds / 60:.0f} minutes"
    )
    return 0 if killed >= REQUIRED_SHARE else 1


def _outcome(change: Mutation, source: str, selection: Selection) -> Outcome:
    compile(change.apply(source), change.path, "exec")
    return Outcome(change, source, selection, Result(NOT_RUN if selection.tests else UNREACHED))


def _warm_up(workers: WorkerPool, outcomes: list[Outcome]) -> None:
    """Write the bytecode of each copy; check that all tests exist and that one passes on unchanged sources."""
    tests = {test: normal for outcome in outcomes for test, normal in outcome.selection.tests.items()}
    for _, result in workers.each([{"tests": tests, "most": 1} for _ in workers.workers]):
        if result.outcome != "survived":
            raise SystemExit(f"The tests fail without any change: {result.test} {result.why}")


def _run(workers: WorkerPool, outcomes: list[Outcome], *, until: float) -> None:
    """Test each change, then run the tests that killed one on unchanged sources: a test that fails there is broken."""
    running = [outcome for outcome in outcomes if outcome.result.outcome == NOT_RUN]
    jobs = [
        {"path": one.change.path, "source": one.change.apply(one.source), "tests": one.selection.tests}
        for one in running
    ]
    done = 0
    for number, result in workers.each(jobs, until=until):
        done += 1
        running[number].result = result
        print(f"{done:3}/{len(jobs)} {running[number].line()}", flush=True)
    if done == len(jobs):
        _check(workers, [outcome for outcome in running if outcome.result.outcome == "killed" and outcome.result.test])


def _check(workers: WorkerPool, killed: list[Outcome]) -> None:
    normal = {one.result.test: one.selection.tests[one.result.test] for one in killed}
    while normal:
        ((_, result),) = workers.each([{"tests": normal}])
        if result.outcome == "survived":
            return
        normal.pop(result.test)
        for one in killed:
            if one.result.test == result.test:
                one.result.outcome, one.result.why = "broken", "the test fails without any change as well"


if __name__ == "__main__":
    sys.exit(main())
