"""What the public reads: pictures, articles, outcome pages, and the history of releases.

- `make_public(office, …)`: everything of a conference. A few recent meetings have nothing public yet.
- `Numbers`: the public numbers of the years, over all conferences.
"""

from collections import defaultdict
from datetime import date, timedelta
from io import BytesIO

from django.core.files.images import ImageFile
from PIL import Image
from wagtail.models import Collection, ReferenceIndex

from benchmarks.city.minutes import Item
from benchmarks.city.office import Office
from benchmarks.city.rows import Chance, insert, moment
from benchmarks.city.size import LAST_DAY, Size
from benchmarks.city.tree import insert_pages, place_page
from meetings.enums import ResolutionState
from meetings.models import Meeting, Resolution
from publicity.enums import ProposalState, ReleaseKind, Stage
from publicity.models import (
    Article,
    ConferenceSection,
    NewsIndex,
    OutcomeItem,
    OutcomePage,
    OutcomesIndex,
    Picture,
    PublicNumbers,
    PublicTag,
    Release,
    StageProposal,
    TaggedArticle,
)

S = ResolutionState
LAST_STAGE = {
    S.VERIFIED: Stage.VERIFIED,
    S.CARRIED: Stage.CARRIED,
    S.REPORTED: Stage.REPORTED_DONE,
    S.SUSPENDED: Stage.SUSPENDED,
    S.ADOPTED: Stage.ADOPTED,
}
RECENT = 90  # days
SILENT = 0.1  # of the recent meetings nothing is public
COVERED = 0.5  # of the articles have a cover
WITHDRAWN = 0.03
EXPLAINED, WAITING = 0.2, 2  # a share of the resolutions, and a number: stages that a reviewer read, or has to read
TAGS = ("工资支付", "劳动安全", "职工服务", "技能培训", "女职工", "户外劳动者")
TAGGED = 2  # tags of an article


class Numbers:
    """The public numbers of the years."""

    def __init__(self) -> None:
        self._last: dict[int, int] = defaultdict(int)

    def next(self, year: int) -> str:
        """Return the next number of a year."""
        self._last[year] += 1
        return f"{year}-{self._last[year]}"

    def store(self) -> None:
        """Write the last number of each year, from which the portal goes on."""
        insert([PublicNumbers(year=year, last=last) for year, last in self._last.items()])


def make_public(office: Office, items: list[Item], size: Size, numbers: Numbers, chance: Chance) -> None:
    """Write pictures, articles, outcome pages and releases of a conference."""
    by_meeting: dict[Meeting, list[Item]] = defaultdict(list)
    for item in items:
        by_meeting[item.sitting.meeting].append(item)
    section = ConferenceSection.objects.get(conference=office.conference)
    shown = {
        meeting: [item for item in rows if item.public]
        for meeting, rows in by_meeting.items()
        if not ((LAST_DAY - rows[0].day).days < RECENT and chance.happens(SILENT))
    }
    shown = {meeting: rows for meeting, rows in shown.items() if rows}
    _outcomes(office, section, shown)
    _articles(office, section, shown, chance)
    released = [item for rows in shown.values() for item in rows]
    for item in released:
        item.resolution.public_number = numbers.next(item.day.year)
    rows = [item.resolution for item in released]
    Resolution.objects.bulk_update(rows, ["public_number"], batch_size=200)
    _releases(office, released, size, chance)
    _proposals(office, released, chance)


def _outcomes(office: Office, section: ConferenceSection, shown: dict[Meeting, list[Item]]) -> None:
    index = OutcomesIndex.objects.child_of(section).get()
    pages = []
    for number, (meeting, items) in enumerate(shown.items(), 1):
        day = items[0].day
        page = OutcomePage(
            meeting=meeting,
            date=day,
            title=f"{office.conference.short_name}{meeting.title}议定事项",
            intro=f"{day.year}年{day.month}月{day.day}日，双方召开{meeting.title}，会议议定事项公布如下。",
            meeting_title=meeting.title,
            owner=office.person("gov_clerk"),
        )
        lines = [
            OutcomeItem(
                sort_order=order, resolution=item.resolution, title=item.resolution.title, wording=item.resolution.text
            )
            for order, item in enumerate(items)
        ]
        setattr(page, "items", lines)  # noqa: B010 -- a relation of modelcluster
        place_page(page, index, number, day + timedelta(days=10))
        pages.append(page)
    insert_pages(index, pages)
    rows = []
    for page in pages:
        for item in page.items.all():
            item.page = page
            rows.append(item)
    insert(rows)


def _articles(office: Office, section: ConferenceSection, shown: dict[Meeting, list[Item]], chance: Chance) -> None:
    index, picture = NewsIndex.objects.child_of(section).get(), _picture(office)
    pages, tags = [], _tags()
    for number, (meeting, items) in enumerate(shown.items(), 1):
        day, item = items[0].day + timedelta(days=3), items[0]
        names = {"lead": item.lead.name, "other": item.others[0].name, "place": office.conference.short_name}
        page = Article(
            meeting=meeting,
            date=day,
            title=f"{office.conference.short_name}召开{meeting.title}",
            summary=f"会议研究了{chance.matter()[:60]}等职工关心的事项。",
            body=[("text", f"<p>{chance.sentences(3, day=day, **names)}</p>") for _block in range(3)],
            owner=office.person("writer"),
        )
        if chance.happens(COVERED):
            page.cover, page.cover_alt = picture, "会议现场"
        tagged = [TaggedArticle(tag=tag) for tag in chance.sample(tags, TAGGED)]
        setattr(page, "tagged_items", tagged)  # noqa: B010 -- as above
        place_page(page, index, number, day)
        pages.append(page)
    insert_pages(index, pages)
    rows = []
    for page in pages:
        for tagged_item in page.tagged_items.all():
            tagged_item.content_object = page
            rows.append(tagged_item)
    insert(rows)
    for page in pages:
        if page.cover_id:
            ReferenceIndex.create_or_update_for_object(page)


