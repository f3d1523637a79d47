"""A browser window of a person, and the accessibility check."""

import os
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize, expect

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")


DESKTOP_VIEWPORT, PHONE_VIEWPORT = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=780)
MAX_PICTURE_BYTES = 150_000  # of a screenshot


def reduce_colours(file: Path) -> None:
    """Reduce a screenshot that is too large for a guide to 128 colours."""
    if file.stat().st_size > MAX_PICTURE_BYTES:
        with Image.open(file) as picture:
            few = picture.convert("RGB").quantize(128, dither=Image.Dither.NONE)
        few.save(file, optimize=True)


@dataclass
class Visitor:
    """A person with a browser window on the portal."""

    page: Page
    url: str

    def open(self, path: str) -> None:
        """Go to a path of the portal, or to a URL."""
        self.page.goto(f"{self.url}{path}" if path.startswith("/") else path)

    def sign_in(self, login: str, password: str) -> None:
        """Log in on the login page; wait for the staff home page."""
        self.open("/admin/login/")
        self.page.fill("input[name=username]", login)
        self.page.fill("input[name=password]", password)
        self.page.click("button[type=submit]")
        expect(self.page).to_have_url(f"{self.url}/admin/")
        self.page.wait_for_load_state("load")  # the URL changes before the page is loaded

    def fill(self, label: str, text: str) -> None:
        """Fill the field with this label."""
        self.page.get_by_label(label, exact=False).first.fill(text)

    def choose(self, label: str, option: str) -> None:
        """Select an option of the field with this label."""
        self.page.get_by_label(label, exact=False).first.select_option(label=option)

    def press(self, name: str) -> None:
        """Click the button or link with this name, and wait for the page."""
        button = self.page.get_by_role("button", name=name, exact=True)
        target = button if button.count() else self.page.get_by_role("link", name=name, exact=True)
        target.first.click()
        self.page.wait_for_load_state("load")

    def screenshot(self, name: str, path: str = "") -> None:
        """Save a screenshot of the page (of `path`, if given) in the folder SCREENSHOTS; `make screenshots` sets it."""
        folder, usual = os.environ.get("SCREENSHOTS"), self.page.viewport_size
        if not folder or not usual:
            return
        self.page.set_viewport_size(
            PHONE_VIEWPORT if usual["width"] < DESKTOP_VIEWPORT["width"] // 2 else DESKTOP_VIEWPORT
        )
        if path:
            self.open(path)
        file = Path(folder) / f"{name}.png"
        self.page.screenshot(path=file, animations="disabled")
        reduce_colours(file)
        self.page.set_viewport_size(usual)

    def expect_text(self, text: str) -> None:
        """Assert that the text is visible on the page."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def expect_no_text(self, text: str) -> None:
        """Assert that the text is not on the page."""
        expect(self.page.get_by_text(text)).to_have_count(0)


TRANSITIONS_END = """() => Promise.all(
    document.getAnimations()
        .filter(each => Number.isFinite(each.effect.getComputedTiming().endTime))
        .map(each => each.finished.catch(() => {}))
)"""


def violations(page: Page, within: str = "html", without: tuple[str, ...] = ()) -> list[str]:
    """Return the violations that axe-core, with all rules, finds in the first element of a selector, one per line.

    `without`: selectors of elements to exclude, such as those that Wagtail renders. Messages of Wagtail fade in, also
    where the user asks for less motion; a half transparent one has less contrast, so running transitions end first.
    """
    page.evaluate(TRANSITIONS_END)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    scope = {"include": [within], "exclude": list(without)}
    found = page.evaluate("scope => axe.run(scope)", scope)["violations"]
    return [
        f"{rule['id']}: {rule['help']} @ {node['target']} {node.get('failureSummary', '')}"
        for rule in found
        for node in rule["nodes"]
    ]
