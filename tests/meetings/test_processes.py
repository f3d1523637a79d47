"""Tests with twenty processes at once: no lost or duplicate number, no step done twice, no locked database.

A process that cannot act gets a refusal with a reason. `EXPECTED` holds the result of each contest, by its name
(`concurrency.py` of the meetings and of the publicity): how many processes succeeded, how many were refused, and the
stored state afterwards. Any other error of a process, and any difference between the search index and the records,
would be part of the result.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.database_template import migrated_database_url
from tests.scratch import scratch_database

# One worker, so that the contests run only once.
pytestmark = [pytest.mark.concurrency, pytest.mark.slow, pytest.mark.xdist_group("processes")]

ONE, TWO = {"done": 1, "refused": 19}, {"done": 2, "refused": 18}
EXPECTED: dict[str, dict[str, Any]] = {
    "numbers": {"given": list(range(1, 201))},
    "submit": {"met": ONE, "logged": 1},
    "settle": {"met": TWO, "state": "settled", "approvals": 2},
    "edit": {"met": ONE, "revisions": 2},
    "approve": {"met": TWO, "state": "approved", "seats": ["government_leader", "union_leader"]},
    "paper": {"met": ONE, "state": "in_approval", "approvals": 1, "scans": 1},
    "issue": {"met": {"done": 4, "refused": 16}, "serials": [1, 2, 3, 4], "corrected": ONE, "same": True},
    "registry": {"met": ONE, "states": ["approved", "issued"]},
    "reports": {"met": {"done": 20}, "written": 20, "versions": 20, "done": ONE, "state": "reported"},
    "verification": {"met": TWO, "state": "verified"},
    "department": {"met": ONE, "rows": 1},
    "attempts": {"counts": [[n, n] for n in range(1, 6)], "stored": [5, 5]},
    "good_attempts": {"met": {"done": 20}, "left": {"own": 1, "office": 8}},
    "tenure": {"met": ONE, "tenures": 1},
    "confirmation": {"met": ONE, "codes": 1},
    "redemption": {"redeemed": 1},
    "first_release": {"met": {"done": 20}, "numbers": list(range(1, 21))},
    "withdrawal": {"staged": ONE, "met": ONE, "history": True},
    "readers": {"readers": 50, "some_seen": True, "late": []},
    "verdict": {"met": {"done": 3, "refused": 17}, "needed": 3, "live": True},
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the results of the contests, run in one real database of the kind that the suite uses."""
    with scratch_database(tmp_path_factory.mktemp("contention"), template=migrated_database_url()) as url:
        done = subprocess.run(
            [sys.executable, "-m", "tests.meetings.processes"],
            cwd=Path(__file__).resolve().parents[2],
            env={**os.environ, "DATABASE_URL": url},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


@pytest.mark.parametrize("contest", EXPECTED)
def test_each_contest_has_as_many_winners_as_there_are_places(contest: str, found: dict[str, Any]) -> None:
    assert found[contest] == EXPECTED[contest]


def test_every_contest_is_judged(found: dict[str, Any]) -> None:
    assert found.keys() == EXPECTED.keys()
