"""信息发布审核表: who wrote, reviewed and published a public page (三审三校). `publicity` provides the content.

`make_review_sheet(sheet, conference)` returns a `ReviewSheet` as a Word file.
"""

from dataclasses import dataclass, field

from meetings.documents.base import GeneratedFile, generate_word_file
from meetings.enums import DocumentKind
from meetings.models import JointConference


@dataclass(frozen=True)
class ReviewVerdict:
    """One review: who decided what, and when. All fields but its name are empty while it is pending."""

    review: str
    name: str = ""
    title: str = ""
    verdict: str = ""
    opinion: str = ""
    at: str = ""


@dataclass(frozen=True)
class RetainedData:
    """Personal data that stays in the text: what it is, why, and who registered the reason."""

    what: str
    reason: str
    by: str


@dataclass(frozen=True)
class ReviewSheet:
    """The content of the sheet about a page."""

    title: str
    kind: str
    meeting: str
    writer: str
    sender: str
    sent_at: str
    summary: str
    status: str
    published_at: str
    url: str
    text: list[str] = field(default_factory=list)
    retained: list[RetainedData] = field(default_factory=list)
    verdicts: list[ReviewVerdict] = field(default_factory=list)


def values(sheet: ReviewSheet, conference: JointConference) -> dict[str, object]:
    """Return the values for the template."""
    return {
        "标题": sheet.title,
        "类型": sheet.kind,
        "联席会议": conference.name,
        "会议": sheet.meeting,
        "撰稿": sheet.writer,
        "送审": sheet.sender,
        "送审时间": sheet.sent_at,
        "摘要": sheet.summary,
        "正文": [{"文字": text} for text in sheet.text],
        "保留信息": [{"内容": row.what, "理由": row.reason, "登记": row.by} for row in sheet.retained],
        "审核": [
            {
                "审次": row.review,
                "姓名": row.name,
                "职务": row.title,
                "结论": row.verdict,
                "意见": row.opinion,
                "时间": row.at,
            }
            for row in sheet.verdicts
        ],
        "状态": sheet.status,
        "发布时间": sheet.published_at,
        "网址": sheet.url,
    }


def make_review_sheet(sheet: ReviewSheet, conference: JointConference) -> GeneratedFile:
    """Return the sheet as a Word file."""
    name = f"信息发布审核表（{sheet.title}）"
    return generate_word_file(DocumentKind.REVIEW_SHEET, values(sheet, conference), name=name, conference=conference)
