"""The HTML of every kind of page is valid, according to the Nu Html Checker."""

import subprocess
from pathlib import Path

from tests.browser.conftest import People
from tests.browser.server import ROOT, RunningPortal

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
LINKED = (("/news/", ".news-title a"), ("/outcomes/", ".ledger .line-what a"), ("/", "main a[href*='/outcomes/']"))


def check(pages: dict[str, str], folder: Path) -> str:
    """Run the checker on pages (HTML by name) and return its output, or an empty string if all are valid."""
    for number, text in enumerate(pages.values()):
        (folder / f"{number}.html").write_text(text, encoding="utf-8")
    files = [str(folder / f"{number}.html") for number in range(len(pages))]
    done = subprocess.run([CHECKER, *files], capture_output=True, text=True, check=False)
    names = dict(zip(files, pages, strict=True))
    output = done.stderr + done.stdout
    for file, name in names.items():
        output = output.replace(f"file:{file}", name)
    return output if done.returncode else ""


def test_the_public_pages(portal: RunningPortal, people: People, tmp_path: Path) -> None:
    reader = people.visitor("")
    addresses = list(PUBLIC)
    for listing, link in LINKED:
        reader.open(listing)
        href = reader.page.locator(link).first.get_attribute("href")
        assert href, listing
        addresses.append(href.removeprefix(portal.url))
    pages = {path: reader.page.request.get(portal.url + path).text() for path in addresses}
    assert check(pages, tmp_path) == ""


def test_the_pages_of_records(portal: RunningPortal, people: People, tmp_path: Path) -> None:
    """Only the portal's part of the page is checked, inside an HTML page built around it; Wagtail renders the rest."""
    clerk, pages = people.visitor(CLERK), {}
    for kind in ("topic", "meeting", "minutes", "resolution"):
        clerk.open(f"/admin/records/{kind}/")
        href = clerk.page.locator("main td a[href*='/inspect/']").first.get_attribute("href")
        assert href, kind
        clerk.open(href.removeprefix(portal.url))
        ours = clerk.page.locator(".records.file").first.evaluate("e => e.outerHTML")
        pages[kind] = f'<!DOCTYPE html><html lang="zh-Hans"><head><title>x</title></head><body>{ours}</body></html>'
    assert check(pages, tmp_path) == ""


def test_the_printed_pages(portal: RunningPortal, people: People, tmp_path: Path) -> None:
    clerk = people.visitor(CLERK)
    clerk.open("/admin/records/clauses/")
    pages = {"clauses": clerk.page.request.get(clerk.page.url).text()}
    for kind, route in (("meeting", "notice"), ("meeting", "clauses"), ("minutes", "print")):
        clerk.open(f"/admin/records/{kind}/")
        href = clerk.page.locator("main td a[href*='/inspect/']").last.get_attribute("href")
        assert href
        path = f"/admin/records/{kind}/{route}/{href.rstrip('/').rpartition('/')[2]}/"
        pages[path] = clerk.page.request.get(portal.url + path).text()
    assert check(pages, tmp_path) == ""
