"""Row-level visibility: invisible records appear in no URL of any viewset, list, export, filter or file."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from meetings import clock
from meetings.admin.menu import RecordsGroup
from meetings.models import Attachment, Delegation, ProgressReport, RecordTag
from meetings.models.catalogue import RECORDS as RECORD_MODELS
from meetings.operations.attachment import attach
from meetings.operations.delegation import confirm_delegation, delegate
from tests.meetings.admin.pages import at_desk, page, query_count
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.meetings.follow_up import under_way, upload
from tests.meetings.steps import DAY
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
SECRET = "外人不得知晓的议题"
SHOWN: list[Any] = RecordsGroup().registerables
RECORDS = [vs for vs in SHOWN if vs.model in RECORD_MODELS]
OTHER: dict[str, Any] = {"action": "submit", "part": 1, "resolution": 1, "revision": 1}


def addresses() -> list[tuple[str, str]]:
    """Return every URL below a record as pairs of model and name of the view."""
    return [
        (viewset.model._meta.model_name, pattern.name)
        for viewset in RECORDS
        for pattern in viewset.get_urlpatterns()
        if "pk" in pattern.pattern.converters
    ]


def filled(model: str, name: str, pk: int) -> str:
    """Return the URL with this pk and plausible other arguments."""
    viewset = next(vs for vs in RECORDS if vs.model._meta.model_name == model)
    pattern = next(p for p in viewset.get_urlpatterns() if p.name == name)
    others = {key: OTHER.get(key, 1) for key in pattern.pattern.converters if key != "pk"}
    return reverse(f"{viewset.url_namespace}:{name}", kwargs={"pk": pk, **others})


def records(world: World) -> dict[str, Any]:
    """Return one record of each kind."""
    resolution, report = under_way(world)
    meeting = resolution.minutes.meeting
    topic = world.topic(title=SECRET)
    return {
        "delegation": delegation(world),
        "topic": topic,
        "meeting": meeting,
        "minutes": resolution.minutes,
        "resolution": resolution,
        "progressreport": report,
    }


def delegation(world: World) -> Delegation:
    """Return a running delegation of the vice-head."""
    today = clock.today()
    tenures = {"tenure": world.tenures["liaison_leader"], "to": world.tenures["gov_leader"]}
    row = Delegation(**tenures, from_date=today, to_date=today, reason="外出培训")
    return confirm_delegation(delegate(row, by=world.union_clerk), by=world.liaison_leader)


def test_every_record_has_a_viewset_with_addresses() -> None:
    kinds = {"topic", "meeting", "minutes", "resolution", "progressreport", "delegation"}
    assert {model for model, _name in addresses()} == kinds
    assert len(addresses()) > 35


def test_a_stranger_finds_no_address_of_any_record() -> None:
    found, outsider = records(yuanqu()), at_desk(chengqiao().union_clerk)
    for model, name in addresses():
        url = filled(model, name, found[model].pk)
        for response in (outsider.get(url), outsider.post(url, {"title": "改", "verdict": "agree"})):
            assert response.status_code == 404, f"{response.request['REQUEST_METHOD']} {url}"
            assert str(found[model]) not in response.content.decode()


@pytest.mark.slow
def test_the_same_addresses_exist_for_the_own_clerk() -> None:
    world = yuanqu()
    found, clerk = records(world), at_desk(world.union_clerk)
    seen = {}
    for model, name in addresses():
        response = clerk.get(filled(model, name, found[model].pk))
        response.close()  # a download may hold an open file
        seen[name] = response.status_code
    assert seen["inspect"] == 200
    assert seen["history"] == 200


def test_nothing_leads_to_delete_copy_or_usage() -> None:
    names = {name for _model, name in addresses()}
    assert not names & {"delete", "copy", "usage", "reorder"}


@pytest.mark.parametrize("path", ["bulk/meetings/topic/delete/?id=all", "bulk/meetings/minutes/delete/?id=all"])
def test_no_bulk_action_knows_a_record(path: str) -> None:
    world = yuanqu()
    world.topic(title=SECRET)
    response = at_desk(world.union_clerk).get(f"/admin/{path}")
    assert response.status_code == 404


def test_tags_of_records_are_suggested_by_no_door() -> None:
    RecordTag.objects.create(name="维稳专班", slug="t")
    response = at_desk(chengqiao().union_clerk).get("/admin/tag-autocomplete/meetings/recordtag/?term=维稳")
    assert response.status_code == 404


@pytest.fixture(scope="class")
def hidden(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[list[str], Client]]:
    """The names of a county's records, and a client of a clerk of another conference."""
    with shared_world(django_db_blocker):
        names = [str(record) for record in records(yuanqu()).values()]
        yield names, at_desk(chengqiao().union_clerk)


class TestLists:
    """Lists with filters, searches and exports."""

    @pytest.mark.parametrize("model", ["topic", "meeting", "minutes", "resolution", "progressreport", "delegation"])
    @pytest.mark.parametrize(
        "query", ["", "?q=议题", "?export=csv", "?export=xlsx", "?conference=1", "?ordering=title"]
    )
    def test_lists_and_spreadsheets_show_a_stranger_nothing(
        self, hidden: tuple[list[str], Client], model: str, query: str
    ) -> None:
        names, outsider = hidden
        for name in ("index", "index_results"):
            response = outsider.get(reverse(f"{model}:{name}") + query)
            assert response.status_code == 200
            body = b"".join(response) if response.streaming else response.content
            for hidden_name in names:
                assert hidden_name.encode() not in body


