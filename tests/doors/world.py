"""Records and people for the tests of the access table.

- `build()`: a county with an object for every entry point, in every state, and a town as the other conference.
- `AccessWorld.people`: the people who send requests, by the column heading in `table.md`.
- `AccessWorld.objects`: URL parameters of each object, by its name in the rows of `table.md`.
- `TODAY`: the day of the requests.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.models import Site, TaskState

from meetings import clock
from meetings.documents.portal_templates import portal_template
from meetings.enums import DocumentKind, Role
from meetings.models import (
    Delegation,
    LeadingGroup,
    Meeting,
    Membership,
    Minutes,
    Opinion,
    Person,
    Resolution,
    WorkItem,
)
from meetings.operations.attachment import attach
from meetings.operations.changes_of_accounts import account_act
from meetings.operations.delegation import confirm_delegation, delegate
from meetings.operations.document import save_template
from meetings.operations.meeting import explain, notify_meeting
from meetings.operations.tenures import end_tenure
from meetings.operations.topic import submit_topic
from meetings.operations.work import add_notice
from portal.models import LoginRules
from publicity.models import GatedPage, PublicDocument, PublicitySettings
from publicity.operations.pages import take_down
from publicity.operations.proposals import submit_stage
from publicity.operations.reviews import send_for_review
from publicity.rules import stages_for
from tests.meetings.confirming import give_password, submit
from tests.meetings.factories import DepartmentFactory, PersonFactory, World, chengqiao, seat, yuanqu
from tests.meetings.follow_up import under_way, upload
from tests.meetings.steps import drafted_minutes, in_approval, planned_meeting, settled
from tests.meetings.work import refresh_work
from tests.publicity.factories import article, document, picture, place, public_article, public_outcome

TODAY = date(2026, 2, 25)
WRITTEN = date(2025, 12, 20)  # the day of records that this module enters itself


@dataclass
class AccessWorld:
    """The records, the people who send requests, and the URL parameters of the objects."""

    county: World
    town: World
    people: dict[str, Person | None]
    other_conference_people: dict[str, Person]
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)


def build() -> AccessWorld:
    """Build all records, in the states that the table names."""
    county, town = yuanqu(), chengqiao()
    place(county)
    place(town)
    PublicitySettings.for_site(Site.objects.get())
    world = AccessWorld(county, town, people(county, town), other_conference_people(town))
    objects = world.objects
    with clock.at(WRITTEN):
        objects |= topics(county)
    objects |= records(county)
    objects |= administration(county)
    with clock.at(TODAY):
        objects |= changes(county)
        objects |= pages(county, Meeting.objects.get(title="已召开的会议"))
    refresh_work()  # an opinion was asked for without its operation
    objects["—"] = default_parts(county, objects)
    return world


def default_parts(world: World, objects: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the URL parameters of rows without an object: values that exist, but are not accessible to most roles."""
    named = {"app_label": "publicity", "model_name": "article", "app_name": "publicity", "action": "delete"}
    numbers = ("pk", "collection_id", "workflow_pk", "page_pk", "object_id", "session_id", "uploaded_file_id", "id")
    words = {"rest": "x", "path": "x", "var": "x", "uidb64": "x", "token": "x", "filter_spec": "width-400"}
    passwords = {"restriction_id": 1, "page_view_restriction_id": 1}
    places = {"destination_id": objects["新闻栏目"]["parent_page_id"], "action_name": "approve"}
    pages = {**objects["新闻栏目"], **objects["新闻·草稿"], **objects["文件·未用"], **objects["图片·未用"]}
    files = {"doc_id": objects["文件·未用"]["document_id"]}
    return pages | named | dict.fromkeys(numbers, 1) | words | passwords | places | files


