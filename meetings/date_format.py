"""Formatting of date ranges for pages and documents."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import pgettext


def date_range_text(first: date, last: date) -> str:
    """Return the range as text. A year or month that both days share is written once."""
    begins = date_format(first, "DATE_FORMAT")
    if first == last:
        return begins
    if first.year != last.year:
        ends = date_format(last, "DATE_FORMAT")
    elif first.month != last.month:
        ends = date_format(last, pgettext("format of the last day of a span within one year", "F j"))
    else:
        ends = date_format(last, pgettext("format of the last day of a span within one month", "j"))
    return pgettext("days", "%(first)s to %(last)s") % {"first": begins, "last": ends}
