"""The counter of the public state."""

from django.db import models


class PublicState(models.Model):
    """The one row that names the present state of all that the public reads.

    Triggers of the database move it in each transaction that changes what public pages read
    (`publicity.operations.public_state`). `number` grows with each statement. `token` is random: a restored backup
    counts from an earlier number, but never comes to a token that another state had. An empty token names no state:
    no answer may be kept.
    """

    ONLY = 1  # primary key

    number = models.BigIntegerField(default=0)
    token = models.CharField(max_length=32, blank=True)

    class Meta:
        verbose_name = "counter of the public state"
        verbose_name_plural = "counters of the public state"

    def __str__(self) -> str:
        return f"{self.number}-{self.token}"
