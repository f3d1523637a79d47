"""The HTML of every kind of page is right, by the checker that the standard's authors keep."""

import subprocess
from pathlib import Path

from tests.browser.conftest import People
from tests.browser.server import ROOT, Running

CHECKER = ROOT / "tests/html/checker.sh"
CLERK = "经办人员（垣曲县政府方）"
PUBLIC = (
    "/",
    "/news/",
    "/outcomes/",
    "/outcomes/?year=1990",
    "/search/",
    "/search/?q=工资",
    "/search/?q=无",
    "/nothing/",
)
BEHIND = (("/news/", ".news-title a"), ("/outcomes/", ".ledger .line-what a"), ("/", "main a[href*='/outcomes/']"))


def check(pages: dict[str, str], folder: Path) -> str:
    """What the checker says of these pages; empty when all is well."""
    for number, text in enumerate(pages.values()):
        (folder / f"{number}.html").write_text(text, encoding="utf-8")
    files = [str(folder / f"{number}.html") for number in range(len(pages))]
    done = subprocess.run([CHECKER, *files], capture_output=True, text=True, check=False)
    names = dict(zip(files, pages, strict=True))
    told = done.stderr + done.stdout
    for file, name in names.items():
        told = told.replace(f"file:{file}", name)
    return told if done.returncode else ""


def test_the_public_pages(portal: Running, people: People, tmp_path: Path) -> None:
    reader = people.as_("")
    addresses = list(PUBLIC)
    for listing, link in BEHIND:
        reader.open(listing)
        href = reader.page.locator(link).first.get_attribute("href")
        assert href, listing
        addresses.append(href.removeprefix(portal.url))
    pages = {path: reader.page.request.get(portal.url + path).text() for path in addresses}
    assert check(pages, tmp_path) == ""


def test_the_pages_of_records(portal: Running, people: People, tmp_path: Path) -> None:
    """What Wagtail's frame holds is Wagtail's: our part of the page is put into a page of its own."""
    clerk, pages = people.as_(CLERK), {}
    for kind in ("topic", "meeting", "minutes", "resolution"):
        clerk.open(f"/admin/records/{kind}/")
        href = clerk.page.locator("main td a[href*='/inspect/']").first.get_attribute("href")
        assert href, kind
        clerk.open(href.removeprefix(portal.url))
        ours = clerk.page.locator(".records.file").first.evaluate("e => e.outerHTML")
        pages[kind] = f'<!DOCTYPE html><html lang="zh-Hans"><head><title>x</title></head><body>{ours}</body></html>'
    assert check(pages, tmp_path) == ""


def test_the_printed_pages(portal: Running, people: People, tmp_path: Path) -> None:
    clerk = people.as_(CLERK)
    clerk.open("/admin/records/clauses/")
    pages = {"clauses": clerk.page.request.get(clerk.page.url).text()}
    for kind, route in (("meeting", "notice"), ("meeting", "clauses"), ("minutes", "print")):
        clerk.open(f"/admin/records/{kind}/")
        href = clerk.page.locator("main td a[href*='/inspect/']").last.get_attribute("href")
        assert href
        path = f"/admin/records/{kind}/{route}/{href.rstrip('/').rpartition('/')[2]}/"
        pages[path] = clerk.page.request.get(portal.url + path).text()
    assert check(pages, tmp_path) == ""
