"""The offices of the three conferences and who holds them when. All names are made up.

The county changes its head in March 2024, and the vice-head who 联系工会工作 in April 2023, between two sittings.
"""

from datetime import date

from portal.demo.data_types import Holder, Office
from portal.demo.departments import UNITS

START = date(2021, 9, 1)


def _office(conference: str, key: str, title: str, who: tuple[str, str, str], **options: object) -> Office:
    """An office that one person holds throughout: `who` is login, name, title to print."""
    return Office(key=key, title=title, conference=conference, holders=(Holder(*who, START),), **options)  # type: ignore[arg-type]


_COUNTY = (
    Office(
        key="yq-head",
        title="县长",
        conference="yuanqu",
        unit="县政府办",
        role="head_of_government",
        side="government",
        attends=True,
        holders=(
            Holder("hanqichuan", "韩其川", "县委副书记、县长", START, date(2024, 3, 19)),
            Holder("yq-xianzhang", "罗清衡", "县委副书记、县长", date(2024, 3, 20)),
        ),
    ),
    Office(
        key="yq-liaison",
        title="联系工会工作的副县长",
        conference="yuanqu",
        unit="县政府办",
        kind="duty",
        role="liaison_leader",
        side="government",
        attends=True,
        holders=(
            Holder("wenzhiyuan", "温知远", "副县长", START, date(2023, 4, 10)),
            Holder("yq-fuxianzhang", "苗秉和", "副县长", date(2023, 4, 11)),
        ),
    ),
    _office(
        "yuanqu",
        "yq-executive",
        "常务副县长",
        ("duanhuaixin", "段怀信", "县委常委、常务副县长"),
        unit="县政府办",
        role="government_leader",
        side="government",
        attends=True,
    ),
    Office(
        key="yq-office",
        title="县政府办公室主任",
        conference="yuanqu",
        unit="县政府办",
        side="government",
        attends=True,
        holders=(
            Holder("haojingming", "郝景明", "县政府党组成员、办公室主任", START, date(2024, 5, 31)),
            Holder("fanliyan", "樊立言", "县政府党组成员、办公室主任", date(2024, 6, 1)),
        ),
    ),
    _office(
        "yuanqu",
        "yq-union",
        "县总工会主席",
        ("yq-gonghui", "景思齐", "县人大常委会副主任、县总工会主席"),
        unit="县总工会",
        role="union_head",
        side="union",
        attends=True,
    ),
    _office(
        "yuanqu",
        "yq-union-vice",
        "县总工会常务副主席",
        ("weilanting", "卫兰亭", "县总工会党组书记、常务副主席"),
        unit="县总工会",
        role="union_leader",
        side="union",
        attends=True,
    ),
    _office(
        "yuanqu",
        "yq-gov-clerk",
        "县政府办经办人员",
        ("yq-zfb", "吕青禾", "县政府办公室综合科科长"),
        unit="县政府办",
        role="clerk",
        side="government",
        kind="duty",
    ),
    _office(
        "yuanqu",
        "yq-union-clerk",
        "县总工会经办人员",
        ("yq-zgh", "尚雨桐", "县总工会权益保障部部长"),
        unit="县总工会",
        role="clerk",
        side="union",
        kind="duty",
    ),
    _office(
        "yuanqu",
        "yq-writer",
        "信息员",
        ("yq-xinxi", "谢知微", "县政府办公室信息员"),
        unit="县政府办",
        role="writer",
        kind="duty",
    ),
    _office(
        "yuanqu",
        "yq-review-1",
        "一审人员",
        ("yq-shenhe1", "宁守拙", "县总工会宣教部部长"),
        unit="县总工会",
        role="reviewer",
        kind="duty",
    ),
    _office(
        "yuanqu",
        "yq-review-2",
        "二审人员",
        ("yq-shenhe2", "冯若川", "县政府办公室信息科科长"),
        unit="县政府办",
        role="reviewer",
        kind="duty",
    ),
    _office(
        "yuanqu",
        "yq-review-3",
        "三审人员",
        ("yq-shenhe3", "石砚秋", "县政府办公室副主任"),
        unit="县政府办",
        role="reviewer",
        kind="duty",
    ),
)

