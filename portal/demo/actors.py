"""Who acts: the people of the story on the clock's day, found anew for each step, as each request of theirs would."""

from datetime import date

from meetings import clock
from meetings.models import Department, JointConference, Meeting, Minutes, Person, Resolution, Tenure, Topic
from portal.demo.data_types import Holder
from portal.demo.people import OFFICES

_BY_KEY = {office.key: office for office in OFFICES}
SHORT = {"yuanqu": "yq", "chengqiao": "cq", "wangmao": "wm"}
BY_THE_NOTICE = frozenset({"yuanqu", "wangmao"})  # who follows the county's notice, the others the town's measures


def holder(key: str, on: date) -> Holder:
    """Who holds the office on a day."""
    return next(h for h in _BY_KEY[key].holders if h.since <= on and (h.until is None or on <= h.until))


def who(key: str) -> Person:
    """The person who holds the office today."""
    return Person.objects.get(username=holder(key, clock.today()).login)


def tenure(key: str, on: date | None = None) -> Tenure:
    """The tenure of whoever holds the office on a day (today by default)."""
    found = holder(key, on or clock.today())
    return Tenure.objects.get(person__username=found.login, post__title=_BY_KEY[key].title, from_date=found.since)


def office(slug: str, what: str) -> Person:
    """The person in an office of a conference: head, liaison, union, gov-clerk, union-clerk, writer, review-1 …"""
    return who(f"{SHORT[slug]}-{what}")


def secretary(slug: str) -> Person:
    """The clerk of the office that prepares meetings: 政府办公室 (`Y 2(4)`), or the office at the union (`C 3`)."""
    return office(slug, "gov-clerk" if slug in BY_THE_NOTICE else "union-clerk")


def liaison(unit: str) -> Person:
    """The liaison of a department."""
    return who(f"liaison:{unit}")


def department(name: str) -> Department:
    """A department by its name."""
    return Department.objects.get(name=name)


def conference(slug: str) -> JointConference:
    """A conference by its address."""
    return JointConference.objects.get(slug=slug)


def topic(key: str) -> Topic:
    """A topic by its key."""
    return Topic.objects.get(key=key)


def meeting(key: str) -> Meeting:
    """A meeting by its key."""
    return Meeting.objects.get(key=key)


def minutes(key: str) -> Minutes:
    """The first minutes of the meeting with this key."""
    return Minutes.objects.get(key=f"{key}-M")


def resolution(key: str) -> Resolution:
    """A resolution by its key."""
    return Resolution.objects.get(key=key)
