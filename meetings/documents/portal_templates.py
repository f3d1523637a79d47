"""The portal's own template of each kind of document, generated in code. A conference may start its own from it.

To change a template, edit its function here. `portal_template(kind)` returns the file that a conference can download,
edit in Word and upload.
"""

from collections.abc import Callable, Iterable
from functools import cache

from meetings.enums import DocumentKind
from meetings.models.resolution_fields import TERMS, ContentField, Term
from meetings.word.layout import Column, TemplateBuilder

# Columns: heading, width in mm, and field. The widths add up to 156 mm on a portrait page, 253 mm on a landscape one.
SLIP: list[Column] = [
    ("姓名", 26, ""),
    ("职务", 44, ""),
    ("联系电话", 34, ""),
    ("是否参会", 24, ""),
    ("代会人员", 28, ""),
]
MATERIALS: list[Column] = [("序号", 14, "序号"), ("材料", 62, "材料"), ("单位", 32, "单位"), ("文件", 48, "文件")]
SIGNATURES: list[Column] = [
    ("序号", 12, "序号"),
    ("单位", 34, "单位"),
    ("姓名", 20, "姓名"),
    ("职务", 38, "职务"),
    ("签名", 27, ""),
    ("备注", 25, "备注"),
]
CHARGES: list[Column] = [
    ("序号", 12, "序号"),
    ("议定事项", 38, "事项"),
    ("来源", 30, "来源"),
    ("分工", 13, "分工"),
    ("完成时限", 27, "时限"),
    ("目前进展", 36, "进展"),
]
FINISHED: list[Column] = [
    ("序号", 12, "序号"),
    ("议定事项", 44, "事项"),
    ("牵头单位", 26, "牵头"),
    ("办结日期", 26, "办结日期"),
    ("结果", 48, "结果"),
]
VERDICTS: list[Column] = [
    ("审次", 14, "审次"),
    ("姓名", 20, "姓名"),
    ("职务", 34, "职务"),
    ("结论", 14, "结论"),
    ("意见", 36, "意见"),
    ("时间", 38, "时间"),
]


def ledger_columns(terms: Iterable[tuple[ContentField, Term]] = TERMS) -> list[Column]:
    """Return the columns of the ledger; the last report has the width that the printed terms leave."""
    printed: list[Column] = [(term.name, term.paper_width, term.name) for _field, term in terms if term.paper_width]
    return [
        ("序号", 13, "序号"),
        ("议定事项", 44, "事项"),
        ("会议及文号", 36, "{{ 项.会议 }}{% if 项.文号 %}（{{ 项.文号 }}）{% endif %}"),
        ("牵头单位", 26, "牵头"),
        ("配合单位", 30, "配合"),
        ("完成时限", 25, "时限"),
        *printed,
        ("落实状态", 24, "状态"),
        ("最近报告", 55 - sum(width for _heading, width, _shown in printed), "最近报告"),
    ]


def _signature(builder: TemplateBuilder) -> None:
    builder.empty_line()
    builder.add("{{ 落款 }}", "公文落款")
    builder.add("{{ 日期 }}", "公文落款")


def _draft(builder: TemplateBuilder, text: str) -> None:
    builder.tags("{%p if 草稿 %}")
    builder.add(text, "公文副题")
    builder.tags("{%p endif %}")


def _notice(builder: TemplateBuilder) -> None:
    builder.add("{{ 标题 }}", "公文标题")
    builder.tags("{%p if 文号 %}")
    builder.add("{{ 文号 }}", "公文副题")
    builder.tags("{%p endif %}")
    _draft(builder, "（草稿，尚未印发）")
    builder.empty_line()
    builder.tags("{%p if 主送 %}")
    builder.add("{{ 主送 }}：", "公文顶格")
    builder.tags("{%p endif %}")
    builder.add("{{ 引言 }}")
    for heading, text in (("一、会议时间", "{{ 时间 }}。"), ("二、会议地点", "{% if 地点 %}{{ 地点 }}。{% endif %}")):
        builder.heading(heading)
        builder.add(text)
    builder.heading("三、参会人员")
    builder.tags("{%p for 人 in 参会人员 %}")
    builder.add("{{ 人.职务 }}{{ 人.姓名 }}{% if 人.列席 %}（列席）{% endif %}")
    builder.tags("{%p endfor %}")
    builder.heading("四、会议议程")
    builder.tags("{%p for 项 in 议程 %}")
    builder.add("{{ 项.序号 }}. {{ 项.事项 }}{% if 项.汇报 %}（{{ 项.汇报 }}）{% endif %}")
    builder.tags("{%p endfor %}")
    builder.heading("五、有关事项")
    builder.tags("{%p for 项 in 有关事项 %}")
    builder.add("{{ 项.序号 }}. {{ 项.内容 }}")
    builder.tags("{%p endfor %}")
    builder.empty_line()
    builder.add("附件：1. 参会回执{% if 会议材料 %}；2. 会议材料清单{% endif %}")
    _signature(builder)
    _reply_slip(builder)
    builder.tags("{%p if 会议材料 %}")
    builder.annex("附件2", "会议材料清单")
    builder.list_table("会议材料", MATERIALS)
    builder.tags("{%p endif %}")