_TOWN = (
    _office(
        "chengqiao",
        "cq-head",
        "镇长",
        ("cq-zhenzhang", "周行之", "镇党委副书记、镇长"),
        unit="镇党政办",
        role="head_of_government",
        side="government",
        attends=True,
    ),
    _office(
        "chengqiao",
        "cq-party",
        "分管党群工作的党委副书记",
        ("luchengping", "陆承平", "镇党委副书记"),
        kind="duty",
        attends=True,
    ),
    _office(
        "chengqiao",
        "cq-liaison",
        "联系工会工作的行政副镇长",
        ("cq-fuzhenzhang", "沈怀瑾", "副镇长"),
        unit="镇党政办",
        kind="duty",
        role="liaison_leader",
        side="government",
        attends=True,
    ),
    _office(
        "chengqiao",
        "cq-safety",
        "分管安全生产的副镇长",
        ("fanghewei", "方和畏", "副镇长"),
        unit="镇党政办",
        kind="duty",
        role="government_leader",
        side="government",
        attends=True,
    ),
    _office(
        "chengqiao",
        "cq-union",
        "镇总工会主席",
        ("cq-gonghui", "顾明川", "镇人大副主席、镇总工会主席"),
        unit="镇总工会",
        role="union_head",
        side="union",
        attends=True,
    ),
    _office(
        "chengqiao",
        "cq-office",
        "镇党政办主任",
        ("nishuheng", "倪书恒", "镇党政办主任"),
        unit="镇党政办",
        side="government",
        attends=True,
    ),
    _office(
        "chengqiao",
        "cq-union-vice",
        "镇总工会专职副主席",
        ("huangpeilan", "黄佩兰", "镇总工会专职副主席"),
        unit="镇总工会",
        role="union_leader",
        side="union",
        attends=True,
    ),
    _office(
        "chengqiao",
        "cq-gov-clerk",
        "镇党政办经办人员",
        ("cq-dzb", "龚晓棠", "镇党政办综合干事"),
        unit="镇党政办",
        role="clerk",
        side="government",
        kind="duty",
        attends=True,
    ),
    _office(
        "chengqiao",
        "cq-union-clerk",
        "镇总工会经办人员",
        ("cq-zgh", "茅静怡", "镇总工会办公室干事"),
        unit="镇总工会",
        role="clerk",
        side="union",
        kind="duty",
        attends=True,
    ),
    _office(
        "chengqiao",
        "cq-writer",
        "信息员",
        ("cq-xinxi", "朱鹿鸣", "镇党政办信息员"),
        unit="镇党政办",
        role="writer",
        kind="duty",
    ),
    _office(
        "chengqiao",
        "cq-review-1",
        "一审人员",
        ("cq-shenhe1", "盛芸生", "镇总工会宣传干事"),
        unit="镇总工会",
        role="reviewer",
        kind="duty",
    ),
    _office(
        "chengqiao",
        "cq-review-2",
        "二审人员",
        ("cq-shenhe2", "郁文彬", "镇融媒体工作站站长"),
        role="reviewer",
        kind="duty",
    ),
    _office(
        "chengqiao",
        "cq-review-3",
        "三审人员",
        ("cq-shenhe3", "施望舒", "镇党政办副主任"),
        unit="镇党政办",
        role="reviewer",
        kind="duty",
    ),
)

_TOWNSHIP = (
    _office(
        "wangmao",
        "wm-head",
        "镇长",
        ("weichangqing", "魏长青", "镇党委副书记、镇长"),
        unit="王茅镇党政办",
        role="head_of_government",
        side="government",
        attends=True,
    ),
    _office(
        "wangmao",
        "wm-liaison",
        "联系工会工作的副镇长",
        ("guolinchuan", "郭临川", "副镇长"),
        unit="王茅镇党政办",
        kind="duty",
        role="liaison_leader",
        side="government",
        attends=True,
    ),
    _office(
        "wangmao",
        "wm-union",
        "镇总工会主席",
        ("qinyueming", "秦月明", "镇人大副主席、镇总工会主席"),
        unit="王茅镇总工会",
        role="union_head",
        side="union",
        attends=True,
    ),
    _office(
        "wangmao",
        "wm-gov-clerk",
        "镇党政办经办人员",
        ("wm-dzb", "苏木禾", "镇党政办干事"),
        unit="王茅镇党政办",
        role="clerk",
        side="government",
        kind="duty",
    ),
    _office(
        "wangmao",
        "wm-union-clerk",
        "镇总工会经办人员",
        ("wm-zgh", "赵听雨", "镇总工会干事"),
        unit="王茅镇总工会",
        role="clerk",
        side="union",
        kind="duty",
    ),
    _office(
        "wangmao",
        "wm-writer",
        "信息员",
        ("wm-xinxi", "乔小满", "镇党政办信息员"),
        unit="王茅镇党政办",
        role="writer",
        kind="duty",
    ),
    *(
        _office(
            "wangmao",
            f"wm-review-{number}",
            f"{what}人员",
            (f"wm-shenhe{number}", name, title),
            unit="王茅镇党政办",
            role="reviewer",
            kind="duty",
        )
        for number, what, name, title in (
            (1, "一审", "祝清扬", "镇宣传干事"),
            (2, "二审", "滕书远", "镇党政办副主任"),
            (3, "三审", "贺知秋", "镇宣传委员"),
        )
    ),
)

_HOUSE = (
    Office(
        key="auditor",
        title="审计员",
        kind="duty",
        role="auditor",
        holders=(Holder("shenji", "明鉴之", "审计员", START),),
    ),
    Office(
        key="administrator",
        title="系统管理员",
        kind="duty",
        role="administrator",
        holders=(Holder("guanliyuan", "司维安", "系统管理员", START),),
    ),
)


