"""The spreadsheet of the ledger reads its lines in batches."""

from datetime import timedelta

import pytest

from meetings import clock
from meetings.documents import ledger
from meetings.models import Resolution
from tests.meetings.factories import yuanqu
from tests.meetings.follow_up import LATER, under_way

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def test_lines_read_in_batches_are_those_of_the_whole_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "LINES_AT_ONCE", 2)
    row, _report = under_way(yuanqu())
    for number in range(4):
        row.pk, row.title, row.order = None, f"第{number}项", 9 - number
        row.save()
    with clock.at(LATER + timedelta(days=1)):
        rows = Resolution.objects.order_by("order", "pk")
        whole = ledger.ledger_of(rows, title="台账", conference=None)
        assert list(ledger.lines_of(rows)) == whole.lines
        assert "共5项" in ledger.summary_of(rows)
        assert whole.figures() == ledger.figures_of(line.resolution for line in whole.lines)