# --- people ----------------------------------------------------------------------------------------------------------
def people(county: World, town: World) -> dict[str, Person | None]:
    """Return one person for each column of the table."""
    unconcerned = DepartmentFactory.create(name="县无关局")
    Membership.objects.create(conference=county.conference, department=unconcerned, side="government")
    former = seat(
        "原经办人员",
        "卸任者",
        role=Role.CLERK,
        side="union",
        conference=county.conference,
        department=county.union_office,
    )
    idle = seat("无关局联络员", role=Role.LIAISON, department=unconcerned, conference=county.conference)
    with clock.at(WRITTEN):
        end_tenure(former, by=county.administrator, on=WRITTEN)
    return {
        "未登录": None,
        "本方经办": county.union_clerk,
        "对方经办": county.gov_clerk,
        "领导": county.head,
        "有关联络员": county.liaison,
        "无关联络员": idle.person,
        "外地经办": town.gov_clerk,
        "卸任者": former.person,
        "信息员": county.writer,
        "审核人员": county.reviewers[0],
        "审计员": county.auditor,
        "管理员": county.administrator,
        **mismatched_people(county, town),
    }


def mismatched_people(county: World, town: World) -> dict[str, Person]:
    """Return people whose posts name a department that is no member of their conference.

    Such posts cannot be made any more, but may exist in older installations. A post gives access in its own conference:
    as a liaison, to what concerns its department there, which is nothing.
    """
    there: dict[str, Any] = {"conference": town.conference, "department": county.department}
    of_town = seat("镇岗联络员", role=Role.LIAISON, **there).person
    of_county = seat("县岗联络员", role=Role.LIAISON, conference=county.conference, department=town.department).person
    of_all_roles: Person = PersonFactory.create(name="镇岗人员")
    for role in Role:
        if role != Role.LIAISON:
            seat(f"镇岗{role.label}", role=role, side="union", person=of_all_roles, **there)
    return {"镇岗联络员": of_town, "县岗联络员": of_county, "镇岗其他职责": of_all_roles}


def other_conference_people(town: World) -> dict[str, Person]:
    """Return further people of the other conference; they have no access where its clerk has none."""
    return {
        "外地领导": town.head,
        "外地工会领导": town.union_head,
        "外地联络员": town.liaison,
        "外地信息员": town.writer,
        "外地审核人员": town.reviewers[0],
        "外地审计员": seat("镇审计员", role=Role.AUDITOR, conference=town.conference).person,
        "外地管理员": seat("镇管理员", role=Role.ADMINISTRATOR, conference=town.conference).person,
    }


# --- records ---------------------------------------------------------------------------------------------------------
def topics(world: World) -> dict[str, dict[str, Any]]:
    """Create a draft topic with a file, and a submitted one for which a department is asked for its opinion."""
    draft = world.topic(title="起草中的议题")
    [file] = attach(draft, by=world.liaison, files=[upload("草稿附件.pdf")])
    sent = world.topic(title="已提出的议题", proposer=world.union_office)
    submit_topic(sent, by=world.union_clerk)
    asked = Opinion.objects.create(topic=sent, department=world.department, asked_on=WRITTEN)
    return {
        "议题·草稿": {"pk": draft.pk, "part": file.pk, "action": "submit", "seat": "proposer"},
        "议题·已提出": {"pk": sent.pk, "part": asked.pk, "action": "confer", "seat": "government_clerk"},
        "附件·议题草稿": {"pk": file.pk},
    }


