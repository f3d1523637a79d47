"""The main workflow in the browser: from a proposed topic to the published result.

- `Actors`: the people who act in a conference, by the names of the roles that `load_demo` prints.
- `Journey`: one method per phase. Each uses pages only, and follows the links and buttons that the pages offer.

Buttons are located by the URL of their step and fields by name, so that the workflow does not depend on the texts of
the interface. The tests check the texts.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import People
from tests.browser.pages import Visitor

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Actors:
    """A conference and the people who act in it; `approver` is empty where the regulation has no approval of topics."""

    place: str
    slug: str
    proposer_clerk: str
    other_clerk: str
    proposing_department: str
    category: str
    approver: str
    settlers: tuple[str, str]
    minutes_approvers: tuple[str, str]
    verifiers: tuple[str, ...]
    liaison: str
    lead_department: str
    reviewers: tuple[str, ...]
    number: str  # entered when the minutes are issued; empty where a series allocates it


@dataclass
class Journey:
    """One run through the workflow, in one conference."""

    people: People
    actors: Actors
    subject: str
    keyword: str  # occurs in the title, and nowhere else in the demo
    urls: dict[str, str] = field(default_factory=dict)

    # --- page actions --------------------------------------------------------------------------------------------
    def clerk(self) -> Visitor:
        """Return the window of the clerk who proposes the topic and prepares the meeting."""
        return self.people.visitor(self.actors.proposer_clerk)

    @staticmethod
    def follow(page: Page, selector: str) -> None:
        """Click the first element that matches, and wait for the next page."""
        with page.expect_navigation():
            page.locator(selector).first.click()

    @staticmethod
    def submit(page: Page, scope: str = "main form") -> None:
        """Submit the form with its first button, and check that no error is shown."""
        with page.expect_navigation():
            page.locator(f"{scope} button[type=submit]").first.click()
        expect(page.locator(".error-message, .messages .error")).to_have_count(0)

    def step(self, who: Visitor, record: str, action: str, **typed: str) -> None:
        """Open a record and perform one of the steps that its page offers, with the given values of form fields."""
        who.open(self.urls[record])
        page = who.page
        self.follow(page, f"a[href$='/{action}/'], form[action$='/{action}/'] button")
        if page.url.endswith(f"/{action}/"):
            for name, text in typed.items():
                page.locator(f"[name={name}]").first.fill(text)
            self.submit(page, f"form[action$='/{action}/']")
        expect(page.locator(".messages .success")).to_be_visible()

    @staticmethod
    def date(page: Page, name: str, day: str) -> None:
        """Enter a date, then close the calendar that opens beside the field."""
        page.locator(f"[name={name}]").fill(day)
        calendar = page.locator(".xdsoft_datetimepicker:visible")
        expect(calendar.first).to_be_visible()
        page.locator("[name=title]").first.click()
        expect(calendar).to_have_count(0)

    @staticmethod
    def tick(page: Page, label: str) -> None:
        """Check the checkbox or radio button with this label."""
        page.get_by_label(label, exact=True).check()

    def state(self, who: Visitor, record: str) -> Locator:
        """Open a record and return the status badge on its page."""
        who.open(self.urls[record])
        return who.page.locator(".file-mark, .file-head").first

    # --- phases --------------------------------------------------------------------------------------------------
    def propose(self) -> None:
        """Enter the topic as a clerk and submit it (`Y 2(1)`, `C 5(1)`)."""
        who = self.clerk()
        who.open("/admin/records/topic/new/")
        page = who.page
        page.locator("[name=proposer]").select_option(label=self.actors.proposing_department)
        page.locator("[name=category]").select_option(label=self.actors.category)
        page.locator("[name=title]").fill(f"关于{self.subject}的议题")
        page.locator("[name=text]").fill(f"职工多次反映，建议{self.subject}，明确牵头单位、时限和经费来源。")
        page.locator("[name=research]").fill("今年九月走访企业八家，发放问卷三百二十份，多数职工认为这件事应当尽快办。")
        self.submit(page)
        self.urls["topic"] = self.find(who, "/admin/records/topic/", f"关于{self.subject}的议题")
        self.step(who, "topic", "submit")

    def find(self, who: Visitor, listing: str, title: str) -> str:
        """Find a record in its listing by title; return its URL."""
        who.open(f"{listing}?q={self.keyword}")
        href = who.page.get_by_role("link", name=re.compile(title)).first.get_attribute("href")
        assert href
        return href

    def confer(self) -> None:
        """Confer as both sides, and approve as the leader in charge of union work (`Y 2(2)`)."""
        for clerk in (self.actors.proposer_clerk, self.actors.other_clerk):
            self.step(self.people.visitor(clerk), "topic", "confer", opinion="同意列为议题。")
        approver = self.people.visitor(self.actors.approver)
        approver.screenshot("leader-today", "/admin/")
        self.step(approver, "topic", "approve", opinion="同意，请抓紧调研。")

    def reach_consensus(self, *, studied: bool) -> None:
        """Ask a department for its opinion, give it, and state the consensus (`Y 2(2)`, `C 5(1)`)."""
        who = self.clerk()
        who.open(self.urls["topic"])
        self.follow(who.page, "a[href$='/ask_opinions/']")
        self.tick(who.page, self.actors.lead_department)
        self.submit(who.page, "form[action$='/ask_opinions/']")
        liaison = self.people.visitor(self.actors.liaison)
        liaison.open(self.urls["topic"])
        self.follow(liaison.page, "a[href*='/opinion/']")
        liaison.page.locator("input[name=verdict][value=agree]").check()
        self.submit(liaison.page, "form[action*='/opinion/']")
        if studied:
            union = self.people.visitor(
                next(c for c in (self.actors.proposer_clerk, self.actors.other_clerk) if "工会方" in c)
            )
            study = {
                "joint_research": "县总工会会同有关部门到三个乡镇联合调研，形成一致意见。",
                "proposal_report": f"建议由{self.actors.lead_department}牵头，{self.subject}。",
            }
            self.step(union, "topic", "record_study", **study)
            self.step(union, "topic", "agree")
        else:
            self.step(who, "topic", "agree")

    def prepare(self) -> None:
        """Plan a meeting, put the topic on its agenda, and explain every unfinished resolution (`Y 1(6)`)."""
        who = self.clerk()
        page = who.page
        who.open("/admin/records/meeting/new/")
        start = datetime.now(ZONE) - timedelta(minutes=1)
        page.locator("[name=title]").fill(f"{self.keyword}专题联席会议")
        self.date(page, "time", start.strftime("%Y-%m-%d %H:%M"))
        page.locator("[name=place]").fill("机关第一会议室")
        page.locator("[name=chair]").select_option(index=1)
        self.submit(page)
        self.urls["meeting"] = self.find(who, "/admin/records/meeting/", f"{self.keyword}专题联席会议")
        who.open(self.urls["meeting"])
        self.follow(page, "a[href*='/add-topic/']")
        page.get_by_label(f"关于{self.subject}的议题").first.check()
        self.submit(page, "form[action*='/add-topic/']")
        self.explain(who)
        who.open(self.urls["meeting"])
        self.follow(page, "form[action*='/draw/'] button, a[href*='/draw/']")

    def explain(self, who: Visitor) -> None:
        """Enter explanation and opinion for each unfinished resolution of earlier meetings (`Y 1(6)`, `C 4三`)."""
        page = who.page
        done: set[str] = set()
        while hrefs := self._to_explain(who) - done:  # the page lists ten at a time, unexplained ones first
            for href in sorted(hrefs):
                who.open(href)
                page.locator("[name=text]").fill("受资金下达进度影响，工作仍在推进，预计下季度完成。")
                page.locator("[name=opinion]").fill("建议继续督办，按月报告进度。")
                self.submit(page, "form[action*='/explain/']")
            done |= hrefs
        assert done, "the demo has unfinished resolutions, the page must ask about them"

    def _to_explain(self, who: Visitor) -> set[str]:
        who.open(self.urls["meeting"])
        return {link.get_attribute("href") or "" for link in who.page.locator("a[href*='/explain/']").all()}

    def hold(self) -> None:
        """Settle the meeting per regulation, send the notice, enter the replies, hold it (`Y 2(4)`, `C 5(2)`)."""
        for role in self.actors.settlers:
            self.step(self.people.visitor(role), "meeting", "settle")
        issuer = self.people.visitor(
            next(c for c in (self.actors.proposer_clerk, self.actors.other_clerk) if "政府方" in c)
        )
        self.step(issuer, "meeting", "notify")
        who = self.clerk()
        who.open(self.urls["meeting"])
        self.follow(who.page, "a[href*='/roll/']")
        for select in who.page.locator("select[name^=status_]").all():
            if select.input_value() == "invited":
                select.select_option("attends")
        who.screenshot("attendance")
        self.submit(who.page, "form[action*='/roll/']")
        self.step(who, "meeting", "hold")

    def write_minutes(self) -> None:
        """Draft the minutes from the meeting, edit the resolution, approve as both sides, issue."""
        who = self.clerk()
        page = who.page
        self.step(who, "meeting", "draft_minutes")
        who.open(self.urls["meeting"])
        self.urls["minutes"] = page.locator("a[href*='/records/minutes/inspect/']").first.get_attribute("href") or ""
        who.open(self.urls["minutes"])
        self.follow(page, "a[href*='/records/resolution/inspect/']")
        self.urls["resolution"] = re.sub(r"https?://[^/]+", "", page.url)
        self.follow(page, "a[href*='/records/resolution/edit/']")
        page.locator("[name=title]").fill(self.subject)
        page.locator("[name=text]").fill(
            f"会议议定，由{self.actors.lead_department}牵头，{self.subject}，所需经费按程序列支。"
        )
        page.locator("[name=lead]").select_option(label=self.actors.lead_department)
        page.locator("[name=deadline_text]").fill("2027年6月底前")
        page.locator("input[name=deadline_kind][value=date]").check()
        self.date(page, "deadline", "2027-06-30")
        page.locator("input[name=disclosure][value=public]").check()
        self.submit(page, "form[action*='/resolution/edit/']")
        self.step(who, "minutes", "send")
        self.people.visitor(self.actors.minutes_approvers[0]).screenshot("leader-minutes", self.urls["minutes"])
        who.screenshot("minutes", self.urls["minutes"])
        for role in self.actors.minutes_approvers:
            self.step(self.people.visitor(role), "minutes", "approve", opinion="同意印发。")
        issuer = self.people.visitor(
            next(c for c in (self.actors.proposer_clerk, self.actors.other_clerk) if "政府方" in c)
        )
        self.step(issuer, "minutes", "issue", **self.number())

    def number(self) -> dict[str, str]:
        """Return the form field for the issue: a number of this year, or none if a series allocates it."""
        return {"number": self.actors.number.format(year=datetime.now(ZONE).year)} if self.actors.number else {}

    def publish(self) -> None:
        """Draft the outcome page, send it for review, and approve it as distinct reviewers (三审三校)."""
        who = self.clerk()
        page = who.page
        who.open(self.urls["meeting"])
        self.follow(page, "form[action*='/outcome/'] button")
        self.urls["outcome"] = re.sub(r"https?://[^/]+", "", page.url)
        who.screenshot("editor")
        self.send_for_review(page)
        for role in self.actors.reviewers:
            self.review(self.people.visitor(role))

    def send_for_review(self, page: Page) -> None:
        """Click the button of the page editor that sends the page for review."""
        self.follow(page, "button[name=action-submit]")

    def review(self, reviewer: Visitor) -> None:
        """Find the page among the reviewer's open tasks, check its text, approve it."""
        reviewer.open("/admin/")
        reviewer.screenshot("reviewer-today")
        page = reviewer.page
        self.follow(page, "a[href*='/publicity/pages/'][href*='/review/']")
        expect(page.get_by_text(self.subject).first).to_be_visible()
        reviewer.screenshot("review")
        page.locator("input[name=approve][value=yes]").check()
        self.submit(page, "form[action*='/review/']")

    def search(self, visitor: Visitor) -> Locator:
        """Search the public site for the keyword; return the links found."""
        visitor.open("/")
        visitor.page.locator("input[name=q]").first.fill(self.keyword)
        visitor.page.keyboard.press("Enter")
        visitor.page.wait_for_load_state("load")
        return visitor.page.get_by_role("main").get_by_role("link", name=re.compile(self.keyword))

    def follow_up(self) -> None:
        """Assign the resolution, report it done as the department, verify it (`Y 2(6)`, `C 5(5)`)."""
        who = self.clerk()
        self.step(who, "resolution", "assign")
        liaison = self.people.visitor(self.actors.liaison)
        liaison.screenshot("liaison-today", "/admin/")
        liaison.screenshot("liaison-resolution", self.urls["resolution"])
        self.step(liaison, "resolution", "report", text="已成立工作专班，完成选址和预算编制。")
        self.step(liaison, "resolution", "report_done", text="全部建成并投入使用，已组织验收。")
        who.screenshot("verify", self.urls["resolution"])
        for role in self.actors.verifiers:
            self.step(self.people.visitor(role), "resolution", "verify", opinion="现场核实，情况属实。")

    def release_result(self) -> None:
        """Release the verified stage, so that the public page shows it (`Y 2(7)`)."""
        who = self.clerk()
        who.open(self.urls["resolution"])
        page = who.page
        self.follow(page, "a[href*='/publicity/resolutions/'][href*='/stage/']")
        page.locator("input[name=stage]").last.check()
        page.locator("[name=explanation]").fill("已全部建成并投入使用。")
        self.submit(page, "form[action*='/stage/']")
