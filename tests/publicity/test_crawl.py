"""A visitor who follows every link never reads an internal text, nor anything that was withdrawn.

Each internal text field of the records holds a random marker. The fields are found by introspection of the models, so a
new field is covered without a change here. All that the public gets is searched for the markers: pages, data, feeds,
files with the files inside, headers, error pages.
"""

import re
import secrets
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, models, transaction
from django.test import Client
from docx import Document
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from meetings import clock
from meetings.enums import Disclosure, ResolutionState
from meetings.models import Explanation, Meeting, Opinion, ProgressReport, Resolution
from publicity.enums import Stage
from publicity.models import Article, PersonalDataException, Picture
from publicity.operations.pages import take_down
from publicity.operations.proposals import propose_stage
from publicity.operations.releases import release_stage, withdraw
from tests.meetings.factories import World
from tests.publicity.factories import (
    article,
    county,
    document,
    issued,
    picture,
    public_article,
    public_outcome,
    publish,
    record,
    resolutions,
)

pytestmark = [pytest.mark.django_db, pytest.mark.search_index, pytest.mark.slow, pytest.mark.xdist_group("crawl")]

STARTS = ("/", "/news/", "/outcomes/", "/sitemap.xml", "/news/feed/", "/outcomes/feed/", "/robots.txt", "/reading/")
DATA = ("/search/?q=职工", "/search/?q=会议", "/search/?q=")
ERRORS = ("/nowhere/", "/resolutions/2099-9/", "/documents/1/x.txt", "/media/x.png", "/healthz", "/place0/news/x/")
LINK = re.compile(
    r"""(?:href|src)=["']([^"']+)["']|content="(https?:[^"]+)"|<loc>([^<]+)</loc>|<id>(https?:[^<]+)</id>"""
)
# Texts of the records that the public may read, each with the reason.
SHOWN = {
    "JointConference": {"name", "short_name", "slug", "government_side", "union_side"},  # the heading of its section
    "Department": {"name", "telephone"},  # the contact for a resolution
}
# Keys and hashes: with another value the record would not be found.
KEYS = {"key", "hash", "sha256", "password", "slug", "public_number", "digest", "object_id"}
INSIDE_PUBLICITY = {
    "Release": {"reason"},
    "StageProposal": {"explanation", "answer"},
    "PersonalDataException": {"reason"},
}


# --- the visitor -----------------------------------------------------------------------------------------------------
def crawl(starts: tuple[str, ...] = STARTS) -> dict[str, str]:
    """Return every address that a visitor reaches by links, with the whole answer."""
    client, seen, waiting = Client(), {}, list(starts)
    while waiting:
        url = waiting.pop()
        if url in seen or url.startswith(("/admin/", "/static/")):
            continue
        status, text = fetch(client, url)
        assert status in {200, 301, 302}, (url, status)
        seen[url] = text
        waiting += [link for link in links(url, text) if link not in seen]
    return seen


def everything() -> dict[str, str]:
    """Return what a crawl sees and what it does not follow: data, error pages, other HTTP methods."""
    client, seen = Client(), crawl()
    for url in DATA:
        seen[f"{url} (JSON)"] = fetch(client, url, HTTP_ACCEPT="application/json")[1]
        seen[url] = fetch(client, url)[1]
    for url in ERRORS:
        seen[url] = fetch(client, url)[1]
    for url in ("/", "/search/", "/news/"):
        answer = client.post(url, {"q": "职工"})
        seen[f"{url} (POST)"] = answer.content.decode()
    return seen


def fetch(client: Client, url: str, **headers: Any) -> tuple[int, str]:
    """Return the status and the whole content of an answer: headers, text, and the content of packed files."""
    answer: Any = client.get(url, **headers)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    header_lines = "\n".join(f"{name}: {value}" for name, value in answer.items())
    return answer.status_code, header_lines + "\n" + "\n".join(
        part.decode("utf-8", "replace") for part in insides(content)
    )


def insides(content: bytes) -> Iterator[bytes]:
    """Yield the bytes of a file, and of each file packed in it."""
    yield content
    if zipfile.is_zipfile(BytesIO(content)):
        with zipfile.ZipFile(BytesIO(content)) as packed:
            for name in packed.namelist():
                yield packed.read(name)


def is_file(url: str) -> bool:
    return url.startswith(("/media/", "/documents/"))


def links(page: str, html: str) -> Iterator[str]:
    """Return the addresses on this site that a page contains."""
    for groups in () if is_file(page) else LINK.findall(html):
        target = urlsplit(urljoin(page, next(filter(None, groups)).replace("&amp;", "&")))
        if target.scheme in {"", "http", "https"} and target.hostname in {None, "testserver", "localhost"}:
            if target.path.startswith("/search"):
                continue
            yield target.path + (f"?{target.query}" if target.query else "")