def _reply_slip(builder: TemplateBuilder) -> None:
    builder.annex("附件1", "参会回执")
    builder.add("会议：{{ 会议 }}", "公文顶格")
    builder.add("单位（盖章）：", "公文顶格")
    builder.blank_table(SLIP, 4, height=12)
    builder.add("因故不能参会的，请写明原因和代会人员的姓名、职务。", "公文顶格")
    builder.add(
        "{% if 联系人 %}请在会前反馈至{{ 落款 }}，联系人：{{ 联系人 }}"
        "{% if 联系电话 %}，联系电话：{{ 联系电话 }}{% endif %}。{% endif %}",
        "公文顶格",
    )


def _minutes(builder: TemplateBuilder) -> None:
    builder.add("{{ 标题 }}", "公文标题")
    builder.tags("{%p if 文号 %}")
    builder.add("{{ 文号 }}", "公文副题")
    builder.tags("{%p endif %}")
    _draft(builder, "（草稿，尚未印发）")
    builder.empty_line()
    builder.tags("{%p if 更正说明 %}")
    builder.add("{{ 更正说明 }}")
    builder.tags("{%p endif %}", "{%p for 段 in 正文 %}", "{%p if 段.一级标题 %}")
    builder.heading("{{ 段.文字 }}")
    builder.tags("{%p elif 段.二级标题 %}")
    builder.add("{{ 段.文字 }}", "二级标题")
    builder.tags("{%p else %}")
    builder.run_loop("段.片段")
    builder.tags("{%p endif %}", "{%p endfor %}", "{%p for 项 in 议定事项 %}")
    builder.add("（{{ 项.汉字序号 }}）{{ 项.标题 }}", "二级标题")
    builder.tags("{%p for 句 in 项.内容 %}")
    builder.add("{{ 句.文字 }}")
    builder.tags("{%p endfor %}", "{%p if 项.分工 %}")
    builder.add("（{{ 项.分工 }}）")
    builder.tags("{%p endif %}", "{%p endfor %}")
    builder.empty_line()
    for label in ("出席", "请假", "列席"):
        builder.tags(f"{{%p if {label} %}}")
        builder.labelled(f"{label}：", f"{{{{ {label} }}}}。")
        builder.tags("{%p endif %}")
    builder.tags("{%p for 件 in 附件 %}")
    builder.add("附件{{ 件.序号 }}：{{ 件.名称 }}")
    builder.tags("{%p endfor %}")
    _signature(builder)
    builder.empty_line()
    builder.add("分送：{{ 分送 }}。", "公文顶格")


def _sign_in(builder: TemplateBuilder) -> None:
    builder.add("{{ 标题 }}", "公文标题")
    builder.add("时间：{{ 时间 }}", "公文顶格")
    builder.add("地点：{{ 地点 }}", "公文顶格")
    builder.list_table("人员", SIGNATURES, item="人", spare="空行", height=12)


def _supervision(builder: TemplateBuilder) -> None:
    builder.add("督办通知单", "公文标题")
    builder.add("{{ 单位 }}：", "公文顶格")
    builder.add(
        "根据{{ 联席会议 }}纪要，下列{{ 事项数 }}项议定事项由你单位牵头或者配合办理，尚未办结"
        "{% if 有逾期 %}，其中{{ 逾期数 }}项已超过完成时限{% endif %}。请抓紧落实，并将进展书面报告；"
        "难以按时完成的，请说明原因并提出意见。"
    )
    builder.list_table("事项", CHARGES)
    builder.tags("{%p if 联系人 %}")
    builder.add("联系人：{{ 联系人 }}{% if 联系电话 %}，联系电话：{{ 联系电话 }}{% endif %}。")
    builder.tags("{%p endif %}")
    _signature(builder)


