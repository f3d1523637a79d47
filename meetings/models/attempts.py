"""Counts of attempts, such as failed logins of one address. `operations.attempts` writes them in raw SQL."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AttemptCount(models.Model):
    """How often something was attempted lately. One row per counted thing, in one table for all processes.

    The key is a keyed hash, so the table contains no login, address or typed text. Times are seconds since 1970: the
    statement that counts also computes the end of the wait, and date arithmetic differs between the databases.
    """

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    until = models.BigIntegerField()  # no attempt is admitted before; 0: no wait
    expires = models.BigIntegerField(db_index=True)  # from then on the row means nothing, and any process deletes it

    class Meta:
        verbose_name = _("count of attempts")
        verbose_name_plural = _("counts of attempts")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.key[:8]}…: {self.count}"