# --- the markers -----------------------------------------------------------------------------------------------------
def text_fields(model: type[models.Model]) -> Iterator[Any]:
    """Yield the fields of a model that hold free text."""
    for field in model._meta.concrete_fields:
        if isinstance(field, models.CharField | models.TextField) and not field.choices and not field.primary_key:
            yield field


def internal_fields() -> Iterator[tuple[type[models.Model], Any]]:
    """Yield each free text of the records and of the publicity's own work that the public does not read."""
    for model in apps.get_app_config("meetings").get_models():
        for field in text_fields(model):
            if field.name not in SHOWN.get(model.__name__, set()) | KEYS:
                yield model, field
    for name, wanted in INSIDE_PUBLICITY.items():
        model = apps.get_model("publicity", name)
        yield from ((model, field) for field in text_fields(model) if field.name in wanted)
    for label in ("wagtailcore.TaskState", "wagtailcore.PageLogEntry"):
        model = apps.get_model(label)
        yield from ((model, field) for field in text_fields(model) if field.name in {"comment", "label"})


def sow() -> dict[str, str]:
    """Write a marker of its own into each internal text of each row; return where each marker is."""
    sown: dict[str, str] = {}
    for model, field in internal_fields():
        rows: Any = models.QuerySet(model)  # a plain query set: that of a history refuses changes
        for pk in rows.values_list("pk", flat=True):
            word = f"cy{secrets.token_hex(6)}"[: field.max_length]
            write(rows.filter(pk=pk), field.name, word)
            sown[word] = f"{model.__name__} {pk}.{field.name}"
    return sown


def write(rows: Any, name: str, word: str) -> None:
    """Put the marker into the row; into a copy of it where the database refuses to change the row."""
    try:
        with transaction.atomic():
            rows.update(**{name: word})
    except DatabaseError:  # the two databases raise different errors
        copy = rows.get()
        copy.pk, copy._state.adding = None, True
        setattr(copy, name, word)
        with suppress(IntegrityError), transaction.atomic():  # a constraint forbids this text in this row
            models.QuerySet(type(copy)).bulk_create([copy])


def met(sown: dict[str, str]) -> list[str]:
    """Rebuild the index, then return the markers that the public reads, and where."""
    call_command("search_rebuild", verbosity=0)
    seen = everything()
    found = [
        f"{sown[word]} at {url}"
        for url, text in seen.items()
        for word in WORD.findall(text + unquote(url))
        if word in sown
    ]
    client = Client()
    for word, where in sown.items():
        answer = client.get(f"/search/?q={quote(word)}", HTTP_ACCEPT="application/json").content.decode()
        found += [f"{where} in the search"] if word in answer else []
    return found


WORD = re.compile(r"cy[0-9a-f]{12}")


@pytest.fixture
def world() -> World:
    """A year of a county: minutes with public resolutions and a closed one, a topic, reports, drafts."""
    world = county()
    of = issued(world, items=2)
    record(
        world,
        of,
        order=2,
        title="不公开的事项",
        text="不公开的内容",
        disclosure=Disclosure.CLOSED,
        disclosure_reason="涉及维稳",
    )
    topic = world.topic()
    Opinion.objects.create(topic=topic, department=world.department, asked_on=date(2025, 8, 1))
    part = resolutions(of)[0].parts.get(role="lead")
    ProgressReport.objects.create(part=part, author=world.liaison, on=date(2025, 10, 1), text="进展")
    Explanation.objects.create(
        resolution=resolutions(of)[0], meeting=of, text="x", opinion="x", by=world.gov_clerk, on=date(2025, 10, 1)
    )
    article(world, "未审的新闻", meeting=of)
    return world


@pytest.fixture
def out(world: World) -> World:
    """The world with everything published: outcome page, stages, news with picture and document."""
    of = Meeting.objects.get()
    public_outcome(world, of)
    Resolution.objects.filter(disclosure=Disclosure.PUBLIC).update(state=ResolutionState.UNDER_WAY)
    release_stage(resolutions(of)[0], stage=Stage.UNDER_WAY, explanation="已启动实施。", by=world.gov_clerk)
    propose_stage(resolutions(of)[1], stage=Stage.UNDER_WAY, explanation="待确认", by=world.gov_clerk)
    body = [
        ("text", "<p>会议召开。</p>"),
        ("picture", {"picture": picture("会场"), "alt": "会场全景", "caption": "会场"}),
        ("document", document("附件")),
    ]
    page = public_article(
        world, "九月的联席会议", meeting=of, cover=picture("封面"), cover_alt="主席台", body=body, tags=["职工"]
    )
    PersonalDataException.objects.create(
        page_id=page.pk, digest="0" * 64, masked="1*", reason="x", by=world.writer, at=clock.now()
    )
    return world