def records(world: World) -> dict[str, dict[str, Any]]:
    """Create meetings from planning to issued minutes, and their resolutions with follow-up."""
    signing = in_approval(world, date(2024, 10, 15), title="纪要送审的会议")
    drafted = drafted_minutes(world, date(2024, 12, 15), title="纪要起草的会议")
    resolution, report = under_way(world, title="已召开的会议")
    minutes, meeting = resolution.minutes, resolution.minutes.meeting
    planned = planned_meeting(world, date(2026, 6, 1), title="尚在筹备的会议")
    called = _notified_meeting(world, resolution)
    with clock.at(WRITTEN):
        [with_report] = attach(report, by=world.liaison, files=[upload("报告附件.pdf")])
        [with_meeting] = attach(planned, by=world.gov_clerk, files=[upload("会议附件.pdf")])
        [with_minutes] = attach(drafted, by=world.gov_clerk, files=[upload("纪要附件.pdf")])
        delegation = _delegation(world)
        [with_row] = attach(drafted.resolutions.order_by("pk")[0], by=world.gov_clerk, files=[upload("事项附件.pdf")])
    item, guest = planned.agenda.order_by("pk")[0], planned.attendance.order_by("pk")[0]
    drafted_row = drafted.resolutions.order_by("pk")[0]
    return {
        "会议·筹备": {
            "pk": planned.pk,
            "part": item.pk,
            "action": "settle",
            "seat": "union_clerk",
            "resolution": resolution.pk,
        },
        "出席·筹备": {"pk": planned.pk, "part": guest.pk},
        "附件·筹备会议": {"pk": planned.pk, "part": with_meeting.pk},
        "会议·已通知": {"pk": called.pk, "action": "hold", "seat": "union_clerk"},
        "会议·已召开": {"pk": meeting.pk, "part": meeting.agenda.order_by("pk")[0].pk, "action": "hold"},
        "纪要·起草": {
            "pk": drafted.pk,
            "part": with_minutes.pk,
            "action": "send",
            "seat": "union_clerk",
            **_revisions(drafted),
        },
        "纪要·送审": {"pk": signing.pk, "action": "approve", "seat": "government_leader"},
        "纪要·已印发": {"pk": minutes.pk, "action": "issue", "seat": "union_clerk", **_revisions(minutes)},
        "事项·起草": {"pk": drafted_row.pk, "action": "assign"},
        "事项·推进中": {
            "pk": resolution.pk,
            "part": resolution.parts.get(role="lead").pk,
            "action": "report",
            "seat": "union_clerk",
            "conference": world.conference.pk,
            "department": world.department.pk,
        },
        "事项·核实": {"pk": resolution.pk, "action": "verify", "seat": "government_clerk"},
        "附件·事项": {"pk": drafted_row.pk, "part": with_row.pk},
        "报告": {"pk": report.pk, "part": with_report.pk},
        "附件·报告": {"pk": with_report.pk},
        "附件·纪要": {"pk": with_minutes.pk},
        "委托": {"pk": delegation.pk},
        "知照": {"pk": _notice(world, resolution).pk},
    }


def _notified_meeting(world: World, unfinished: Resolution) -> Meeting:
    meeting = planned_meeting(world, date(2026, 3, 6), topics=0, title="已通知的会议")
    with clock.at(meeting.day - timedelta(days=18)):
        explain(unfinished, meeting, by=world.union_clerk, text="资金尚未下达。", opinion="结转下年继续办理。")
    settled(world, meeting)
    with clock.at(meeting.day - timedelta(days=10)):
        notify_meeting(meeting, by=world.gov_clerk)
    return meeting


def _notice(world: World, resolution: Resolution) -> WorkItem:
    add_notice(resolution, "voided", people=[world.union_clerk.pk], data={"reason": "内容有变"})
    return WorkItem.objects.get(action="voided")


def _revisions(minutes: Minutes) -> dict[str, int]:
    keys = [revision.pk for revision in minutes.revisions.order_by("pk")]
    return {"revision": keys[0], "revision_id_a": keys[0], "revision_id_b": keys[-1]}


def _delegation(world: World) -> Delegation:
    row = Delegation(tenure=world.tenures["head"], to=world.tenures["gov_leader"], reason="出差")
    row.from_date, row.to_date = WRITTEN, TODAY + timedelta(days=30)
    return confirm_delegation(delegate(row, by=world.gov_clerk), by=world.head)


