"""Test the refusal of invalid and hostile templates."""

import struct
import zipfile
from io import BytesIO

import pytest
from docx import Document

from meetings.word.checks import faults
from meetings.word.packages import MAX_XML
from tests.meetings.word.forms import FIELDS, entries, form, inside, related, rewritten, saved, with_parts
from tests.refusals import codes

GOOD = ("{{ 标题 }}", "{%p for 项 in 议程 %}", "{{ 项.事项 }}", "{%p endfor %}")


def fault_messages(content: bytes, first: str, *more: str) -> str:
    """Check that a file has exactly these faults, and return their messages."""
    found = faults(content, FIELDS)
    assert codes(found) == [first, *more]
    return "\n".join(map(str, found))


def test_a_good_one_passes() -> None:
    assert faults(form(*GOOD, "{% if 文号 != '无' and not 草稿 %}{{ 文号 }}{% endif %}", "{# 说明 #}"), FIELDS) == []
    assert faults(related(form(*GOOD), "hyperlink", "https://example.gov.cn/"), FIELDS) == []


@pytest.mark.parametrize(
    ("paragraphs", "expected_codes", "words"),
    [
        (["{{ 标提 }}"], ["tag_field_unknown"], ["{{ 标提 }}", "没有“标提”这个字段"]),
        (["{% if 草搞 %}是{% endif %}"], ["tag_field_unknown"], ["没有“草搞”这个字段"]),
        (
            ["{%p for 项 in 议程 %}", "{{ 项.事向 }}", "{%p endfor %}"],
            ["tag_field_unknown"],
            ["{{ 项.事向 }}", "没有“事向”这个字段"],
        ),
        (["{{ 项.事项 }}"], ["tag_row_unknown"], ["“项”不是这里正在列出的清单的行"]),
        (["{{ 议程 }}"], ["tag_prints_a_list"], ["{{ 议程 }}", "这是清单"]),
        (["{{ 草稿 }}"], ["tag_prints_a_switch"], ["只能用在 if 里"]),
        (
            ["{% for 字 in 标题 %}{{ 字 }}{% endfor %}"],
            ["tag_for_without_list", "tag_field_unknown"],
            ["这一项不是清单"],
        ),
        (["{% for 标题 in 议程 %}{% endfor %}"], ["tag_row_named_as_field"], ["“标题”是字段名"]),
        (
            ["{%p for 项 in 议程 %}", "{{ 项.事项 }}"],
            ["tag_without_end"],
            ["“{%p for 项 in 议程 %}”没有结束", "{%p endfor %}"],
        ),
        (["{%p endfor %}"], ["tag_closes_nothing"], ["前面没有与它对应的开始标签"]),
        (
            ["{% for 项 in 议程 %}", "{% endfor %}"],
            ["tag_ends_elsewhere", "tag_without_end"],
            ["要与“{% for 项 in 议程 %}”对应"],
        ),
        (
            ["{%p for 项 in 议程 %}{{ 项.事项 }}", "{%p endfor %}"],
            ["tag_shares_paragraph", "tag_row_unknown", "tag_closes_nothing"],
            ["带 p 的标签占整段"],
        ),
        (
            ["{%tr for 项 in 议程 %}", "{%tr endfor %}"],
            ["tag_shares_row", "tag_shares_row"],
            ["带 tr 的标签占表格的整行"],
        ),
        (["标题：{{ 标题 }"], ["brace_left_over"], ["标题：{{ 标题 }", "花括号没有配对"]),
        (["{{ 标题", "}}"], ["brace_left_over", "brace_left_over"], ["花括号没有配对"]),
        (["{{ 标题 文号 }}"], ["tag_misspelt"], ["写法有误"]),
        (["{% if %}{% endif %}"], ["tag_misspelt"], ["写法有误"]),
        (["{%p fro 项 in 议程 %}"], ["tag_unknown"], ["无法识别"]),
        (["{% set 甲 = 标题 %}"], ["tag_unknown"], ["无法识别"]),
        (["{% include '/etc/passwd' %}"], ["tag_unknown"], ["无法识别"]),
        (["{% else %}"], ["tag_closes_nothing"], ["前面没有与它对应的开始标签"]),
        (["{% if 文号 %}{% else %}{% elif 标题 %}{% endif %}"], ["template_makes_no_document"], ["用它无法生成文书"]),
    ],
)
def test_a_mistake_is_told_with_the_tag_or_the_line(
    paragraphs: list[str], expected_codes: list[str], words: list[str]
) -> None:
    found = fault_messages(form(*paragraphs), *expected_codes)
    for word in words:
        assert word in found


