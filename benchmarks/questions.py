"""The queries of the benchmark: six classes of texts, each plain, and some also filtered or sorted by date.

- `QUESTIONS`: the texts by class; `TEXTS`: all of them. `FOUND_BY_BOTH`: texts that Wagtail's search finds, too.
- `queries()`: each query with its class.
"""

from collections.abc import Iterator
from datetime import date

from benchmarks.corpus import READER
from search.query import DATE, Query

QUESTIONS: dict[str, tuple[str, ...]] = {
    "one character": ("薪", "驿", "煤", "工", "疗"),
    "two characters": ("欠薪", "驿站", "工资", "高温", "托育"),
    "long": (
        "拖欠农民工工资",
        "新就业形态劳动者权益保障",
        "职业技能等级认定补贴",
        "户外劳动者驿站建设",
        "总包代发制度",
    ),
    "several terms": ("农民工 工资", "驿站 环卫", "技能 培训 补贴", "工伤 快递 应急管理局", "煤矿 尘肺"),
    "mixed": ("垣政办发〔2024〕19号", "2024年 欠薪", "12345热线", "50万元", "平工发[2019]"),
    "rare": ("盐雾腐蚀", "矽肺筛查", "锑矿复垦", "蚕桑合作社", "冰雪运动"),
}
# Texts between two punctuation marks: a search that splits Chinese only at punctuation finds these too.
FOUND_BY_BOTH = (
    *("不得层层加码", "逐户核查", "应急管理局", "财政局", "垣曲县政府与工会联席会议", "关于加快公共托育服务工作"),
    *("垣政办发〔2024〕19号", "蚕桑合作社事项"),
)
TEXTS = tuple(text for texts in QUESTIONS.values() for text in texts)


def queries() -> Iterator[tuple[str, Query]]:
    """Yield each text as a query; the last two of each class also once with filters and once by date."""
    for name, texts in QUESTIONS.items():
        for text in texts:
            yield name, Query(text=text, reader=READER)
        filters = {"stage": ("verified", "open"), "conference": ("c1", "c2", "c3")}
        yield name, Query(text=texts[-2], reader=READER, chosen=filters)
        yield name, Query(text=texts[-1], reader=READER, since=date(2018, 1, 1), sort=DATE)
