"""How the portal's own templates are made: A4, Chinese faces with their fallbacks, tables that break well.

Key concepts
- `Sheet`: a template under construction; `content()` gives its bytes, the same each time.
- Faces are named, never bundled: `FACES` says what stands in for one that a computer lacks.
Sizes are those of official documents: 二号 22 pt, 三号 16, 四号 14, 五号 10.5.
"""

from io import BytesIO
from typing import Any
from xml.sax.saxutils import quoteattr

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from meetings.word.packages import neutral

TITLE, HEAVY, SERIF, BRUSH, BODY = "方正小标宋简体", "黑体", "宋体", "楷体_GB2312", "仿宋_GB2312"
LATIN = "Times New Roman"
FACES = {TITLE: "华文中宋", HEAVY: "SimHei", SERIF: "SimSun", BRUSH: "楷体", BODY: "仿宋"}
CENTER, RIGHT, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT

# name: face, size, alignment, indent of the first line in characters, exact line height (None: single)
STYLES: dict[str, tuple[str, float, Any, int, float | None]] = {
    "公文标题": (TITLE, 22, CENTER, 0, 32),  # with space after it
    "公文副题": (BODY, 16, CENTER, 0, 28.95),
    "公文正文": (BODY, 16, None, 2, 28.95),
    "公文顶格": (BODY, 16, LEFT, 0, 28.95),
    "一级标题": (HEAVY, 16, LEFT, 2, 28.95),
    "二级标题": (BRUSH, 16, LEFT, 2, 28.95),
    "公文落款": (BODY, 16, RIGHT, 0, 28.95),
    "附件标记": (HEAVY, 16, LEFT, 0, 28.95),
    "表格表头": (HEAVY, 10.5, CENTER, 0, None),
    "表格文字": (BODY, 10.5, LEFT, 0, None),
    "表格居中": (BODY, 10.5, CENTER, 0, None),
    "标记": (BODY, 10.5, LEFT, 0, None),
}
PAGE = {"top": 37, "left": 28, "right": 26, "bottom": 35}  # mm, as GB/T 9704 has them
WIDE = {"top": 25, "left": 22, "right": 22, "bottom": 20}
NARROW = 27.0  # mm: columns of figures, days and marks are centred
Column = tuple[str, float, str]


