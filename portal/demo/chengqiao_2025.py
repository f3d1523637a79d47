"""城桥镇 2025. Resolutions C25-1, C25-2; the second is not disclosed. One topic waits for the next meeting."""

from datetime import date

from portal.demo.data_types import (
    Absence,
    Briefing,
    Deadline,
    DelegationData,
    GeneratedFile,
    MeetingData,
    News,
    OpinionData,
    ReportData,
    ResolutionData,
    TopicData,
)

TOPICS = (
    TopicData(
        key="C25-T1",
        side="union",
        proposer="镇总工会",
        facet="pay",
        title="关于欠薪纠纷一站式调处的议题",
        text="欠薪纠纷涉及多个部门，职工往往要跑几处。建议在镇社会治理中心设立窗口，司法所、工会和有关部门联合受理，一站式调处，让职工只跑一次。",
        research="2024年至2025年3月，镇辖区受理欠薪纠纷83件，涉及3个以上部门的占四成，平均办理19天；职工最希望有统一的受理窗口。",
        opinions=(
            OpinionData("镇司法所", "agree", "同意牵头，派驻调解员。"),
            OpinionData(
                "镇城建部门",
                "object",
                "建设工程欠薪涉及合同结算，不宜由镇级窗口调处，建议仍由区住建部门受理。",
                "窗口负责受理、协商和转办，不代替合同结算；涉及建设工程的，由窗口统一转送区有关部门并反馈职工，不增加城建部门的裁决职责。",
            ),
        ),
        notes="会议要求，统一窗口、限时办理、全程反馈。",
    ),
    TopicData(
        key="C25-T2",
        side="government",
        proposer="镇平安办",
        facet="stability",
        title="关于职工队伍维稳联动机制的议题",
        text="建议由镇平安办会同镇总工会建立职工队伍维稳联动机制，明确信息通报、联合研判和分类处置的流程，及早化解苗头性问题。",
        research="梳理近一年群体性诉求9件，其中5件由多个部门分头处置，信息重复、口径不一。",
        opinions=(OpinionData("镇总工会", "agree", "同意建立月度研判制度。"),),
        notes="会议要求，依法处置、源头化解。",
    ),
    TopicData(
        key="C25-T3",
        side="union",
        proposer="镇总工会",
        facet="union_work",
        title="关于镇职工文化活动中心延时开放的议题",
        text="建议镇职工文化活动中心工作日延长开放至21时，双休日全天开放，方便职工下班后使用，所需人员由镇总工会和社区共同安排。",
        research="对260名职工的问卷显示，七成希望工作日晚间使用场地，现有开放时间与上班时间重叠。",
        opinions=(OpinionData("镇社区事务受理服务中心", "agree", "同意协助安排社区志愿者值守。"),),
        last_step="agreed",
    ),
)

RESOLUTIONS = (
    ResolutionData(
        key="C25-1",
        topic="C25-T1",
        title="开展欠薪纠纷一站式调处",
        text="由镇司法所牵头、镇总工会配合，在镇社会治理中心设立欠薪纠纷一站式调处窗口，对职工申请当日受理、三日内组织协商、十五日内办结，需要转送区有关部门的由窗口统一转办并反馈。镇总工会选派调解员驻点，为职工提供法律援助指引；每季度公布受理、办结情况，接受职工监督。",
        facet="pay",
        tags=("欠薪调处", "一站式", "劳动争议"),
        lead="镇司法所",
        co=("镇总工会",),
        deadline=Deadline(14),
        reports=(
            ReportData(
                by="镇司法所",
                on=date(2025, 9, 10),
                text="窗口已在镇社会治理中心设立，配备驻点人员4名，受理流程和时限上墙公示。",
            ),
            ReportData(by="镇总工会", on=-98, text="选派工会调解员2名驻点，累计提供法律援助指引63人次，参与协商29件。"),
            ReportData(
                by="镇司法所",
                on=-16,
                text="累计受理欠薪纠纷57件，办结51件，平均办理9.6天，为职工追回工资143万元，6件正在协商。",
                files=(
                    GeneratedFile(
                        "一站式调处窗口受理情况.xlsx",
                        "xlsx",
                        (
                            ("季度", "受理", "办结"),
                            ("第一季度", 15, 15),
                            ("第二季度", 19, 18),
                            ("第三季度", 23, 18),
                            ("合计", 57, 51),
                        ),
                    ),
                ),
            ),
        ),
    ),
    ResolutionData(
        key="C25-2",
        topic="C25-T2",
        title="建立职工队伍维稳联动机制",
        text="由镇平安办牵头、镇总工会配合，建立职工队伍维稳联动机制，每月研判一次企业用工、工资支付和集体诉求等苗头性问题，统一信息通报口径，分类明确处置部门和时限。对合理诉求依法及时解决，对情况复杂的由协调小组会商，重大情况即时报告镇政府，该项工作长期坚持。",
        facet="stability",
        tags=("联动机制", "平安建设"),
        lead="镇平安办",
        co=("镇总工会",),
        deadline=Deadline(text="长期坚持", standing=True),
        disclosure="closed",
        reason="涉及职工队伍维护稳定的内部工作机制，公开后可能影响社会稳定",
        reports=(
            ReportData(
                by="镇平安办", on=date(2025, 12, 18), text="机制运行以来研判6次，发现苗头性问题8件，均已就地化解。"
            ),
            ReportData(by="镇总工会", on=-60, text="参与月度研判，收集职工诉求27条，办结25条，2条转入劳动争议调解。"),
        ),
    ),
)

