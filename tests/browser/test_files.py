"""Files that the portal offers for download can be opened and read."""

import io
import re
import zipfile
from typing import Any

from docx import Document
from openpyxl import load_workbook

from tests.browser.conftest import People

CLERK = "经办人员（垣曲县政府方）"


def test_the_archive_package_of_a_meeting_is_opened_and_read_back(people: People) -> None:
    clerk = people.visitor(CLERK)
    clerk.open("/admin/records/meeting/?q=2024年度")
    clerk.page.get_by_role("link", name=re.compile("2024年度")).first.click()
    clerk.page.wait_for_load_state("load")
    number = re.search(r"/inspect/(\d+)/", clerk.page.url)
    assert number, clerk.page.url
    link = clerk.page.locator(f"a[href$='/archive/{number.group(1)}/']").first
    with clerk.page.expect_download() as download:
        link.evaluate("link => link.click()")  # it may be in a closed menu
    assert download.value.suggested_filename.endswith(".zip")
    with zipfile.ZipFile(download.value.path()) as package:
        assert package.testzip() is None
        files = {name: package.read(name) for name in package.namelist()}
    minutes = Document(
        io.BytesIO(next(text for name, text in files.items() if "纪要" in name and name.endswith("docx")))
    )
    text = "\n".join(paragraph.text for paragraph in minutes.paragraphs)
    assert "会议纪要" in text
    assert "联席会议" in text
    ledger = Document(
        io.BytesIO(next(text for name, text in files.items() if "台账" in name and name.endswith("docx")))
    )
    rows = ledger.tables[0].rows
    assert len(rows) > 1
    assert any("牵头" in cell.text for cell in rows[0].cells)
    log = next(text for name, text in files.items() if name.endswith("操作记录.xlsx"))
    assert (load_workbook(io.BytesIO(log)).active or [[]]).max_row > 5  # type: ignore[union-attr]


def word(files: dict[str, bytes], name: str) -> Any:
    """Return the Word document of the package with this text in its name."""
    return Document(io.BytesIO(next(text for file, text in files.items() if name in file and file.endswith("docx"))))