# --- administration --------------------------------------------------------------------------------------------------
def administration(world: World) -> dict[str, dict[str, Any]]:
    """Return the objects that administrators manage; create a document template and a leading group."""
    conference, kind = world.conference, DocumentKind.values[0]
    template = SimpleUploadedFile("模板.docx", portal_template(kind))
    save_template(conference, kind=kind, file=template, by=world.administrator)
    group = LeadingGroup.objects.create(conference=conference, name="县领导小组")
    tenure = world.tenures["liaison"]
    return {
        "联席会议": {"pk": conference.pk, "kind": kind, "year": 2025, "conference": conference.pk},
        "人员": {"pk": world.liaison.pk},
        "岗位": {"pk": tenure.post.pk, "part": tenure.pk},
        "部门": {"pk": world.department.pk},
        "领导小组": {"pk": group.pk},
        "制度": {"pk": world.adoption.regulation_id},
        "适用": {"pk": world.adoption.pk},
    }


def changes(world: World) -> dict[str, dict[str, Any]]:
    """Submit a one-time code for the head of the government, which the auditor may confirm."""
    for person in (world.auditor, world.head):
        give_password(person)
    change = submit(account_act("login_code", world.head), by=world.administrator, subject=world.head)
    return {"待复核": {"pk": change.pk}}


# --- publicity -------------------------------------------------------------------------------------------------------
def pages(world: World, meeting: Meeting) -> dict[str, dict[str, Any]]:
    """Create pages in draft, in review, live and taken down, and used and unused pictures and documents."""
    used, unused = document("公开的文件", world), document("没有用到的文件", world)
    seen, unseen = picture("公开的图片", world=world), picture("没有用到的图片", world=world)
    body = [
        ("text", "<p>会议召开。</p>"),
        ("picture", {"picture": seen, "alt": "会场", "caption": "会场"}),
        ("document", used),
    ]
    draft, waiting = article(world, "起草的新闻"), article(world, "送审的新闻")
    send_for_review(waiting, by=world.writer)
    live = public_article(world, "公开的新闻", meeting=meeting, body=body)
    gone = public_article(world, "撤下的新闻")
    take_down(gone, reason="误发", by=world.gov_clerk)
    outcome = public_outcome(world, meeting)
    settled = meeting.minutes.get().resolutions.get()
    number = "咨询请拨0359-6022345。"  # a reviewer reads it first
    sent = submit_stage(settled, stage=stages_for(settled)[0], explanation=number, by=world.gov_clerk)
    return {
        "新闻栏目": {
            "parent_page_id": draft.get_parent().pk,
            "content_type_app_name": "publicity",
            "content_type_model_name": "article",
        },
        "新闻·草稿": _page(draft),
        "新闻·送审": _page(waiting),
        "新闻·公开": _page(live),
        "新闻·撤下": _page(gone),
        "成果页·公开": _page(outcome),
        "文件·公开": _file(used),
        "文件·未用": _file(unused),
        "图片·公开": {"image_id": seen.pk, "pk": seen.pk, "path": seen.get_rendition("width-400").file.name},
        "图片·未用": {"image_id": unseen.pk, "pk": unseen.pk, "path": unseen.file.name},
        "公网设置": {"app_name": "publicity", "model_name": "publicitysettings", "pk": Site.objects.get().pk},
        "登录设置": {"app_name": "portal", "model_name": "loginrules", "pk": LoginRules.load().pk},
        "事项·公开": {"pk": settled.pk, "number": "2025-1"},
        "栏目": {"slug": world.conference.slug, "year": 2025},
        "说明·送审": {"pk": sent.pk},
    }


def _page(page: GatedPage) -> dict[str, Any]:
    state = TaskState.objects.filter(revision__object_id=str(page.pk)).order_by("-pk").first()
    return {
        "pk": page.pk,
        "page_id": page.pk,
        "page_to_move_id": page.pk,
        "var": page.get_url_parts()[2].removeprefix("/") if page.get_url_parts() else "",
        "revision_id": page.latest_revision_id,
        "revision_id_a": page.latest_revision_id,
        "revision_id_b": "latest",
        "task_state_id": state.pk if state else 0,
        "task_id": state.task_id if state else 0,
        "workflow_state_id": state.workflow_state_id if state else 0,
    }


def _file(row: PublicDocument) -> dict[str, Any]:
    return {"document_id": row.pk, "pk": row.pk, "document_filename": row.filename}
