"""The URL of a record's page."""

from django.db.models import Model
from django.urls import reverse

from meetings.models import ProgressReport


def url_of(record: Model) -> str:
    """Return the URL of a record's page; a report is part of the page of its resolution."""
    if isinstance(record, ProgressReport):
        return f"{reverse('resolution:inspect', args=[record.part.resolution_id])}#report-{record.pk}"
    return reverse(f"{record._meta.model_name}:inspect", args=[record.pk])