class Sheet:
    """A template under construction."""

    def __init__(self, *, wide: bool = False) -> None:
        self.document = Document()
        self._faces()
        for name, form in STYLES.items():
            self._style(name, *form)
        self._page(wide)
        self._number_pages()

    # --- what it says ------------------------------------------------------------------------------------------------
    def add(self, text: str, style: str = "公文正文") -> Any:
        """A paragraph."""
        return self.document.add_paragraph(text, style=style)

    def tags(self, *texts: str) -> None:
        """Tags that take their paragraph with them, each in one of its own."""
        for text in texts:
            self.add(text, "标记")

    def heading(self, text: str) -> None:
        """A heading of the first order, kept with what follows it."""
        self.add(text, "一级标题").paragraph_format.keep_with_next = True

    def lead(self, label: str, text: str) -> None:
        """A paragraph that begins with a label in the heavy face: 出席：…"""
        paragraph = self.add("")
        face(paragraph.add_run(label), HEAVY)
        paragraph.add_run(text)

    def runs(self, rows: str) -> None:
        """A paragraph of runs, of which some stand in the heavy face."""
        paragraph = self.add(f"{{% for 片 in {rows} %}}{{% if 片.加粗 %}}")
        face(paragraph.add_run("{{ 片.文字 }}"), HEAVY)
        paragraph.add_run("{% else %}{{ 片.文字 }}{% endif %}{% endfor %}")

    def annex(self, mark: str, title: str) -> None:
        """An annex on a page of its own."""
        self.add(mark, "附件标记").paragraph_format.page_break_before = True
        self.add(title, "公文标题")

    def gap(self) -> None:
        """An empty line."""
        self.add("", "公文顶格")

    # --- tables ------------------------------------------------------------------------------------------------------
    def listing(self, rows: str, columns: list[Column], *, item: str = "项", spare: str = "", height: float = 0) -> Any:
        """A table over the list `rows`: each column has a heading, a width in mm and the field (or the tags) it shows.

        `spare` names a list of rows that are left empty but for their numbers.
        """
        table = self._table([width for _heading, width, _shown in columns], 4 + 3 * bool(spare))
        for cell, (heading, _width, _shown) in zip(table.rows[0].cells, columns, strict=True):
            _write(cell, heading, "表格表头")
        _repeat(table.rows[0])
        _through(table.rows[1:4], rows, item, columns, height)
        if spare:
            _through(table.rows[4:7], spare, "行", [columns[0], *((*column[:2], "") for column in columns[1:])], height)
        return table

    def form(self, widths: list[float], rows: list[list[str]], *, height: float = 10) -> Any:
        """A table that is no list: every other cell is a label."""
        table = self._table(widths, len(rows))
        for row, texts in zip(table.rows, rows, strict=True):
            row.height = Mm(height)
            for number, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
                _write(cell, text, "表格文字" if number % 2 else "表格表头")
        return table

    def blank(self, columns: list[Column], count: int, *, height: float = 10) -> Any:
        """A table to be filled in by hand."""
        table = self._table([width for _heading, width, _shown in columns], count + 1)
        for cell, (heading, _width, _shown) in zip(table.rows[0].cells, columns, strict=True):
            _write(cell, heading, "表格表头")
        for row in table.rows[1:]:
            row.height = Mm(height)
        _repeat(table.rows[0])
        return table

    def _table(self, widths: list[float], count: int) -> Any:
        """A grid of fixed widths, whose rows do not break across pages, a little below what stands before it."""
        if self.document.paragraphs:
            self.document.paragraphs[-1].paragraph_format.space_after = Pt(8)
        table = self.document.add_table(rows=count, cols=len(widths))
        table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
            for cell in column.cells:
                cell.width, cell.vertical_alignment = Mm(width), WD_CELL_VERTICAL_ALIGNMENT.CENTER
                cell.paragraphs[0].style = "表格文字"
        for row in table.rows:
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        _pad(table)
        return table

    # --- how it looks ------------------------------------------------------------------------------------------------
    def content(self) -> bytes:
        """The finished file."""
        out, package = BytesIO(), self.document.part.package
        for key, relation in list(package.rels.items()):
            if relation.reltype.rpartition("/")[2] == "thumbnail":
                package.rels.pop(key)
        self.document.save(out)
        return neutral(out.getvalue(), title="")

    def _style(self, name: str, family: str, size: float, align: Any, indent: int, line: float | None) -> None:
        styles: Any = self.document.styles
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.quick_style = styles["Normal"], True
        face(style, family, size)
        form = style.paragraph_format
        form.space_before, form.space_after = Pt(0), Pt(12 if family == TITLE else 0)
        form.alignment, form.widow_control = align, True
        if line:
            form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
        if indent:
            form.first_line_indent = Pt(size * indent)
            style.element.pPr.ind.set(qn("w:firstLineChars"), str(indent * 100))

    def _faces(self) -> None:
        """Plain text in the body's face; every face with what stands in for it."""
        styles: Any = self.document.styles
        for fonts in styles.element.iter(qn("w:rFonts")):  # no face of a theme: they would win over the named ones
            for name in [name for name in fonts.attrib if name.endswith("Theme")]:
                del fonts.attrib[name]
        for language in styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), "en-US")
            language.set(qn("w:eastAsia"), "zh-CN")
        face(styles["Normal"], BODY, 16)
        rows = "".join(
            f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(other)}/>"
            '<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
            for name, other in FACES.items()
        )
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        table: Any = self.document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
        table._blob = f'{head}<w:fonts xmlns:w="{space}">{rows}</w:fonts>'.encode()

    def _page(self, wide: bool) -> None:
        section, edges = self.document.sections[0], WIDE if wide else PAGE
        section.page_width, section.page_height = (Mm(297), Mm(210)) if wide else (Mm(210), Mm(297))
        section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        for edge, size in edges.items():
            setattr(section, f"{edge}_margin", Mm(size))
        section.footer_distance = Mm(12 if wide else 25)

    def _number_pages(self) -> None:
        paragraph = self.document.sections[0].footer.paragraphs[0]
        paragraph.alignment = CENTER
        face(paragraph.add_run("— "), SERIF, 14)
        field = paragraph.add_run()
        face(field, SERIF, 14)
        for kind in ("begin", "PAGE", "separate", "1", "end"):
            field._r.append(_field_part(kind))
        face(paragraph.add_run(" —"), SERIF, 14)


def face(target: Any, family: str, size: float | None = None) -> None:
    """Give a run or a style its Chinese face, and the Latin one beside it."""
    target.font.name = LATIN
    target.element.get_or_add_rPr().rFonts.set(qn("w:eastAsia"), family)
    if size:
        target.font.size = Pt(size)


def _through(three: Any, rows: str, item: str, columns: list[Column], height: float) -> None:
    """Three rows: the loop, what is repeated, the end of the loop."""
    _write(three[0].cells[0], f"{{%tr for {item} in {rows} %}}", "标记")
    for cell, (_heading, width, shown) in zip(three[1].cells, columns, strict=True):
        text = shown if "{" in shown or not shown else f"{{{{ {item}.{shown} }}}}"
        _write(cell, text, "表格居中" if width <= NARROW else "表格文字")
    if height:
        three[1].height = Mm(height)
    _write(three[2].cells[0], "{%tr endfor %}", "标记")


def _write(cell: Any, text: str, style: str) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = style
    paragraph.add_run(text)


def _pad(table: Any) -> None:
    """Leave some air above and below the text of each cell."""
    margins = OxmlElement("w:tblCellMar")
    for edge, width in (("top", 50), ("left", 80), ("bottom", 50), ("right", 80)):
        node = OxmlElement(f"w:{edge}")
        node.set(qn("w:w"), str(width))
        node.set(qn("w:type"), "dxa")
        margins.append(node)
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)


def _repeat(row: Any) -> None:
    """Show the row again on each page that the table goes on to."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _field_part(kind: str) -> Any:
    if kind in {"begin", "separate", "end"}:
        node = OxmlElement("w:fldChar")
        node.set(qn("w:fldCharType"), kind)
        return node
    node = OxmlElement("w:instrText" if kind == "PAGE" else "w:t")
    node.text = f" {kind} " if kind == "PAGE" else kind
    return node
