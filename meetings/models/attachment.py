"""Attachments of records, on a private storage that has no URL."""

import secrets
from pathlib import PurePath

from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from meetings.models.base import Targeted, exactly_one
from meetings.models.conference import JointConference
from meetings.models.meeting import Meeting
from meetings.models.minutes import Minutes
from meetings.models.people import Person
from meetings.models.resolution import ProgressReport, Resolution
from meetings.models.topic import Topic


def private_storage() -> Storage:
    """Return the private storage. Its files can only be read through a view that checks permissions."""
    return storages["private"]


def stored_name(attachment: "Attachment", filename: str) -> str:
    """Return a random path with the validated extension; the file name given by the user is not used on disk."""
    token = secrets.token_hex(16)
    return f"attachments/{token[:2]}/{token}{PurePath(filename).suffix.lower()}"


class Attachment(Targeted):
    """A file of one record. `name` is the original file name, `sha256` the checksum of its bytes."""

    TARGETS = ("topic", "meeting", "minutes", "resolution", "report")

    conference = models.ForeignKey(JointConference, models.PROTECT, related_name="attachments")
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, related_name="attachments")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="attachments")
    minutes = models.ForeignKey(Minutes, models.PROTECT, null=True, related_name="attachments")
    resolution = models.ForeignKey(Resolution, models.PROTECT, null=True, related_name="attachments")
    report = models.ForeignKey(ProgressReport, models.PROTECT, null=True, related_name="attachments")
    file = models.FileField(_("file"), storage=private_storage, upload_to=stored_name, max_length=200)
    name = models.CharField(_("name"), max_length=200)
    sha256 = models.CharField(_("checksum"), max_length=64)
    type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    # The scan of a signature is added after the content was signed, so the content hash does not cover it.
    is_scan = models.BooleanField(_("scan of an approval"), default=False)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded at"))
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=exactly_one("topic", "meeting", "minutes", "resolution", "report"),
                name="attachment_of_one_record",
            )
        ]

    def __str__(self) -> str:
        return self.name
