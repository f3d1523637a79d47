"""Operations on the outcome page of a meeting, which is drafted from the record.

- `draft_outcome`: create the page, or add to its draft what the record has gained since.
- `lift_withdrawal`: put a withdrawn resolution up for release again; it is released when the page passes its reviews.
- `renew_wording`: put the text of a correction into the draft of the page, which is reviewed likewise.
- `hide_source`: hide the source line of a page at once, because the minutes are no longer disclosed proactively.
"""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings import clock
from meetings.enums import Disclosure
from meetings.models import Meeting, Person, Resolution
from meetings.queries.minutes import issued_minutes_of
from meetings.refusal import Refused
from meetings.write_lock import write_transaction
from publicity.enums import ReleaseKind
from publicity.models import ConferenceSection, HiddenSource, OutcomeItem, OutcomePage, OutcomesIndex, Release
from publicity.models.outcome import discloses_minutes
from publicity.operations.base import announce, require_office
from publicity.rules import disclosure_refusal, is_clerk


@write_transaction()
def draft_outcome(meeting: Meeting, *, by: Person) -> OutcomePage:
    """Draft the outcome page of a meeting from its issued minutes; only what is disclosed proactively is included.

    An existing page keeps its text: resolutions that it lacks are added to its draft, and the source is renewed.
    """
    require_office(is_clerk(by, meeting.conference))
    minutes = issued_minutes_of(meeting)
    if minutes is None:
        raise Refused(
            _("The minutes are not issued yet. Outcomes can be drafted once they are."),
            code="outcome_of_minutes_not_issued",
        )
    public = list(
        minutes.resolutions.filter(disclosure=Disclosure.PUBLIC).select_related("agenda_item").order_by("order", "pk")
    )
    if not public:
        raise Refused(
            _("No resolution of this meeting is disclosed proactively. There is nothing to make public."),
            code="nothing_to_disclose",
        )
    page = OutcomePage.objects.filter(meeting=meeting).first()
    return _create(meeting, public, by=by) if page is None else _add(page, public, by=by)


def _item(resolution: Resolution, order: int) -> OutcomeItem:
    subject = resolution.agenda_item.title if resolution.agenda_item else ""
    return OutcomeItem(
        sort_order=order,
        resolution=resolution,
        title=resolution.title,
        wording=resolution.text,
        # The usual phrase of published outcomes.
        discussion=f"会议研究了{subject}。" if subject else "",
    )


def _create(meeting: Meeting, public: list[Resolution], *, by: Person) -> OutcomePage:
    conference, day = meeting.conference, meeting.held_on or meeting.time.date()
    section = ConferenceSection.objects.filter(conference=conference).first()
    if section is None:
        raise Refused(
            _("This conference has no public section yet. Ask the administrator to create one."),
            code="no_public_section",
        )
    index = OutcomesIndex.objects.child_of(section).get()
    page = OutcomePage(
        meeting=meeting,
        date=day,
        title=f"{conference.short_name}{meeting.title}议定事项",
        # The usual phrase of published outcomes. It must not reveal how many resolutions there were.
        intro=f"{date_format(day, 'Y年n月j日')}，{conference.government_side}与{conference.union_side}"
        f"召开{meeting.title}，会议议定事项公布如下。",
        live=False,
        owner=by,
    )
    page.propose_source()
    for order, resolution in enumerate(public):
        page.items.add(_item(resolution, order))
    index.add_child(instance=page)
    page.save_revision(user=by, log_action=True)
    announce(page, "draft_outcome", by=by)
    return page


def _draft_of(page: OutcomePage) -> OutcomePage:
    """Return the draft of a page; `Refused` during a review, because a text under review does not change."""
    if page.workflow_in_progress:
        raise Refused(
            _("The outcome page is being reviewed. To change it, cancel the review first."), code="outcome_under_review"
        )
    draft: OutcomePage = page.get_latest_revision_as_object()
    return draft


def _add(page: OutcomePage, public: list[Resolution], *, by: Person) -> OutcomePage:
    latest: OutcomePage = page.get_latest_revision_as_object()
    present = {item.resolution_id for item in latest.items.all()}
    missing = [resolution for resolution in public if resolution.pk not in present]
    if not (latest.propose_source() or missing):
        return page
    draft = _draft_of(page)
    draft.propose_source()
    for resolution in missing:
        draft.items.add(_item(resolution, draft.items.count()))
    draft.save_revision(user=by, log_action=True)
    announce(page, "draft_outcome", by=by)
    return page


@write_transaction()
def lift_withdrawal(resolution: Resolution, *, by: Person) -> OutcomePage:
    """Put a withdrawn resolution up for release in the draft of its outcome page; the reviews decide."""
    meeting = resolution.minutes.meeting
    require_office(is_clerk(by, meeting.conference))
    if gap := disclosure_refusal(resolution):
        raise Refused.lacking([gap])
    last = Release.objects.latest_of(resolution)
    if last is None or last.kind != ReleaseKind.WITHDRAWAL:
        raise Refused(_("The resolution has not been taken back."), code="not_withdrawn")
    page: OutcomePage | None = OutcomePage.objects.filter(meeting=meeting).first()
    if page is None:
        raise Refused(_("The meeting has no outcome page. Draft it from the meeting first."), code="no_outcome_page")
    draft = _draft_of(page)
    item = next((item for item in draft.items.all() if item.resolution_id == resolution.pk), None)
    if item is None:
        item = _item(resolution, draft.items.count())
    item.lifts = last
    draft.items.add(item)
    draft.propose_source()
    draft.save_revision(user=by, log_action=True)
    announce(page, "lift_withdrawal", by=by, data={"resolution": resolution.pk})
    return page


@write_transaction()
def renew_wording(resolution: Resolution, *, by: Person) -> OutcomePage:
    """Put the title and text of the record into the draft of the outcome page; the reviews decide."""
    meeting = resolution.minutes.meeting
    require_office(is_clerk(by, meeting.conference))
    if gap := disclosure_refusal(resolution):
        raise Refused.lacking([gap])
    page: OutcomePage | None = OutcomePage.objects.filter(meeting=meeting).first()
    if page is None:
        raise Refused(_("The meeting has no outcome page. Draft it from the meeting first."), code="no_outcome_page")
    draft = _draft_of(page)
    item = next((item for item in draft.items.all() if item.resolution_id == resolution.pk), None)
    if item is None:
        item = _item(resolution, draft.items.count())
    item.title, item.wording = resolution.title, resolution.text
    draft.items.add(item)
    draft.propose_source()
    draft.save_revision(user=by, log_action=True)
    announce(page, "renew_wording", by=by, data={"resolution": resolution.pk})
    return page


def hide_source(meeting: Meeting, *, by: Person | None) -> None:
    """Hide the source line of the meeting's outcome page if the minutes in force are not disclosed proactively.

    The page stays public, with its approved text. The caller holds the transaction that changes the minutes.
    """
    page: OutcomePage | None = OutcomePage.objects.filter(meeting=meeting, live=True).first()
    if page is None or not page.shows_source or discloses_minutes(issued_minutes_of(meeting)):
        return
    HiddenSource.objects.create(page=page, by=by, at=clock.now())
    announce(page, "hide_source", by=by)
