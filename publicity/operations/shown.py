"""What a page of the staff showed, compared under the lock with what is so now.

Releases, proposals and pages have no version of their own, and a page may be opened in two tabs or by two people.

- `shown_state(subject)`: a text that changes with what the person reads before acting on a resolution or page.
- `as_shown(subject, …)`: context manager for an operation by a form that carries this text.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Model
from wagtail.models import Page

from meetings.models import Resolution
from meetings.operations.base import locked
from meetings.refusal import Stale
from meetings.write_lock import write_transaction
from publicity.models import Release
from publicity.queries.proposals import pending_proposal


def shown_state(subject: Model) -> str:
    """Return what decides what the person reads of a resolution or page; empty for other records."""
    if isinstance(subject, Resolution):
        release, proposal = Release.objects.latest_of(subject), pending_proposal(subject)
        waiting = (proposal.pk, proposal.state) if proposal else (0, "")
        return "-".join(map(str, (release.pk if release else 0, *waiting)))
    if isinstance(subject, Page):
        row = Page.objects.get(pk=subject.pk)
        review = row.current_workflow_task_state
        return "-".join(map(str, (row.latest_revision_id, row.live_revision_id, row.live, review.pk if review else 0)))
    return ""


@contextmanager
def as_shown(subject: Model, *, seen: str, version: int | None = None) -> Iterator[None]:
    """Run the body in one transaction if the subject is as the form showed it; else raise `Stale`.

    `seen` is the `shown_state` of the form. A form without it, or without a version, is not compared: a script that
    shows no page may send it.
    """
    with write_transaction():
        locked(subject, version)
        if seen and seen != shown_state(subject):
            raise Stale()
        yield
