"""The format of document numbers (发文字号, GB/T 9704): 垣政办发〔2024〕19号.

- `number_gaps(number)`: what is wrong with the format, with the correct form if it can be derived.
- `registry_gaps(minutes, number, day)`: the same, and checks of year and uniqueness.
"""

import re
from datetime import date

from django.utils.translation import gettext as _

from meetings.models import Minutes
from meetings.refusal import Missing

NUMBER = re.compile(r"[\u4e00-\u9fa5]+〔((?:19|20)[0-9]{2})〕[1-9][0-9]*号")
MAX_LENGTH = 60
CANONICAL_CHARACTERS = str.maketrans(
    "[(（【［{「〈《])）】］}」〉》０１２３４５６７８９", "〔" * 9 + "〕" * 9 + "0123456789"
)


def _correct_form(number: str) -> str:
    """Return the number in its correct form, or an empty string if it cannot be derived."""
    form = re.sub(r"\s", "", number).translate(CANONICAL_CHARACTERS)
    form = re.sub(r"〕第?0*([0-9]+)号?$", r"〕\1号", form)
    return form if NUMBER.fullmatch(form) else ""


def number_gaps(number: str) -> list[Missing]:
    """Return why this is not a document number; empty for a correct one."""
    if NUMBER.fullmatch(number) and len(number) <= MAX_LENGTH:
        return []
    correct = _correct_form(number)
    if correct and len(correct) <= MAX_LENGTH:
        reason = _("“%(number)s” is not written as a document number. Write: %(right)s")
        return [Missing(reason % {"number": number, "right": correct}, code="number_misspelt", clause="minutes")]
    reason = _("“%(number)s” is no document number. It has the mark of the issuer, the year in 〔〕, and a number.")
    return [Missing(reason % {"number": number}, code="not_a_document_number", clause="minutes")]


def registry_gaps(minutes: Minutes, number: str, day: date) -> list[Missing]:
    """Return why these minutes cannot have this number when issued on `day`."""
    if not number:
        return [
            Missing(
                _("The number is missing. Enter the one that the registry gave, with its year in 〔〕."),
                code="number_missing",
                clause="minutes",
            )
        ]
    gaps = number_gaps(number)
    match = NUMBER.fullmatch(number)
    if match and int(match.group(1)) != day.year:
        reason = _("The year in “%(number)s” is not the year of issue, %(year)s.")
        gaps.append(
            Missing(reason % {"number": number, "year": day.year}, code="number_of_another_year", clause="minutes")
        )
    other = Minutes.objects.filter(number=number).exclude(pk=minutes.pk).first() if match else None
    if other is not None and other.pk != minutes.corrects_id:
        reason = _("“%(number)s” is already borne by other minutes. Ask the registry for the next number.")
        gaps.append(Missing(reason % {"number": number}, code="number_taken", clause="minutes"))
    elif other is not None:
        reason = _("“%(number)s” is borne by the minutes that are corrected. A correction has a number of its own.")
        gaps.append(Missing(reason % {"number": number}, code="number_of_the_corrected", clause="minutes"))
    return gaps
