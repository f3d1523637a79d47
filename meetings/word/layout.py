"""Layout of the portal's own templates: A4, Chinese fonts with fallbacks, tables that break well across pages.

`TemplateBuilder` builds a template; its `content()` returns the same bytes each time. Fonts are named, never embedded:
`FONT_FALLBACKS` gives a substitute for each font that a computer may lack. Sizes follow official documents: 二号 22 pt,
三号 16 pt, 四号 14 pt, 五号 10.5 pt.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import quoteattr

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_PARAGRAPH_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from meetings.word.packages import strip_metadata

TITLE_FONT, BOLD_FONT, SERIF_FONT, KAITI_FONT, BODY_FONT = (
    "方正小标宋简体",
    "黑体",
    "宋体",
    "楷体_GB2312",
    "仿宋_GB2312",
)
LATIN_FONT = "Times New Roman"
FONT_FALLBACKS = {
    TITLE_FONT: "华文中宋",
    BOLD_FONT: "SimHei",
    SERIF_FONT: "SimSun",
    KAITI_FONT: "楷体",
    BODY_FONT: "仿宋",
}
CENTER, RIGHT, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT

# name: font, size in pt, alignment, first-line indent in characters, exact line height in pt (None: single)
STYLES: dict[str, tuple[str, float, WD_PARAGRAPH_ALIGNMENT | None, int, float | None]] = {
    "公文标题": (TITLE_FONT, 22, CENTER, 0, 32),  # followed by space
    "公文副题": (BODY_FONT, 16, CENTER, 0, 28.95),
    "公文正文": (BODY_FONT, 16, None, 2, 28.95),
    "公文顶格": (BODY_FONT, 16, LEFT, 0, 28.95),
    "一级标题": (BOLD_FONT, 16, LEFT, 2, 28.95),
    "二级标题": (KAITI_FONT, 16, LEFT, 2, 28.95),
    "公文落款": (BODY_FONT, 16, RIGHT, 0, 28.95),
    "附件标记": (BOLD_FONT, 16, LEFT, 0, 28.95),
    "表格表头": (BOLD_FONT, 10.5, CENTER, 0, None),
    "表格文字": (BODY_FONT, 10.5, LEFT, 0, None),
    "表格居中": (BODY_FONT, 10.5, CENTER, 0, None),
    "标记": (BODY_FONT, 10.5, LEFT, 0, None),
}
PAGE = {"top": 37, "left": 28, "right": 26, "bottom": 35}  # margins in mm, from GB/T 9704
WIDE = {"top": 25, "left": 22, "right": 22, "bottom": 20}
MAX_CENTRED_WIDTH = 27.0  # mm: columns up to this width hold numbers, dates and marks, and are centred
Column = tuple[str, float, str]


class TemplateBuilder:
    """Builds a Word template paragraph by paragraph."""

    def __init__(self, *, wide: bool = False) -> None:
        self.document = Document()
        self._set_fonts()
        for name, form in STYLES.items():
            self._style(name, *form)
        self._page(wide)
        self._number_pages()

    # --- paragraphs --------------------------------------------------------------------------------------------------
    def add(self, text: str, style: str = "公文正文") -> Paragraph:
        """Add a paragraph and return it."""
        return self.document.add_paragraph(text, style=style)

    def tags(self, *texts: str) -> None:
        """Add paragraph tags, each in a paragraph of its own, which the rendering removes."""
        for text in texts:
            self.add(text, "标记")

    def heading(self, text: str) -> None:
        """Add a first-level heading, kept on one page with the next paragraph."""
        self.add(text, "一级标题").paragraph_format.keep_with_next = True

    def labelled(self, label: str, text: str) -> None:
        """Add a paragraph that starts with a label in the bold font, such as 出席：…"""
        paragraph = self.add("")
        set_font(paragraph.add_run(label), BOLD_FONT)
        paragraph.add_run(text)

    def run_loop(self, rows: str) -> None:
        """Add a paragraph that prints a list of runs, the bold ones in the bold font."""
        paragraph = self.add(f"{{% for 片 in {rows} %}}{{% if 片.加粗 %}}")
        set_font(paragraph.add_run("{{ 片.文字 }}"), BOLD_FONT)
        paragraph.add_run("{% else %}{{ 片.文字 }}{% endif %}{% endfor %}")

    def annex(self, mark: str, title: str) -> None:
        """Add the heading of an annex on a new page."""
        self.add(mark, "附件标记").paragraph_format.page_break_before = True
        self.add(title, "公文标题")

    def empty_line(self) -> None:
        """Add an empty line."""
        self.add("", "公文顶格")

    # --- tables ------------------------------------------------------------------------------------------------------
    def list_table(
        self, rows: str, columns: list[Column], *, item: str = "项", spare: str = "", height: float = 0
    ) -> Table:
        """Add a table over the list `rows`; each column has a heading, a width in mm, and a field or tags.

        `spare` names a list of rows that are empty except for their numbers.
        """
        table = self._table([width for _heading, width, _shown in columns], 4 + 3 * bool(spare))
        for cell, (heading, _width, _shown) in zip(table.rows[0].cells, columns, strict=True):
            _write(cell, heading, "表格表头")
        _repeat_as_heading(table.rows[0])
        _fill_loop_rows(table.rows[1:4], rows, item, columns, height)
        if spare:
            _fill_loop_rows(
                table.rows[4:7], spare, "行", [columns[0], *((*column[:2], "") for column in columns[1:])], height
            )
        return table

    def form_table(self, widths: list[float], rows: list[list[str]], *, height: float = 10) -> Table:
        """Add a table of labels and values: every other cell is a label."""
        table = self._table(widths, len(rows))
        for row, texts in zip(table.rows, rows, strict=True):
            row.height = Mm(height)
            for number, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
                _write(cell, text, "表格文字" if number % 2 else "表格表头")
        return table

    def blank_table(self, columns: list[Column], count: int, *, height: float = 10) -> Table:
        """Add a table to be filled in by hand."""
        table = self._table([width for _heading, width, _shown in columns], count + 1)
        for cell, (heading, _width, _shown) in zip(table.rows[0].cells, columns, strict=True):
            _write(cell, heading, "表格表头")
        for row in table.rows[1:]:
            row.height = Mm(height)
        _repeat_as_heading(table.rows[0])
        return table

    def _table(self, widths: list[float], count: int) -> Table:
        """Add a grid of fixed widths, with some space above. Its rows do not break across pages."""
        if self.document.paragraphs:
            self.document.paragraphs[-1].paragraph_format.space_after = Pt(8)
        table: Table = self.document.add_table(rows=count, cols=len(widths))
        table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
            for cell in column.cells:
                cell.width, cell.vertical_alignment = Mm(width), WD_CELL_VERTICAL_ALIGNMENT.CENTER
                cell.paragraphs[0].style = "表格文字"
        for row in table.rows:
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        _set_cell_margins(table)
        return table

    # --- styles, fonts, page -----------------------------------------------------------------------------------------
    def content(self) -> bytes:
        """Return the finished file as bytes."""
        out, package = BytesIO(), self.document.part.package
        for key, relation in list(package.rels.items()):
            if relation.reltype.rpartition("/")[2] == "thumbnail":
                package.rels.pop(key)
        self.document.save(out)
        return strip_metadata(out.getvalue(), title="")

    def _style(
        self, name: str, family: str, size: float, align: WD_PARAGRAPH_ALIGNMENT | None, indent: int, line: float | None
    ) -> None:
        styles: Any = self.document.styles
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.quick_style = styles["Normal"], True
        set_font(style, family, size)
        form = style.paragraph_format
        form.space_before, form.space_after = Pt(0), Pt(12 if family == TITLE_FONT else 0)
        form.alignment, form.widow_control = align, True
        if line:
            form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
        if indent:
            form.first_line_indent = Pt(size * indent)
            style.element.pPr.ind.set(qn("w:firstLineChars"), str(indent * 100))

    def _set_fonts(self) -> None:
        """Set the body font as default, and register every font with its fallback."""
        styles: Any = self.document.styles
        for fonts in styles.element.iter(qn("w:rFonts")):  # theme fonts would take precedence over the named ones
            for name in [name for name in fonts.attrib if name.endswith("Theme")]:
                del fonts.attrib[name]
        for language in styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), "en-US")
            language.set(qn("w:eastAsia"), "zh-CN")
        set_font(styles["Normal"], BODY_FONT, 16)
        rows = "".join(
            f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(other)}/>"
            '<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
            for name, other in FONT_FALLBACKS.items()
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
        set_font(paragraph.add_run("— "), SERIF_FONT, 14)
        field = paragraph.add_run()
        set_font(field, SERIF_FONT, 14)
        for kind in ("begin", "PAGE", "separate", "1", "end"):
            field._r.append(_field_part(kind))
        set_font(paragraph.add_run(" —"), SERIF_FONT, 14)


def set_font(target: Any, family: str, size: float | None = None) -> None:
    """Set the Chinese font of a run or style, and the Latin font with it; the size in points is optional."""
    target.font.name = LATIN_FONT
    target.element.get_or_add_rPr().rFonts.set(qn("w:eastAsia"), family)
    if size:
        target.font.size = Pt(size)


def _fill_loop_rows(loop_rows: Sequence[_Row], rows: str, item: str, columns: list[Column], height: float) -> None:
    """Fill three table rows: the start of the loop, the row to repeat, and the end of the loop."""
    _write(loop_rows[0].cells[0], f"{{%tr for {item} in {rows} %}}", "标记")
    for cell, (_heading, width, shown) in zip(loop_rows[1].cells, columns, strict=True):
        text = shown if "{" in shown or not shown else f"{{{{ {item}.{shown} }}}}"
        _write(cell, text, "表格居中" if width <= MAX_CENTRED_WIDTH else "表格文字")
    if height:
        loop_rows[1].height = Mm(height)
    _write(loop_rows[2].cells[0], "{%tr endfor %}", "标记")


def _write(cell: _Cell, text: str, style: str) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = style
    paragraph.add_run(text)


def _set_cell_margins(table: Any) -> None:
    """Set the margins around the text of each cell."""
    margins = OxmlElement("w:tblCellMar")
    for edge, width in (("top", 50), ("left", 80), ("bottom", 50), ("right", 80)):
        node = OxmlElement(f"w:{edge}")
        node.set(qn("w:w"), str(width))
        node.set(qn("w:type"), "dxa")
        margins.append(node)
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)


def _repeat_as_heading(row: Any) -> None:
    """Repeat the row at the top of each page that the table continues on."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _field_part(kind: str) -> Any:
    if kind in {"begin", "separate", "end"}:
        node = OxmlElement("w:fldChar")
        node.set(qn("w:fldCharType"), kind)
        return node
    node = OxmlElement("w:instrText" if kind == "PAGE" else "w:t")
    node.text = f" {kind} " if kind == "PAGE" else kind
    return node
