"""Give each regulation the clauses, agenda order and rules that were chosen at its adoptions.

The numbers of the clauses are those that the code held until now. Their words are read from the text of the regulation.
"""

import re

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

RULES = (
    "judged", "name_pattern", "frequency", "flagged_from_month", "settled_by", "special_after", "topic_conferral",
    "topic_approval", "joint_research", "consensus_report", "chair", "attends", "notice_by", "minutes_approved_by",
    "minutes_issued_by", "minutes_numbering", "follow_up_by", "reports_to", "publicity_required", "publicity_days",
)  # fmt: skip
POINTS = {
    "Y": {
        "一（一）": ["briefing"], "一（二）": ["briefing"], "一（三）": ["category"], "一（四）": ["category"],
        "一（五）": ["category"], "一（六）": ["follow_up_explained"], "一（七）": ["category"],
        "二": ["frequency", "special"], "二（一）": ["topic.research"],
        "二（二）": ["topic.confer", "topic.approve", "topic.agree"], "二（三）": ["attendance", "chair"],
        "二（四）": ["meeting.settle", "meeting.notify", "agenda"], "二（五）": ["minutes"], "二（六）": ["follow_up"],
        "二（七）": ["publicity"], "三（二）": ["sections"], "三（三）": ["name"],
    },
    "C": {
        "三": ["sections"], "四（一）": ["briefing"], "四（二）": ["category"], "四（三）": ["follow_up_explained"],
        "五（一）": ["topic.research", "topic.agree"],
        "五（二）": ["frequency", "special", "meeting.settle", "meeting.notify"], "五（三）": ["attendance"],
        "五（四）": ["chair", "agenda", "minutes"], "五（五）": ["follow_up"],
    },
}  # fmt: skip
CITATIONS = {
    "Y": {
        "briefing": "一（一）（二）", "category": "一（三）至（五）、（七）", "follow_up_explained": "一（六）", "frequency": "二",
        "special": "二", "topic.research": "二（一）", "topic.confer": "二（二）", "topic.approve": "二（二）",
        "topic.agree": "二（二）", "attendance": "二（三）", "chair": "二（三）", "meeting.settle": "二（四）",
        "meeting.notify": "二（四）", "agenda": "二（四）", "minutes": "二（五）", "follow_up": "二（六）",
        "publicity": "二（七）", "name": "三（三）", "sections": "三（二）",
    },
    "C": {
        "briefing": "四（一）", "category": "四（二）", "follow_up_explained": "四（三）", "frequency": "五（二）",
        "special": "五（二）", "topic.research": "五（一）", "topic.agree": "五（一）", "attendance": "五（三）",
        "chair": "五（四）", "meeting.settle": "五（二）", "meeting.notify": "五（二）", "agenda": "五（四）",
        "minutes": "五（四）", "follow_up": "五（五）", "sections": "三",
    },
}  # fmt: skip
AGENDA = {
    "Y": [
        ("briefing", "government", "通报涉及职工利益的有关政策措施和就业情况"),
        ("briefing", "union", "通报工会服务中心工作、服务职工群众重点工作情况"),
        ("follow_up", "", "通报上次联席会议议定事项落实情况"),
        ("presentation", "", "通报本次联席会议议题"),
        ("deliberation", "", "审议联席会议议题"),
        ("deployment", "", "政府和工会领导就落实联席会议议定事项进行部署"),
    ],
    "C": [
        ("briefing", "government", "通报政府工作情况和涉及职工切身利益的政策措施"),
        ("briefing", "union", "通报工会工作情况和意见建议"),
        ("follow_up", "", "报告上次联席会议议定事项落实情况"),
        ("presentation", "", "通报本次联席会议议题及主要内容"),
        ("deliberation", "", "讨论并协商确定联席会议议题"),
        ("deployment", "", "政府和工会领导就落实联席会议事项进行部署"),
    ],
}
NUMERALS = "一二三四五六七八九十"


def clauses_of(text: str) -> dict[str, list[str]]:
    """The paragraphs of each clause: items as 二（四）, and what a section says before its first item as 二."""
    found: dict[str, list[str]] = {}
    section = current = ""
    for line in filter(None, map(str.strip, text.splitlines())):
        if heading := re.match(rf"^([{NUMERALS}]+)、", line):
            section = current = heading[1]
        elif section and (item := re.match(rf"^(?:[（(]\s*([{NUMERALS}]+)\s*[）)]|([{NUMERALS}])是)", line)):
            found.setdefault(f"{section}（{item[1] or item[2]}）", []).append(line)
            current = ""
        elif current:
            found.setdefault(current, []).append(line)
    return found


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    Regulation, Clause = apps.get_model("meetings", "Regulation"), apps.get_model("meetings", "RegulationClause")
    Adoption, Item = apps.get_model("meetings", "RegulationAdoption"), apps.get_model("meetings", "StandardAgendaItem")
    for regulation in Regulation.objects.all():
        adoption = Adoption.objects.filter(regulation=regulation).order_by("-from_date", "-pk").first()
        chosen = adoption.clause_set if adoption else "Y"
        for name in RULES if adoption else ():
            setattr(regulation, name, getattr(adoption, name))
        if adoption is None:
            regulation.frequency, regulation.settled_by, regulation.chair = "yearly", "both_sides", "政府主要负责同志"
            regulation.notice_by = regulation.minutes_issued_by = "government_office"
            regulation.minutes_approved_by, regulation.minutes_numbering = "leaders", "registry"
            regulation.follow_up_by, regulation.reports_to = "both_sides", "leaders"
        regulation.save()
        words = clauses_of(regulation.text)
        numbers = list(words) or (list(POINTS[chosen]) if regulation.judged else [])
        Clause.objects.bulk_create(
            Clause(
                regulation=regulation,
                number=number,
                words="\n".join(words.get(number, ["（条文待录入）"])),
                points=POINTS[chosen].get(number, []),
                order=order,
            )
            for order, number in enumerate(numbers)
        )
        Item.objects.bulk_create(
            Item(regulation=regulation, kind=kind, side=side, title=title, order=order)
            for order, (kind, side, title) in enumerate(AGENDA[chosen])
        )
    for adoption in Adoption.objects.all():
        adoption.citations = CITATIONS[adoption.clause_set]
        adoption.save(update_fields=["citations"])


class Migration(migrations.Migration):
    dependencies = [("meetings", "0007_regulations_as_rows")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
