"""Test the rendering of templates: the result, its reproducibility, and the sandbox."""

import re
import zipfile
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.word.checks import faults
from meetings.word.fields import check_values, empty_values, sample_values
from meetings.word.rendering import BrokenTemplate, environment, fill
from tests.examples import reduced_examples
from tests.meetings.documents.reading import rows, text
from tests.meetings.word.forms import FIELDS, VALUES, form, inside, saved, with_parts


def filled(*paragraphs: str, **values: Any) -> str:
    """Return the text of a rendered template."""
    return text(Document(BytesIO(fill(form(*paragraphs), {**VALUES, **values}, title="题"))))


def table_form() -> bytes:
    """Return a template with a table over the agenda, and a list in one of its cells."""
    document = Document()
    table = document.add_table(rows=4, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "事项", "材料"
    table.rows[1].cells[0].text = "{%tr for 项 in 议程 %}"
    table.rows[2].cells[0].text = "{{ 项.序号 }}. {{ 项.事项 }}"
    cell = table.rows[2].cells[1]
    cell.text = "{%p for 件 in 项.材料 %}"
    cell.add_paragraph("{{ 件.名称 }}")
    cell.add_paragraph("{%p endfor %}")
    table.rows[3].cells[0].text = "{%tr endfor %}"
    return saved(document)


def test_fields_conditions_and_lists() -> None:
    assert filled("{{ 标题 }}{% if 草稿 %}（草稿）{% endif %}") == "关于开会的通知（草稿）"
    assert filled("{% if 文号 %}{{ 文号 }}{% else %}未编号{% endif %}") == "未编号"
    assert filled("{% if not 草稿 or 标题 == “关于开会的通知” %}好{% endif %}") == "好"
    assert (
        filled("{%p for 项 in 议程 %}", "{{ loop.index }}、{{ 项.事项 }}", "{%p endfor %}")
        == "1、听取通报\n2、审议议题"
    )


def test_rows_of_a_table_are_repeated_and_a_cell_is_never_empty() -> None:
    content = table_form()
    assert not faults(content, FIELDS)
    document = Document(BytesIO(fill(content, VALUES, title="")))
    assert rows(document.tables[0]) == [
        ["事项", "材料"],
        ["1. 听取通报", "通报.docx\n附表.xlsx"],
        ["2. 审议议题", ""],
    ]
    assert all(cell._tc.find(qn("w:p")) is not None for cell in document.tables[0]._cells)


def test_a_table_without_any_row_is_left_out() -> None:
    document = Document()
    table = document.add_table(rows=3, cols=1)
    for row, words in zip(table.rows, ("{%tr for 项 in 议程 %}", "{{ 项.事项 }}", "{%tr endfor %}"), strict=True):
        row.cells[0].text = words
    assert not Document(BytesIO(fill(saved(document), empty_values(FIELDS), title=""))).tables


def test_what_people_typed_stays_what_they_typed() -> None:
    typed = "甲<b>&乙</w:t>{{ 草稿 }}{% if %}\x07\x0c\x00\ud800末"
    assert filled("{{ 标题 }}", 标题=typed) == "甲<b>&乙</w:t>{{ 草稿 }}{% if %}末"
    document = Document(BytesIO(fill(form("{{ 标题 }}"), {**VALUES, "标题": "一\r\n二"}, title="")))
    assert document.element.body.find(f".//{qn('w:br')}") is not None


@settings(max_examples=reduced_examples(3))
@given(st.text(max_size=60))
def test_any_text_makes_a_document(typed: str) -> None:
    found = filled("始{{ 标题 }}终", 标题=typed)
    assert found.startswith("始")
    assert found.endswith("终")


def test_the_same_values_give_the_same_bytes_without_a_trace_of_their_making() -> None:
    document = Document()
    document.add_paragraph("{{ 标题 }}")
    properties = document.core_properties
    properties.author, properties.last_modified_by, properties.comments, properties.keywords = (
        "内部人",
        "内部人",
        "{{ 标题 }}",
        "内部",
    )
    content = with_parts(saved(document), {"docProps/app.xml": "<Properties><Company>内部单位</Company></Properties>"})
    first, second = (fill(content, VALUES, title="题名") for _ in range(2))
    assert first == second
    assert inside(first, "docProps/core.xml").count("内部") == 0
    assert re.sub(r"<[^>]+>", "", inside(first, "docProps/core.xml")).strip() == "题名"
    with zipfile.ZipFile(BytesIO(first)) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        everything = b"".join(file.read(entry) for entry in file.infolist())
    assert "内部".encode() not in everything
    assert b"python-docx" not in everything
    assert not any(name.endswith(("thumbnail.jpeg", "app.xml")) for name in zipfile.ZipFile(BytesIO(first)).namelist())


@pytest.mark.parametrize(
    "written",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ 标题.upper() }}",
        "{{ 标题|upper }}",
        "{{ 标题 ~ 文号 }}{{ 7 * 7 }}",
        "{{ range(9) }}",
        "{% include 'x' %}",
        "{% macro m() %}{% endmacro %}{{ m() }}",
        "{{ 没有 }}",
        "{{ 标题 is defined }}",
        "{% if %}",
    ],
)
def test_the_sandbox_knows_names_lists_and_conditions_alone(written: str) -> None:
    with pytest.raises(BrokenTemplate):
        fill(form(written), {**VALUES, "标题": "甲" * 9}, title="")


def test_a_document_stays_within_bounds() -> None:
    loops = "".join(f"{{% for a{n} in 标题 %}}" for n in range(4))
    ends = "{% endfor %}" * 4
    with pytest.raises(BrokenTemplate, match="too big"):
        fill(form(f"{loops}{'字' * 50}{ends}"), {**VALUES, "标题": "甲" * 60}, title="")


def test_nothing_but_these_fields_is_given() -> None:
    check_values(FIELDS, sample_values(FIELDS))
    check_values(FIELDS, empty_values(FIELDS))
    for wrong in ({**VALUES, "多": "1"}, {**VALUES, "议程": [{"序号": "1"}]}):
        with pytest.raises(TypeError):
            check_values(FIELDS, wrong)
    assert environment().globals == {}
