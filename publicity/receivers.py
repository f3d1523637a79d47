"""What the publicity does when a record changes, in the record's own transaction."""

from typing import Any

from django.utils.translation import gettext as _

from meetings.enums import Disclosure
from meetings.models import JointConference, Person, Resolution
from meetings.signals import record_changed
from publicity import file_protection
from publicity.enums import ReleaseKind
from publicity.models import Release
from publicity.operations.releases import write_withdrawal
from publicity.operations.sections import create_section


def conference_changed(record: JointConference, by: Person | None, **kwargs: Any) -> None:
    """A conference has a public section under its name and address, with the reviews its settings ask for."""
    create_section(record, by=by)


def resolution_changed(record: Resolution, by: Person | None, **kwargs: Any) -> None:
    """A disclosure that was tightened takes the resolution back at once."""
    if record.disclosure == Disclosure.PUBLIC:
        return
    last = Release.objects.latest_of(record)
    if last is not None and last.kind == ReleaseKind.RELEASE:
        write_withdrawal(
            record, reason=record.disclosure_reason or _("The disclosure of the resolution was tightened."), by=by
        )


def connect() -> None:
    """Connect the receivers; called once when the app is ready."""
    record_changed.connect(conference_changed, sender=JointConference, dispatch_uid="publicity.conference")
    record_changed.connect(resolution_changed, sender=Resolution, dispatch_uid="publicity.resolution")
    file_protection.connect()
