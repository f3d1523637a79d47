"""Look up the people and records of the demonstration.

Each step looks its people up again, for the day of `meetings.clock`, as a request of theirs would.
"""

from datetime import date

from meetings import clock
from meetings.models import Department, JointConference, Meeting, Minutes, Person, Resolution, Tenure, Topic
from portal.demo.all_posts import POSTS
from portal.demo.data_types import TenureData

_BY_KEY = {post.key: post for post in POSTS}
KEY_PREFIXES = {"yuanqu": "yq", "chengqiao": "cq", "wangmao": "wm"}
# The conferences that follow the county's notice; the others follow the town's measures.
UNDER_COUNTY_NOTICE = frozenset({"yuanqu", "wangmao"})


def tenure_data(key: str, on: date) -> TenureData:
    """Return the data of the tenure in a post on a day."""
    return next(t for t in _BY_KEY[key].tenures if t.since <= on and (t.until is None or on <= t.until))


def person(key: str) -> Person:
    """Return the person who holds the post today."""
    return Person.objects.get(username=tenure_data(key, clock.today()).login)


def tenure(key: str, on: date | None = None) -> Tenure:
    """Return the tenure in a post on a day (today by default)."""
    found = tenure_data(key, on or clock.today())
    return Tenure.objects.get(person__username=found.login, post__title=_BY_KEY[key].title, from_date=found.since)


def post_holder(slug: str, post: str) -> Person:
    """Return who holds a post of a conference today: head, liaison, union, gov-clerk, union-clerk, writer, review-1 …"""
    return person(f"{KEY_PREFIXES[slug]}-{post}")


def preparing_clerk(slug: str) -> Person:
    """Return the clerk of the office that prepares meetings: 政府办公室 (`Y 2(4)`) or the one at the union (`C 3`)."""
    return post_holder(slug, "gov-clerk" if slug in UNDER_COUNTY_NOTICE else "union-clerk")


def liaison(department_name: str) -> Person:
    """Return the liaison of a department."""
    return person(f"liaison:{department_name}")


def department(name: str) -> Department:
    """Return a department by its name."""
    return Department.objects.get(name=name)


def conference(slug: str) -> JointConference:
    """Return a conference by its slug."""
    return JointConference.objects.get(slug=slug)


def topic(key: str) -> Topic:
    """Return a topic by its key."""
    return Topic.objects.get(key=key)


def meeting(key: str) -> Meeting:
    """Return a meeting by its key."""
    return Meeting.objects.get(key=key)


def minutes(key: str) -> Minutes:
    """Return the first minutes of a meeting by the key of the meeting."""
    return Minutes.objects.get(key=f"{key}-M")


def resolution(key: str) -> Resolution:
    """Return a resolution by its key."""
    return Resolution.objects.get(key=key)
