"""Factories for the publicity: a section, a held meeting with issued minutes, drafts and published pages.

- `place(world)`: the section of a world's conference, created by the operation.
- `issued(world, …)`: a held meeting with issued minutes and resolutions; `record(…)` adds one resolution.
- `article(world, …)`, `publish(page, world)`: a draft by the writer, and all its reviews.
"""

from datetime import date, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from wagtail.models import Collection

from meetings.enums import DeadlineKind, Disclosure, MeetingState, MinutesState, PartRole, ResolutionState
from meetings.models import AgendaItem, Meeting, Minutes, Person, Resolution, ResolutionPart
from publicity.models import (
    Article,
    ConferenceSection,
    GatedPage,
    NewsIndex,
    OutcomePage,
    Picture,
    PlainPage,
    PublicDocument,
)
from publicity.operations.outcomes import draft_outcome
from publicity.operations.reviews import give_verdict, send_for_review
from publicity.operations.sections import create_section
from publicity.rules import reviews_needed
from tests.meetings.factories import World, yuanqu
from tests.stories import story

SHANGHAI = ZoneInfo("Asia/Shanghai")


def place(world: World) -> ConferenceSection:
    """Create the public section of the world's conference."""
    return create_section(world.conference, by=world.administrator)


@story
def county(name: str = "县") -> World:
    """A county under Y with its public section."""
    world = yuanqu(name)
    place(world)
    return world


@story
def meeting(world: World, day: date = date(2025, 9, 5), **values: Any) -> Meeting:
    """A held meeting."""
    values = {"title": f"{day.year}年度联席会议", "state": MeetingState.HELD, "held_on": day, **values}
    row: Meeting = Meeting.objects.create(
        conference=world.conference,
        adoption=world.adoption,
        time=datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI),
        **values,
    )
    return row


@story
def issued(
    world: World,
    day: date = date(2025, 9, 5),
    *,
    items: int = 1,
    minutes_disclosure: str = Disclosure.ON_REQUEST,
    **values: Any,
) -> Meeting:
    """A held meeting with issued minutes and `items` public resolutions."""
    row = meeting(world, day)
    Minutes.objects.create(
        meeting=row,
        title=f"{row.title}纪要",
        body="<p>内部讨论。</p>",
        state=MinutesState.ISSUED,
        number=f"第{row.pk}期",
        serial=row.pk,
        hash="0" * 64,
        issued_on=day,
        disclosure=minutes_disclosure,
    )
    for order in range(items):
        record(world, row, order=order, **values)
    return row


@story
def record(world: World, of: Meeting, **values: Any) -> Resolution:
    """A resolution in the issued minutes of a meeting, led by the world's department."""
    order = values.pop("order", 0)
    title = values.pop("title", f"职工医疗互助第{order + 1}项")
    item = AgendaItem.objects.create(meeting=of, order=order, kind="deliberation", title=f"关于{title}的议题")
    defaults: dict[str, Any] = {
        "text": f"由{world.department}牵头落实{title}，列入财政预算。",
        "disclosure": Disclosure.PUBLIC,
        "state": ResolutionState.ADOPTED,
        "deadline_text": "2025年年底前",
        "deadline_kind": DeadlineKind.DATE,
        "deadline": date(2025, 12, 31),
    }
    row: Resolution = Resolution.objects.create(
        minutes=of.minutes.get(), agenda_item=item, order=order, title=title, **{**defaults, **values}
    )
    ResolutionPart.objects.create(resolution=row, department=world.department, role=PartRole.LEAD)
    ResolutionPart.objects.create(resolution=row, department=world.other_department, role=PartRole.CO)
    return row


def resolutions(of: Meeting) -> list[Resolution]:
    """Return the resolutions of a meeting, in order."""
    return list(Resolution.objects.filter(minutes__meeting=of).order_by("order"))


@story
def article(world: World, title: str = "召开联席会议", **values: Any) -> Article:
    """A draft by the world's writer, in the news of its section."""
    index = NewsIndex.objects.get(path__startswith=world.conference.section.path)
    defaults: dict[str, Any] = {
        "summary": "会议研究了职工关心的事项。",
        "date": date(2025, 9, 6),
        "body": [("text", "<p>9月5日，联席会议召开。</p>")],
        "slug": f"news-{Article.objects.count() + 1}",
        "live": False,
        "owner": world.writer,
    }
    tags = values.pop("tags", [])
    page: Article = index.add_child(instance=Article(title=title, **{**defaults, **values}))
    page.tags.add(*tags)
    page.save_revision(user=world.writer)
    return page


@story
def publish(page: GatedPage, world: World, *, sender: Person | None = None, reviewers: Any = None) -> GatedPage:
    """Send a page for review and let as many reviewers approve as are needed; return it re-read."""
    send_for_review(page, by=sender or world.writer)
    for person in (reviewers or world.reviewers)[: reviews_needed(world.conference)]:
        give_verdict(page, approve=True, opinion="同意", by=person)
    fresh: GatedPage = type(page)._default_manager.get(pk=page.pk)
    return fresh


@story
def public_article(world: World, title: str = "召开联席会议", **values: Any) -> Article:
    """A published article."""
    page = publish(article(world, title, **values), world)
    assert isinstance(page, Article)
    return page


def plain_page(world: World, title: str = "如何提出议题", **values: Any) -> PlainPage:
    """A draft of a plain page in the section of the world's conference."""
    section = ConferenceSection.objects.get(conference=world.conference)  # read again: the tree has changed
    fields = {"slug": f"page-{section.numchild}", "body": [("text", "<p>向经办人员提出。</p>")], "live": False}
    page: PlainPage = section.add_child(instance=PlainPage(title=title, **{**fields, **values}))
    page.save_revision(user=world.writer)
    return page


@story
def public_outcome(world: World, of: Meeting) -> OutcomePage:
    """The published outcome page of a meeting."""
    page = publish(draft_outcome(of, by=world.gov_clerk), world, sender=world.gov_clerk)
    assert isinstance(page, OutcomePage)
    return page


def folder(world: World | None) -> Collection:
    """Return the collection of a world's conference; without a world that of the first section, if there is one."""
    root: Collection = Collection.get_first_root_node()
    named = Collection.objects.filter(name=world.conference.short_name) if world else root.get_children()
    found: Collection | None = named.first()
    return found or root


def picture_file(colour: str = "red", size: tuple[int, int] = (60, 40)) -> SimpleUploadedFile:
    """An upload of a picture of one colour."""
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return SimpleUploadedFile(f"{colour}.png", out.getvalue(), "image/png")


def picture(
    title: str = "会场", size: tuple[int, int] = (60, 40), world: World | None = None, content: bytes = b""
) -> Picture:
    """A picture of one colour, or of the given bytes."""
    out = BytesIO()
    Image.new("RGB", size, (31, 78, 95)).save(out, "PNG")
    file = ImageFile(BytesIO(content or out.getvalue()), name=f"{title}.png")
    row: Picture = Picture.objects.create(title=title, file=file, collection=folder(world))
    return row


def document(
    title: str = "办法", world: World | None = None, *, ending: str = "txt", content: bytes = b"text"
) -> PublicDocument:
    """A small document."""
    file = ContentFile(content, name=f"{title}.{ending}")
    row: PublicDocument = PublicDocument.objects.create(title=title, file=file, collection=folder(world))
    return row
