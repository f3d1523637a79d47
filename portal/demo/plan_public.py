"""Schedule what is published: news, outcome pages, stages of resolutions, and withdrawals (`Y 2(7)`)."""

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
from portal.demo.data_types import MeetingData, Misprint, News, ReportData, ResolutionData, resolve
from portal.demo.pictures import cover
from portal.demo.plan_correction import ISSUED_AFTER
from portal.demo.regulations import CONFERENCES
from portal.demo.schedule import Schedule
from publicity.enums import ProposalState, Stage
from publicity.models import Article, GatedPage, NewsIndex, OutcomePage, Picture, StageProposal
from publicity.operations.outcomes import draft_outcome, lift_withdrawal, renew_wording
from publicity.operations.proposals import review_proposal, submit_stage
from publicity.operations.releases import withdraw
from publicity.operations.reviews import give_verdict, send_for_review
from publicity.rules import stages_for

GetPage = Callable[[], GatedPage]
OPINIONS = ("人名、职务、数字已核对，同意。", "内容属实，同意。", "同意发布。")
CARRIED_AFTER = timedelta(days=14)  # from the meeting to the release that a resolution is carried over
READ_AFTER = timedelta(minutes=35)  # from sending an explanation to the verdict of its reviewer
OUTCOME_AFTER = 11  # days after the meeting; its minutes have been issued by then
RETURNED_ARTICLE = "Y24-N1"  # the article that a reviewer sends back once, for its summary
TOO_SHORT = "会议研究了有关议题。"
SHORT_NAMES = {conference.slug: conference.short_name for conference in CONFERENCES}


def add_steps(schedule: Schedule, meeting: MeetingData) -> None:
    """Schedule the publicity of a meeting."""
    held = resolve(meeting.on, schedule.today)
    for news in meeting.news:
        _add_news_steps(
            schedule, meeting, news, resolve(news.on, schedule.today) if news.on else held + timedelta(days=1)
        )
    if any(resolution.disclosure == "public" for resolution in meeting.resolutions):
        get_page = partial(_outcome, meeting)
        day = held + timedelta(days=OUTCOME_AFTER)
        schedule.add(day, partial(_draft_outcome, meeting), hour=9)
        schedule.add(day, partial(_send, get_page, meeting, "preparing-clerk"), hour=10)
        _add_review_steps(schedule, meeting, get_page, day)
    for resolution in meeting.resolutions:
        if resolution.disclosure == "public":
            _add_stage_steps(schedule, meeting, resolution)
        if resolution.continues:
            text = f"经{meeting.title}议定，结转办理。"
            schedule.add(
                held + CARRIED_AFTER, partial(_release, meeting, resolution_data(resolution.continues), text), hour=9
            )
    if meeting.misprint:
        _add_correction_steps(schedule, meeting, meeting.misprint)


def _add_review_steps(schedule: Schedule, meeting: MeetingData, get_page: GetPage, sent: date) -> None:
    """Schedule three reviews by three people; the last one publishes the page."""
    for number, (days, hour) in enumerate(((1, 14), (1, 16), (2, 10)), 1):
        do = partial(_approve, get_page, meeting, number)
        schedule.add(sent + timedelta(days=days), do, hour=hour)


def _approve(get_page: GetPage, meeting: MeetingData, number: int) -> None:
    by = actors.post_holder(meeting.conference, f"review-{number}")
    give_verdict(get_page(), approve=True, opinion=OPINIONS[number - 1], by=by)


def _send(get_page: GetPage, meeting: MeetingData, post: str) -> None:
    by = (
        actors.preparing_clerk(meeting.conference)
        if post == "preparing-clerk"
        else actors.post_holder(meeting.conference, post)
    )
    send_for_review(get_page(), by=by)


# --- news ------------------------------------------------------------------------------------------------------------
def _add_news_steps(schedule: Schedule, meeting: MeetingData, news: News, day: date) -> None:
    get_page = partial(_article, meeting, news)
    schedule.add(day, partial(_write, meeting, news), hour=16)
    schedule.add(day, partial(_send, get_page, meeting, "writer"), hour=17)
    if news.key == RETURNED_ARTICLE:
        schedule.add(day + timedelta(days=1), partial(_send_back, get_page, meeting), hour=9)
        schedule.add(day + timedelta(days=1), partial(_revise, get_page, meeting, news), hour=10)
        schedule.add(day + timedelta(days=1), partial(_send, get_page, meeting, "writer"), hour=11)
    _add_review_steps(schedule, meeting, get_page, day)


