"""`manage.py backup FILE`: save the whole installation in one archive."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from portal.backup.procedures import back_up


def progress(quiet: bool) -> Callable[[int], Callable[[], Any]]:
    """Return a function that creates a progress bar of the given total and returns its update function."""
    return lambda total: tqdm(total=total, file=sys.stderr, disable=quiet).update


class Command(BaseCommand):
    """Save database, media and private files with checksums while the portal goes on working."""

    help = "Writes database, media and private files into one archive with checksums."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the archive to write, for example /backup/portal-2026-11-21.zip")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if path.exists():
            raise CommandError(f"{path} 已存在，不覆盖。请换一个文件名。({path} exists; give another name.)")
        if not path.absolute().parent.is_dir():
            raise CommandError(f"没有这个文件夹：{path.absolute().parent} (there is no such folder).")
        manifest = back_up(path, progress(options["verbosity"] == 0))
        files = sum(not name.startswith("rows/") for name in manifest.members)
        size = path.stat().st_size / 1024**2
        self.stdout.write(f"已备份到 {path}：{len(manifest.members) - files} 张表、{files} 个文件，共 {size:.1f} MB。")
