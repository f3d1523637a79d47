"""`manage.py upgrade`: everything that a new version needs before the portal starts again."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

STEPS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("数据库结构", "migrate", {"interactive": False, "verbosity": 0}),
    ("公开的议定事项", "public_check", {"repair": True}),
    ("待办事项", "work_check", {"repair": True}),
    ("图片尺寸", "picture_sizes", {}),
    ("检索索引", "search_check", {"repair": True}),
)


class Command(BaseCommand):
    """Migrate the database, then bring everything that is derived from the records up to date; a line for each step."""

    help = "Migrates the database and renews what is derived: public decisions, work items and search index."

    def handle(self, *args: object, **options: object) -> None:
        for label, name, arguments in STEPS:
            self.stdout.write(f"{label}：")
            call_command(name, stdout=self.stdout, **arguments)
        self.stdout.write("升级完成。")