def _article(meeting: MeetingData, news: News) -> Article:
    found: Article = Article.objects.get(slug=news.key.lower())
    return found


def _write(meeting: MeetingData, news: News) -> None:
    """Create an article as its writer does: a picture, a page below the section's news index, a first revision."""
    writer = actors.post_holder(meeting.conference, "writer")
    index = NewsIndex.objects.child_of(actors.conference(meeting.conference).section).get()
    if not index.permissions_for_user(writer).can_add_subpage():
        raise PermissionError(f"{writer} may not write news here")
    article = Article(
        title=news.title,
        slug=news.key.lower(),
        date=clock.today() if news.on else actors.meeting(meeting.key).day,
        meeting=actors.meeting(meeting.key),
        summary=TOO_SHORT if news.key == RETURNED_ARTICLE else news.summary,
        cover=_picture(meeting, news),
        cover_alt=news.alt,
        body=json.dumps(_body(news)),
        live=False,
        owner=writer,
    )
    article.tags.add(*news.tags)
    index.add_child(instance=article)
    article.save_revision(user=writer, log_action=True)


def _picture(meeting: MeetingData, news: News) -> Picture:
    place = SHORT_NAMES[meeting.conference]
    caption = news.tags[0] if news.on else meeting.title
    picture = Picture(
        title=f"{place}{caption}",
        description=news.alt,
        file=ContentFile(cover(news.motif, place, caption), name=f"{news.key.lower()}.png"),
        collection=Collection.objects.get(name=place),
        uploaded_by_user=actors.post_holder(meeting.conference, "writer"),
    )
    made: Picture = CreateAction(picture, user=actors.post_holder(meeting.conference, "writer")).execute()
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
    # Wagtail would give each block a random id. Loading twice must give the same content.
    return [{**block, "id": str(uuid5(NAMESPACE_URL, f"{news.key}/{block['type']}"))} for block in blocks]


def _send_back(get_page: GetPage, meeting: MeetingData) -> None:
    by = actors.post_holder(meeting.conference, "review-1")
    give_verdict(get_page(), approve=False, opinion="摘要过于笼统，请写明会议研究了哪些议题。", by=by)


def _revise(get_page: Callable[[], Article], meeting: MeetingData, news: News) -> None:
    draft = get_page().get_latest_revision_as_object()
    draft.summary = news.summary
    draft.save_revision(user=actors.post_holder(meeting.conference, "writer"), log_action=True)


# --- outcomes --------------------------------------------------------------------------------------------------------
def _outcome(meeting: MeetingData) -> OutcomePage:
    found: OutcomePage = OutcomePage.objects.get(meeting__key=meeting.key)
    return found


def _draft_outcome(meeting: MeetingData) -> None:
    """Draft the page from the record, then put the summary of the meeting into its intro."""
    clerk = actors.preparing_clerk(meeting.conference)
    draft = draft_outcome(actors.meeting(meeting.key), by=clerk).get_latest_revision_as_object()
    draft.intro = draft.intro.replace("，会议议定事项公布如下。", f"。{meeting.summary}")
    draft.save_revision(user=clerk, log_action=True)


def _add_correction_steps(schedule: Schedule, meeting: MeetingData, misprint: Misprint) -> None:
    """Schedule the publication of the corrected text: as any change of wording, it passes the reviews."""
    get_page, day = partial(_outcome, meeting), misprint.on + ISSUED_AFTER
    schedule.add(day, partial(_update_wording, meeting, misprint), hour=14)
    schedule.add(day, partial(_send, get_page, meeting, "preparing-clerk"), hour=15)
    _add_review_steps(schedule, meeting, get_page, day)


def _update_wording(meeting: MeetingData, misprint: Misprint) -> None:
    renew_wording(actors.resolution(misprint.resolution), by=actors.preparing_clerk(meeting.conference))


# --- stages ----------------------------------------------------------------------------------------------------------
def _add_stage_steps(schedule: Schedule, meeting: MeetingData, resolution: ResolutionData) -> None:
    """Schedule a release for each report, except one that was returned and never verified.

    An overdue resolution gets one more release, with its explanation.
    """
    for report in resolution.reports:
        if report.verified:
            day = resolve(report.verified, schedule.today) + timedelta(days=2)
            schedule.add(day, partial(_release, meeting, resolution, report.text), hour=17)
        elif not report.returned:
            schedule.add(_release_day(schedule, report), partial(_release, meeting, resolution, report.text), hour=17)
    done = any(report.done and report.verified for report in resolution.reports)
    if resolution.deadline.day is not None and not done and resolution.explanations:
        late = resolve(resolution.deadline.day, schedule.today) + timedelta(days=8)
        texts = [
            explanation.text
            for explanation in resolution.explanations
            if _meeting_day(explanation.for_meeting, schedule) > late
        ]
        schedule.add(
            late, partial(_release, meeting, resolution, (texts or [resolution.explanations[0].text])[0]), hour=15
        )


