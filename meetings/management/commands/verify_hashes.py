"""`manage.py verify_hashes`: check that approved minutes and uploaded files were not changed."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from meetings.models import Attachment
from meetings.queries.minutes import sealed_minutes
from meetings.rules.seal import file_changed, seal_broken


class Command(BaseCommand):
    """Compares the content of all sealed minutes with their hash, and the bytes of all files with their checksum."""

    help = (
        "Lists minutes whose content no longer fits what was approved, and attachments and scans of signatures that "
        "are not what came in; exit code 1 if there are any."
    )

    def handle(self, *args: object, **options: object) -> None:
        """Print each broken seal and changed file, and a summary; raise `CommandError` if there are any."""
        rows = list(sealed_minutes())
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
            summary = _(
                "%(broken)s of %(all)s sealed minutes no longer fit what was approved; %(changed)s of %(files)s files "
                "are not what came in."
            )
            raise CommandError(summary % {"broken": len(broken), "all": len(rows), "changed": changed, "files": files})
        summary = _("All %(all)s sealed minutes fit what was approved; all %(files)s files are as they came in.")
        self.stdout.write(summary % {"all": len(rows), "files": files})

    def _list(self, *parts: object) -> None:
        self.stdout.write(" · ".join(str(part) for part in parts if part))
