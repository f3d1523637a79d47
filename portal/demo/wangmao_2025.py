"""王茅镇 2025: a township of the county that chooses to follow the county's notice (`Y 3(3)`)."""

from datetime import date

from portal.demo.data_types import (
    Briefing,
    Deadline,
    MeetingData,
    News,
    OpinionData,
    ReportData,
    ResolutionData,
    TopicData,
)

TOPICS = (
    TopicData(
        key="W25-T1",
        side="union",
        proposer="王茅镇总工会",
        facet="safety",
        title="关于组织涉尘涉噪企业一线职工健康体检的议题",
        text="全镇石料加工、机械铸造企业一线职工长期接触粉尘和噪声，部分小企业多年没有组织职业健康体检。建议由镇应急办会同镇总工会，督促企业落实体检责任，对困难小企业的职工给予体检补助。",
        research="2024年11月至12月，走访石料加工和铸造企业13家，访谈一线职工86名，近三年做过职业健康体检的不足一半。",
        joint="镇总工会会同镇应急办到企业核对接触粉尘、噪声岗位，名单共217人，其中小企业职工74人。",
        report="建议2025年9月底前完成一轮体检，规模以上企业自行承担，小企业职工由镇总工会按每人100元补助，体检结果告知本人。",
        opinions=(
            OpinionData("王茅镇应急办", "agree", "同意，将体检情况纳入安全生产检查。"),
            OpinionData("王茅镇财政所", "agree", "同意。"),
        ),
        notes="会议认为，职工体检是企业的法定责任，镇里要督促到位。",
    ),
    TopicData(
        key="W25-T2",
        side="government",
        proposer="王茅镇社会事务办",
        facet="new_forms",
        title="关于在快递物流集散点设立歇脚点的议题",
        text="王茅镇是周边乡镇快递分拨的集散地，分拣员、配送员候车休息没有固定场所，冬季尤为不便。建议利用集散点闲置房屋设立歇脚点，配备饮水、取暖、充电和应急药品。",
        research="2024年12月，到集散点跟班两次，访谈分拣员、配送员31名，均反映没有避风取暖的地方。",
        joint="镇总工会会同镇社会事务办实地查看房屋3处，其中集散点东侧闲置房屋水电齐备，可以先行使用。",
        report="建议先设立1处，由镇社会事务办落实房屋，镇总工会配备设施并委托集散点日常管理，2025年6月底前开放。",
        opinions=(OpinionData("王茅镇总工会", "agree", "同意负责设施配备。"),),
        notes="会议强调，歇脚点要管得住、用得上。",
    ),
)

RESOLUTIONS = (
    ResolutionData(
        key="W25-1",
        topic="W25-T1",
        title="组织涉尘涉噪企业一线职工健康体检",
        text="由王茅镇应急办牵头、王茅镇总工会配合，2025年9月底前组织石料加工、机械铸造企业接触粉尘、噪声岗位的一线职工完成一轮职业健康体检。规模以上企业自行组织并承担费用；小企业职工由镇总工会按每人100元给予补助。体检结果如实告知职工本人，发现异常的由企业及时调整岗位并安排复查。",
        facet="safety",
        tags=("职业健康", "体检"),
        lead="王茅镇应急办",
        co=("王茅镇总工会",),
        deadline=Deadline(date(2025, 9, 30), "2025年9月底前"),
        reports=(
            ReportData(
                by="王茅镇应急办",
                on=date(2025, 6, 18),
                text="已有8家企业完成体检，共131人，其余5家签订了体检协议。",
            ),
            ReportData(
                by="王茅镇应急办",
                on=date(2025, 9, 16),
                text="13家企业全部完成体检，共检219人，复查6人，均已调整岗位；小企业职工补助全部发放。",
                done=True,
                verified=date(2025, 9, 24),
            ),
        ),
    ),
    ResolutionData(
        key="W25-2",
        topic="W25-T2",
        title="在快递物流集散点设立歇脚点1处",
        text="由王茅镇社会事务办牵头、王茅镇总工会配合，2025年6月底前利用快递物流集散点东侧闲置房屋设立歇脚点1处，向分拣员、配送员和过往户外劳动者开放，配备饮水、取暖、充电设施和应急药品，由集散点负责日常管理，镇总工会每季度检查一次使用情况，并听取职工意见建议，及时改进服务。",
        facet="new_forms",
        tags=("歇脚点", "快递员"),
        lead="王茅镇社会事务办",
        co=("王茅镇总工会",),
        deadline=Deadline(date(2025, 6, 30), "2025年6月底前"),
        reports=(
            ReportData(
                by="王茅镇社会事务办",
                on=date(2025, 6, 20),
                text="歇脚点6月16日开放，水电、空调、充电设施齐备，日均使用40人次，管理制度和联系人已上墙。",
                done=True,
                verified=date(2025, 6, 27),
            ),
        ),
    ),
)

MEETING = MeetingData(
    key="W25",
    conference="wangmao",
    title="2025年度联席会议",
    on=date(2025, 3, 27),
    hour=15,
    place="王茅镇政府二楼会议室",
    briefings=(
        Briefing(
            "government",
            "通报涉及职工利益的有关政策措施和就业情况",
            "副镇长郭临川",
            "2024年全镇新增就业236人，公益性岗位安置41人；开展砌筑工、家政培训4期，培训163人次。",
        ),
        Briefing(
            "union",
            "通报工会服务中心工作、服务职工群众重点工作情况",
            "镇总工会主席秦月明",
            "2024年新建企业工会3家，发展会员157人；走访慰问困难职工22户，调解劳动争议5件。",
        ),
    ),
    topics=TOPICS,
    resolutions=RESOLUTIONS,
    deployment="会议要求，各有关部门要按时限完成，遇到困难及时报告镇政府和镇总工会。",
    notice="王政办发〔2025〕4号",
    news=(
        News(
            key="W25-N1",
            title="王茅镇召开首次政府与工会联席会议",
            summary="会议研究一线职工健康体检和快递歇脚点两件事。",
            paragraphs=(
                "3月27日，王茅镇参照县里的制度召开首次政府与工会联席会议，镇长魏长青主持会议。",
                "会议听取了双方工作通报，研究了涉尘涉噪企业一线职工健康体检、快递物流集散点歇脚点两个议题，逐项明确了牵头部门和时限。",
            ),
            motif="hall",
            alt="会议桌与窗外山峦的示意图",
            tags=("联席会议",),
        ),
    ),
    summary="会议研究一线职工健康体检和快递物流集散点歇脚点两个议题，明确了牵头部门和完成时限。",
)
