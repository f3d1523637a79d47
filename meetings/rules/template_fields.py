"""The fields that the template of each kind of document may contain, each with an example value.

The field names are official Chinese, not interface text: people type them into templates, so they are not translated.
`meetings.documents` supplies exactly these values.
"""

from meetings.enums import DocumentKind
from meetings.models.resolution_fields import TERMS
from meetings.word.fields import Fields, Flag, Rows, Text

NUMBER = Text("序号", "1")
_PLACE = Text("联席会议", "垣曲县人民政府与垣曲县总工会联席会议")
_SIGNATURE_BLOCK = (Text("落款", "垣曲县人民政府办公室"), Text("日期", "2025年9月5日"))
_CONTACT = (Text("联系人", "程序"), Text("联系电话", "0359-5550100"))
_DEPARTMENTS_AND_DEADLINE = (Text("牵头", "县财政局"), Text("配合", "县总工会、县医保局"), Text("时限", "2025年底前"))
_TERMS = tuple(Text(term.name, term.example) for _field, term in TERMS)

NOTICE: Fields = (
    Text("标题", "关于召开2025年度联席会议的通知"),
    Text("文号", "垣政办函〔2025〕8号"),
    Flag("草稿"),
    Text("主送", "县财政局、县人社局"),
    Text("引言", "经研究，定于近期召开2025年度联席会议。现将有关事项通知如下："),
    _PLACE,
    Text("会议", "2025年度联席会议"),
    Text("时间", "2025年9月5日（星期五）15:00"),
    Text("地点", "县政府一楼会议室"),
    Text("主持人", "县长韩正"),
    Rows(
        "参会人员",
        (NUMBER, Text("单位", "县财政局"), Text("职务", "县财政局局长"), Text("姓名", "张明"), Flag("列席")),
        item="人",
    ),
    Rows("议程", (NUMBER, Text("事项", "审议关于职工医疗互助的议题"), Text("汇报", "县总工会")), item="项"),
    Rows("有关事项", (NUMBER, Text("内容", "请参会人员准时参会。")), item="项"),
    Rows(
        "会议材料",
        (NUMBER, Text("材料", "关于职工医疗互助的议题"), Text("单位", "县总工会"), Text("文件", "调研报告.docx")),
        item="项",
    ),
    *_CONTACT,
    *_SIGNATURE_BLOCK,
)

MINUTES: Fields = (
    Text("标题", "垣曲县人民政府与垣曲县总工会2025年度联席会议纪要"),
    Text("文号", "第4期"),
    Flag("草稿"),
    _PLACE,
    Text("会议", "2025年度联席会议"),
    Text("会议日期", "2025年9月5日"),
    Text("更正说明", "本纪要更正第3期，原纪要以本纪要为准。"),
    Rows(
        "正文",
        (
            Flag("一级标题"),
            Flag("二级标题"),
            Text("开头", "会议议定："),
            Text("文字", "下列事项。"),
            Rows("片段", (Flag("加粗"), Text("文字", "会议议定：")), item="片"),
        ),
        item="段",
    ),
    Rows(
        "议定事项",
        (
            NUMBER,
            Text("汉字序号", "一"),
            Text("标题", "职工医疗互助专项资金列入预算"),
            Rows("内容", (Text("文字", "由县财政局牵头，每年安排50万元。"),), item="句"),
            *_DEPARTMENTS_AND_DEADLINE,
            *_TERMS,
            Text("公开属性", "主动公开"),
            Text("分工", "牵头单位：县财政局；配合单位：县总工会；完成时限：2025年底前"),
        ),
    ),
    Text("出席", "县长韩正、县总工会主席景齐"),
    Text("请假", "县人社局局长李宁"),
    Text("列席", "劳模代表王芳"),
    Text("分送", "县财政局、县人社局"),
    Rows("附件", (NUMBER, Text("名称", "资金测算表.xlsx")), item="件"),
    Rows("审定", (Text("职务", "县长"), Text("姓名", "韩正"), Text("日期", "2025年9月8日")), item="人"),
    *_SIGNATURE_BLOCK,
)

SIGN_IN: Fields = (
    Text("标题", "2025年度联席会议签到表"),
    _PLACE,
    Text("会议", "2025年度联席会议"),
    Text("时间", "2025年9月5日（星期五）15:00"),
    Text("地点", "县政府一楼会议室"),
    Rows(
        "人员",
        (NUMBER, Text("单位", "县财政局"), Text("姓名", "张明"), Text("职务", "局长"), Text("备注", "列席")),
        item="人",
    ),
    Rows("空行", (NUMBER,), item="行"),
)