def test_one_mistake_is_told_once() -> None:
    content = form("{%p for 项 in 议呈 %}", "{{ 项.序号 }}{{ 项.事项 }}", "{%p endfor %}")
    assert codes(faults(content, FIELDS)) == ["tag_field_unknown"]
    assert codes(faults(form(*["{{ 错 }}"] * 50), FIELDS)) == ["tag_field_unknown"] * 8


@pytest.mark.parametrize(
    ("written", "expected_codes"),
    [
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", ["tag_not_a_field_name"]),
        ("{{ 标题.__class__ }}", ["tag_row_unknown"]),
        ("{{ 标题.format }}", ["tag_row_unknown"]),
        ("{{ cycler.__init__.__globals__.os.popen('id').read() }}", ["tag_not_a_field_name"]),
        ("{{ self.__init__ }}", ["tag_row_unknown"]),
        ("{{ 标题 | attr('__class__') }}", ["tag_not_a_field_name"]),
        ("{{ 标题 * 1000000000 }}", ["tag_not_a_field_name"]),
        ("{{ 'x'.center(1000000000) }}", ["tag_not_a_field_name"]),
        ("{% for a in range(99999999) %}{% endfor %}", ["tag_not_a_field_name"]),
        ("{% for a in 'xxxxxxxx' %}{% endfor %}", ["tag_not_a_field_name"]),
        ("{% if 标题.__class__ %}{% endif %}", ["tag_row_unknown"]),
        ("{% if 9 ** 9999999 %}{% endif %}", ["tag_not_a_field_name"]),
        ("{{ " + "(" * 300 + "标题" + ")" * 300 + " }}", ["tag_too_long"]),
        ("{% for a in 议程 recursive %}{{ loop(议程) }}{% endfor %}", ["tag_for_misspelt", "tag_not_a_field_name"]),
        ("{% for a in 议程 if a %}{% endfor %}", ["tag_for_misspelt"]),
        ("{%- for a in 议程 -%}{%- endfor -%}", ["tag_unknown", "tag_unknown"]),
        ("{{r 标题 }}", ["tag_misspelt"]),
        (
            "{% vm %}{% hm %}{% cellbg 标题 %}{% colspan 9 %}",
            ["tag_unknown", "tag_unknown", "tag_unknown", "tag_unknown"],
        ),
    ],
)
def test_nothing_runs(written: str, expected_codes: list[str]) -> None:
    fault_messages(form(written), *expected_codes)


def test_lists_multiply_no_document() -> None:
    deep = [f"{{%p for a{n} in 议程 %}}" for n in range(9)]
    fault_messages(form(*deep, "字", *["{%p endfor %}"] * 9), *["tag_foreign_inner_list"] * 8)
    again = ["{%p for 项 in 议程 %}", "{%p for 件 in 项.材料 %}", "{%p for 重 in 项.材料 %}"]
    fault_messages(form(*again, *["{%p endfor %}"] * 3), "tag_foreign_inner_list")
    fault_messages(form("{{ 标题 }}" * 1001), "template_has_too_many_tags")


def test_tags_count_in_headers_and_footers_and_nowhere_but_in_text() -> None:
    document = Document()
    document.sections[0].footer.paragraphs[0].text = "{{ 标提 }}"
    fault_messages(saved(document), "tag_field_unknown")
    document = Document()
    document.sections[0].header.add_paragraph("{{ 标题 }}")
    assert faults(saved(document), FIELDS) == []
    hidden = rewritten(form("甲"), "<w:p>", '<w:p w:rsidR="{{ 标题 }}">')
    fault_messages(hidden, "tag_outside_text")
    other = rewritten(form("甲"), "<w:t>甲</w:t>", "<w:x>{{ 标题 }}</w:x><w:t>甲</w:t>")
    fault_messages(other, "tag_outside_text")


def test_a_tag_in_another_part_under_the_name_of_a_header_is_found() -> None:
    content = related(form("甲"), "header", "media/image1.xml", outside=False)
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    header = f'<w:hdr xmlns:w="{space}"><w:p><w:r><w:t>{{{{ 标题.x }}}}</w:t></w:r></w:p></w:hdr>'
    fault_messages(with_parts(content, {"word/media/image1.xml": header}), "tag_row_unknown")


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("image", "http://example.com/pixel.png"),
        ("attachedTemplate", "file:///server/share/evil.dotm"),
        ("oleObject", "\\\\server\\share\\x"),
        ("hyperlink", "file:///etc/passwd"),
        ("hyperlink", "javascript:alert(1)"),
        ("subDocument", "other.docx"),
    ],
)
def test_nothing_comes_from_outside(kind: str, target: str) -> None:
    fault_messages(related(form(*GOOD), kind, target), "template_takes_from_outside")


