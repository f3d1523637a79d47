"""Pictures and documents: accessible only while a public page uses them, and without metadata."""

from io import BytesIO

import pytest
from django.core.files.images import ImageFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.models import Collection

from meetings.enums import Role
from meetings.models import Person
from publicity.models import Picture, PictureRendition, PublicDocument, PublicitySettings
from publicity.operations.pages import take_down
from publicity.queries.files import is_public
from tests.meetings.factories import World, seat
from tests.publicity.factories import article, county, document, picture, public_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return county()


def status(url: str, client: Client | None = None) -> int:
    answer = (client or Client()).get(url)
    answer.getvalue()  # reading it to the end closes the file
    return answer.status_code


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def rendition(row: Picture) -> PictureRendition:
    made = row.get_rendition("max-100x100")
    assert isinstance(made, PictureRendition)
    return made


def body_with(row: Picture) -> list[tuple[str, object]]:
    return [("picture", {"picture": row, "alt": "会场", "caption": ""})]


def test_an_unused_picture_is_for_those_who_work_on_it(world: World) -> None:
    shown, elsewhere = rendition(picture(world=world)), county("邻县")
    assert status(shown.url) == 404
    for person in (world.writer, world.gov_clerk, world.reviewers[0], world.administrator):
        assert status(shown.url, as_(person)) == 200
    for person in (world.stranger, world.liaison, elsewhere.writer, elsewhere.gov_clerk, elsewhere.reviewers[0]):
        assert status(shown.url, as_(person)) == 404


def test_who_keeps_one_conference_has_its_pictures_and_not_the_site(world: World) -> None:
    own, others, common = picture("本级会场", world=world), picture("邻县会场", world=county("邻县")), picture("徽标")
    Picture.objects.filter(pk=common.pk).update(collection=Collection.get_first_root_node())
    local = seat("本级管理员", role=Role.ADMINISTRATOR, conference=world.conference).person
    site = reverse("wagtailsettings:edit", args=["publicity", "publicitysettings"])
    for person, kept in ((local, {own}), (world.administrator, {own, others, common})):
        client = as_(person)
        shown = client.get(reverse("wagtailimages:index")).content.decode()
        for row in (own, others, common):
            assert (row.title in shown) is (row in kept)
            assert (status(reverse("wagtailimages:edit", args=[row.pk]), client) == 200) is (row in kept)
        wide = person == world.administrator
        assert (site in client.get("/admin/").content.decode()) is wide
        assert client.get(site)["Location"].startswith(site) is wide


def test_a_draft_opens_nothing(world: World) -> None:
    row = picture()
    article(world, body=body_with(row))
    assert status(rendition(row).url) == 404


def test_open_while_a_public_page_uses_it(world: World) -> None:
    row, cover = picture(), picture("封面")
    page = public_article(world, body=body_with(row), cover=cover, cover_alt="主席台")
    for shown in (row, cover):
        assert status(rendition(shown).url) == 200
        assert status(shown.file.url) == 404, "the original is for staff"
    take_down(page, reason="误发", by=world.gov_clerk)
    for shown in (row, cover):
        assert status(rendition(shown).url) == 404


def test_a_picture_of_two_pages_stays_for_the_other(world: World) -> None:
    row = picture()
    first = public_article(world, "一", body=body_with(row))
    public_article(world, "二", body=body_with(row))
    take_down(first, reason="误发", by=world.gov_clerk)
    assert status(rendition(row).url) == 200


def test_the_mark_of_the_site_is_public(world: World) -> None:
    row = picture("标识")
    settings = PublicitySettings.for_request(_request())
    settings.mark = row
    settings.save()
    assert is_public(row)
    assert "/media/" in Client().get("/").content.decode()


def _request() -> object:
    from django.test import RequestFactory

    return RequestFactory().get("/")


def test_a_copy_asks_again_and_is_told_when_nothing_changed(world: World) -> None:
    row = picture()
    page = public_article(world, body=body_with(row))
    url = rendition(row).url
    answer = Client().get(url)
    answer.getvalue()
    assert "no-cache" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Type"] == "image/png"
    again = Client().get(url, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    take_down(page, reason="误发", by=world.gov_clerk)
    gone = Client().get(url, headers={"If-None-Match": answer.headers["ETag"]})
    assert gone.status_code == 404


@pytest.mark.parametrize(
    "path", ["/media/", "/media/../portal.sqlite3", "/media/documents/x.txt", "/media/%2e%2e/secret-key", "/media/x"]
)
def test_nothing_else_lies_under_the_media_address(world: World, path: str) -> None:
    assert status(path) == 404


def test_documents(world: World) -> None:
    used, linked, unused = document("附件"), document("链接"), document("内部", world)
    body = [("document", used), ("text", f'<p><a linktype="document" id="{linked.pk}">办法</a></p>')]
    page = public_article(world, body=body)
    assert status(used.url) == 200
    assert status(linked.url) == 200
    assert status(unused.url) == 404
    assert status(f"/media/{used.file.name}") == 404
    assert status(unused.url, as_(world.gov_clerk)) == 200
    assert status(unused.url, as_(world.liaison)) == 404
    take_down(page, reason="误发", by=world.gov_clerk)
    assert status(used.url) == 404
    assert status(linked.url) == 404


def test_an_uploaded_picture_loses_its_metadata_and_its_name() -> None:
    exif = Image.Exif()
    exif[0x010E] = "张三家门口"  # ImageDescription
    exif[0x0112] = 6  # rotated by 90 degrees
    exif.get_ifd(0x8825)[2] = (35.0, 17.0, 0.0)  # GPSLatitude
    out = BytesIO()
    Image.new("RGB", (60, 40), (1, 2, 3)).save(out, "JPEG", exif=exif, comment=b"secret")
    row = Picture.objects.create(title="现场", file=ImageFile(BytesIO(out.getvalue()), name="张三13800001111.jpg"))
    assert "张三" not in str(row.file.name)
    assert "138" not in str(row.file.name)
    row.refresh_from_db()
    with row.file.open() as stored:
        raw = stored.read()
    assert "张三".encode() not in raw
    assert b"secret" not in raw
    with Image.open(BytesIO(raw)) as clean:
        assert not clean.getexif()
        assert clean.size == (40, 60), "turned upright"
    assert (row.width, row.height) == (40, 60)


@pytest.mark.parametrize(("form", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("GIF", "P"), ("WEBP", "RGB"), ("PNG", "L")])
def test_other_formats_keep_their_pixels(form: str, mode: str) -> None:
    out = BytesIO()
    Image.new("RGB", (30, 20), (204, 51, 51)).convert(mode).save(out, form)
    name = f"x.{form.lower()}"
    row = Picture.objects.create(title="图", file=ImageFile(BytesIO(out.getvalue()), name=name))
    with row.file.open() as stored, Image.open(stored) as clean:
        red, green, blue = clean.convert("RGB").getpixel((5, 5))  # type: ignore[misc]  # three bands
    expected = (97, 97, 97) if mode == "L" else (204, 51, 51)
    assert all(abs(a - b) < 12 for a, b in zip((red, green, blue), expected, strict=True))


def test_a_document_keeps_no_name_of_the_writer() -> None:
    row = document("张三的申请")
    assert "张三" not in str(row.file.name)
    assert "张三" not in row.filename
    assert row.filename.endswith(".txt")
    assert isinstance(row, PublicDocument)
