"""The posts of the county's township (王茅镇) and their holders. All names are invented."""

from portal.demo.first_holders import post_with_holder

POSTS = (
    post_with_holder(
        "wangmao",
        "wm-head",
        "镇长",
        ("weichangqing", "魏长青", "镇党委副书记、镇长"),
        department="王茅镇党政办",
        role="head_of_government",
        side="government",
        attends=True,
    ),
    post_with_holder(
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
    post_with_holder(
        "wangmao",
        "wm-union",
        "镇总工会主席",
        ("qinyueming", "秦月明", "镇人大副主席、镇总工会主席"),
        department="王茅镇总工会",
        role="union_head",
        side="union",
        attends=True,
    ),
    post_with_holder(
        "wangmao",
        "wm-gov-clerk",
        "镇党政办经办人员",
        ("wm-dzb", "苏木禾", "镇党政办干事"),
        department="王茅镇党政办",
        role="clerk",
        side="government",
        kind="duty",
    ),
    post_with_holder(
        "wangmao",
        "wm-union-clerk",
        "镇总工会经办人员",
        ("wm-zgh", "赵听雨", "镇总工会干事"),
        department="王茅镇总工会",
        role="clerk",
        side="union",
        kind="duty",
    ),
    post_with_holder(
        "wangmao",
        "wm-writer",
        "信息员",
        ("wm-xinxi", "乔小满", "镇党政办信息员"),
        department="王茅镇党政办",
        role="writer",
        kind="duty",
    ),
    *(
        post_with_holder(
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
