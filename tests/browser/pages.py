"""A person at the screen: what somebody does, in the words of the pages."""

import os
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize, expect

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")


DESK, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=780)
LIGHT_ENOUGH = 150_000  # bytes of a picture


def slim(file: Path) -> None:
    """Bring a picture that weighs too much for a guide down to 128 colours."""
    if file.stat().st_size > LIGHT_ENOUGH:
        with Image.open(file) as picture:
            few = picture.convert("RGB").quantize(128, dither=Image.Dither.NONE)
        few.save(file, optimize=True)


@dataclass
class Visitor:
    """Somebody with a browser window at the portal."""

    page: Page
    url: str

    def open(self, path: str) -> None:
        """Go to an address of the portal."""
        self.page.goto(f"{self.url}{path}" if path.startswith("/") else path)

    def sign_in(self, login: str, password: str) -> None:
        """Through the login page to the home of the staff."""
        self.open("/admin/login/")
        self.page.fill("input[name=username]", login)
        self.page.fill("input[name=password]", password)
        self.page.click("button[type=submit]")
        expect(self.page).to_have_url(f"{self.url}/admin/")
        self.page.wait_for_load_state("load")  # the address comes before the page

    def fill(self, label: str, text: str) -> None:
        """Type into the field with this label."""
        self.page.get_by_label(label, exact=False).first.fill(text)

    def choose(self, label: str, option: str) -> None:
        """Choose an option of the select field with this label."""
        self.page.get_by_label(label, exact=False).first.select_option(label=option)

    def press(self, name: str) -> None:
        """Press the button, or follow the link, with this name, and wait for the page."""
        button = self.page.get_by_role("button", name=name, exact=True)
        target = button if button.count() else self.page.get_by_role("link", name=name, exact=True)
        target.first.click()
        self.page.wait_for_load_state("load")

    def picture(self, name: str, path: str = "") -> None:
        """Keep a picture of the page (of `path`, if given) where `make screenshots` asks for them."""
        folder, usual = os.environ.get("SCREENSHOTS"), self.page.viewport_size
        if not folder or not usual:
            return
        self.page.set_viewport_size(PHONE if usual["width"] < DESK["width"] // 2 else DESK)
        if path:
            self.open(path)
        file = Path(folder) / f"{name}.png"
        self.page.screenshot(path=file, animations="disabled")
        slim(file)
        self.page.set_viewport_size(usual)

    def reads(self, text: str) -> None:
        """The text stands on the page, visible."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def reads_not(self, text: str) -> None:
        """The text stands nowhere on the page."""
        expect(self.page.get_by_text(text)).to_have_count(0)


def violations(page: Page, within: str = "html", without: tuple[str, ...] = ()) -> list[str]:
    """What axe-core, no rule off, finds wrong in the first element of a selector, a line each.

    `without`: selectors of what is not ours, such as the frame that Wagtail draws.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    scope = {"include": [within], "exclude": list(without)}
    found = page.evaluate("scope => axe.run(scope)", scope)["violations"]
    return [
        f"{rule['id']}: {rule['help']} @ {node['target']} {node.get('failureSummary', '')}"
        for rule in found
        for node in rule["nodes"]
    ]
