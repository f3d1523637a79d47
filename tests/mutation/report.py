"""The report of a run: a line per change, a table, the survivors as diffs, and everything as JSON.

- `Outcome`: a change, the tests that were selected for it, and its result.
- `share_killed(outcomes)`: from 0 to 1; changes that hung count as killed, changes that were not run do not.
"""

import difflib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.mutation.mutators import KINDS, Mutation
from tests.mutation.reach import Selection
from tests.mutation.sampling import folder_of
from tests.mutation.worker import Result

KILLED = {"killed", "hung"}
UNREACHED, NOT_RUN = "not reached", "not run"


@dataclass
class Outcome:
    """A change and its result."""

    change: Mutation
    source: str
    selection: Selection
    result: Result

    @property
    def killed(self) -> bool:
        """Return whether a test detected the change."""
        return self.result.outcome in KILLED

    @property
    def place(self) -> str:
        """Return path and line of the change."""
        return f"{self.change.path}:{self.change.line}"

    def line(self) -> str:
        """Return the outcome as one line."""
        by = f" by {self.result.test}" if self.result.test else ""
        return f"{self.result.outcome:<11} {self.result.seconds:6.1f} s  {self.place} {self.change.kind}{by}"

    def diff(self) -> str:
        """Return the change as a unified diff."""
        before = self.source.splitlines(keepends=True)
        after = self.change.apply(self.source).splitlines(keepends=True)
        return "".join(difflib.unified_diff(before, after, self.change.path, self.change.path))


def share_killed(outcomes: Sequence[Outcome]) -> float:
    """Return the share of changes that a test detected."""
    return sum(outcome.killed for outcome in outcomes) / len(outcomes) if outcomes else 0.0


def survivors(outcomes: Sequence[Outcome]) -> str:
    """Return each change that no test detected, with the tests that ran."""
    parts = []
    for outcome in outcomes:
        if outcome.killed:
            continue
        ran = list(outcome.selection.tests)[: outcome.result.ran]
        more = f"; {outcome.selection.left_out} more reach it" if outcome.selection.left_out else ""
        why = f": {outcome.result.why}" if outcome.result.why else ""
        head = f"--- {outcome.result.outcome}{why} ({outcome.change.kind}; {len(ran)} tests ran{more})"
        parts.append("\n".join([head, outcome.diff(), *(f"    {test}" for test in ran)]))
    return "\n\n".join(parts)


def table(outcomes: Sequence[Outcome]) -> str:
    """Return a table of killed and all changes by kind and folder."""
    folders = sorted({folder_of(outcome.change.path) for outcome in outcomes})
    kinds = [kind for kind in KINDS if any(outcome.change.kind == kind for outcome in outcomes)]
    width = max(len(folder) for folder in [*folders, "all"])

    def row(name: str, rows: Sequence[Outcome]) -> str:
        cells = [_cell([outcome for outcome in rows if outcome.change.kind == kind]) for kind in kinds]
        return "  ".join([name.ljust(width), *cells, _cell(rows)])

    head = "  ".join(["".ljust(width), *(kind.rjust(10) for kind in kinds), "all".rjust(10)])
    rows = [row(folder, [o for o in outcomes if folder_of(o.change.path) == folder]) for folder in folders]
    return "\n".join([head, *rows, row("all", outcomes)])


def _cell(outcomes: Sequence[Outcome]) -> str:
    killed = sum(outcome.killed for outcome in outcomes)
    return (f"{killed}/{len(outcomes)}" if outcomes else "").rjust(10)


def write(outcomes: Sequence[Outcome], path: Path, *, seed: int, seconds: float) -> None:
    """Write all outcomes as JSON."""
    rows = [
        {
            "path": outcome.change.path,
            "line": outcome.change.line,
            "kind": outcome.change.kind,
            "diff": outcome.diff(),
            "tests": list(outcome.selection.tests)[: outcome.result.ran],
            "left_out": outcome.selection.left_out,
            **asdict(outcome.result),
        }
        for outcome in outcomes
    ]
    whole = {"seed": seed, "seconds": round(seconds), "killed": share_killed(outcomes), "changes": rows}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=1), encoding="utf-8")
