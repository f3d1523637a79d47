"""The words for log entries."""

import pytest
from wagtail.log_actions import LogActionRegistry

from meetings.admin.core import log_entries
from meetings.models import RecordLogEntry


def test_a_process_that_has_logged_nothing_yet_knows_the_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_entries, "registry", LogActionRegistry())
    assert log_entries.action_label(RecordLogEntry(action="meetings.topic.create")) == "新建"
    assert log_entries.action_label(RecordLogEntry(action="gone.action")) == "gone.action"
