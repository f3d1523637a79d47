"""Days as documents write them."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import pgettext


def span(first: date, last: date) -> str:
    """From a day to a day in words; what the last has in common with the first is not said twice."""
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
