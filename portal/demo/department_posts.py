"""The posts of the departments: heads and liaisons."""

from portal.demo.data_types import PostData, TenureData
from portal.demo.departments import DEPARTMENTS
from portal.demo.first_holders import START

# These departments have no `head:` post: their leaders attend by virtue of the posts of their conference. Their clerks verify
# resolutions, so their reports are written by liaisons.
LEADING = {"县政府办", "县总工会", "镇党政办", "镇总工会", "王茅镇党政办", "王茅镇总工会"}


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


POSTS = _of_departments()
