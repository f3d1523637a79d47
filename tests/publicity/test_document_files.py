"""Documents: metadata are removed, and the text is checked for personal data."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document
from docx.shared import Inches
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Text
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from meetings.word.packages import pack, unpack
from publicity.file_cleaning import clean_document, extract_text
from publicity.models import PublicDocument
from publicity.operations.reviews import send_for_review
from tests.meetings.word.forms import related, rewritten
from tests.publicity.factories import article, county, document
from tests.refusals import refusal

WRITER = "张三甲"
TEXT = "职工医疗互助办法"
NUMBER = "11010119900307109X"  # invented, with the right check character


def word(text: str = TEXT) -> bytes:
    made = Document()
    made.add_paragraph(text)
    metadata, photo = PngInfo(), BytesIO()
    metadata.add_itxt("Author", WRITER)
    Image.new("RGB", (8, 8)).save(photo, "PNG", pnginfo=metadata)
    made.add_picture(photo, width=Inches(1))
    made.core_properties.author = made.core_properties.last_modified_by = made.core_properties.title = WRITER
    return saved(made.save)


def sheet(text: str = TEXT, *, hidden: bool = False, comment: bool = False) -> bytes:
    made: Any = Workbook()
    made.active["A1"] = text
    made.properties.creator = made.properties.lastModifiedBy = WRITER
    if hidden:
        made.create_sheet("底稿").sheet_state = "hidden"
    if comment:
        made.active["A1"].comment = Comment("再核", WRITER)
    return saved(made.save)


def pdf(text: str = "", *, note: bool = False, attached: bool = False, password: str = "") -> bytes:
    made = PdfWriter()
    page = made.add_blank_page(200, 200)
    if text:
        font = DictionaryObject(
            {NameObject(key): NameObject(value) for key, value in (("/Type", "/Font"), ("/Subtype", "/Type1"))}
        )
        font[NameObject("/BaseFont")] = NameObject("/Helvetica")
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        stream = StreamObject()
        stream.set_data(f"BT /F1 12 Tf 10 100 Td ({text}) Tj ET".encode())
        page[NameObject("/Contents")] = made._add_object(stream)
    if note:
        made.add_annotation(0, Text(rect=(10, 10, 30, 30), text="再核"))
    if attached:
        made.add_attachment("底稿.txt", b"x")
    made.add_metadata({"/Author": WRITER, "/Producer": WRITER})
    made.xmp_metadata = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><!-- {WRITER} --></x:xmpmeta>'.encode()
    if password:
        made.encrypt(password)
    return saved(made.write)


def saved(save: Callable[[BytesIO], object]) -> bytes:
    out = BytesIO()
    save(out)
    return out.getvalue()


def insides(content: bytes) -> bytes:
    """Return all bytes of a file, with packed files unpacked."""
    if not zipfile.is_zipfile(BytesIO(content)):
        return content
    with zipfile.ZipFile(BytesIO(content)) as file:
        return b"".join(file.read(name) for name in file.namelist())


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.docx", word()), ("a.xlsx", sheet()), ("a.pdf", pdf("Twelve"))],
    ids=["docx", "xlsx", "pdf"],
)
def test_nothing_of_the_maker_stays(name: str, content: bytes) -> None:
    forms = [WRITER.encode(), WRITER.encode("utf-16-be")]
    assert any(form in insides(content) for form in forms)
    clean = clean_document(name, content)
    assert not any(form in insides(clean) for form in forms)


def test_an_ofd_keeps_its_title_without_its_author_and_program() -> None:
    author = "<o:Author>Zhang</o:Author><o:Creator>WPS</o:Creator>"
    author += '<o:CustomDatas><o:CustomData Name="a">Zhang</o:CustomData></o:CustomDatas>'
    description = f"<o:DocInfo>{author}<o:Title>Minutes</o:Title></o:DocInfo>"
    source = f'<o:OFD xmlns:o="http://www.ofdspec.org/2016">{description}</o:OFD>'
    clean = unpack(clean_document("a.ofd", pack({"OFD.xml": source.encode(), "Doc_0/Document.xml": b"<D/>"})))
    assert b"Zhang" not in clean["OFD.xml"]
    assert b"WPS" not in clean["OFD.xml"]
    assert b"<o:Title>Minutes</o:Title>" in clean["OFD.xml"]
    assert clean["Doc_0/Document.xml"] == b"<D/>"


def test_the_cleaned_files_open_and_say_the_same() -> None:
    assert Document(BytesIO(clean_document("a.docx", word()))).paragraphs[0].text == TEXT
    opened: Any = load_workbook(BytesIO(clean_document("a.xlsx", sheet())))
    assert opened.active["A1"].value == TEXT
    assert "Twelve" in PdfReader(BytesIO(clean_document("a.pdf", pdf("Twelve")))).pages[0].extract_text()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", sheet(hidden=True), "document_has_hidden_sheets"),
        ("a.xlsx", sheet(comment=True), "document_has_comments"),
        ("a.docx", rewritten(word(), "<w:body>", "<w:body><w:p><w:ins/></w:p>"), "document_has_comments"),
        ("a.docx", related(word(), "oleObject", "file:///C:/a.xlsx"), "document_is_linked"),
        ("a.ofd", pack({"OFD.xml": b"<OFD/>", "Doc_0/Signs/Signature.xml": b"<S/>"}), "document_is_sealed"),
        ("a.ofd", pack({"OFD.xml": b"<Author>Zhang</Author>"}), "document_unreadable"),
        ("a.pdf", pdf(note=True), "document_has_notes"),
        ("a.pdf", pdf(attached=True), "document_has_notes"),
        ("a.pdf", pdf(password="x"), "document_has_password"),
        ("a.pdf", b"%PDF-1.7 nothing", "document_unreadable"),
        ("a.docx", b"PK nothing", "document_unreadable"),
        ("a.doc", b"old", "document_type_not_cleanable"),
    ],
    ids=[
        *("hidden", "comment", "tracked", "linked", "sealed", "no-ofd"),
        *("note", "attached", "password", "no-pdf", "no-docx", "old"),
    ],
)
def test_what_nobody_reviews_is_refused(name: str, content: bytes, code: str) -> None:
    with refusal(code):
        clean_document(name, content)


def test_words_are_read_where_there_are_any() -> None:
    assert TEXT in (extract_text("a.docx", word()) or "")
    assert TEXT in (extract_text("a.xlsx", sheet()) or "")
    assert "Twelve" in (extract_text("a.pdf", pdf("Twelve")) or "")
    assert extract_text("a.pdf", pdf()) is None, "a scan"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ending", "content"),
    [("docx", word(NUMBER)), ("xlsx", sheet(NUMBER)), ("pdf", pdf(NUMBER))],
    ids=["docx", "xlsx", "pdf"],
)
def test_a_number_in_a_document_stops_its_page(ending: str, content: bytes) -> None:
    world = county()
    page = article(world, body=[("document", document("名单", world, ending=ending, content=content))])
    with refusal("personal_data") as refused:
        send_for_review(page, by=world.writer)
    assert "名单" in refused.value.reasons[0]


@pytest.mark.django_db
def test_reviewers_are_told_what_they_have_to_read_themselves(client: Client) -> None:
    world = county()
    page = article(world, body=[("document", document("扫描件", world, ending="pdf", content=pdf()))])
    send_for_review(page, by=world.writer)
    client.force_login(world.reviewers[0])
    shown = client.get(f"/admin/publicity/pages/{page.pk}/review/").content.decode()
    assert "自行查看" in shown
    assert client.get(f"/admin/publicity/pages/{page.pk}/preview/").status_code == 200


@pytest.mark.django_db
def test_an_upload_is_cleaned_or_refused_in_words(client: Client) -> None:
    world = county()
    client.force_login(world.writer)
    folder = document("有", world).collection_id
    for name, content, kept in (("a.docx", word(), 1), ("b.xlsx", sheet(hidden=True), 0)):
        data = {"title": name, "file": SimpleUploadedFile(name, content), "collection": folder, "tags": ""}
        answer = client.post("/admin/documents/add/", data)
        assert PublicDocument.objects.filter(title=name).count() == kept
        assert kept or "隐藏的工作表" in answer.content.decode()
    damaged = {"title": "d", "file": SimpleUploadedFile("d.pdf", b"%PDF-1.7 nothing"), "collection": folder, "tags": ""}
    errors = client.post("/admin/documents/add/", damaged).context["form"].errors["file"]
    assert not [error for error in errors if "“”" in error], "a refused file has no type"
    untitled = {"title": "", "file": SimpleUploadedFile("c.docx", word()), "collection": folder, "tags": ""}
    assert "请重新选择文件" in client.post("/admin/documents/add/", untitled).content.decode()
    stored = PublicDocument.objects.get(title="a.docx")
    with stored.file.open("rb") as file:
        content = file.read()
    assert WRITER.encode() not in insides(content)
    assert stored.file_size == len(content)
