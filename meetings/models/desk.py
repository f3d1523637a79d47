"""When a person looked at the home page, to show what has happened since."""

from django.db import models

from meetings.models.people import Person


class DeskVisit(models.Model):
    """The visits of a person to the home page: the last one, and the one before, which ended earlier."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="desk_visit")
    last = models.DateTimeField()
    before = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.person} {self.last}"
