"""`manage.py public_check [--repair]`: compare what is public now with the releases and the pages."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from publicity.operations.news_counts import count_news, news_differences
from publicity.operations.public_decisions import public_differences, repair_public
from publicity.operations.public_state import install, missing_triggers

SHOWN = 20


class Command(BaseCommand):
    """Print where public decisions, counts and triggers differ from what they derive from; fails unless repaired."""

    help = "Says how the table of public decisions and the releases differ; with --repair, puts it right."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="write the decisions and counts anew")

    def handle(self, *args: object, **options: object) -> None:
        """Print the differences, and repair them if asked. Raise CommandError while differences remain."""
        triggers = [f"缺少触发器：{name}" for name in missing_triggers()]
        lines = [*public_differences(), *news_differences(), *triggers]
        for line in lines[:SHOWN]:
            self.stdout.write(line)
        if len(lines) > SHOWN:
            self.stdout.write(f"……另有 {len(lines) - SHOWN} 条")
        if not lines:
            self.stdout.write("公开的议定事项与发布记录一致。")
        elif not options["repair"]:
            raise CommandError(f"有 {len(lines)} 处不一致。请运行 public_check --repair。")
        else:
            repair_public()
            count_news()
            install()
            self.stdout.write(f"已改正 {len(lines)} 处。")
