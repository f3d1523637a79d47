"""Prepare the demonstration for serving: static files, database, data. Called by portal/tools/demo.sh.

`RESET=1` in the environment deletes what was loaded before. A second run keeps everything and is quick.
"""

import gc
import os
import shutil
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import CommandError, call_command

from portal.tools import messages


def delete_data() -> None:
    """Delete the database and the uploaded files of the data folder; keep the secret key."""
    if "sqlite3" not in settings.DATABASES["default"]["ENGINE"]:
        raise CommandError("RESET=1 只清空 SQLite 数据库，其他数据库请自行清空 (RESET=1 only knows SQLite)。")
    database = Path(settings.DATABASES["default"]["NAME"])
    for path in database.parent.glob(database.name + "*"):
        path.unlink()
    for folder in ("media", "private"):
        shutil.rmtree(Path(settings.DATA_DIR) / folder, ignore_errors=True)


def prepare() -> None:
    """Run every step that has to precede serving."""
    Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
    if os.environ.get("RESET"):
        delete_data()
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_demo")
    if settings.ELASTICSEARCH["HOSTS"]:
        call_command("search_rebuild", elasticsearch=True)


def main() -> int:
    """Prepare the demonstration and print its addresses; return the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.demo")
    gc.set_threshold(100_000, 50, 100)  # garbage collection took a tenth of the time and found little
    messages.compile_all()  # before Django loads the catalogues
    django.setup()
    try:
        prepare()
    except CommandError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n已中断。请重新装入 (interrupted, start afresh)：make demo RESET=1", file=sys.stderr)
        return 130
    print(f"公开页面 (public)：{settings.SITE_URL}/")
    print(f"工作平台 (staff)：{settings.SITE_URL}/admin/")
    print("按 Ctrl+C 停止 (stops it)。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