MEETING = MeetingData(
    key="C25",
    conference="chengqiao",
    title="2025年度联席会议",
    on=date(2025, 6, 19),
    hour=14,
    place="镇社会治理中心会议室",
    delegation=DelegationData(
        post="union",
        deputy="union-vice",
        since=date(2025, 6, 23),
        until=date(2025, 6, 27),
        reason="参加市总工会组织的培训",
    ),
    briefings=(
        Briefing(
            "government",
            "通报镇政府工作情况和涉及职工切身利益的政策措施",
            "副镇长沈怀瑾",
            "2025年1月至5月，镇新增就业岗位1093个，发放就业补贴138万元；推进乡村振兴示范项目4个，带动本地职工就业230人。",
        ),
        Briefing(
            "union",
            "通报工会工作情况和意见建议",
            "镇总工会专职副主席黄佩兰",
            "新建工会组织19家，发展会员968人；住院互助保障新增参保736人；开展职工法律宣传11场，建议建立统一的工资纠纷受理窗口。",
        ),
    ),
    topics=TOPICS,
    resolutions=RESOLUTIONS,
    follow_up="2024年度议定事项中，职业健康体检和“安康杯”竞赛已办结，投保补贴、骑手友好商户正在推进。",
    deployment="会议要求，窗口尽快运行，每季度公布办理情况。",
    absences=(Absence("head:镇城建部门", "施建新", "镇城建中心副主任"),),
    guests=(("区人大代表、职工代表", "严晓波"), ("市五一劳动奖章获得者、电缆厂班组长", "钟铁生")),
    news=(
        News(
            key="C25-N1",
            title="城桥镇召开2025年度政府与工会联席会议",
            summary="会议协商确定设立欠薪纠纷一站式调处窗口。",
            paragraphs=(
                "6月19日，城桥镇召开2025年度政府与工会联席会议，镇长周行之主持会议，镇总工会主席顾明川出席。",
                "会议报告上次联席会议议定事项落实情况，对尚未完成的事项提出意见建议，讨论了欠薪纠纷一站式调处等议题。",
                "会议要求，让职工进一扇门、办成一件事，受理和办结情况定期公布。",
            ),
            motif="hall",
            alt="会议桌与窗外江岸的示意图",
            tags=("联席会议", "职工权益"),
        ),
        News(
            key="C25-N2",
            title="欠薪纠纷一站式调处窗口运行平稳",
            summary="职工申请当日受理、三日内协商，平均办理时间缩短近一半。",
            paragraphs=(
                "设在镇社会治理中心的欠薪纠纷一站式调处窗口运行以来，已受理纠纷57件，办结51件，平均办理9.6天。",
                "窗口由镇司法所、镇总工会共同派员驻点，职工现场登记后，由窗口统一协商、转办和反馈。",
            ),
            motif="scales",
            alt="天平与书卷的示意图",
            tags=("一站式调处", "成效"),
            on=-11,
        ),
    ),
    summary="会议讨论欠薪纠纷一站式调处等议题，明确了责任部门、办理时限和公布要求。",
)
