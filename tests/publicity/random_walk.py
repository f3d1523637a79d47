"""Random operations of records and publicity, each by a person who may perform it.

`PublicWalk(world, seed)`: a `Walk` that drafts, reviews, publishes, releases, withdraws and takes down as well.
"""

from collections.abc import Callable
from typing import Any

from meetings.enums import MeetingState
from meetings.models import Meeting, Person, Resolution
from publicity.enums import ProposalState, Stage
from publicity.models import Article, GatedPage, OutcomePage, StageProposal
from publicity.operations.outcomes import draft_outcome, lift_withdrawal, renew_wording
from publicity.operations.pages import take_down
from publicity.operations.proposals import answer_proposal, drop_proposal, review_proposal, submit_stage
from publicity.operations.releases import withdraw
from publicity.operations.reviews import give_verdict, send_for_review
from publicity.rules import reviews_needed
from tests.meetings.random_walk import OTHERS, Walk
from tests.publicity.factories import article

EXPLANATIONS = ("", "正在办理。", "有关部门正在按照会议的要求抓紧组织实施。" * 4)  # a reviewer reads the last one


class PublicWalk(Walk):
    """A walk in a world with a public section."""

    @property
    def others(self) -> dict[str, Callable[[Any], object]]:
        """Operations on records, and those on what is public: as often as all others together."""
        return {**OTHERS, **{f"{name} {time}": act for name, act in PUBLIC.items() for time in (1, 2)}}

    def reviewer(self) -> Person:
        """Return one of the reviewers."""
        return self.chance.choice(self.world.reviewers)

    def page(self) -> GatedPage:
        """Return a page at random."""
        found: GatedPage = self.any(self.chance.choice((OutcomePage, OutcomePage, Article)))
        return found


def _draft(walk: PublicWalk) -> None:
    draft_outcome(walk.any(Meeting, state=MeetingState.HELD), by=walk.world.gov_clerk)


def _write(walk: PublicWalk) -> None:
    article(walk.world, title=f"新闻{walk.number}", slug=f"walk-{walk.number}", date=walk.today)


def _send(walk: PublicWalk) -> None:
    page = walk.page()
    send_for_review(page, by=walk.world.gov_clerk if isinstance(page, OutcomePage) else walk.world.writer)


def _review(walk: PublicWalk) -> None:
    give_verdict(walk.page(), approve=walk.chance.random() < 0.8, opinion="意见如下。", by=walk.reviewer())


def _publish(walk: PublicWalk) -> None:
    page = walk.page()
    _sender = walk.world.gov_clerk if isinstance(page, OutcomePage) else walk.world.writer
    send_for_review(page, by=_sender)
    for person in walk.world.reviewers[: reviews_needed(walk.world.conference)]:
        give_verdict(page, approve=True, opinion="同意", by=person)


def _stage(walk: PublicWalk) -> None:
    stage, text = walk.chance.choice(list(Stage)), walk.chance.choice(EXPLANATIONS)
    submit_stage(walk.any(Resolution), stage=stage, explanation=text, by=walk.world.gov_clerk)


def _read_explanation(walk: PublicWalk) -> None:
    proposal = walk.any(StageProposal, state__in=ProposalState.pending())
    review_proposal(proposal, approve=walk.chance.random() < 0.8, opinion="意见如下。", by=walk.reviewer())


def _confirm_stage(walk: PublicWalk) -> None:
    proposal = walk.any(StageProposal, state__in=ProposalState.pending())
    answer_proposal(proposal, confirm=walk.chance.random() < 0.8, answer="意见如下。", by=walk.world.liaison)


def _drop(walk: PublicWalk) -> None:
    drop_proposal(walk.any(StageProposal, state__in=ProposalState.pending()), by=walk.world.gov_clerk)


def _withdraw(walk: PublicWalk) -> None:
    withdraw(walk.any(Resolution), reason="核对", by=walk.world.gov_clerk)


def _lift(walk: PublicWalk) -> None:
    lift_withdrawal(walk.any(Resolution), by=walk.world.gov_clerk)


def _renew(walk: PublicWalk) -> None:
    renew_wording(walk.any(Resolution), by=walk.world.gov_clerk)


def _take_down(walk: PublicWalk) -> None:
    take_down(walk.page(), reason="核对", by=walk.world.gov_clerk)


def _delete_draft(walk: PublicWalk) -> None:
    walk.any(Article, live=False, first_published_at=None).delete()


PUBLIC: dict[str, Callable[[Any], object]] = {
    "draft outcome": _draft,
    "write article": _write,
    "send": _send,
    "review": _review,
    "publish": _publish,
    "release stage": _stage,
    "review explanation": _read_explanation,
    "confirm stage": _confirm_stage,
    "drop proposal": _drop,
    "withdraw": _withdraw,
    "lift withdrawal": _lift,
    "renew wording": _renew,
    "take down": _take_down,
    "delete draft": _delete_draft,
}
