"""The two regulations that the portal knows from the start: Y, the county notice, and C, the town measures.

A new regulation starts as a copy of one of them, or of another regulation. `WITHOUT_TEXT` are the rules of an older
regulation whose text is not available.

- `PRESETS`: the rules, as fields of `Rules`. `attends` lists who is added to the attendance (`Y 2(3)`, `C 5(3)`):
  `posts` (every post of the conference that attends), `topic_departments` (heads of the departments that the topics
  concern).
- `CATEGORIES`: the topic categories. `AGENDA`: the order in which an agenda starts.
- `POINTS`: the points that each clause governs. `clauses_of(preset)`: the clauses with their texts and points.
"""

from pathlib import Path

from meetings.clauses import Point, read_clauses
from meetings.enums import (
    AgendaKind,
    Disclosure,
    Facet,
    FollowUpBy,
    Frequency,
    MinutesApprovers,
    Numbering,
    Office,
    ReportsTo,
    SettledBy,
    Side,
    SpecialAfter,
)

YUANQU: dict[str, object] = {
    "judged": True,
    "name_pattern": "{government}与{union}联席会议",
    "frequency": Frequency.YEARLY,
    "flagged_from_month": 10,
    "settled_by": SettledBy.BOTH_SIDES,
    "special_after": SpecialAfter.BOTH_SIDES,
    "topic_conferral": True,
    "topic_approval": True,
    "joint_research": True,
    "consensus_report": True,
    "chair": "政府主要负责同志",
    "attends": ["posts", "topic_departments"],
    "notice_by": Office.GOVERNMENT,
    "minutes_approved_by": MinutesApprovers.LEADERS,
    "minutes_issued_by": Office.GOVERNMENT,
    "minutes_numbering": Numbering.REGISTRY,
    "follow_up_by": FollowUpBy.BOTH_SIDES,
    "reports_to": ReportsTo.LEADERS,
    "publicity_required": True,
    "publicity_days": 20,
}
CHENGQIAO: dict[str, object] = {
    "judged": True,
    "name_pattern": "",
    "frequency": Frequency.IN_PRINCIPLE,
    "flagged_from_month": 11,
    "settled_by": SettledBy.GROUP_HEADS,
    "special_after": SpecialAfter.HEAD_OF_GOVERNMENT,
    "topic_conferral": False,
    "topic_approval": False,
    "joint_research": False,
    "consensus_report": False,
    "chair": "镇政府领导",
    "attends": ["posts", "topic_departments"],
    "notice_by": Office.COORDINATION,
    "minutes_approved_by": MinutesApprovers.GROUP_HEADS,
    "minutes_issued_by": Office.COORDINATION,
    "minutes_numbering": Numbering.SERIES,
    "follow_up_by": FollowUpBy.OFFICE,
    "reports_to": ReportsTo.GROUP_HEADS,
    "publicity_required": False,
    "publicity_days": 0,
}
# The rules of the former 暂行办法. Its text is not available, so nothing is judged or flagged by it.
WITHOUT_TEXT: dict[str, object] = {**YUANQU, "judged": False, "name_pattern": "", "publicity_required": False}
PRESETS = {"Y": YUANQU, "C": CHENGQIAO}

CATEGORIES: dict[str, list[tuple[str, str, Facet, Disclosure]]] = {
    "Y": [
        ("一（三）", "建功立业", Facet.ACHIEVEMENT, Disclosure.PUBLIC),
        ("一（四）", "劳动就业和技能培训", Facet.EMPLOYMENT, Disclosure.PUBLIC),
        ("一（四）", "收入分配", Facet.PAY, Disclosure.PUBLIC),
        ("一（四）", "劳动安全和卫生健康", Facet.SAFETY, Disclosure.PUBLIC),
        ("一（四）", "社会保障和职工帮扶", Facet.WELFARE, Disclosure.PUBLIC),
        ("一（五）", "思想引领和产业工人队伍建设改革", Facet.REFORM, Disclosure.PUBLIC),
        ("一（五）", "维护劳动领域政治安全", Facet.STABILITY, Disclosure.CLOSED),
        ("一（五）", "新就业形态劳动者权益", Facet.NEW_FORMS, Disclosure.PUBLIC),
        ("一（五）", "工会组织、经费资产和阵地建设", Facet.UNION_WORK, Disclosure.PUBLIC),
        ("一（七）", "其他需要研究解决的事项", Facet.OTHER, Disclosure.PUBLIC),
    ],
    "C": [
        ("四（二）", "建功立业活动", Facet.ACHIEVEMENT, Disclosure.PUBLIC),
        ("四（二）", "劳资关系矛盾和劳资纠纷", Facet.PAY, Disclosure.PUBLIC),
        ("四（二）", "职工队伍维稳", Facet.STABILITY, Disclosure.CLOSED),
        ("四（二）", "职工技能培训和宣传教育", Facet.EMPLOYMENT, Disclosure.PUBLIC),
        ("四（二）", "劳动安全和职业健康", Facet.SAFETY, Disclosure.PUBLIC),
        ("四（二）", "职工保障和服务", Facet.WELFARE, Disclosure.PUBLIC),
        ("四（二）", "工会创新和非公企业工会改革", Facet.UNION_WORK, Disclosure.PUBLIC),
        ("四（二）", "其他需要联席会议解决的问题", Facet.OTHER, Disclosure.PUBLIC),
    ],
}