def _ledger(builder: TemplateBuilder) -> None:
    builder.add("{{ 标题 }}", "公文标题")
    builder.add(
        "截至{{ 日期 }}，共{{ 事项数 }}项，已办结{{ 办结数 }}项，未办结{{ 未办结数 }}项，其中逾期{{ 逾期数 }}项"
        "{% if 有结转 %}；另有结转{{ 结转数 }}项{% endif %}。",
        "公文副题",
    )
    builder.list_table("事项", ledger_columns())


def _follow_up_report(builder: TemplateBuilder) -> None:
    builder.add("{{ 标题 }}", "公文标题")
    _draft(builder, "（草稿）")
    builder.empty_line()
    builder.add("{{ 会议 }}：", "公文顶格")
    builder.add("现将上次联席会议（{{ 上次会议 }}，{{ 上次会议日期 }}召开）议定事项的落实情况报告如下。")
    builder.heading("一、总体情况")
    builder.add("{{ 总体情况 }}")
    builder.heading("二、已办结事项")
    builder.tags("{%p if 已办结 %}")
    builder.list_table("已办结", FINISHED)
    builder.tags("{%p else %}")
    builder.add("无。")
    builder.tags("{%p endif %}")
    builder.heading("三、未办结事项的说明和意见")
    builder.tags("{%p if not 未办结 %}")
    builder.add("无。")
    builder.tags("{%p endif %}", "{%p for 项 in 未办结 %}")
    builder.add("（{{ 项.序号 }}）{{ 项.事项 }}", "二级标题").paragraph_format.keep_with_next = True
    builder.add(
        "{{ 项.会议 }}议定。牵头单位：{{ 项.牵头 }}{% if 项.配合 %}；配合单位：{{ 项.配合 }}{% endif %}"
        "{% if 项.时限 %}；完成时限：{{ 项.时限 }}{% endif %}{% if 项.状态 %}；目前：{{ 项.状态 }}{% endif %}。"
    )
    for label, field in (("进展：", "进展"), ("说明：", "说明"), ("意见：", "意见")):
        builder.tags(f"{{%p if 项.{field} %}}")
        builder.labelled(label, f"{{{{ 项.{field} }}}}")
        builder.tags("{%p endif %}")
    builder.tags("{%p endfor %}")
    _signature(builder)


def _review_sheet(builder: TemplateBuilder) -> None:
    builder.add("信息发布审核表", "公文标题")
    builder.form_table(
        [26, 52, 26, 52],
        [
            ["标题", "{{ 标题 }}", "类型", "{{ 类型 }}"],
            ["联席会议", "{{ 联席会议 }}", "会议", "{{ 会议 }}"],
            ["撰稿人", "{{ 撰稿 }}", "送审", "{{ 送审 }}\n{{ 送审时间 }}"],
            ["发布状态", "{{ 状态 }}", "发布时间", "{{ 发布时间 }}"],
            ["网址", "{{ 网址 }}", "摘要", "{{ 摘要 }}"],
        ],
    )
    builder.empty_line()
    builder.list_table("审核", VERDICTS)
    builder.tags("{%p if 保留信息 %}")
    builder.heading("经登记理由保留的个人信息")
    builder.tags("{%p endif %}", "{%p for 项 in 保留信息 %}")
    builder.add("{{ 项.内容 }}：{{ 项.理由 }}（{{ 项.登记 }}）")
    builder.tags("{%p endfor %}")
    builder.heading("送审文稿")
    builder.tags("{%p for 段 in 正文 %}")
    builder.add("{{ 段.文字 }}")
    builder.tags("{%p endfor %}")


TEMPLATES: dict[str, tuple[Callable[[TemplateBuilder], None], bool]] = {
    DocumentKind.NOTICE: (_notice, False),
    DocumentKind.MINUTES: (_minutes, False),
    DocumentKind.SIGN_IN: (_sign_in, False),
    DocumentKind.SUPERVISION: (_supervision, False),
    DocumentKind.LEDGER: (_ledger, True),
    DocumentKind.FOLLOW_UP_REPORT: (_follow_up_report, False),
    DocumentKind.REVIEW_SHEET: (_review_sheet, False),
}


@cache
def portal_template(kind: str) -> bytes:
    """Return the portal's template of this kind as a Word file."""
    build, wide = TEMPLATES[kind]
    builder = TemplateBuilder(wide=wide)
    build(builder)
    return builder.content()