def test_a_visitor_meets_no_internal_word_whatever_was_done(out: World) -> None:
    of = Meeting.objects.get()
    steps = {
        "released": lambda: None,
        "reworded": lambda: reword(out, of),
        "one withdrawn": lambda: withdraw(resolutions(of)[0], reason="误发", by=out.gov_clerk),
        "all taken down": lambda: [
            take_down(page, reason="误发", by=out.gov_clerk) for page in Article.objects.live().filter(meeting=of)
        ],
    }
    for name, step in steps.items():
        step()
        sown = sow()
        assert len({where.split(" ")[0] for where in sown.values()}) >= 15
        assert met(sown) == [], name


def reword(world: World, of: Meeting) -> None:
    """Pass the reviews of the news again with another text."""
    page = Article.objects.live().filter(meeting=of).get()
    page.summary = "改过的摘要。"
    page.save_revision(user=world.writer)
    publish(page, world)


def test_before_any_release_nothing_is_met(world: World) -> None:
    assert met(sow()) == []


def test_files_tell_nothing_of_their_maker(world: World) -> None:
    word = f"cy{secrets.token_hex(6)}"
    metadata, photo = PngInfo(), BytesIO()
    metadata.add_text("Author", word)
    Image.new("RGB", (60, 40)).save(photo, "PNG", pnginfo=metadata)
    made, packed = Document(), BytesIO()
    made.core_properties.author = made.core_properties.last_modified_by = word
    made.save(packed)
    shown = picture(f"{word}", content=photo.getvalue())
    body = [
        ("picture", {"picture": shown, "alt": "会场全景", "caption": ""}),
        ("document", document("附件", ending="docx", content=packed.getvalue())),
    ]
    Picture.objects.filter(pk=shown.pk).update(title="会场")
    public_article(world, body=body)
    seen = crawl()
    assert any(url.startswith("/media/") for url in seen)
    assert any(url.startswith("/documents/") for url in seen)
    assert not [url for url, text in seen.items() if word in text or word in unquote(url)]


def timeless(answers: dict[str, str]) -> dict[str, str]:
    """Return the answers without errors and without their time."""
    return {url: re.sub(r"Expires: .*", "", text) for url, text in answers.items() if url not in ERRORS}


def test_what_is_not_public_changes_no_count_number_or_address(out: World) -> None:
    """What the public gets is identical whether more records exist behind it or not; so is what is published next."""
    before = timeless(everything())
    of = Meeting.objects.get()
    for order in range(3, 6):
        closed = {"disclosure": Disclosure.CLOSED, "disclosure_reason": "涉及维稳"}
        record(out, of, order=order, title=f"另一不公开事项{order}", **closed)
        out.topic(title=f"另一议题{order}")
        article(out, f"另一草稿{order}", meeting=of)
        picture(f"另一图片{order}")
    call_command("search_rebuild", verbosity=0)
    assert timeless(everything()) == before
    for resolution in Resolution.objects.filter(title__startswith="另一"):
        assert resolution.public_number is None
    later = issued(out, date(2025, 12, 5), items=1)
    public_outcome(out, later)
    assert resolutions(later)[0].public_number == "2025-3"
    assert re.fullmatch(r"/place\d+/outcomes/2025-12-05/", later.outcome_page.get_url_parts()[2])


def test_everything_that_a_crawl_saw_is_gone_after_withdrawal(out: World) -> None:
    before = crawl()
    of = Meeting.objects.get()
    for resolution in resolutions(of)[:2]:
        withdraw(resolution, reason="误发", by=out.gov_clerk)
    page = Article.objects.live().filter(meeting=of).get()
    take_down(page, reason="误发", by=out.gov_clerk)
    words = ["职工医疗互助第1项", "职工医疗互助第2项", "九月的联席会议", "已启动实施", "会场全景", page.slug, "2025-1"]
    client = Client()
    gone = 0
    for url in before:
        status, text = fetch(client, url)
        assert status in {200, 301, 302, 404, 410}, url
        if status in {404, 410}:
            gone += 1
            continue
        assert not is_file(url), f"{url} still serves a file"
        for word in words:
            assert word not in text, (word, url)
    assert gone >= 5
    assert {url.split("?")[0] for url in crawl()} <= {url.split("?")[0] for url in before}


def test_one_withdrawal_leaves_the_others(out: World) -> None:
    first, second = resolutions(Meeting.objects.get())[:2]
    withdraw(first, reason="误发", by=out.gov_clerk)
    seen = crawl()
    text = "".join(seen.values())
    assert first.title not in text
    assert second.title in text


def test_copies_ask_again(out: World) -> None:
    client = Client()
    for url in crawl():
        if url.startswith("/robots"):
            continue
        answer = client.get(url)
        answer.getvalue()  # reading it to the end closes the file
        header = answer.headers.get("Cache-Control", "")
        assert "no-cache" in header or "no-store" in header, (url, header)
        assert "public" not in header, (url, header)
