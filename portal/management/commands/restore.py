"""`manage.py restore FILE`: restore a backup into an empty installation, on SQLite or PostgreSQL."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal.backup.archive import Damaged
from portal.backup.procedures import NotEmpty, OtherVersion, restore
from portal.management.commands.backup import progress


class Command(BaseCommand):
    """Verify the whole archive first; then restore all of it or nothing."""

    help = "Restores a backup into an empty installation (DATA_DIR, DATABASE_URL), whatever database it came from."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="an archive that `manage.py backup` wrote")

    def handle(self, *args: object, file: Path, verbosity: int, **options: object) -> None:
        if not file.is_file():
            raise CommandError(f"没有这个文件：{file} (there is no such file).")
        try:
            manifest = restore(file, progress(verbosity == 0))
        except Damaged as error:
            raise CommandError("备份文件已损坏，没有恢复任何内容：\n  " + "\n  ".join(map(str, error.args))) from error
        except NotEmpty as error:
            raise CommandError(
                "目标不是空的：数据库里已有人员，或文件夹里已有文件。请用空的 DATA_DIR 和 DATABASE_URL 恢复。"
            ) from error
        except OtherVersion as error:
            raise CommandError(
                "备份来自另一个版本，请先安装那个版本恢复，再升级。不同的迁移：\n  " + "\n  ".join(map(str, error.args))
            ) from error
        self.stdout.write(f"已恢复 {manifest.made_at} 的备份（来自 {manifest.database}），搜索索引已重建。")
