"""`manage.py backup FILE`: save the whole installation in one archive."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from portal.backup.procedures import back_up


def progress(quiet: bool) -> Callable[[int], Callable[[], object]]:
    """Return a function that creates a progress bar of the given total and returns its update function."""
    return lambda total: tqdm(total=total, file=sys.stderr, disable=quiet).update


class Command(BaseCommand):
    """Save database, media and private files with checksums while the portal goes on working."""

    help = "Writes database, media and private files into one archive with checksums."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the archive to write, for example /backup/portal-2026-11-21.zip")

    def handle(self, *args: object, file: Path, verbosity: int, **options: object) -> None:
        if file.exists():
            raise CommandError(f"{file} 已存在，不覆盖。请换一个文件名。({file} exists; give another name.)")
        if not file.absolute().parent.is_dir():
            raise CommandError(f"没有这个文件夹：{file.absolute().parent} (there is no such folder).")
        manifest = back_up(file, progress(verbosity == 0))
        files = sum(not name.startswith("rows/") for name in manifest.members)
        size = file.stat().st_size / 1024**2
        self.stdout.write(f"已备份到 {file}：{len(manifest.members) - files} 张表、{files} 个文件，共 {size:.1f} MB。")
