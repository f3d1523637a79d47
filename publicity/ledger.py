"""One thing settled, as the line of the public ledger (`templates/components/ledger_line.html`)."""

from dataclasses import dataclass
from datetime import date

from meetings.queries.parts import with_current_name
from meetings.rules.deadline import deadline_display
from publicity.enums import Stage
from publicity.models import OutcomePage, Release
from publicity.models.outcome import OutcomeItem
from publicity.queries.releases import latest


@dataclass(frozen=True)
class Line:
    """What, who, by when, how far."""

    what: str
    url: str
    number: str
    lead: str
    co: str
    when: str
    stage: str
    word: str
    wording: str = ""


@dataclass(frozen=True)
class Knot:
    """A day on the thread of a resolution (`templates/components/thread.html`)."""

    stage: str
    label: str
    on: date | None
    text: str = ""
    url: str = ""


def line_of(release: Release) -> Line:
    """The line of a public resolution; everything in it stands in the release."""
    return Line(
        what=release.title,
        url=release.get_absolute_url(),
        number=release.number,
        lead=with_current_name(release.lead_name, release.lead),
        co=release.co_names,
        when=deadline_display(release.deadline_text, release.deadline),
        stage=release.stage,
        word=release.get_stage_display(),
        wording=release.wording,
    )


def draft_lines(page: OutcomePage) -> list[tuple[OutcomeItem, Line]]:
    """The items of a draft as they would stand if it were published now; for previews and reviews."""
    entries = []
    for item in page.items.all():
        resolution, last = item.resolution, latest(item.resolution)
        parts = list(resolution.parts.select_related("department"))
        stage = Stage(last.stage) if last and last.stage else Stage.ADOPTED
        line = Line(
            what=item.title,
            url="",
            number=resolution.public_number or "",
            lead="、".join(part.department.name for part in parts if part.role == "lead"),
            co="、".join(part.department.name for part in parts if part.role != "lead"),
            when=deadline_display(resolution.deadline_text, resolution.deadline),
            stage=stage,
            word=str(stage.label),
            wording=item.wording,
        )
        entries.append((item, line))
    return entries