# The order in which an agenda starts (`Y 1`, `C 5(4)`): kind, side, title. Clerks rearrange and rename.
AGENDA: dict[str, list[tuple[AgendaKind, str, str]]] = {
    "Y": [
        (AgendaKind.BRIEFING, Side.GOVERNMENT, "通报涉及职工利益的有关政策措施和就业情况"),
        (AgendaKind.BRIEFING, Side.UNION, "通报工会服务中心工作、服务职工群众重点工作情况"),
        (AgendaKind.FOLLOW_UP, "", "通报上次联席会议议定事项落实情况"),
        (AgendaKind.PRESENTATION, "", "通报本次联席会议议题"),
        (AgendaKind.DELIBERATION, "", "审议联席会议议题"),
        (AgendaKind.DEPLOYMENT, "", "政府和工会领导就落实联席会议议定事项进行部署"),
    ],
    "C": [
        (AgendaKind.BRIEFING, Side.GOVERNMENT, "通报政府工作情况和涉及职工切身利益的政策措施"),
        (AgendaKind.BRIEFING, Side.UNION, "通报工会工作情况和意见建议"),
        (AgendaKind.FOLLOW_UP, "", "报告上次联席会议议定事项落实情况"),
        (AgendaKind.PRESENTATION, "", "通报本次联席会议议题及主要内容"),
        (AgendaKind.DELIBERATION, "", "讨论并协商确定联席会议议题"),
        (AgendaKind.DEPLOYMENT, "", "政府和工会领导就落实联席会议事项进行部署"),
    ],
}

POINTS: dict[str, dict[str, list[Point]]] = {
    "Y": {
        "一（一）": [Point.BRIEFING],
        "一（二）": [Point.BRIEFING],
        "一（三）": [Point.CATEGORY],
        "一（四）": [Point.CATEGORY],
        "一（五）": [Point.CATEGORY],
        "一（六）": [Point.FOLLOW_UP_EXPLAINED],
        "一（七）": [Point.CATEGORY],
        "二": [Point.FREQUENCY, Point.SPECIAL],
        "二（一）": [Point.TOPIC_RESEARCH],
        "二（二）": [Point.TOPIC_CONFER, Point.TOPIC_APPROVE, Point.TOPIC_AGREE],
        "二（三）": [Point.ATTENDANCE, Point.CHAIR],
        "二（四）": [Point.MEETING_SETTLE, Point.MEETING_NOTIFY, Point.AGENDA],
        "二（五）": [Point.MINUTES],
        "二（六）": [Point.FOLLOW_UP],
        "二（七）": [Point.PUBLICITY],
        "三（二）": [Point.SECTIONS],
        "三（三）": [Point.NAME],
    },
    "C": {
        "三": [Point.SECTIONS],
        "四（一）": [Point.BRIEFING],
        "四（二）": [Point.CATEGORY],
        "四（三）": [Point.FOLLOW_UP_EXPLAINED],
        "五（一）": [Point.TOPIC_RESEARCH, Point.TOPIC_AGREE],
        "五（二）": [Point.FREQUENCY, Point.SPECIAL, Point.MEETING_SETTLE, Point.MEETING_NOTIFY],
        "五（三）": [Point.ATTENDANCE],
        "五（四）": [Point.CHAIR, Point.AGENDA, Point.MINUTES],
        "五（五）": [Point.FOLLOW_UP],
    },
}
TEXTS = {"Y": "yuanqu-2024-19.txt", "C": "chengqiao.txt"}


def text_of(preset: str) -> str:
    """Return the published text, one line per paragraph."""
    return (Path(__file__).parent / "texts" / TEXTS[preset]).read_text(encoding="utf-8")


def clauses_of(preset: str) -> list[tuple[str, str, list[Point]]]:
    """Return the clauses of the preset's text: number, text, and the points that each one governs."""
    return [(number, words, POINTS[preset].get(number, [])) for number, words in read_clauses(text_of(preset))]
