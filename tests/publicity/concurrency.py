"""What twenty processes do at once in the publicity; see `tests.meetings.processes`."""

from typing import Any

from meetings.enums import ResolutionState
from meetings.write_lock import write_transaction
from publicity.enums import ReleaseKind, Stage
from publicity.models import Article, Release
from publicity.operations.releases import release_stage, release_wording, withdraw
from publicity.operations.reviews import give_verdict, send_for_review
from publicity.rules import reviews_needed
from tests.meetings.processes import PROCESSES, contested, race
from tests.publicity.factories import article, county, issued, resolutions


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
