"""The groups of the town and their seats, which are held by posts (`C 3`).

Each row: kind, name, place, ((seat, key of the post), …).
"""

from portal.demo.department_posts import LEADING
from portal.demo.departments import DEPARTMENTS

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