def _tags() -> list[PublicTag]:
    """Return the tags of the articles of all conferences; the first one makes them."""
    return list(PublicTag.objects.all()) or insert([PublicTag(name=name, slug=name) for name in TAGS])


def _proposals(office: Office, items: list[Item], chance: Chance) -> None:
    """Write stages whose explanation a reviewer read first; those of the last resolutions wait for it."""
    rows = []
    for number, item in enumerate(reversed(items)):
        waits = number < WAITING
        if not waits and not chance.happens(EXPLAINED):
            continue
        day = LAST_DAY - timedelta(days=2) if waits else item.day + timedelta(days=30)
        rows.append(
            StageProposal(
                resolution=item.resolution,
                title=item.resolution.title,
                stage=Stage.UNDER_WAY,
                explanation="资金分两期下达，第一期已经到位，第二期待验收后拨付；" * 3,
                state=ProposalState.IN_REVIEW if waits else ProposalState.CONFIRMED,
                by=office.person("gov_clerk"),
                at=moment(day),
                reviewed_by=None if waits else office.person("reviewer1"),
                reviewed_at=None if waits else moment(day, 15),
            )
        )
    insert(rows)


def _picture(office: Office) -> Picture:
    """Return a picture in the collection of the conference."""
    content = BytesIO()
    colour = tuple((office.conference.pk * step) % 200 + 40 for step in (37, 71, 113))
    Image.new("RGB", (1600, 1000), colour).save(content, "JPEG")
    content.seek(0)
    picture: Picture = Picture.objects.create(
        title=f"{office.conference.short_name}会议现场",
        file=ImageFile(content, "meeting.jpg"),
        collection=Collection.objects.get(name=office.conference.short_name),
        uploaded_by_user=office.person("writer"),
    )
    return picture


def _releases(office: Office, items: list[Item], size: Size, chance: Chance) -> None:
    """Write the histories, in the order of their days: about `size.releases` rows."""
    each, rest = divmod(size.releases, max(1, len(items)))
    rows: list[Release] = []
    for number, item in enumerate(items):
        rows += _history(office, item, max(1, each + (number < rest)), chance)
    insert(sorted(rows, key=lambda row: row.at))


def _history(office: Office, item: Item, length: int, chance: Chance) -> list[Release]:
    """Return the releases of one resolution: from settled to its stage; some are withdrawn, some again released."""
    last = LAST_STAGE.get(S(item.resolution.state), Stage.UNDER_WAY)
    middle = [Stage.UNDER_WAY, Stage.OVERDUE] if item.resolution.state != S.ADOPTED else [Stage.ADOPTED]
    stages = [Stage.ADOPTED, *(chance.choice(middle) for _step in range(length - 2)), last][:length]
    end = item.resolution.verified_on or LAST_DAY
    rows = [_release(office, item, stage, _on(item.day, end, number, length)) for number, stage in enumerate(stages)]
    if length > 1 and chance.happens(WITHDRAWN):
        place = -1 if chance.happens(0.5) else length // 2
        rows[place] = _withdrawal(office, item, rows[place].at.date())
    return rows


def _on(begin: date, end: date, number: int, length: int) -> date:
    first = begin + timedelta(days=10)
    return first + timedelta(days=max(0, (end - first).days) * number // max(1, length - 1))


def _identity(office: Office, item: Item, day: date) -> dict[str, object]:
    meeting, row = item.sitting.meeting, item.resolution
    chain = row
    while chain.continues is not None:
        chain = chain.continues
    return {
        "resolution": row,
        "conference": office.conference,
        "meeting": meeting,
        "held_on": item.day,
        "year": item.day.year,
        "number": row.public_number,
        "order": row.order,
        "chain_start": chain,
        "by": office.person("gov_clerk"),
        "at": moment(day, 16),
    }


def _release(office: Office, item: Item, stage: Stage, day: date) -> Release:
    row = item.resolution
    late = stage in {Stage.OVERDUE, Stage.SUSPENDED}
    return Release(
        **_identity(office, item, day),
        kind=ReleaseKind.RELEASE,
        meeting_title=item.sitting.meeting.title,
        title=row.title,
        wording=row.text,
        facet=row.facet,
        stage=stage,
        explanation="资金分期下达，预计年内完成。" if late else "",
        lead=item.lead,
        lead_name=item.lead.name,
        co_names="、".join(department.name for department in item.others),
        deadline_text=row.deadline_text,
        deadline=row.deadline,
    )


def _withdrawal(office: Office, item: Item, day: date) -> Release:
    return Release(**_identity(office, item, day), kind=ReleaseKind.WITHDRAWAL, reason="文字有误，更正后重新公开。")
