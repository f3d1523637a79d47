"""Tests of numbers of minutes: a series without gaps, or checked numbers of a shared registry (GB/T 9704)."""

from datetime import date

import pytest
from django.db import transaction

from meetings import clock
from meetings.machines import machine_of
from meetings.models import Minutes, NumberSeries
from meetings.operations.minutes import issue_minutes
from meetings.operations.number_series import next_number
from meetings.rules.document_number import number_gaps, registry_gaps
from tests.meetings.factories import chengqiao, yuanqu
from tests.meetings.steps import AFTER, DAY, approved_minutes, issued_minutes
from tests.refusals import codes, refused

RIGHT = "垣政办纪〔2025〕17号"


@pytest.mark.parametrize("number", [RIGHT, "晋政办发〔2023〕81号", "沪崇府办发〔1999〕6号", "甲〔2025〕1000号"])
def test_a_document_number_is_recognised(number: str) -> None:
    assert number_gaps(number) == []


@pytest.mark.parametrize(
    "number",
    [
        "垣政办纪[2025]17号",
        "垣政办纪(2025)17号",
        "垣政办纪（2025）17号",
        "垣政办纪【2025】17号",
        "垣政办纪［2025］17号",
        "垣政办纪{2025}17号",
        "垣政办纪〔2025〕第17号",
        "垣政办纪〔2025〕017号",
        "垣政办纪〔2025〕17",
        " 垣政办纪 〔2025〕 17 号",
        "垣政办纪〔２０２５〕１７号",
    ],
)
def test_another_writing_is_refused_with_the_right_form(number: str) -> None:
    (gap,) = number_gaps(number)
    assert gap.code == "number_misspelt"
    assert RIGHT in str(gap)


@pytest.mark.parametrize("number", ["17", "垣政办纪2025年17号", "ABC〔2025〕17号", "垣政办纪〔1825〕17号", "第3期"])
def test_what_is_no_number_is_refused_with_an_example(number: str) -> None:
    (gap,) = number_gaps(number)
    assert gap.code == "not_a_document_number"
    assert "〔2024〕19号" in str(gap)


def test_a_number_with_a_trailing_line_break_is_refused() -> None:
    assert codes(number_gaps(f"{RIGHT}\n")) == ["number_misspelt"]


@pytest.mark.django_db
def test_the_number_is_there_of_this_year_and_unique() -> None:
    issued_minutes(yuanqu(), number=RIGHT)
    minutes = approved_minutes(yuanqu("邻县"))
    assert codes(registry_gaps(minutes, "", AFTER)) == ["number_missing"]
    assert codes(registry_gaps(minutes, RIGHT, AFTER)) == ["number_taken"]
    assert codes(registry_gaps(minutes, "垣政办纪〔2024〕17号", AFTER)) == ["number_of_another_year"]
    assert codes(registry_gaps(minutes, RIGHT, date(2026, 1, 5))) == ["number_of_another_year", "number_taken"]
    assert registry_gaps(minutes, "垣政办纪〔2025〕18号", AFTER) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "number_missing"),
        ("垣政办纪[2025]17号", "number_misspelt"),
        ("垣政办纪〔2024〕17号", "number_of_another_year"),
    ],
)
def test_minutes_are_not_issued_under_a_wrong_number(number: str, code: str) -> None:
    world = yuanqu()
    minutes = approved_minutes(world)
    with clock.at(AFTER):
        refused(lambda: issue_minutes(minutes, by=world.gov_clerk, number=number), code)
    assert Minutes.objects.get().number == ""


@pytest.mark.django_db
def test_the_own_series_counts_from_one_without_gaps() -> None:
    world, other = chengqiao(), chengqiao("邻镇")
    days = [
        date(2023, 11, 3),
        date(2023, 11, 2),
        date(2023, 11, 1),
    ]  # latest first, so that no meeting has earlier resolutions to explain
    minutes = [issued_minutes(world, day) for day in days]
    assert [row.number for row in minutes] == ["第1期", "第2期", "第3期"]
    assert [row.serial for row in minutes] == [1, 2, 3]
    assert issued_minutes(other).number == "第1期"


@pytest.mark.django_db
def test_a_refused_issue_uses_no_number_up() -> None:
    world = chengqiao()
    minutes = approved_minutes(world)
    minutes.resolutions.update(state="adopted")
    refused(lambda: issue_minutes(Minutes.objects.get(), by=world.gov_clerk), "already_settled")
    minutes.resolutions.update(state="drafted")
    with clock.at(AFTER):
        assert issue_minutes(Minutes.objects.get(), by=world.gov_clerk).number == "第1期"


@pytest.mark.django_db
def test_a_number_is_asked_for_only_where_it_is_entered() -> None:
    for world, names in ((yuanqu(), ["number"]), (chengqiao(), [])):
        minutes = approved_minutes(world, DAY)
        assert [asked.name for asked in machine_of(minutes).get("issue").inputs_for(minutes)] == names


@pytest.mark.django_db
def test_a_number_that_is_rolled_back_is_given_again() -> None:
    conference = chengqiao().conference
    with transaction.atomic():
        assert next_number(conference, "甲") == 1
    with transaction.atomic():
        assert next_number(conference, "甲") == 2
        transaction.set_rollback(True)
    with transaction.atomic():
        assert next_number(conference, "甲") == 2
        assert next_number(conference, "乙") == 1


@pytest.mark.django_db(transaction=True)
def test_a_number_outside_a_transaction_is_an_error_of_the_caller() -> None:
    conference = chengqiao().conference
    with pytest.raises(transaction.TransactionManagementError):
        next_number(conference, "甲")
    assert not NumberSeries.objects.exists()
