"""`manage.py load_demo`: load the demonstration data into an empty database, once."""

from argparse import ArgumentParser
from datetime import date
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.demo.loader import FIRST_DAY, State, load, state
from portal.demo.logins import LOGINS

INTERRUPTED = (
    "上次装入演示数据时中断，数据不完整。请重新装入：make demo RESET=1\n"
    "The last load was interrupted, its data is incomplete. Start afresh: make demo RESET=1"
)
FOREIGN = (
    "数据库里已有其他数据，不装入演示数据。请换一个空的数据库（DATA_DIR 或 DATABASE_URL）。\n"
    "The database holds other data. Give the demonstration an empty one (DATA_DIR or DATABASE_URL)."
)
EARLY = (
    "电脑日期早于 {day}，演示数据的故事还没有发生。请核对系统日期。\n"
    "The clock says a day before {day}, when the story has not happened yet. Correct the date of this machine."
)


class Command(BaseCommand):
    """Load the data of 垣曲县 and 城桥镇; keep a complete load as it is, refuse any other data."""

    help = "Loads the demonstration into an empty database and prints its logins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--day", type=date.fromisoformat, help="the day of loading (YYYY-MM-DD), today by default")

    def handle(self, *args: object, day: date | None, verbosity: int, **options: object) -> None:
        day, found = day or timezone.localdate(), state()
        if found is not State.LOADED and day < FIRST_DAY:
            raise CommandError(EARLY.format(day=FIRST_DAY))
        if found is State.INTERRUPTED:
            raise CommandError(INTERRUPTED)
        if found is State.FOREIGN:
            raise CommandError(FOREIGN)
        if found is State.LOADED:
            self.stdout.write("演示数据已经装入，保持不变。")
        else:
            load(day, quiet=verbosity == 0)
            call_command("picture_sizes", stdout=StringIO())
            self.stdout.write("演示数据已装入。")
        self._print_logins()

    def _print_logins(self) -> None:
        self.stdout.write(f"从这里开始：{settings.SITE_URL}/ ，工作平台：{settings.SITE_URL}/admin/")
        self.stdout.write("角色 登录名 密码")
        for role, login, password in LOGINS:
            self.stdout.write(f"{role} {login} {password}")
