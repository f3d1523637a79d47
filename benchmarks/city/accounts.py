"""What happens to accounts over the years: codes, delegated signatures, requests that a second person decided.

- `make_accounts(office, …)`: those of a conference; one delegation and one request are not decided yet.
"""

from datetime import date, timedelta

from benchmarks.city.office import BEGIN, Office
from benchmarks.city.rows import Chance, insert, moment
from benchmarks.city.size import LAST_DAY, YEARS
from meetings.enums import ChangeState
from meetings.models import Delegation, LoginCode, PendingChange, Tenure
from meetings.models.login import login_code_digest
from meetings.operations.change_content import submitted_act
from meetings.operations.changes_of_tenures import tenure_act

DELEGATIONS = 2  # a year
REQUESTS = 4  # a year
SIGNERS = ("head", "liaison_leader", "union_head")
DEPUTIES = {"head": "gov_leader", "liaison_leader": "gov_leader", "union_head": "union_leader"}


def make_accounts(office: Office, chance: Chance) -> None:
    """Write codes, delegations and requests of a conference, the oldest first."""
    insert([_code(office, tenure, chance) for tenure in (*office.tenures.values(), *office.liaisons.values())])
    _delegations(office, chance)
    _requests(office, chance)


def _code(office: Office, tenure: Tenure, chance: Chance) -> LoginCode:
    """Return the used code with which the holder logged in first."""
    issued = moment(tenure.from_date)
    code = "".join(chance.choices("23456789abcdefghjkmnpqrstuvwxyz", k=16))
    return LoginCode(
        person=tenure.person,
        digest=login_code_digest(tenure.person_id, code),
        issued_at=issued,
        expires_at=issued + timedelta(days=7),
        issued_by=office.person("administrator"),
        shown_to=office.person("auditor"),
        used_at=issued + timedelta(hours=2),
    )


def _days(number: int) -> list[date]:
    """Return this many days of each year, evenly spread; the last one is a few days ago."""
    total = number * YEARS
    step = (LAST_DAY - BEGIN).days / total
    return [*(BEGIN + timedelta(days=round(step * each)) for each in range(total)), LAST_DAY - timedelta(days=3)]


def _delegations(office: Office, chance: Chance) -> None:
    """Write delegations of a week each; the last one waits for its giver."""
    rows = []
    for day in _days(DELEGATIONS):
        giver = chance.choice(SIGNERS)
        waits = day == LAST_DAY - timedelta(days=3)
        rows.append(
            Delegation(
                tenure=office.tenures[giver],
                to=office.tenures[DEPUTIES[giver]],
                from_date=day,
                to_date=day + timedelta(days=7),
                reason="外出学习",
                entered_by=office.person("gov_clerk"),
                at=moment(day),
                confirmed_by=None if waits else office.person("union_clerk"),
                confirmed_at=None if waits else moment(day, 15),
            )
        )
    insert(rows)


def _requests(office: Office, chance: Chance) -> None:
    """Write requests to change the printed title of somebody's tenure; the last one waits."""
    rows, people = [], []
    for day in _days(REQUESTS):
        tenure = office.tenures[chance.choice(SIGNERS)]
        waits = day == LAST_DAY - timedelta(days=3)
        people.append(tenure.person)
        rows.append(_request(office, tenure, day, waits=waits))
    insert(rows)
    concerned, within = PendingChange.people.through, PendingChange.conferences.through
    pairs = zip(rows, people, strict=True)
    concerned.objects.bulk_create([concerned(pendingchange=row, person=person) for row, person in pairs])
    within.objects.bulk_create([within(pendingchange=row, jointconference=office.conference) for row in rows])


def _request(office: Office, tenure: Tenure, day: date, *, waits: bool) -> PendingChange:
    wanted = Tenure(
        pk=tenure.pk,
        post=tenure.post,
        person=tenure.person,
        full_title=f"{tenure.full_title}、党组成员",
        from_date=tenure.from_date,
        to_date=tenure.to_date,
        order=tenure.order,
    )
    return PendingChange(
        title=f"{tenure.person.name}：任职",
        acts=[submitted_act(tenure_act(tenure.person, wanted))],
        subject=tenure.person,
        conference=office.conference,
        requested_by=office.person("administrator"),
        requested_at=moment(day),
        state=ChangeState.WAITING if waits else ChangeState.CONFIRMED,
        decided_by=None if waits else office.person("auditor"),
        decided_at=None if waits else moment(day, 15),
    )
