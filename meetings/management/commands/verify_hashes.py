"""`manage.py verify_hashes`: does what was approved still stand as it was approved, and each file as it came in?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from meetings.models import Attachment
from meetings.queries.minutes import sealed
from meetings.rules.seal import file_changed, seal_broken


class Command(BaseCommand):
    """Compares each sealed minutes' hash with its content, and every file's checksum with its bytes."""

    help = (
        "Lists minutes whose content no longer fits what was approved, and attachments and scans of signatures that "
        "are not what came in; exit code 1 if there are any."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each broken seal and each changed file, or that all hold."""
        rows = list(sealed())
        broken = [row for row in rows if seal_broken(row)]
        for row in broken:
            self._list(row.meeting, row.number, row.title)
        files, changed = 0, 0
        for file in Attachment.objects.order_by("pk").iterator():
            files += 1
            if file_changed(file):
                changed += 1
                self._list(file.conference, file.target, file.name)
        if broken or changed:
            told = _(
                "%(broken)s of %(all)s sealed minutes no longer fit what was approved; %(changed)s of %(files)s files "
                "are not what came in."
            )
            raise CommandError(told % {"broken": len(broken), "all": len(rows), "changed": changed, "files": files})
        told = _("All %(all)s sealed minutes fit what was approved; all %(files)s files are as they came in.")
        self.stdout.write(told % {"all": len(rows), "files": files})

    def _list(self, *parts: Any) -> None:
        self.stdout.write(" · ".join(str(part) for part in parts if part))
