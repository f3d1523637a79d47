"""What twenty processes do at once in the publicity; see `tests.meetings.processes`."""

import multiprocessing
import random
import time
from typing import Any

from django.test import Client

from meetings.enums import ResolutionState
from meetings.models import Resolution
from meetings.write_lock import write_transaction
from publicity.enums import ReleaseKind, Stage
from publicity.models import Article, PublicDecision, Release
from publicity.operations.releases import release_stage, release_wording, withdraw
from publicity.operations.reviews import give_verdict, send_for_review
from publicity.rules import reviews_needed
from tests.meetings.factories import World
from tests.meetings.processes import PROCESSES, contested, race, results
from tests.publicity.factories import article, county, issued, resolutions

READERS, WITHDRAWN = 50, 20


@contested
def first_release() -> dict[str, Any]:
    """Each process releases a resolution and gets a public number."""
    world = county("子县")
    rows = resolutions(issued(world, items=PROCESSES))

    def release(number: int) -> None:
        with write_transaction():  # like the last review
            words: dict[str, Any] = {
                "title": rows[number].title,
                "wording": rows[number].text,
                "meeting_title": "年度联席会议",
            }
            release_wording(rows[number], **words, by=world.gov_clerk)

    met = race(release)
    for row in rows:
        row.refresh_from_db()
    return {"met": met, "numbers": sorted(int((row.public_number or "0-0").partition("-")[2]) for row in rows)}


@contested
def withdrawal() -> dict[str, Any]:
    """All processes release the same stage of one resolution, then all withdraw it."""
    world = county("丑县")
    (row,) = resolutions(issued(world, state=ResolutionState.UNDER_WAY))
    with write_transaction():
        release_wording(row, title=row.title, wording=row.text, meeting_title="年度联席会议", by=world.gov_clerk)
    staged = race(lambda n: release_stage(row, stage=Stage.UNDER_WAY, by=world.gov_clerk))
    met = race(lambda n: withdraw(row, reason=f"第{n}人撤回", by=(world.gov_clerk, world.union_clerk)[n % 2]))
    kinds = list(Release.objects.filter(resolution=row).order_by("pk").values_list("kind", flat=True))
    expected = [ReleaseKind.RELEASE, ReleaseKind.RELEASE, ReleaseKind.WITHDRAWAL]
    return {"staged": staged, "met": met, "history": kinds == expected}


@contested
def verdict() -> dict[str, Any]:
    """All processes approve one page, each as one of its reviewers."""
    world = county("寅县")
    page = article(world)
    send_for_review(page, by=world.writer)
    met = race(lambda n: give_verdict(page, approve=True, by=world.reviewers[n % len(world.reviewers)]))
    return {"met": met, "needed": reviews_needed(world.conference), "live": Article.objects.get(pk=page.pk).live}


@contested
def readers() -> dict[str, Any]:
    """Fifty processes read public pages, kept and made anew, while one withdraws twenty decisions.

    An answer to a request that began after the commit of a withdrawal must not contain the withdrawn title.
    """
    world = county("卯县")
    rows = resolutions(issued(world, items=WITHDRAWN))
    with write_transaction():
        for number, row in enumerate(rows):
            words: dict[str, Any] = {
                "title": f"第{number}件要撤回的事。",
                "wording": row.text,
                "meeting_title": "年度联席会议",
            }
            release_wording(row, **words, by=world.gov_clerk)
    numbers = dict(PublicDecision.objects.filter(conference=world.conference).values_list("order", "number"))
    paths = ["/outcomes/", "/outcomes/feed/", f"/{world.conference.slug}/", f"/{world.conference.slug}/outcomes/"]
    context = multiprocessing.get_context("fork")
    warm, over = context.Barrier(READERS + 1), context.Event()

    def act(number: int) -> list[Any]:
        if number == 0:
            warm.wait()
            commits = [(order, _withdrawn_at(rows[order], world)) for order in range(WITHDRAWN)]
            over.set()
            return [commits, []]
        for path in paths:
            Client().get(path)
        warm.wait()
        chance, last_seen = random.Random(number), dict[int, float]()
        while not over.is_set():
            began = time.monotonic()
            path = chance.choice([*paths, f"/resolutions/{chance.choice(list(numbers.values()))}/"])
            text = Client().get(path).content.decode()
            last_seen |= {order: began for order in range(WITHDRAWN) if f"第{order}件要撤回的事。" in text}
        return [[], list(last_seen.items())]

    found = results(act, READERS + 1)
    commits = dict(pair for made, _seen in found for pair in made)
    late = [order for _made, seen in found for order, began in seen if began > commits[order]]
    seen_at_all = {order for _made, seen in found for order, _began in seen}
    return {"readers": len(found) - 1, "some_seen": len(seen_at_all) > WITHDRAWN / 2, "late": late}


def _withdrawn_at(row: Resolution, world: World) -> float:
    """Withdraw a resolution, and return when that was committed: seconds of the clock that all processes share."""
    withdraw(row, reason="误发", by=world.gov_clerk)
    committed = time.monotonic()
    time.sleep(0.1)
    return committed