def test_a_spreadsheet_holds_what_the_page_shows() -> None:
    world = yuanqu()
    world.topic(title="=2+5 困难职工帮扶")
    response = at_desk(world.union_clerk).get(reverse("topic:index") + "?export=csv")
    text = b"".join(response).decode("utf-8-sig")
    assert "议题,状态," in text
    assert "'=2+5 困难职工帮扶" in text, "text that a spreadsheet would run stays text"


def test_filters_name_only_conferences_in_sight() -> None:
    county, town = yuanqu(), chengqiao()
    text = page(at_desk(county.union_clerk), "topic:index")
    assert town.conference.short_name not in text
    assert 'name="conference"' not in text, "who sees one conference is not asked which"
    text = page(at_desk(county.auditor), "topic:index")
    assert town.conference.short_name in text


def test_a_forged_filter_finds_nothing() -> None:
    county, town = yuanqu(), chengqiao()
    town.topic(title=SECRET)
    text = page(at_desk(county.union_clerk), "topic:index", query=f"?conference={town.conference.pk}")
    assert SECRET not in text


def test_the_filter_of_lead_departments_names_only_those_in_sight() -> None:
    county, town = yuanqu(), chengqiao()
    under_way(county)
    text = page(at_desk(town.union_clerk), "resolution:index")
    assert county.department.name not in text
    assert county.department.name in page(at_desk(county.union_clerk), "resolution:index")


def test_a_liaison_sees_what_concerns_the_own_department() -> None:
    world = yuanqu()
    own, other = world.topic(title="本部门的议题"), world.topic(title=SECRET, proposer=world.other_department)
    client = at_desk(world.liaison)
    text = page(client, "topic:index")
    assert own.title in text
    assert SECRET not in text
    assert client.get(reverse("topic:inspect", args=[other.pk])).status_code == 404


def _attached(world: World) -> Attachment:
    return attach(world.topic(), by=world.union_clerk, files=[upload("关于调研的报告（定稿）.pdf")])[0]


def test_a_file_is_a_download_with_its_chinese_name() -> None:
    world = yuanqu()
    row = _attached(world)
    response = at_desk(world.union_clerk).get(reverse("records_download", args=[row.pk]))
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    assert "filename*=utf-8''" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert b"".join(response) == b"%PDF-1.7\n%%EOF\n"


def test_a_file_is_sent_to_nobody_else() -> None:
    world = yuanqu()
    url = reverse("records_download", args=[_attached(world).pk])
    assert at_desk(chengqiao().union_clerk).get(url).status_code == 404
    assert at_desk(world.other_liaison).get(url).status_code == 404
    assert Client().get(url).status_code == 302


def test_a_file_that_was_taken_out_is_gone() -> None:
    world = yuanqu()
    row, client = _attached(world), at_desk(world.union_clerk)
    done = client.post(reverse("topic:remove_attachment", args=[row.topic_id, row.pk]))
    assert done.status_code == 302
    assert client.get(reverse("records_download", args=[row.pk])).status_code == 404
    assert row.name not in page(client, "topic:inspect", row.topic_id)


def test_part_of_another_record_is_no_part_of_this_one() -> None:
    world = yuanqu()
    row, topic = _attached(world), world.topic()
    response = at_desk(world.union_clerk).post(reverse("topic:remove_attachment", args=[topic.pk, row.pk]))
    assert response.status_code == 404


def test_nobody_without_a_post_gets_in() -> None:
    world = yuanqu()
    client = at_desk(world.stranger)
    assert client.get(reverse("topic:index")).status_code == 302


def test_rights_end_with_the_tenure_in_an_open_session() -> None:
    world = yuanqu()
    client: Client = at_desk(world.union_clerk)
    topic = world.topic()
    assert client.get(reverse("topic:inspect", args=[topic.pk])).status_code == 200
    tenure = world.tenures["union_clerk"]
    tenure.to_date = tenure.from_date
    tenure.save()
    assert client.get(reverse("topic:inspect", args=[topic.pk])).status_code in {302, 404}


@pytest.mark.postgresql
def test_lists_ask_the_same_number_of_questions_at_any_size() -> None:
    world = yuanqu()
    _resolution, report = under_way(world)
    client, lists = at_desk(world.union_clerk), [f"{model}:index" for model, name in addresses() if name == "inspect"]
    lists.append("progressreport:index")
    before = {name: query_count(client, name) for name in lists}
    for number in (3, 2):
        world.topic(title=f"议题{number}")
        under_way(world, day=DAY.replace(month=number), number=f"垣政办纪〔2025〕{number}号")
        ProgressReport.objects.create(part=report.part, author=report.author, on=report.on, text="进展")
    assert {name: query_count(client, name) for name in lists} == before
    assert max(before.values()) < 24


def test_every_address_is_in_the_own_namespace() -> None:
    for model, name in addresses():
        assert re.match(rf"/admin/records/{model}/", filled(model, name, 1))


def test_searching_through_parts_lists_each_record_once() -> None:
    world = yuanqu()
    row, _report = under_way(world, topics=1)
    row.tags.add("局", "县财政局经费")
    row.save()
    client = at_desk(world.union_clerk)
    assert page(client, "resolution:index", query="?q=局").count(reverse("resolution:inspect", args=[row.pk])) == 1
    meeting = row.minutes.meeting
    text = page(client, "meeting:index", query="?q=议")
    assert text.count(reverse("meeting:inspect", args=[meeting.pk])) == 1
    assert "没有符合条件的记录" in page(client, "meeting:index", query="?q=%25")
