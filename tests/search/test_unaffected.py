"""`search.index_updates.UNAFFECTED`: each verb in it runs where every dependent document exists, and the index stays
correct.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Model

from meetings import clock
from meetings.enums import Disclosure
from meetings.models import Meeting, Minutes, ProgressReport, Resolution
from meetings.operations import progress, suspension
from meetings.operations.correction import correct_minutes
from meetings.operations.meeting import explain
from meetings.operations.minutes import approve_minutes, return_minutes, send_minutes
from meetings.signals import record_changed
from publicity.enums import Stage
from publicity.operations.releases import release_stage, withdraw
from search.engines.selection import engine
from search.index_maintenance import differences, rebuild
from search.index_updates import UNAFFECTED
from search.models import SearchDocument
from tests.meetings.factories import World, yuanqu
from tests.meetings.follow_up import LATER, adopted
from tests.meetings.steps import approvers, planned_meeting
from tests.publicity.factories import place, public_outcome

pytestmark = pytest.mark.django_db


def create_public_explained_resolution(world: World) -> Resolution:
    """Return a public resolution that was explained to a later meeting and whose minutes can be corrected."""
    row = adopted(world)
    Resolution.objects.update(disclosure=Disclosure.PUBLIC)
    place(world)
    rebuild()
    public_outcome(world, Meeting.objects.get())
    later = planned_meeting(world, LATER + timedelta(days=300), topics=0)
    with clock.at(LATER):
        explain(row, later, by=world.gov_clerk, text="资金未到位", opinion="结转下年")
    return Resolution.objects.get(pk=row.pk)


def steps(world: World, row: Resolution) -> list[Callable[[], Any]]:
    """Return the steps, in an order that the records allow. They include every verb in `UNAFFECTED`."""
    gov, union, liaison = world.gov_clerk, world.union_clerk, world.liaison
    leader = world.tenures["liaison_leader"]

    def report(order: str = "-pk") -> ProgressReport:
        return ProgressReport.objects.order_by(order)[0]

    def correction() -> Minutes:
        return Minutes.objects.get(corrects__isnull=False)

    def approve() -> None:
        for person in approvers(world, correction()):
            approve_minutes(correction(), by=person)

    return [
        lambda: progress.assign(row, by=gov),
        lambda: progress.report_progress(row, by=liaison, text="已拟定方案。"),
        lambda: progress.accept_report(row, by=gov, report=report()),
        lambda: progress.deliver(row, by=gov, report=report(), tenures=[leader]),
        lambda: progress.report_part_done(row, by=world.other_liaison, text="名单已提出。"),
        lambda: progress.send_back_report(row, by=gov, report=report(), reason="请补充名单"),
        lambda: suspension.suspend(row, by=union, reason="标准尚未公布"),
        lambda: suspension.decline_suspension(row, by=gov, reason="可以先做论证"),
        lambda: suspension.suspend(row, by=union, reason="标准尚未公布"),
        lambda: suspension.agree_suspension(row, by=gov),
        lambda: suspension.resume(row, by=gov, reason="标准已经公布"),
        lambda: progress.report_done(row, by=liaison, text="已经办结。"),
        lambda: progress.return_resolution(row, by=gov, reason="请补充凭证"),
        lambda: progress.report_done(row, by=liaison, text="凭证已补充。"),
        lambda: progress.verify(row, by=gov),
        lambda: progress.verify(row, by=union),
        lambda: release_stage(row, stage=Stage.VERIFIED, by=gov),
        lambda: correct_minutes(Minutes.objects.get(), by=gov, reason="金额误印。"),
        lambda: send_minutes(correction(), by=gov),
        lambda: return_minutes(correction(), by=world.head, reason="请核对金额"),
        lambda: send_minutes(correction(), by=gov),
        approve,
        lambda: withdraw(row, reason="文字有误", by=gov),
    ]


def test_each_verb_keeps_the_index_though_it_does_not_renew_everything() -> None:
    world = yuanqu()
    row = create_public_explained_resolution(world)
    done: set[tuple[type[Model], str]] = set()

    def record_verb(sender: type[Model], action: str, **kwargs: Any) -> None:
        done.add((sender, action))

    record_changed.connect(record_verb)
    try:
        with clock.at(LATER):
            for number, step in enumerate(steps(world, row)):
                step()
                row.refresh_from_db()
                assert [*differences(), *engine().faults()] == [], f"after the step {number}"
                if number == 1:
                    kinds = {key.partition(":")[0] for key in SearchDocument.objects.values_list("key", flat=True)}
                    assert {"resolution", "report", "explanation", "release", "outcome", "minutes"} <= kinds
    finally:
        record_changed.disconnect(record_verb)
    assert UNAFFECTED.keys() <= done, "a verb that is not done here is not known to leave anything as it is"
