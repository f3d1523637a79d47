"""Oracle: a second, independent definition of the search in plain Python. It imports nothing of the project.

A text is written as its tokens with a space on either side of each, and `|` for a break. A phrase matches if its own
token text is a substring of that. Order, counts, visibility and relaxation are computed with lists and loops.
"""

import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

QUESTION_WORDS = [
    *("怎么办", "怎么样", "为什么", "有没有", "是不是", "能不能", "可不可以", "怎么", "怎样", "如何", "什么", "哪些"),
    *("哪里", "哪个", "多少", "是否", "关于", "有关", "请问", "问题", "情况", "的", "吗", "呢"),
]
FACETS = ["kind", "conference", "year", "department", "stage", "category", "tag"]


@dataclass
class Doc:
    key: str
    kind: str
    number: int
    title: str
    texts: list[str]
    day: date | None
    tokens: set[str]
    facets: dict[str, list[str]] = field(default_factory=dict)

    def values(self, name: str) -> list[str]:
        own = {"kind": [self.kind], "year": [str(self.day.year)] if self.day else []}
        return own[name] if name in own else self.facets.get(name, [])


@dataclass
class Question:
    text: str
    tokens: set[str]
    chosen: dict[str, list[str]] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    by_date: bool = False


@dataclass
class Answer:
    keys: list[str]
    counts: dict[str, Counter[str]]
    relaxed: bool
    refused: bool


def char_class(char: str) -> str:
    code, category = ord(char), unicodedata.category(char)
    kana = 0x3041 <= code <= 0x30FF and category[0] == "L"
    bopomofo = 0x3105 <= code <= 0x312F or 0x31A0 <= code <= 0x31BF or 0x31F0 <= code <= 0x31FF
    han = 0x3400 <= code <= 0x4DBF or 0x4E00 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFF
    if han or kana or bopomofo or 0x3005 <= code <= 0x3007 or 0x3021 <= code <= 0x3029:
        return "chinese"
    if category == "Nd":
        return "digit"
    if char.isalnum():
        return "letter"
    if category in ("Ps", "Pe") or char.isspace():
        return "space"
    return "break"


def folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).lower()
    return "".join(char for char in text if unicodedata.category(char) not in ("Mn", "Mc", "Me", "Cf"))


def token_text(text: str) -> str:
    """Return `text` as " t t | t ": a space on each side of every token, a bar for every break."""
    out, before = "", ""
    for index, char in enumerate(text):
        now = char_class(char)
        inside_number = (
            char == "." and before == "digit" and index + 1 < len(text) and char_class(text[index + 1]) == "digit"
        )
        if inside_number:
            out += "."
            continue
        if now in ("digit", "letter") and now == before:
            out += char
        elif now == "break":
            out += " | "
        elif now != "space":
            out += "  " + char
        before = now
    return " " + "  ".join(out.split()) + " "


def terms_of(text: str) -> tuple[list[str], list[str]]:
    """Return the required and the excluded terms: "甲 乙" is one term, -丙 is excluded."""
    asked: list[str] = []
    excluded: list[str] = []
    rest = folded(text)
    begins = True  # after white space
    while rest:
        if rest[0].isspace():
            rest, begins = rest[1:], True
            continue
        minus = begins and len(rest) > 1 and rest[0] == "-" and rest[1] != "-" and not rest[1].isspace()
        rest = rest[1:] if minus else rest
        closing = {'"': '"', "“": "”"}.get(rest[0], "") if begins else ""
        inside, _, after = rest[1:].partition(closing) if closing and closing in rest[1:] else ("", "", "")
        if inside and not (closing == "”" and "“" in inside):
            term, rest = inside, after
        else:
            term = rest.split(maxsplit=1)[0]
            rest = rest[len(term) :]
        (excluded if minus else asked).append(term)
        begins = False
    return asked, excluded


def phrases_of(terms: list[str]) -> list[str]:
    found = []
    for term in terms:
        found += [f" {'  '.join(part.split())} " for part in token_text(term).split("|") if part.strip()]
    return list(dict.fromkeys(found))


def without_question_words(term: str) -> str:
    """Return a term without question words."""
    kept = ""
    while term:
        word = next((word for word in QUESTION_WORDS if term.startswith(word)), "")
        kept, term = (kept + "。", term[len(word) :]) if word else (kept + term[0], term[1:])
    return kept


def relaxed_pairs(terms: list[str]) -> list[str]:
    """Return the pairs of adjacent tokens of `terms`, without question words."""
    pairs: list[str] = []
    for phrase in phrases_of([without_question_words(term) for term in terms]) or phrases_of(terms):
        tokens = phrase.split()
        pairs += [f" {a}  {b} " for a, b in pairwise(tokens)] if len(tokens) > 1 else [phrase]
    return list(dict.fromkeys(pairs))


def count_phrases(doc: Doc, phrases: list[str], *, title_only: bool = False) -> int:
    fields = [token_text(folded(text)) for text in ([doc.title] if title_only else [doc.title, *doc.texts])]
    return sum(any(phrase in text for text in fields) for phrase in phrases)


def filtered(docs: list[Doc], chosen: dict[str, list[str]]) -> list[Doc]:
    return [doc for doc in docs if all(set(doc.values(name)) & set(values) for name, values in chosen.items())]


def search(docs: list[Doc], question: Question) -> Answer:
    """Return every document that matches `question`, in order, with the counts of each facet."""
    asked, excluded = terms_of(question.text)
    phrases, never = phrases_of(asked), phrases_of(excluded)
    too_long = any(len(term) > 255 for term in asked + excluded)
    if too_long or (question.text.strip() and not phrases and not never):
        return Answer([], {name: Counter() for name in FACETS}, relaxed=False, refused=True)
    seen = [doc for doc in docs if doc.tokens & question.tokens and not count_phrases(doc, never)]
    need, is_loose = len(phrases), False
    if not any(count_phrases(doc, phrases) >= need for doc in seen):
        pairs = relaxed_pairs(asked)
        half = (len(pairs) + 1) // 2
        if 0 < len(pairs) <= 200 and any(count_phrases(doc, pairs) >= half for doc in seen):
            phrases, need, is_loose = pairs, half, True
    found = [doc for doc in seen if count_phrases(doc, phrases) >= need]
    if question.since:
        found = [doc for doc in found if doc.day and doc.day >= question.since]
    if question.until:
        found = [doc for doc in found if doc.day and doc.day <= question.until]
    counts = {}
    for name in FACETS:
        others = {other: values for other, values in question.chosen.items() if other != name}
        counts[name] = Counter(value for doc in filtered(found, others) for value in set(doc.values(name)))
    found = filtered(found, question.chosen)
    found.sort(key=lambda doc: doc.kind)
    found.sort(key=lambda doc: (doc.day or date.max, doc.number), reverse=True)
    if phrases and not question.by_date:
        found.sort(key=lambda doc: count_phrases(doc, phrases, title_only=True) < need)
    return Answer([doc.key for doc in found], counts, is_loose, refused=False)
