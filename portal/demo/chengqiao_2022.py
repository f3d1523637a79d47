"""城桥镇 2022: the first meeting under the town's 实施办法. Resolutions C22-1, C22-2."""

from datetime import date

from portal.demo.data_types import (
    Absence,
    Briefing,
    Deadline,
    ExplanationData,
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
        key="C22-T1",
        side="union",
        proposer="镇总工会",
        facet="union_work",
        title="关于推进非公企业工会改革和楼宇联合工会组建的议题",
        text="辖区小微企业多分布在商务楼宇，单独建会难、活动开展难。建议组建楼宇联合工会，请镇政府有关部门提供企业信息并协助走访，推动非公企业工会改革向基层延伸。",
        research="2022年3月，镇总工会走访商务楼宇9幢，入驻企业236家，其中25人以下的占87%，已建会的52家，职工普遍希望参加文体和技能活动。",
        opinions=(OpinionData("镇经济发展办", "agree", "同意提供企业名录，安排招商专员共同走访。"),),
        notes="会议认为，楼宇是服务职工的新阵地。",
    ),
    TopicData(
        key="C22-T2",
        side="government",
        proposer="镇司法所",
        facet="pay",
        title="关于建立镇劳动争议调解工作室的议题",
        text="近年来辖区劳动争议数量增加，职工往返区里办理耗时较长。建议整合司法所、工会和社区调解力量，建立镇劳动争议调解工作室，把争议化解在基层。",
        research="2021年镇辖区发生劳动争议138件，其中调解成功61件，职工反映从申请到首次调解平均等待12天。",
        opinions=(OpinionData("镇总工会", "agree", "同意提供场所并选派工会调解员3名。"),),
        notes="会议要求，调解工作室突出便民、就近、快速。",
    ),
)

RESOLUTIONS = (
    ResolutionData(
        key="C22-1",
        topic="C22-T1",
        title="推进非公企业工会改革，组建楼宇联合工会，政府协助走访",
        text="由镇总工会牵头，推进非公企业工会改革，2023年底前在9幢商务楼宇组建楼宇联合工会，覆盖小微企业180家以上。镇经济发展办配合提供企业名录，招商专员与工会干部共同走访；联合工会建成后，统一开展技能培训、法律咨询和文体活动，活动经费由镇总工会按会员人数补助。",
        facet="union_work",
        tags=("非公企业", "楼宇工会", "工会改革"),
        lead="镇总工会",
        co=("镇经济发展办",),
        deadline=Deadline(date(2023, 12, 31), "明年底前"),
        reports=(
            ReportData(
                by="镇经济发展办",
                on=date(2022, 11, 17),
                text="提供楼宇企业名录236家，与镇总工会共同走访企业74家，收集建会意向41份。",
            ),
            ReportData(
                by="镇总工会",
                on=date(2023, 4, 20),
                text="已组建楼宇联合工会5个，覆盖企业103家，发展会员892人，开展楼宇活动14场。",
            ),
            ReportData(
                by="镇总工会",
                on=date(2023, 12, 8),
                text="9个楼宇联合工会全部成立，覆盖企业187家、会员1526人，每个联合工会均选举产生主席并公布联系方式。",
                done=True,
                verified=date(2023, 12, 15),
                files=(
                    GeneratedFile(
                        "楼宇联合工会组建情况.xlsx",
                        "xlsx",
                        (
                            ("片区", "联合工会", "覆盖企业"),
                            ("人民路片区", 4, 86),
                            ("八一路片区", 3, 61),
                            ("江海路片区", 2, 40),
                            ("合计", 9, 187),
                        ),
                    ),
                ),
            ),
        ),
        explanations=(
            ExplanationData(
                "C23",
                "时限为2023年底前，目前组建5个，余下4幢楼宇的企业意见尚未统一。",
                "由镇经济发展办和镇总工会分片包干，年底前全部组建。",
            ),
        ),
    ),
    ResolutionData(
        key="C22-2",
        topic="C22-T2",
        title="建立镇劳动争议调解工作室",
        text="由镇司法所牵头、镇总工会配合，2022年底前在镇总工会职工服务站内建立劳动争议调解工作室，配备专职调解员2名、工会调解员3名，工作日全天接待。对职工申请当日登记、三日内首次调解，调解成功的引导办理司法确认，调解不成的告知仲裁途径，调解不收取任何费用。",
        facet="pay",
        tags=("劳动争议", "调解"),
        lead="镇司法所",
        co=("镇总工会",),
        deadline=Deadline(date(2022, 12, 31), "年底前"),
        reports=(
            ReportData(
                by="镇总工会",
                on=date(2022, 9, 14),
                text="调解工作室场所已改造完成，配置调解桌椅、录音录像设备，工会调解员3名到岗。",
            ),
            ReportData(
                by="镇司法所",
                on=date(2022, 12, 6),
                text="工作室9月起正式接待，累计受理申请47件，调解成功38件，平均首次调解用时2.1天，制度和流程上墙公示。",
                done=True,
                verified=date(2022, 12, 13),
            ),
        ),
    ),
)

MEETING = MeetingData(
    key="C22",
    conference="chengqiao",
    title="2022年度联席会议",
    on=date(2022, 6, 22),
    hour=14,
    place="镇政府三楼会议室",
    briefings=(
        Briefing(
            "government",
            "通报镇政府工作情况和涉及职工切身利益的政策措施",
            "副镇长沈怀瑾",
            "2022年上半年，镇新增就业岗位1120个，帮助286名失业人员实现就业；落实企业纾困政策，惠及企业412户，发放稳岗资金176万元。",
        ),
        Briefing(
            "union",
            "通报工会工作情况和意见建议",
            "镇总工会专职副主席黄佩兰",
            "新建工会组织23家，发展会员1104人；动员职工志愿者620人次参加社区服务；慰问一线职工1380人次，建议加强小微企业职工的调解服务。",
        ),
    ),
    topics=TOPICS,
    resolutions=RESOLUTIONS,
    deployment="会议要求，责任部门逐项明确专人，协调小组办公室每季度督促检查一次。",
    absences=(Absence("cq-safety"),),
    guests=(("职工代表、宏远大厦物业服务部主管", "计晓岚"),),
    news=(
        News(
            key="C22-N1",
            title="城桥镇召开2022年度政府与工会联席会议",
            summary="会议研究非公企业工会改革、楼宇联合工会组建和劳动争议调解工作。",
            paragraphs=(
                "6月22日，城桥镇召开2022年度政府与工会联席会议。镇长周行之主持会议，镇总工会主席顾明川出席。",
                "会议通报了镇政府和工会相关工作情况，讨论并协商确定了楼宇联合工会组建、劳动争议调解工作室建设两个议题。",
                "会议要求，相关部门主动走进企业、走近职工，把联席会议议定的事项办实办好。",
            ),
            motif="hall",
            alt="会议桌与窗外江岸的示意图",
            tags=("联席会议", "工会改革"),
        ),
    ),
    summary="会议讨论非公企业工会改革和劳动争议调解两个议题，明确了责任部门和完成时限。",
)