def test_a_picture_that_is_fetched_is_refused() -> None:
    shape = '<w:pict><v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" src="http://example.com/x.png"/></w:pict>'
    fault_messages(rewritten(form("甲"), "<w:t>甲</w:t>", f"{shape}<w:t>甲</w:t>"), "template_takes_from_outside")


@pytest.mark.parametrize("kind", ["vbaProject", "package", "oleObject", "control", "aFChunk"])
def test_what_is_neither_text_nor_table_nor_picture_is_refused(kind: str) -> None:
    content = with_parts(related(form(*GOOD), kind, "part.bin", outside=False), {"word/part.bin": b"x"})
    assert kind in fault_messages(content, "template_has_foreign_parts")


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (["DDEAUTO c:\\\\cmd.exe"], "DDEAUTO"),
        (["INCLUDE", 'PICTURE "http://x/"'], "INCLUDEPICTURE"),
        (["=1+1"], "=1+1"),
    ],
)
def test_fields_that_fetch_or_run_are_refused(parts: list[str], code: str) -> None:
    runs = "".join(f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in parts)
    field = f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{runs}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    content = rewritten(form("甲"), "<w:r><w:t>甲", f"{field}<w:r><w:t>甲")
    assert code in fault_messages(content, "template_has_fetching_field")
    simple = f'<w:fldSimple w:instr="{"".join(parts)}"/>'.replace('"http://x/"', "x")
    content = rewritten(form("甲"), "<w:r><w:t>甲", f"{simple}<w:r><w:t>甲")
    assert code in fault_messages(content, "template_has_fetching_field")


def test_comments_and_tracked_changes_would_leave_with_the_document() -> None:
    fault_messages(related(form(*GOOD), "comments", "comments.xml", outside=False), "template_has_comments")
    inserted = '<w:ins w:id="1" w:author="某人"><w:r><w:t>甲</w:t></w:r></w:ins>'
    fault_messages(rewritten(form("甲"), "<w:r><w:t>甲</w:t></w:r>", inserted), "template_has_tracked_changes")


def test_macros_and_other_types_are_refused() -> None:
    types = inside(form(*GOOD), "[Content_Types].xml")
    for other in ("application/vnd.ms-word.document.macroEnabled.main+xml", "application/x"):
        main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
        content = with_parts(form(*GOOD), {"[Content_Types].xml": types.replace(main, other)})
        fault_messages(content, "template_of_another_type")


def test_what_is_no_word_file_is_refused() -> None:
    for content in (b"", b"PK", b"%PDF-1.7", form(*GOOD)[:-400]):
        fault_messages(content, "template_not_unpacked")
    fault_messages(with_parts(form(*GOOD), {"word/document.xml": "<w"}), "template_damaged")
    fault_messages(_zipped({"a.txt": b"x"}), "template_not_word")


def test_entities_are_not_followed() -> None:
    bomb = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    outside = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    for entity in (bomb, outside):
        text = inside(form("甲"), "word/document.xml").replace("?>", f"?>{entity}", 1).replace("甲", "&a;")
        fault_messages(with_parts(form("甲"), {"word/document.xml": text}), "template_has_entities")


# --- bombs -----------------------------------------------------------------------------------------------------------
def _zipped(parts: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return out.getvalue()


def test_a_bomb_is_not_unpacked() -> None:
    fault_messages(with_parts(form(*GOOD), {"word/media/image1.png": b"\0" * 60_000_000}), "template_not_unpacked")
    fault_messages(with_parts(form(*GOOD), {"word/document.xml": b" " * (MAX_XML + 1)}), "template_not_unpacked")
    fault_messages(with_parts(form(*GOOD), {f"word/media/{n}.png": b"x" for n in range(500)}), "template_not_unpacked")


def test_an_entry_that_lies_about_its_size_is_not_unpacked() -> None:
    content = bytearray(_zipped({**entries(form(*GOOD)), "word/media/image1.png": b"\0" * 50_000_000}))
    lying = struct.pack("<L", 10)
    for head in (b"PK\x03\x04", b"PK\x01\x02"):
        at = content.rindex(head)
        offset = 22 if head == b"PK\x03\x04" else 24
        content[at + offset : at + offset + 4] = lying
    fault_messages(bytes(content), "template_not_unpacked")


def test_a_book_is_no_form() -> None:
    fault_messages(rewritten(form("甲"), "甲", "字" * 400_000), "template_too_long")


def test_braces_without_end_cost_nothing() -> None:
    fault_messages(form("{{" * 100_000), "brace_left_over")
    fault_messages(form(*["{%p" for _ in range(3000)]), *["brace_left_over"] * 8)