def _release_day(schedule: Schedule, report: ReportData) -> date:
    """Return the day on which an unverified report is released.

    A progress report has been accepted by then; a completion report is released while it is being verified.
    """
    return resolve(report.on, schedule.today) + timedelta(days=1 if report.done else 3)


def resolution_data(key: str) -> ResolutionData:
    """Return the data of a resolution by its key."""
    from portal.demo.all_meetings import MEETINGS

    return next(resolution for meeting in MEETINGS for resolution in meeting.resolutions if resolution.key == key)


def _meeting_day(key: str, schedule: Schedule) -> date:
    from portal.demo.all_meetings import MEETINGS

    return next(resolve(meeting.on, schedule.today) for meeting in MEETINGS if meeting.key == key)


def _release(meeting: MeetingData, resolution: ResolutionData, explanation: str) -> None:
    """Release the first stage that the record allows, or `public_stage` if allowed, with the explanation."""
    row = actors.resolution(resolution.key)
    stages = stages_for(row)
    stage = Stage(resolution.public_stage) if resolution.public_stage in stages else stages[0]
    sent = submit_stage(row, stage=stage, explanation=explanation, by=actors.preparing_clerk(meeting.conference))
    if isinstance(sent, StageProposal):  # a reviewer reads longer explanations the same afternoon
        reviewer = actors.post_holder(meeting.conference, "review-1")
        with clock.at(clock.now() + READ_AFTER):
            review_proposal(sent, approve=True, opinion="情况属实，同意公开。", by=reviewer)


def add_explanation_steps(schedule: Schedule) -> None:
    """Schedule an explanation that waits for a reviewer on the day of loading, and one that was returned."""
    schedule.add(
        -3, partial(_send_explanation, "Y25-2", "筛查进展顺利，未参加的女职工请尽快预约，电话0359-6022345。"), hour=9
    )
    schedule.add(-2, partial(_return_explanation, "Y25-2"), hour=15)
    text = "4个托管班运行平稳。下一期报名时间、地点和收费办法确定后在本页公布，咨询电话0359-6024567。"
    schedule.add(-1, partial(_send_explanation, "Y25-1", text), hour=16)


def _send_explanation(key: str, text: str) -> None:
    row = actors.resolution(key)
    submit_stage(row, stage=stages_for(row)[0], explanation=text, by=actors.preparing_clerk("yuanqu"))


def _return_explanation(key: str) -> None:
    proposal = StageProposal.objects.get(resolution=actors.resolution(key), state=ProposalState.IN_REVIEW)
    opinion = "请先与县卫健局核对预约电话，并写明已筛查的人数。"
    review_proposal(proposal, approve=False, opinion=opinion, by=actors.post_holder("yuanqu", "review-1"))


# --- withdrawals -----------------------------------------------------------------------------------------------------
def add_withdrawal_steps(schedule: Schedule, meetings: tuple[MeetingData, ...]) -> None:
    """Schedule a release that is withdrawn and released again after a check, and a disclosure that is tightened."""
    meeting = next(meeting for meeting in meetings if meeting.key == "C24")
    get_page, day = partial(_outcome, meeting), date(2025, 1, 10)
    schedule.add(date(2025, 1, 8), partial(_withdraw, "C24-2"), hour=10)
    schedule.add(day, partial(_lift, "C24-2"), hour=9)
    schedule.add(day, partial(_send, get_page, meeting, "preparing-clerk"), hour=10)
    _add_review_steps(schedule, meeting, get_page, day)
    schedule.add(date(2024, 11, 5), partial(_tighten, "C24-S1"), hour=10)


def _withdraw(key: str) -> None:
    withdraw(
        actors.resolution(key),
        reason="首批友好商户名单需要逐家核对意愿，核对期间暂停公开。",
        by=actors.preparing_clerk("chengqiao"),
    )


def _lift(key: str) -> None:
    lift_withdrawal(actors.resolution(key), by=actors.preparing_clerk("chengqiao"))


def _tighten(key: str) -> None:
    tighten_disclosure(
        actors.resolution(key),
        by=actors.preparing_clerk("chengqiao"),
        disclosure=Disclosure.ON_REQUEST,
        reason="涉及受灾职工家庭情况，改为依申请公开",
    )
