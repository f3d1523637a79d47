"""The closed vocabularies of the publicity: a leaf file that imports nothing of the project.

Key concepts
- `Stage`: how far a released resolution has come, in the words of the public ledger.
- `ReleaseKind`: what a row of the release history does.
- `ProposalState`: where a proposed stage stands while the lead department is asked.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Stage(TextChoices):
    """The stages that the public sees; each has a mark of its own (`templates/components/mark.html`)."""

    ADOPTED = "adopted", pgettext_lazy("public stage", "Settled")
    UNDER_WAY = "under_way", pgettext_lazy("public stage", "Under way")
    LASTING = "lasting", pgettext_lazy("public stage", "Long-term")
    OVERDUE = "overdue", pgettext_lazy("public stage", "Overdue")
    SUSPENDED = "suspended", pgettext_lazy("public stage", "Suspended")
    REPORTED_DONE = "reported_done", pgettext_lazy("public stage", "Reported done")
    VERIFIED = "verified", pgettext_lazy("public stage", "Done")
    CARRIED = "carried", pgettext_lazy("public stage", "Carried over")


class ReleaseKind(TextChoices):
    """A row of the release history shows a resolution or hides it; the latest row decides."""

    RELEASE = "release", _("Release")
    WITHDRAWAL = "withdrawal", _("Withdrawal")


class ProposalState(TextChoices):
    """A proposed stage waits for the lead department, which confirms or declines it."""

    WAITING = "waiting", _("Waits for the lead department")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")
