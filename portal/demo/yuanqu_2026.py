"""垣曲县: the meeting in preparation. Its date is relative to the day of loading, and its agenda is incomplete.

Missing on purpose: the briefing of the government side, the explanation of Y25-6, and the withdrawal of an objection to a topic.
"""

from portal.demo.data_types import Briefing, GeneratedFile, MeetingData, OpinionData, TopicData

TOPICS = (
    TopicData(
        key="Y26-T1",
        side="union",
        proposer="县总工会",
        facet="welfare",
        title="关于扩大职工医疗互助覆盖面的议题",
        text="新就业形态劳动者和灵活就业会员参加医疗互助的比例不高。建议放宽参保条件，允许行业联合工会集体参保，并由工会经费给予首年参保补助。",
        research="对512名新就业形态会员的调查显示，参加医疗互助的占34%，主要困难是没有单位代办、不清楚办理渠道。",
        joint="县总工会会同县医保局对接参保系统，测算首年补助约6.2万元，行业联合工会具备集体参保条件。",
        report="建议从下一年度起允许行业联合工会集体参保，首年由工会经费补助一半，县医保局提供结算数据。",
        opinions=(
            OpinionData("县医保局", "agree", "同意提供结算数据，协助宣传。"),
            OpinionData("县财政局", "agree", "同意，不新增财政支出。"),
        ),
        last_step="listed",
    ),
    TopicData(
        key="Y26-T2",
        side="government",
        proposer="县人社局",
        facet="employment",
        title="关于开展“技能垣曲”职工培训三年行动的议题",
        text="建议围绕铜冶炼、新材料、文旅等产业开展职工技能培训三年行动，实行企业点单、机构接单、政府补贴、工会激励。",
        research="调查企业54家，未来三年技能岗位缺口约1300个，其中紧缺工种11个；现有培训机构9家，实训条件参差不齐。",
        joint="县总工会会同县人社局到5家培训机构实地评估，与18家企业签订岗位需求意向。",
        report="建议三年培训9000人次，紧缺工种补贴标准上浮，取得高级工以上证书的由工会给予奖励。",
        opinions=(OpinionData("县财政局", "changes", "补贴上浮幅度建议按省定标准执行。"),),
        last_step="listed",
    ),
    TopicData(
        key="Y26-T3",
        side="union",
        proposer="县总工会",
        facet="union_work",
        title="关于开发区工会驿站用房的议题",
        text="建议在开发区标准厂房配套楼内安排约300平方米用房，建设集休息、阅读、母婴和法律咨询于一体的工会驿站。",
        research="开发区现有企业36家、职工4120人，其中女职工占38%，园区内没有面向职工的公共休息场所。",
        joint="县总工会会同县住建局现场查看配套楼，可用面积320平方米，消防验收合格。",
        opinions=(
            OpinionData("县住建局", "agree", "同意提供配套楼图纸，协助消防备案。"),
            OpinionData(
                "县自然资源局",
                "object",
                "拟用房屋规划用途为仓储，改作公共服务用房须先办理用途变更，建议待手续完成后再上会。",
            ),
        ),
        last_step="opinions",
        files=(
            GeneratedFile(
                "开发区职工服务需求调查.pdf",
                "pdf",
                (
                    ("开发区职工服务需求调查",),
                    ("调查企业36家，职工4120人。",),
                    ("希望就近有休息场所的占82%。",),
                    ("希望设置母婴室的占31%。",),
                ),
            ),
        ),
    ),
    TopicData(
        key="Y26-T4",
        side="government",
        proposer="县交通局",
        facet="new_forms",
        title="关于货车司机职工之家建设的议题",
        text="建议在县城物流园建设货车司机职工之家，提供停车休息、餐饮、淋浴和法律咨询服务，由县交通局牵头、县总工会支持。",
        research="物流园日均停靠货车190辆，随机访谈司机83人，最希望解决夜间停车安全和热水淋浴问题。",
        last_step="submitted",
    ),
    TopicData(
        key="Y26-T5",
        side="union",
        proposer="县总工会",
        facet="achievement",
        title="关于设立“垣曲工匠”奖励的议题",
        text="建议每两年评选“垣曲工匠”10名，给予荣誉证书和一次性奖励，优先推荐上级劳模和工匠人选。",
        research="",
        last_step="draft",
    ),
    TopicData(
        key="Y26-T6",
        side="union",
        proposer="县总工会",
        facet="welfare",
        title="关于为全县会员发放生日蛋糕券的议题",
        text="建议由财政与工会共同出资，为全县工会会员发放生日蛋糕券。",
        research="县总工会测算，会员2.9万人，每人100元，年支出约290万元。",
        last_step="returned",
        returned="属于基层工会经费开支范围，不宜由财政负担，请按工会经费收支管理规定由各单位自行安排。",
    ),
)

MEETING = MeetingData(
    key="Y26",
    conference="yuanqu",
    title="年度联席会议",
    on=18,
    hour=15,
    place="县政府一楼会议室",
    briefings=(
        Briefing(
            "union",
            "通报工会服务中心工作、服务职工群众重点工作情况",
            "县总工会常务副主席卫兰亭",
            "今年以来新建基层工会49家，发展会员2866人；开展劳动竞赛28场，参与职工1.5万人；职工服务中心接待职工3520人次，办理互助保障9240人次。",
        ),
    ),
    topics=TOPICS,
)
