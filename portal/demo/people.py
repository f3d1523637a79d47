"""The posts of the three conferences and their holders. All names are invented.

The county's head changes in March 2024, and the vice-head who 联系工会工作 in April 2023, between two meetings.
"""

from datetime import date

from portal.demo.data_types import PostData, TenureData
from portal.demo.departments import DEPARTMENTS

START = date(2021, 9, 1)


def _post(conference: str, key: str, title: str, holder: tuple[str, str, str], **options: object) -> PostData:
    """Build a post with a single holder: login, name, title to print."""
    return PostData(key=key, title=title, conference=conference, tenures=(TenureData(*holder, START),), **options)  # type: ignore[arg-type]


_COUNTY = (
    PostData(
        key="yq-head",
        title="县长",
        conference="yuanqu",
        department="县政府办",
        role="head_of_government",
        side="government",
        attends=True,
        tenures=(
            TenureData("hanqichuan", "韩其川", "县委副书记、县长", START, date(2024, 3, 19)),
            TenureData("yq-xianzhang", "罗清衡", "县委副书记、县长", date(2024, 3, 20)),
        ),
    ),
    PostData(
        key="yq-liaison",
        title="联系工会工作的副县长",
        conference="yuanqu",
        department="县政府办",
        kind="duty",
        role="liaison_leader",
        side="government",
        attends=True,
        tenures=(
            TenureData("wenzhiyuan", "温知远", "副县长", START, date(2023, 4, 10)),
            TenureData("yq-fuxianzhang", "苗秉和", "副县长", date(2023, 4, 11)),
        ),
    ),
    _post(
        "yuanqu",
        "yq-executive",
        "常务副县长",
        ("duanhuaixin", "段怀信", "县委常委、常务副县长"),
        department="县政府办",
        role="government_leader",
        side="government",
        attends=True,
    ),
    PostData(
        key="yq-office",
        title="县政府办公室主任",
        conference="yuanqu",
        department="县政府办",
        side="government",
        attends=True,
        tenures=(
            TenureData("haojingming", "郝景明", "县政府党组成员、办公室主任", START, date(2024, 5, 31)),
            TenureData("fanliyan", "樊立言", "县政府党组成员、办公室主任", date(2024, 6, 1)),
        ),
    ),
    _post(
        "yuanqu",
        "yq-union",
        "县总工会主席",
        ("yq-gonghui", "景思齐", "县人大常委会副主任、县总工会主席"),
        department="县总工会",
        role="union_head",
        side="union",
        attends=True,
    ),
    _post(
        "yuanqu",
        "yq-union-vice",
        "县总工会常务副主席",
        ("weilanting", "卫兰亭", "县总工会党组书记、常务副主席"),
        department="县总工会",
        role="union_leader",
        side="union",
        attends=True,
    ),
    _post(
        "yuanqu",
        "yq-gov-clerk",
        "县政府办经办人员",
        ("yq-zfb", "吕青禾", "县政府办公室综合科科长"),
        department="县政府办",
        role="clerk",
        side="government",
        kind="duty",
    ),
    _post(
        "yuanqu",
        "yq-union-clerk",
        "县总工会经办人员",
        ("yq-zgh", "尚雨桐", "县总工会权益保障部部长"),
        department="县总工会",
        role="clerk",
        side="union",
        kind="duty",
    ),
    _post(
        "yuanqu",
        "yq-writer",
        "信息员",
        ("yq-xinxi", "谢知微", "县政府办公室信息员"),
        department="县政府办",
        role="writer",
        kind="duty",
    ),
    _post(
        "yuanqu",
        "yq-review-1",
        "一审人员",
        ("yq-shenhe1", "宁守拙", "县总工会宣教部部长"),
        department="县总工会",
        role="reviewer",
        kind="duty",
    ),
    _post(
        "yuanqu",
        "yq-review-2",
        "二审人员",
        ("yq-shenhe2", "冯若川", "县政府办公室信息科科长"),
        department="县政府办",
        role="reviewer",
        kind="duty",
    ),
    _post(
        "yuanqu",
        "yq-review-3",
        "三审人员",
        ("yq-shenhe3", "石砚秋", "县政府办公室副主任"),
        department="县政府办",
        role="reviewer",
        kind="duty",
    ),
)

