"""Posts with the people who hold them from the first day of the demonstration."""

from datetime import date

from portal.demo.data_types import PostData, TenureData

START = date(2021, 9, 1)


def post_with_holder(
    conference: str,
    key: str,
    title: str,
    holder: tuple[str, str, str],
    *,
    role: str = "none",
    kind: str = "office",
    side: str = "",
    department: str | None = None,
    attends: bool = False,
) -> PostData:
    """Build a post with a single holder: login, name, title to print."""
    return PostData(
        key=key,
        title=title,
        conference=conference,
        tenures=(TenureData(*holder, START),),
        role=role,
        kind=kind,
        side=side,
        department=department,
        attends=attends,
    )
