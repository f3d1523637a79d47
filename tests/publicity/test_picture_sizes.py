"""The sizes of pictures are made when a picture is saved; readers of public pages make none."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from publicity.models import Picture, PictureRendition
from publicity.picture_sizes import SIZES
from tests.meetings.admin.pages import at_desk
from tests.meetings.factories import World
from tests.publicity.factories import picture, picture_file, public_article

pytestmark = pytest.mark.django_db


def specs(row: Picture) -> set[str]:
    return {rendition.filter_spec for rendition in PictureRendition.objects.filter(image=row)}


def test_an_uploaded_picture_has_every_size_and_a_new_file_too(world: World) -> None:
    desk = at_desk(world.writer)
    own = picture("别的图片", world=world).collection_id
    data = {"title": "会场", "file": picture_file(), "collection": own}
    assert desk.post(reverse("wagtailimages:add"), data).status_code == 302
    row = Picture.objects.get(title="会场")
    assert set(SIZES.values()) <= specs(row)
    before = set(PictureRendition.objects.filter(image=row).values_list("pk", flat=True))
    answer = desk.post(reverse("wagtailimages:edit", args=[row.pk]), {**data, "file": picture_file("blue")})
    assert answer.status_code == 302
    assert set(SIZES.values()) <= specs(row)
    assert before.isdisjoint(PictureRendition.objects.filter(image=row).values_list("pk", flat=True))


def test_readers_make_no_size(world: World) -> None:
    row, inside = picture(), picture("会场内")
    body = [("picture", {"picture": inside, "alt": "会场", "caption": ""})]
    page = public_article(world, cover=row, cover_alt="主席台", body=body)
    call_command("picture_sizes")
    made = PictureRendition.objects.count()
    for url in ("/", "/news/", page.url):
        assert Client().get(url).status_code == 200
    assert PictureRendition.objects.count() == made


def test_the_command_completes_what_is_missing_and_names_a_lost_file(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    row, lost = picture(), picture("丢失的图片")
    lost.file.storage.delete(str(lost.file.name))
    call_command("picture_sizes")
    told = capsys.readouterr().out
    assert f"图片 {lost.pk} 无法处理" in told
    assert "已为 1 张图片生成网页尺寸" in told
    assert specs(row) == set(SIZES.values())
    lost.delete()
    call_command("picture_sizes")
    assert "图片的网页尺寸齐全" in capsys.readouterr().out


def test_public_templates_name_no_other_size() -> None:
    """A size that is written in a template would be made by its first reader."""
    templates = Path(settings.BASE_DIR) / "templates"
    found = [path for path in templates.rglob("*.html") if "{% image" in path.read_text()]
    assert [path.relative_to(templates).as_posix() for path in found] == ["publicity/admin/review.html"]
