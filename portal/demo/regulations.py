"""The three conferences and the regulations that they follow: D1 and D2 of the county, D3 of the town.

The texts are the published ones, one line per paragraph. Only the name and number of D2, the county's 暂行办法 of 2003,
are known. Meetings before 2024-09-05 fall under D2 and are not judged. D3, the town's measures, has no number and no
date.
"""

from dataclasses import dataclass
from datetime import date

from meetings.regulation_presets import text_of


@dataclass(frozen=True, kw_only=True)
class RegulationData:
    """A regulation with the conference that follows it. `source` is the preset of which it is a copy."""

    key: str
    title: str
    number: str
    issuer: str
    issued_on: date | None
    conference: str
    source: str  # key of the preset in `meetings.regulation_presets`; empty for a regulation without text
    since: date | None
    until: date | None = None
    repeals: str = ""
    bases: tuple[str, ...] = ()
    text: str = ""
    copies: str = ""


REGULATIONS = (
    RegulationData(
        key="D2",
        title="垣曲县人民政府与垣曲县总工会联席会议暂行办法",
        number="垣政办发〔2003〕38号",
        issuer="垣曲县人民政府办公室",
        issued_on=date(2003, 6, 25),
        conference="yuanqu",
        source="",
        since=date(2003, 6, 25),
        until=date(2024, 9, 4),
    ),
    RegulationData(
        key="D1",
        title="关于建立健全垣曲县人民政府与垣曲县总工会联席会议制度的通知",
        number="垣政办发〔2024〕19号",
        issuer="垣曲县人民政府办公室",
        issued_on=date(2024, 9, 5),
        conference="yuanqu",
        source="Y",
        since=date(2024, 9, 5),
        repeals="D2",
        bases=(
            "山西省人民政府办公厅关于建立健全我省各级政府与同级工会联席会议制度的通知（晋政办发〔2023〕81号）",
            "运城市人民政府办公室关于建立健全运城市各级政府与同级工会联席会议制度的通知（运政办发〔2024〕7号）",
        ),
        text=text_of("Y"),
        copies="县委办，县人大办，县政协办",
    ),
    RegulationData(
        key="D3",
        title="城桥镇人民政府关于建立完善政府与工会联席会议制度的实施办法",
        number="",
        issuer="城桥镇人民政府",
        issued_on=None,
        conference="chengqiao",
        source="C",
        since=None,
        bases=(
            "中华人民共和国工会法",
            "中共中央国务院关于构建和谐劳动关系的意见",
            "上海市人民政府办公厅关于本市建立完善政府与工会联席会议制度的意见（沪府办发〔2018〕42号）",
            "上海市崇明区人民政府办公室关于本区建立完善政府与工会联席会议制度的实施办法（沪崇府办发〔2019〕6号）",
        ),
        text=text_of("C"),
    ),
)


@dataclass(frozen=True, kw_only=True)
class ConferenceData:
    """A conference."""

    slug: str
    name: str
    short_name: str
    level: str
    government_side: str
    union_side: str
    government_section: str
    union_section: str
    parent: str = ""
    adopts: str = ""  # number of the regulation of another conference that it chooses to follow (可参照, `Y 3(3)`)
    adopts_from: date | None = None


CONFERENCES = (
    ConferenceData(
        slug="yuanqu",
        name="垣曲县人民政府与垣曲县总工会联席会议",
        short_name="垣曲县",
        level="county",
        government_side="垣曲县人民政府",
        union_side="垣曲县总工会",
        government_section="县政府办公室综合科",
        union_section="县总工会权益保障部",
    ),
    ConferenceData(
        slug="chengqiao",
        name="城桥镇政府与工会联席会议",
        short_name="城桥镇",
        level="township",
        government_side="城桥镇人民政府",
        union_side="城桥镇总工会",
        government_section="镇党政办",
        union_section="镇总工会办公室",
    ),
    ConferenceData(
        slug="wangmao",
        name="王茅镇人民政府与王茅镇总工会联席会议",
        short_name="王茅镇",
        level="township",
        government_side="王茅镇人民政府",
        union_side="王茅镇总工会",
        government_section="镇党政办公室",
        union_section="镇总工会办公室",
        parent="yuanqu",
        adopts="垣政办发〔2024〕19号",
        adopts_from=date(2024, 11, 1),
    ),
)
