"""Which clause of which regulation asks for what, so that each gap is shown with its clause.

`Y` is 垣政办发〔2024〕19号, `C` the measures of 城桥镇. A requirement that a regulation lacks has no entry there.

Key concepts
- `cite(key, clause_set)`: the clause as printed. `quote(text, clause)`: what the regulation says there.
"""

import re

CLAUSES: dict[str, dict[str, str]] = {
    "briefing": {"Y": "一（一）（二）", "C": "四（一）"},
    "category": {"Y": "一（三）至（五）、（七）", "C": "四（二）"},
    "follow_up_explained": {"Y": "一（六）", "C": "四（三）"},
    "frequency": {"Y": "二", "C": "五（二）"},
    "special": {"Y": "二", "C": "五（二）"},
    "topic.research": {"Y": "二（一）", "C": "五（一）"},
    "topic.confer": {"Y": "二（二）"},
    "topic.approve": {"Y": "二（二）"},
    "topic.agree": {"Y": "二（二）", "C": "五（一）"},
    "attendance": {"Y": "二（三）", "C": "五（三）"},
    "chair": {"Y": "二（三）", "C": "五（四）"},
    "meeting.settle": {"Y": "二（四）", "C": "五（二）"},
    "meeting.notify": {"Y": "二（四）", "C": "五（二）"},
    "agenda": {"Y": "二（四）", "C": "五（四）"},
    "minutes": {"Y": "二（五）", "C": "五（四）"},
    "follow_up": {"Y": "二（六）", "C": "五（五）"},
    "publicity": {"Y": "二（七）"},
    "name": {"Y": "三（三）"},
    "sections": {"Y": "三（二）", "C": "三"},
}


def cite(key: str, clause_set: str) -> str:
    """The clause as printed, for example 二（五）; empty where that regulation has none."""
    return CLAUSES.get(key, {}).get(clause_set, "")


_NUMBERS = "一二三四五六七八九十"
_SECTION = re.compile(rf"^([{_NUMBERS}]+)、")
_ITEM = re.compile(rf"^(?:[（(]([{_NUMBERS}]+)[）)]|([{_NUMBERS}])是)")


def quote(text: str, clause: str) -> str:
    """The paragraphs of a regulation's text that a clause names, for example 二（五）; empty where there are none.

    Each item is one paragraph that begins with its number, as official texts are laid out. A clause without
    items means what stands before the first item of its section; 二（一）至（三） means every item between.
    """
    section, introducing, wanted, found = "", False, _items(clause), []
    for line in filter(None, map(str.strip, text.splitlines())):
        if heading := _SECTION.match(line):
            section, introducing = heading[1], True
        elif section and clause.startswith(section):
            item = _ITEM.match(line)
            introducing = introducing and item is None
            if (item is not None and (item[1] or item[2]) in wanted) or (introducing and not wanted):
                found.append(line)
    return "\n".join(found)


def _items(clause: str) -> list[str]:
    """The items that a clause names, a range written out."""
    named: list[str] = []
    for until, item in re.findall(rf"(至?)（([{_NUMBERS}]+)）", clause):
        if until and named:
            named += _NUMBERS[_NUMBERS.index(named[-1]) + 1 : _NUMBERS.index(item)]
        named.append(item)
    return named
