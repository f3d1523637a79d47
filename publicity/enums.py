"""Choices of the publicity. This module imports nothing of the project.

- `Stage`: how far a released resolution has come, as the public reads it.
- `ReleaseKind`: what a row of the release history does.
- `ProposalState`: the state of a proposed stage while a reviewer or the lead department is asked.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Stage(TextChoices):
    """The stages that the public sees; each has its own symbol (`templates/components/mark.html`)."""

    ADOPTED = "adopted", pgettext_lazy("public stage", "Settled")
    UNDER_WAY = "under_way", pgettext_lazy("public stage", "Under way")
    LASTING = "lasting", pgettext_lazy("public stage", "Long-term")
    OVERDUE = "overdue", pgettext_lazy("public stage", "Overdue")
    SUSPENDED = "suspended", pgettext_lazy("public stage", "Suspended")
    REPORTED_DONE = "reported_done", pgettext_lazy("public stage", "Reported done")
    VERIFIED = "verified", pgettext_lazy("public stage", "Done")
    CARRIED = "carried", pgettext_lazy("public stage", "Carried over")


class ReleaseKind(TextChoices):
    """What a row of the release history does with a resolution: show or hide it. The latest row decides."""

    RELEASE = "release", _("Release")
    WITHDRAWAL = "withdrawal", _("Withdrawal")


class ProposalState(TextChoices):
    """The state of a proposed stage: a reviewer may have to read it, and the lead department to confirm it."""

    IN_REVIEW = "in_review", _("Waits for a reviewer")
    RETURNED = "returned", _("Returned by a reviewer")
    WAITING = "waiting", _("Waits for the lead department")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")
    DROPPED = "dropped", _("Taken back by the office")

    @classmethod
    def pending(cls) -> tuple["ProposalState", ...]:
        """Return the states in which somebody has still to do something; a resolution has one such proposal at most."""
        return cls.IN_REVIEW, cls.RETURNED, cls.WAITING
