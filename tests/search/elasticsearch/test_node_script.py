"""`tests/elasticsearch/with.sh` leaves no files behind, whatever happens to its node."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.browser.server import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.elasticsearch]


def test_a_node_that_is_dead_already_leaves_no_folder(tmp_path: Path) -> None:
    command = '[ -n "$ELASTICSEARCH_URL" ] && pkill -KILL -f java.io.tmpdir=$TMPDIR; sleep 0.2; exit 7'
    done = subprocess.run(
        [ROOT / "tests/elasticsearch/with.sh", "bash", "-c", command],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 7, done.stderr
    assert list(tmp_path.iterdir()) == []
