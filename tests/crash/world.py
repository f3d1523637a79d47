"""Build a county and a town with records, and the requests of their clients.

`python -m tests.crash.world` builds both in the database of the environment and prints, as JSON, a list of tasks for
each client. A task has its kind, the person and session that send it, the path and the form data.
"""

import json
from datetime import timedelta
from typing import Any

import django

TOPICS, REPORTS, MINUTES, RESOLUTIONS = 60, 80, 6, 8
Task = dict[str, Any]


def main() -> None:
    """Build the records and print the tasks of the clients."""
    django.setup()
    from meetings.operations.progress import assign
    from meetings.write_lock import write_transaction
    from publicity.operations.releases import release_wording
    from search.index_maintenance import rebuild
    from tests.meetings.factories import chengqiao, yuanqu
    from tests.meetings.steps import DAY, in_approval, issued_minutes
    from tests.publicity.factories import place

    county, town = yuanqu(), chengqiao()
    place(county)
    settled = list(issued_minutes(county, topics=RESOLUTIONS).resolutions.order_by("pk"))
    for row in settled:
        with write_transaction():
            release_wording(row, title=row.title, wording=row.text, meeting_title="年度联席会议", by=county.gov_clerk)
        assign(row, by=county.gov_clerk)
    waiting = [in_approval(town, DAY - timedelta(days=number)) for number in range(MINUTES)]
    rebuild()
    clients = (
        _topics(county, county.gov_clerk, county.government_office, "government"),
        _topics(county, county.union_clerk, county.union_office, "union"),
        _reports(county, settled),
        _withdrawals(county, settled),
        _minutes(town, waiting),
    )
    print(json.dumps(clients))  # noqa: T201


_sessions: dict[int, str] = {}


def task(person: Any, what: str, view: str, *args: Any, **data: Any) -> Task:
    """Return a request of a logged-in person. Key 0 stands for the record to which the last response redirected."""
    from django.test import Client
    from django.urls import reverse

    if person.pk not in _sessions:
        client = Client()
        client.force_login(person, backend="meetings.rights.TenureBackend")
        _sessions[person.pk] = client.cookies["sessionid"].value
    request = {"path": reverse(view, args=args), "data": data, "session": _sessions[person.pk]}
    return {"what": what, "person": person.pk, "pk": args[0] if args else None, **request}


def _topics(world: Any, clerk: Any, office: Any, side: str) -> list[Task]:
    """Let a clerk create topics and submit each."""
    form = {"conference": world.conference.pk, "proposer": office.pk, "side": side}
    form |= {"category": world.category().pk, "text": "由财政安排经费。", "research": "走访企业。"}
    tasks = []
    for number in range(TOPICS):
        tasks.append(task(clerk, "propose", "topic:add", **form, title=f"{office}第{number}号议题"))
        tasks.append(task(clerk, "submit", "topic:step", 0, "submit"))
    return tasks


def _reports(world: Any, rows: list[Any]) -> list[Task]:
    """Let the lead department report on its resolutions in turn."""
    reported = [rows[number % len(rows)].pk for number in range(REPORTS)]
    return [
        task(world.liaison, "report", "resolution:step", pk, "report", text=f"第{number}次进展情况。")
        for number, pk in enumerate(reported)
    ]


def _withdrawals(world: Any, rows: list[Any]) -> list[Task]:
    """Let the government clerk withdraw the release of each resolution."""
    return [task(world.gov_clerk, "withdraw", "publicity_admin:withdraw", row.pk, reason="有误。") for row in rows]


def _minutes(world: Any, waiting: list[Any]) -> list[Task]:
    """Let two leaders approve each minutes, and the union clerk issue them."""
    tasks = []
    leaders = (world.liaison_leader, world.union_head)
    for row in waiting:
        tasks += [task(leader, "approve", "minutes:step", row.pk, "approve", opinion="同意") for leader in leaders]
        tasks.append(task(world.union_clerk, "issue", "minutes:step", row.pk, "issue"))
    return tasks


if __name__ == "__main__":
    main()
