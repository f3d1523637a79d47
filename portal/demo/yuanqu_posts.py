"""The posts of the county (垣曲县) and their holders. All names are invented.

The head changes in March 2024, and the vice-head who 联系工会工作 in April 2023, between two meetings.
"""

from datetime import date

from portal.demo.data_types import PostData, TenureData
from portal.demo.first_holders import START, post_with_holder

POSTS = (
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
    post_with_holder(
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
    post_with_holder(
        "yuanqu",
        "yq-union",
        "县总工会主席",
        ("yq-gonghui", "景思齐", "县人大常委会副主任、县总工会主席"),
        department="县总工会",
        role="union_head",
        side="union",
        attends=True,
    ),
    post_with_holder(
        "yuanqu",
        "yq-union-vice",
        "县总工会常务副主席",
        ("weilanting", "卫兰亭", "县总工会党组书记、常务副主席"),
        department="县总工会",
        role="union_leader",
        side="union",
        attends=True,
    ),
    post_with_holder(
        "yuanqu",
        "yq-gov-clerk",
        "县政府办经办人员",
        ("yq-zfb", "吕青禾", "县政府办公室综合科科长"),
        department="县政府办",
        role="clerk",
        side="government",
        kind="duty",
    ),
    post_with_holder(
        "yuanqu",
        "yq-union-clerk",
        "县总工会经办人员",
        ("yq-zgh", "尚雨桐", "县总工会权益保障部部长"),
        department="县总工会",
        role="clerk",
        side="union",
        kind="duty",
    ),
    post_with_holder(
        "yuanqu",
        "yq-writer",
        "信息员",
        ("yq-xinxi", "谢知微", "县政府办公室信息员"),
        department="县政府办",
        role="writer",
        kind="duty",
    ),
    post_with_holder(
        "yuanqu",
        "yq-review-1",
        "一审人员",
        ("yq-shenhe1", "宁守拙", "县总工会宣教部部长"),
        department="县总工会",
        role="reviewer",
        kind="duty",
    ),
    post_with_holder(
        "yuanqu",
        "yq-review-2",
        "二审人员",
        ("yq-shenhe2", "冯若川", "县政府办公室信息科科长"),
        department="县政府办",
        role="reviewer",
        kind="duty",
    ),
    post_with_holder(
        "yuanqu",
        "yq-review-3",
        "三审人员",
        ("yq-shenhe3", "石砚秋", "县政府办公室副主任"),
        department="县政府办",
        role="reviewer",
        kind="duty",
    ),
)
