"""How a document number (发文字号) is written (GB/T 9704): 垣政办发〔2024〕19号.

Key concepts
- `number_gaps(number)`: what is wrong with the writing, with the right form where it can be seen.
- `registry_gaps(minutes, number)`: the same, and whether year and uniqueness hold.
"""

import re
from datetime import date

from django.utils.translation import gettext as _

from meetings.models import Minutes
from meetings.refusal import Missing

NUMBER = re.compile(r"[\u4e00-\u9fa5]+〔((?:19|20)[0-9]{2})〕[1-9][0-9]*号")
LONGEST = 60
WRITTEN_AS = str.maketrans("[(（【［{「〈《])）】］}」〉》０１２３４５６７８９", "〔" * 9 + "〕" * 9 + "0123456789")


def _right_form(number: str) -> str:
    """The number as it should be written, or an empty text if that cannot be told."""
    form = re.sub(r"\s", "", number).translate(WRITTEN_AS)
    form = re.sub(r"〕第?0*([0-9]+)号?$", r"〕\1号", form)
    return form if NUMBER.fullmatch(form) else ""


def number_gaps(number: str) -> list[Missing]:
    """Why this is no document number; empty for one that is."""
    if NUMBER.fullmatch(number) and len(number) <= LONGEST:
        return []
    right = _right_form(number)
    if right and len(right) <= LONGEST:
        reason = _("“%(number)s” is not written as a document number. Write: %(right)s")
        return [Missing(reason % {"number": number, "right": right}, code="number_misspelt", clause="minutes")]
    reason = _("“%(number)s” is no document number. It has the mark of the issuer, the year in 〔〕, and a number.")
    return [Missing(reason % {"number": number}, code="not_a_document_number", clause="minutes")]


def registry_gaps(minutes: Minutes, number: str, day: date) -> list[Missing]:
    """Why these minutes cannot bear this number when issued on `day`."""
    if not number:
        return [
            Missing(
                _("The number is missing. Enter the one that the registry gave, with its year in 〔〕."),
                code="number_missing",
                clause="minutes",
            )
        ]
    gaps = number_gaps(number)
    found = NUMBER.fullmatch(number)
    if found and int(found.group(1)) != day.year:
        reason = _("The year in “%(number)s” is not the year of issue, %(year)s.")
        gaps.append(
            Missing(reason % {"number": number, "year": day.year}, code="number_of_another_year", clause="minutes")
        )
    other = Minutes.objects.filter(number=number).exclude(pk=minutes.pk).first() if found else None
    if other is not None and other.pk != minutes.corrects_id:
        reason = _("“%(number)s” is already borne by other minutes. Ask the registry for the next number.")
        gaps.append(Missing(reason % {"number": number}, code="number_taken", clause="minutes"))
    elif other is not None:
        reason = _("“%(number)s” is borne by the minutes that are corrected. A correction has a number of its own.")
        gaps.append(Missing(reason % {"number": number}, code="number_of_the_corrected", clause="minutes"))
    return gaps
