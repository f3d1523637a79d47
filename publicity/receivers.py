"""Receivers for changes of records; they run in the transaction of the change."""

from django.db.models.signals import post_delete
from django.utils.translation import gettext as _
from wagtail.signals import page_published, page_unpublished, post_page_move

from meetings.enums import Disclosure, MinutesState
from meetings.models import JointConference, Minutes, Person, Resolution
from meetings.signals import record_changed
from publicity import file_protection
from publicity.enums import ReleaseKind
from publicity.models import Article, Release
from publicity.operations import news_counts
from publicity.operations.outcomes import hide_source
from publicity.operations.releases import write_withdrawal
from publicity.operations.sections import create_section


def conference_changed(record: JointConference, by: Person | None, **kwargs: object) -> None:
    """Create or update the public section of a conference: its name, its address and the required reviews."""
    create_section(record, by=by)


def resolution_changed(record: Resolution, by: Person | None, **kwargs: object) -> None:
    """Withdraw a public resolution at once when its disclosure is tightened."""
    if record.disclosure == Disclosure.PUBLIC:
        return
    last = Release.objects.latest_of(record)
    if last is not None and last.kind == ReleaseKind.RELEASE:
        write_withdrawal(
            record, reason=record.disclosure_reason or _("The disclosure of the resolution was tightened."), by=by
        )


def minutes_changed(record: Minutes, by: Person | None, **kwargs: object) -> None:
    """Hide the source line of the outcome page at once when the minutes are no longer disclosed proactively."""
    if record.state == MinutesState.ISSUED:
        hide_source(record.meeting, by=by)


def connect() -> None:
    """Connect the receivers; called once when the app is ready."""
    record_changed.connect(conference_changed, sender=JointConference, dispatch_uid="publicity.conference")
    record_changed.connect(resolution_changed, sender=Resolution, dispatch_uid="publicity.resolution")
    record_changed.connect(minutes_changed, sender=Minutes, dispatch_uid="publicity.minutes")
    for signal in (page_published, page_unpublished):
        signal.connect(news_counts.page_changed, dispatch_uid="publicity.news_counts")
    post_page_move.connect(news_counts.page_moved, dispatch_uid="publicity.news_counts")
    post_delete.connect(news_counts.page_deleted, sender=Article, dispatch_uid="publicity.news_counts")
    file_protection.connect()
