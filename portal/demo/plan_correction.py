"""A misprint in issued minutes is found, and put right by minutes that name them (`Y 2(5)`, `C 5(4)`)."""

from datetime import timedelta
from functools import partial

from meetings.models import Minutes, Resolution
from meetings.operations.correction import correct_minutes
from meetings.operations.minutes import approve_minutes, issue_minutes, send_minutes
from meetings.operations.resolution import edit_resolution
from portal.demo import actors
from portal.demo.data_types import Item, Misprint, Sitting
from portal.demo.schedule import Diary

ISSUED_AFTER = timedelta(days=6)


def tell(diary: Diary, sitting: Sitting) -> None:
    """Plan the correction of a sitting's minutes, if a misprint was found."""
    wrong = sitting.misprint
    if wrong is None:
        return
    item = next(item for item in sitting.items if item.key == wrong.item)
    steps = (
        (0, 9, partial(_start, sitting, wrong)),
        (0, 10, partial(_put_right, sitting, item)),
        (1, 9, partial(_send, sitting)),
        (2, 10, partial(_approve, sitting, "union")),
        (3, 15, partial(_approve, sitting, "head" if sitting.conference in actors.BY_THE_NOTICE else "liaison")),
        (ISSUED_AFTER.days, 9, partial(_issue, sitting, wrong)),
    )
    for days, hour, do in steps:
        diary.write(wrong.on + timedelta(days=days), do, hour=hour)


def _correction(sitting: Sitting) -> Minutes:
    return Minutes.objects.get(key=f"{sitting.key}-M2")


def _start(sitting: Sitting, wrong: Misprint) -> None:
    clerk = actors.secretary(sitting.conference)
    correction = correct_minutes(actors.minutes(sitting.key), by=clerk, reason=wrong.reason)
    Minutes.objects.filter(pk=correction.pk).update(key=f"{sitting.key}-M2")  # as for the first minutes


def _put_right(sitting: Sitting, item: Item) -> None:
    draft = Resolution.objects.get(minutes=_correction(sitting), amends__key=item.key)
    edit_resolution(draft, by=actors.secretary(sitting.conference), text=item.text)


def _send(sitting: Sitting) -> None:
    send_minutes(_correction(sitting), by=actors.secretary(sitting.conference))


def _approve(sitting: Sitting, who: str) -> None:
    approve_minutes(_correction(sitting), by=actors.office(sitting.conference, who), opinion="同意更正")


def _issue(sitting: Sitting, wrong: Misprint) -> None:
    issue_minutes(_correction(sitting), by=actors.secretary(sitting.conference), number=wrong.number)
