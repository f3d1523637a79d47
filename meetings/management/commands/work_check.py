"""`manage.py work_check [--repair]`: compare the stored work items with the records."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from meetings.operations.work import repair, sources, work_differences

SHOWN = 20


class Command(BaseCommand):
    """Print what waits although it should not, and what should wait but does not; fails unless it is repaired."""

    help = "Says how the stored work items and the records differ; with --repair, puts it right."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="open and close work items as the records say")

    def handle(self, *args: object, **options: object) -> None:
        """Print the differences, and repair them if asked. Raise CommandError while differences remain."""
        lines, touched = [], []
        for source in sources():
            found = list(work_differences(source))
            if found:
                touched.append(source)
            for difference in found:
                lines += [f"多余：{item.action} {source.name} {item.object_id}" for item in difference.left_over]
                lines += [f"缺少：{task.action} {source.name} {record.pk}" for record, task in difference.missing]
                lines += [f"有变：{item.action} {source.name} {item.object_id}" for item, _task in difference.changed]
        for line in lines[:SHOWN]:
            self.stdout.write(line)
        if len(lines) > SHOWN:
            self.stdout.write(f"……另有 {len(lines) - SHOWN} 条")
        if not lines:
            self.stdout.write("待办事项与记录一致。")
        elif not options["repair"]:
            raise CommandError(f"有 {len(lines)} 处不一致。请运行 work_check --repair。")
        else:
            for source in touched:
                repair(source)
            self.stdout.write(f"已改正 {len(lines)} 处。")
