"""What the public reads: news, outcome pages, stages, and what was taken back (`Y 2(7)`)."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from uuid import NAMESPACE_URL, uuid5

from django.core.files.base import ContentFile
from django.utils.html import format_html
from wagtail.actions.create import CreateAction
from wagtail.models import Collection

from meetings import clock
from meetings.enums import Disclosure
from meetings.operations.resolution import tighten_disclosure
from portal.demo import actors
from portal.demo.data_types import Item, Misprint, News, Report, Sitting, resolve
from portal.demo.pictures import cover
from portal.demo.plan_correction import ISSUED_AFTER
from portal.demo.regulations import PLACES
from portal.demo.schedule import Diary
from publicity.enums import Stage
from publicity.models import Article, GatedPage, NewsIndex, OutcomePage, Picture
from publicity.operations.outcomes import draft_outcome, lift_withdrawal, renew_wording
from publicity.operations.releases import release_stage, withdraw
from publicity.operations.reviews import give_verdict, send_for_review
from publicity.rules import stages_for

Page = Callable[[], GatedPage]
OPINIONS = ("人名、职务、数字已核对，同意。", "内容属实，同意。", "同意发布。")
CARRIED_AFTER = timedelta(days=14)  # when the public reads of what goes on with an item
OUTCOME_AFTER = 11  # days after the sitting, when its minutes have been issued
RETURNED = "Y24-N1"  # the article that a reviewer sends back once
TOO_SHORT = "会议研究了有关议题。"
SHORT_NAMES = {place.slug: place.short_name for place in PLACES}


def tell(diary: Diary, sitting: Sitting) -> None:
    """Plan the publicity of a sitting."""
    held = resolve(sitting.on, diary.today)
    for news in sitting.news:
        _tell_news(diary, sitting, news, resolve(news.on, diary.today) if news.on else held + timedelta(days=1))
    if any(item.disclosure == "public" for item in sitting.items):
        page = partial(_outcome, sitting)
        day = held + timedelta(days=OUTCOME_AFTER)
        diary.write(day, partial(_draft_outcome, sitting), hour=9)
        diary.write(day, partial(_send, page, sitting, "secretary"), hour=10)
        _review(diary, sitting, page, day)
    for item in sitting.items:
        if item.disclosure == "public":
            _tell_stages(diary, sitting, item)
        if item.continues:
            told = f"经{sitting.title}议定，结转办理。"
            diary.write(held + CARRIED_AFTER, partial(_release, sitting, item_of(item.continues), told), hour=9)
    if sitting.misprint:
        _tell_correction(diary, sitting, sitting.misprint)


def _review(diary: Diary, sitting: Sitting, page: Page, sent: date) -> None:
    """Three reviews by three people; the last one publishes."""
    for number, (days, hour) in enumerate(((1, 14), (1, 16), (2, 10)), 1):
        do = partial(_approve, page, sitting, number)
        diary.write(sent + timedelta(days=days), do, hour=hour)


def _approve(page: Page, sitting: Sitting, number: int) -> None:
    by = actors.office(sitting.conference, f"review-{number}")
    give_verdict(page(), approve=True, opinion=OPINIONS[number - 1], by=by)


def _send(page: Page, sitting: Sitting, who: str) -> None:
    by = actors.secretary(sitting.conference) if who == "secretary" else actors.office(sitting.conference, who)
    send_for_review(page(), by=by)


# --- news ------------------------------------------------------------------------------------------------------------
def _tell_news(diary: Diary, sitting: Sitting, news: News, day: date) -> None:
    page = partial(_article, sitting, news)
    diary.write(day, partial(_write, sitting, news), hour=16)
    diary.write(day, partial(_send, page, sitting, "writer"), hour=17)
    if news.key == RETURNED:
        diary.write(day + timedelta(days=1), partial(_send_back, page, sitting), hour=9)
        diary.write(day + timedelta(days=1), partial(_revise, page, sitting, news), hour=10)
        diary.write(day + timedelta(days=1), partial(_send, page, sitting, "writer"), hour=11)
    _review(diary, sitting, page, day)


def _article(sitting: Sitting, news: News) -> Article:
    found: Article = Article.objects.get(slug=news.key.lower())
    return found


def _write(sitting: Sitting, news: News) -> None:
    """Enter an article as its writer does: a picture, a page below the section's news, a first revision."""
    writer = actors.office(sitting.conference, "writer")
    index = NewsIndex.objects.child_of(actors.conference(sitting.conference).section).get()
    if not index.permissions_for_user(writer).can_add_subpage():
        raise PermissionError(f"{writer} may not write news here")
    article = Article(
        title=news.title,
        slug=news.key.lower(),
        date=clock.today() if news.on else actors.meeting(sitting.key).day,
        meeting=actors.meeting(sitting.key),
        summary=TOO_SHORT if news.key == RETURNED else news.summary,
        cover=_picture(sitting, news),
        cover_alt=news.alt,
        body=json.dumps(_body(news)),
        live=False,
        owner=writer,
    )
    article.tags.add(*news.tags)
    index.add_child(instance=article)
    article.save_revision(user=writer, log_action=True)


def _picture(sitting: Sitting, news: News) -> Picture:
    place = SHORT_NAMES[sitting.conference]
    words = news.tags[0] if news.on else sitting.title
    picture = Picture(
        title=f"{place}{words}",
        description=news.alt,
        file=ContentFile(cover(news.motif, place, words), name=f"{news.key.lower()}.png"),
        collection=Collection.objects.get(name=place),
        uploaded_by_user=actors.office(sitting.conference, "writer"),
    )
    made: Picture = CreateAction(picture, user=actors.office(sitting.conference, "writer")).execute()
    return made


