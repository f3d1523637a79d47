"""Tests of programming errors of a caller: they raise `TypeError` and nothing is written."""

from datetime import date

import pytest

from meetings import clock
from meetings.models import Resolution
from meetings.operations.base import perform_step, sign
from meetings.operations.correction import apply_amendment
from meetings.operations.resolution import edit_resolution
from meetings.rules.approval import Signature, signer_gaps
from meetings.rules.seats import minutes_approvers
from tests.meetings.factories import yuanqu
from tests.meetings.follow_up import adopted
from tests.meetings.steps import drafted_minutes, in_approval

pytestmark = pytest.mark.django_db


def test_a_field_that_a_resolution_does_not_have() -> None:
    world = yuanqu()
    resolution = drafted_minutes(world).resolutions.get()
    with pytest.raises(TypeError, match="no such field of a resolution: \\['state'\\]"):
        edit_resolution(resolution, by=world.gov_clerk, state="verified")
    assert Resolution.objects.get().state == "drafted"


def test_a_signature_where_nobody_signs() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    with (
        pytest.raises(TypeError, match="only a seat of a panel signs"),
        perform_step(minutes, "send", by=world.gov_clerk) as context,
    ):
        sign(context, digest="0" * 64)
    minutes.refresh_from_db()
    assert minutes.state == "draft"


def test_only_a_drafted_row_of_a_correction_is_taken_over() -> None:
    world = yuanqu()
    with pytest.raises(TypeError, match="only a drafted row of a correction"):
        apply_amendment(adopted(world), by=world.gov_clerk)
    assert Resolution.objects.get().state == "adopted"


def test_a_signature_on_paper_names_its_signer_and_its_day() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    [seat, _other] = minutes_approvers(minutes)
    head, day = world.tenures["head"], date(2025, 11, 17)
    for signature in (Signature(seat=seat.key, on=day), Signature(seat=seat.key, tenure=head)):
        with clock.at(day), pytest.raises(TypeError, match="names a tenure and a day"):
            signer_gaps(world.gov_clerk, minutes, seat, minutes.approvals.all(), signature)