def _of_units() -> tuple[Office, ...]:
    """Each unit's head, who attends when a topic concerns it, and its liaison, who reports."""
    offices = []
    for number, unit in enumerate(UNITS, 1):
        conference = next(iter(unit.sides))
        title, name = unit.head
        if unit.name not in LEADING:
            head = Holder(f"fuze{number:02}", name, title, START)
            offices.append(
                Office(key=f"head:{unit.name}", title=title, conference=conference, unit=unit.name, holders=(head,))
            )
        liaison = Holder(f"lianluo{number:02}", unit.liaison, f"{unit.name}联络员", START)
        offices.append(
            Office(
                key=f"liaison:{unit.name}",
                title=f"{unit.name}联络员",
                conference=conference,
                unit=unit.name,
                kind="duty",
                role="liaison",
                holders=(liaison,),
            )
        )
    return tuple(offices)


# Their leaders attend by office. The clerks verify, so that somebody else reports for these units.
LEADING = {"县政府办", "县总工会", "镇党政办", "镇总工会", "王茅镇党政办", "王茅镇总工会"}
OFFICES = (*_HOUSE, *_COUNTY, *_TOWN, *_TOWNSHIP, *_of_units())

# Who may log in, with what is typed: (role, login, password). Everybody else is in the records without a login.
LOGINS = (
    ("管理员", "guanliyuan", "shanhe-weian-01"),
    ("审计员", "shenji", "mingjing-chaxi-02"),
    ("经办人员（垣曲县政府方）", "yq-zfb", "qingsong-banli-11"),
    ("经办人员（垣曲县工会方）", "yq-zgh", "zhuqiao-fuwu-12"),
    ("领导（垣曲县县长）", "yq-xianzhang", "yuanhe-dongliu-13"),
    ("领导（垣曲县联系工会工作的副县长）", "yq-fuxianzhang", "liming-xieshang-14"),
    ("领导（垣曲县总工会主席）", "yq-gonghui", "tongxin-gongjian-15"),
    ("联络员（县人社局）", "lianluo04", "gongzi-anshi-16"),
    ("信息员（垣曲县）", "yq-xinxi", "bimo-qinggeng-17"),
    ("审核人员（垣曲县一审）", "yq-shenhe1", "diyidao-shencha-18"),
    ("审核人员（垣曲县二审）", "yq-shenhe2", "dierdao-hedui-19"),
    ("审核人员（垣曲县三审）", "yq-shenhe3", "disandao-dingzi-20"),
    ("经办人员（城桥镇政府方）", "cq-dzb", "jianghai-banli-31"),
    ("经办人员（城桥镇工会方）", "cq-zgh", "lvdao-fuwu-32"),
    ("领导（城桥镇镇长）", "cq-zhenzhang", "qiaotou-chuntian-33"),
    ("领导（城桥镇联系工会工作的副镇长）", "cq-fuzhenzhang", "haitang-xieshang-34"),
    ("领导（城桥镇总工会主席）", "cq-gonghui", "luhua-tongxin-35"),
    ("联络员（镇司法所）", "lianluo20", "tiaojie-hemu-36"),
    ("信息员（城桥镇）", "cq-xinxi", "chaoxi-jishi-37"),
    ("审核人员（城桥镇一审）", "cq-shenhe1", "yishen-zhangju-38"),
    ("审核人员（城桥镇二审）", "cq-shenhe2", "ershen-shishi-39"),
    ("审核人员（城桥镇三审）", "cq-shenhe3", "sanshen-qianfa-40"),
    ("经办人员（王茅镇政府方）", "wm-dzb", "qingshan-banli-51"),
    ("经办人员（王茅镇工会方）", "wm-zgh", "lvshui-fuwu-52"),
    ("领导（王茅镇镇长）", "weichangqing", "shanlu-kaifang-53"),
)
PASSWORDS = {login: password for _role, login, password in LOGINS}

# C 3: groups and their seats, held by offices: (kind, name, place, ((seat, office), …)).
GROUPS = (
    (
        "leading",
        "城桥镇政府与工会联席会议领导小组",
        "",
        (
            ("head", "cq-head"),
            ("deputy", "cq-party"),
            ("member", "cq-liaison"),
            ("member", "cq-safety"),
            ("member", "cq-union"),
        ),
    ),
    (
        "coordination",
        "城桥镇政府与工会联席会议协调小组",
        "",
        (
            ("head", "cq-liaison"),
            ("head", "cq-union"),
            ("deputy", "cq-office"),
            ("deputy", "cq-union-vice"),
            *(
                ("member", f"head:{unit.name}")
                for unit in UNITS
                if "chengqiao" in unit.sides and unit.name not in LEADING
            ),
        ),
    ),
    (
        "office",
        "城桥镇政府与工会联席会议协调小组办公室",
        "镇总工会",
        (
            ("head", "cq-office"),
            ("head", "cq-union-vice"),
            ("member", "cq-gov-clerk"),
            ("member", "cq-union-clerk"),
        ),
    ),
)
