"""Where a record's page is."""

from typing import Any

from django.urls import reverse

from meetings.models import ProgressReport


def url_of(record: Any) -> str:
    """The page of a record; a report stands on the page of its resolution."""
    if isinstance(record, ProgressReport):
        return f"{reverse('resolution:inspect', args=[record.part.resolution_id])}#report-{record.pk}"
    return reverse(f"{record._meta.model_name}:inspect", args=[record.pk])