_TOWN = (
    _post(
        "chengqiao",
        "cq-head",
        "镇长",
        ("cq-zhenzhang", "周行之", "镇党委副书记、镇长"),
        department="镇党政办",
        role="head_of_government",
        side="government",
        attends=True,
    ),
    _post(
        "chengqiao",
        "cq-party",
        "分管党群工作的党委副书记",
        ("luchengping", "陆承平", "镇党委副书记"),
        kind="duty",
        attends=True,
    ),
    _post(
        "chengqiao",
        "cq-liaison",
        "联系工会工作的行政副镇长",
        ("cq-fuzhenzhang", "沈怀瑾", "副镇长"),
        department="镇党政办",
        kind="duty",
        role="liaison_leader",
        side="government",
        attends=True,
    ),
    _post(
        "chengqiao",
        "cq-safety",
        "分管安全生产的副镇长",
        ("fanghewei", "方和畏", "副镇长"),
        department="镇党政办",
        kind="duty",
        role="government_leader",
        side="government",
        attends=True,
    ),
    _post(
        "chengqiao",
        "cq-union",
        "镇总工会主席",
        ("cq-gonghui", "顾明川", "镇人大副主席、镇总工会主席"),
        department="镇总工会",
        role="union_head",
        side="union",
        attends=True,
    ),
    _post(
        "chengqiao",
        "cq-office",
        "镇党政办主任",
        ("nishuheng", "倪书恒", "镇党政办主任"),
        department="镇党政办",
        side="government",
        attends=True,
    ),
    _post(
        "chengqiao",
        "cq-union-vice",
        "镇总工会专职副主席",
        ("huangpeilan", "黄佩兰", "镇总工会专职副主席"),
        department="镇总工会",
        role="union_leader",
        side="union",
        attends=True,
    ),
    _post(
        "chengqiao",
        "cq-gov-clerk",
        "镇党政办经办人员",
        ("cq-dzb", "龚晓棠", "镇党政办综合干事"),
        department="镇党政办",
        role="clerk",
        side="government",
        kind="duty",
        attends=True,
    ),
    _post(
        "chengqiao",
        "cq-union-clerk",
        "镇总工会经办人员",
        ("cq-zgh", "茅静怡", "镇总工会办公室干事"),
        department="镇总工会",
        role="clerk",
        side="union",
        kind="duty",
        attends=True,
    ),
    _post(
        "chengqiao",
        "cq-writer",
        "信息员",
        ("cq-xinxi", "朱鹿鸣", "镇党政办信息员"),
        department="镇党政办",
        role="writer",
        kind="duty",
    ),
    _post(
        "chengqiao",
        "cq-review-1",
        "一审人员",
        ("cq-shenhe1", "盛芸生", "镇总工会宣传干事"),
        department="镇总工会",
        role="reviewer",
        kind="duty",
    ),
    _post(
        "chengqiao",
        "cq-review-2",
        "二审人员",
        ("cq-shenhe2", "郁文彬", "镇融媒体工作站站长"),
        role="reviewer",
        kind="duty",
    ),
    _post(
        "chengqiao",
        "cq-review-3",
        "三审人员",
        ("cq-shenhe3", "施望舒", "镇党政办副主任"),
        department="镇党政办",
        role="reviewer",
        kind="duty",
    ),
)

_TOWNSHIP = (
    _post(
        "wangmao",
        "wm-head",
        "镇长",
        ("weichangqing", "魏长青", "镇党委副书记、镇长"),
        department="王茅镇党政办",
        role="head_of_government",
        side="government",
        attends=True,
    ),
    _post(
        "wangmao",
        "wm-liaison",
        "联系工会工作的副镇长",
        ("guolinchuan", "郭临川", "副镇长"),
        department="王茅镇党政办",
        kind="duty",
        role="liaison_leader",
        side="government",
        attends=True,
    ),
    _post(
        "wangmao",
        "wm-union",
        "镇总工会主席",
        ("qinyueming", "秦月明", "镇人大副主席、镇总工会主席"),
        department="王茅镇总工会",
        role="union_head",
        side="union",
        attends=True,
    ),
    _post(
        "wangmao",
        "wm-gov-clerk",
        "镇党政办经办人员",
        ("wm-dzb", "苏木禾", "镇党政办干事"),
        department="王茅镇党政办",
        role="clerk",
        side="government",
        kind="duty",
    ),
    _post(
        "wangmao",
        "wm-union-clerk",
        "镇总工会经办人员",
        ("wm-zgh", "赵听雨", "镇总工会干事"),
        department="王茅镇总工会",
        role="clerk",
        side="union",
        kind="duty",
    ),
    _post(
        "wangmao",
        "wm-writer",
        "信息员",
        ("wm-xinxi", "乔小满", "镇党政办信息员"),
        department="王茅镇党政办",
        role="writer",
        kind="duty",
    ),
    *(
        _post(
            "wangmao",
            f"wm-review-{number}",
            f"{what}人员",
            (f"wm-shenhe{number}", name, title),
            department="王茅镇党政办",
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

_INSTALLATION = (
    PostData(
        key="auditor",
        title="审计员",
        kind="duty",
        role="auditor",
        tenures=(TenureData("shenji", "明鉴之", "审计员", START),),
    ),
    PostData(
        key="administrator",
        title="系统管理员",
        kind="duty",
        role="administrator",
        tenures=(TenureData("guanliyuan", "司维安", "系统管理员", START),),
    ),
)


def _of_departments() -> tuple[PostData, ...]:
    """Build the posts of the departments: a head, who attends when a topic concerns it, and a liaison, who reports."""
    posts = []
    for number, department in enumerate(DEPARTMENTS, 1):
        conference = next(iter(department.sides))
        title, name = department.head
        if department.name not in LEADING:
            head = TenureData(f"fuze{number:02}", name, title, START)
            posts.append(
                PostData(
                    key=f"head:{department.name}",
                    title=title,
                    conference=conference,
                    department=department.name,
                    tenures=(head,),
                )
            )
        liaison = TenureData(f"lianluo{number:02}", department.liaison, f"{department.name}联络员", START)
        posts.append(
            PostData(
                key=f"liaison:{department.name}",
                title=f"{department.name}联络员",
                conference=conference,
                department=department.name,
                kind="duty",
                role="liaison",
                tenures=(liaison,),
            )
        )
    return tuple(posts)


# These departments have no `head:` post: their leaders attend by virtue of posts above. Their clerks verify
# resolutions, so their reports are written by liaisons.
LEADING = {"县政府办", "县总工会", "镇党政办", "镇总工会", "王茅镇党政办", "王茅镇总工会"}
POSTS = (*_INSTALLATION, *_COUNTY, *_TOWN, *_TOWNSHIP, *_of_departments())

# People who can log in: (role, login, password). All others have no usable password.
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

# C 3: groups and their seats, which are held by posts: (kind, name, place, ((seat, key of the post), …)).
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
                ("member", f"head:{department.name}")
                for department in DEPARTMENTS
                if "chengqiao" in department.sides and department.name not in LEADING
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