def _body(news: News) -> list[dict[str, object]]:
    text = "".join(format_html("<p>{}</p>", paragraph) for paragraph in news.paragraphs)
    blocks: list[dict[str, object]] = [{"type": "text", "value": text}]
    if news.table:
        head, *rows = news.table
        table = {
            "columns": [{"type": "text", "heading": heading} for heading in head],
            "rows": [{"values": list(row)} for row in rows],
            "caption": news.table_caption,
        }
        blocks.append({"type": "table", "value": table})
    # Wagtail would name each block at random; the same load gives the same text.
    return [{**block, "id": str(uuid5(NAMESPACE_URL, f"{news.key}/{block['type']}"))} for block in blocks]


def _send_back(page: Page, sitting: Sitting) -> None:
    by = actors.office(sitting.conference, "review-1")
    give_verdict(page(), approve=False, opinion="摘要过于笼统，请写明会议研究了哪些议题。", by=by)


def _revise(page: Callable[[], Article], sitting: Sitting, news: News) -> None:
    draft = page().get_latest_revision_as_object()
    draft.summary = news.summary
    draft.save_revision(user=actors.office(sitting.conference, "writer"), log_action=True)


# --- outcomes --------------------------------------------------------------------------------------------------------
def _outcome(sitting: Sitting) -> OutcomePage:
    found: OutcomePage = OutcomePage.objects.get(meeting__key=sitting.key)
    return found


def _draft_outcome(sitting: Sitting) -> None:
    """Draft the page from the record, then say in a sentence what the meeting was about."""
    clerk = actors.secretary(sitting.conference)
    draft = draft_outcome(actors.meeting(sitting.key), by=clerk).get_latest_revision_as_object()
    draft.intro = draft.intro.replace("，会议议定事项公布如下。", f"。{sitting.summary}")
    draft.save_revision(user=clerk, log_action=True)


def _tell_correction(diary: Diary, sitting: Sitting, wrong: Misprint) -> None:
    """The corrected words go out as any change of wording does: through the reviews."""
    page, day = partial(_outcome, sitting), wrong.on + ISSUED_AFTER
    diary.write(day, partial(_renew, sitting, wrong), hour=14)
    diary.write(day, partial(_send, page, sitting, "secretary"), hour=15)
    _review(diary, sitting, page, day)


def _renew(sitting: Sitting, wrong: Misprint) -> None:
    renew_wording(actors.resolution(wrong.item), by=actors.secretary(sitting.conference))


# --- stages ----------------------------------------------------------------------------------------------------------
def _tell_stages(diary: Diary, sitting: Sitting, item: Item) -> None:
    """Each report that was verified is told to the public, an overdue item with its explanation."""
    for report in item.reports:
        if report.verified:
            day = resolve(report.verified, diary.today) + timedelta(days=2)
            diary.write(day, partial(_release, sitting, item, report.text), hour=17)
        elif not report.returned:
            diary.write(_told_on(diary, report), partial(_release, sitting, item, report.text), hour=17)
    done = any(report.done and report.verified for report in item.reports)
    if item.due.day is not None and not done and item.explained:
        late = resolve(item.due.day, diary.today) + timedelta(days=8)
        told = [words.text for words in item.explained if _day_of(words.at, diary) > late]
        diary.write(late, partial(_release, sitting, item, (told or [item.explained[0].text])[0]), hour=15)


def _told_on(diary: Diary, report: Report) -> date:
    """When an ordinary report was verified; a report of completion is told while it is being verified."""
    return resolve(report.on, diary.today) + timedelta(days=1 if report.done else 3)


def item_of(key: str) -> Item:
    """An item of the story by its key."""
    from portal.demo.all_meetings import SITTINGS

    return next(item for sitting in SITTINGS for item in sitting.items if item.key == key)


def _day_of(key: str, diary: Diary) -> date:
    from portal.demo.all_meetings import SITTINGS

    return next(resolve(sitting.on, diary.today) for sitting in SITTINGS if sitting.key == key)


def _release(sitting: Sitting, item: Item, explanation: str) -> None:
    """Release the stage that the record amounts to, with the words of the office."""
    row = actors.resolution(item.key)
    stages = stages_for(row)
    stage = Stage(item.shown_as) if item.shown_as in stages else stages[0]
    release_stage(row, stage=stage, explanation=explanation, by=actors.secretary(sitting.conference))


# --- what was taken back ---------------------------------------------------------------------------------------------
def tell_withdrawals(diary: Diary, sittings: tuple[Sitting, ...]) -> None:
    """One release is taken back and released again after a check; one disclosure is tightened for good."""
    sitting = next(sitting for sitting in sittings if sitting.key == "C24")
    page, day = partial(_outcome, sitting), date(2025, 1, 10)
    diary.write(date(2025, 1, 8), partial(_withdraw, "C24-2"), hour=10)
    diary.write(day, partial(_lift, "C24-2"), hour=9)
    diary.write(day, partial(_send, page, sitting, "secretary"), hour=10)
    _review(diary, sitting, page, day)
    diary.write(date(2024, 11, 5), partial(_tighten, "C24-S1"), hour=10)


def _withdraw(key: str) -> None:
    withdraw(
        actors.resolution(key),
        reason="首批友好商户名单需要逐家核对意愿，核对期间暂停公开。",
        by=actors.secretary("chengqiao"),
    )


def _lift(key: str) -> None:
    lift_withdrawal(actors.resolution(key), by=actors.secretary("chengqiao"))


def _tighten(key: str) -> None:
    tighten_disclosure(
        actors.resolution(key),
        by=actors.secretary("chengqiao"),
        disclosure=Disclosure.ON_REQUEST,
        reason="涉及受灾职工家庭情况，改为依申请公开",
    )