SUPERVISION: Fields = (
    Text("单位", "县财政局"),
    _PLACE,
    Text("事项数", "2"),
    Text("逾期数", "1"),
    Flag("有逾期"),
    Rows(
        "事项",
        (
            NUMBER,
            Text("事项", "职工医疗互助专项资金列入预算"),
            Text("内容", "由县财政局牵头，每年安排50万元。"),
            Text("会议", "2025年度联席会议"),
            Text("文号", "第4期"),
            Text("来源", "2025年度联席会议（第4期）"),
            Text("分工", "牵头"),
            Text("任务", "测算资金"),
            *_DEPARTMENTS_AND_DEADLINE,
            Text("状态", "推进中"),
            Text("进展", "已拟定方案（2025年10月8日）"),
        ),
    ),
    *_CONTACT,
    *_SIGNATURE_BLOCK,
)

LEDGER: Fields = (
    Text("标题", "垣曲县政府与工会联席会议议定事项台账"),
    _PLACE,
    Text("事项数", "12"),
    Text("办结数", "7"),
    Text("未办结数", "4"),
    Text("逾期数", "1"),
    Text("结转数", "1"),
    Flag("有结转"),
    Rows(
        "事项",
        (
            NUMBER,
            Text("事项", "职工医疗互助专项资金列入预算"),
            Text("内容", "由县财政局牵头，每年安排50万元。"),
            Text("会议", "2025年度联席会议"),
            Text("会议日期", "2025年9月5日"),
            Text("文号", "第4期"),
            *_DEPARTMENTS_AND_DEADLINE,
            *_TERMS,
            Text("状态", "推进中"),
            Text("最近报告日期", "2025年10月8日"),
            Text("最近报告", "已拟定方案"),
            Text("公开属性", "主动公开"),
            Text("公开编号", "2025-3"),
        ),
    ),
    Text("日期", "2025年10月10日"),
)

FOLLOW_UP_REPORT: Fields = (
    Text("标题", "上次联席会议议定事项落实情况报告"),
    Flag("草稿"),
    _PLACE,
    Text("会议", "2025年度联席会议"),
    Text("上次会议", "2024年度联席会议"),
    Text("上次会议日期", "2024年9月20日"),
    Text("总体情况", "上次会议议定事项6项，已办结4项，未办结2项。"),
    Rows(
        "已办结",
        (
            NUMBER,
            Text("事项", "职工法律援助工作站"),
            *_DEPARTMENTS_AND_DEADLINE,
            Text("办结日期", "2025年3月1日"),
            Text("结果", "已挂牌值班"),
        ),
    ),
    Rows(
        "未办结",
        (
            NUMBER,
            Text("事项", "职工文化宫不动产登记"),
            Text("会议", "2024年度联席会议"),
            *_DEPARTMENTS_AND_DEADLINE,
            Text("状态", "逾期：推进中"),
            Text("进展", "已完成测绘"),
            Text("说明", "原始档案不全。"),
            Text("意见", "由县自然资源局专题研究。"),
        ),
    ),
    *_SIGNATURE_BLOCK,
)

REVIEW_SHEET: Fields = (
    Text("标题", "2025年度联席会议召开"),
    Text("类型", "新闻"),
    _PLACE,
    Text("会议", "2025年度联席会议"),
    Text("撰稿", "林写"),
    Text("送审", "林写"),
    Text("送审时间", "2025年9月6日9:30"),
    Text("摘要", "会议研究了职工关心的事项。"),
    Rows("正文", (Text("文字", "9月5日，联席会议召开。"),), item="段"),
    Rows(
        "保留信息", (Text("内容", "手机号码138****5678"), Text("理由", "本人同意"), Text("登记", "程序，2025年9月6日"))
    ),
    Rows(
        "审核",
        (
            Text("审次", "一审"),
            Text("姓名", "甲"),
            Text("职务", "一审人员"),
            Text("结论", "通过"),
            Text("意见", "同意"),
            Text("时间", "2025年9月6日10:00"),
        ),
    ),
    Text("状态", "已公开"),
    Text("发布时间", "2025年9月6日11:00"),
    Text("网址", "https://example.gov.cn/yuanqu/news/1/"),
)

FIELDS: dict[str, Fields] = {
    DocumentKind.NOTICE: NOTICE,
    DocumentKind.MINUTES: MINUTES,
    DocumentKind.SIGN_IN: SIGN_IN,
    DocumentKind.SUPERVISION: SUPERVISION,
    DocumentKind.LEDGER: LEDGER,
    DocumentKind.FOLLOW_UP_REPORT: FOLLOW_UP_REPORT,
    DocumentKind.REVIEW_SHEET: REVIEW_SHEET,
}
