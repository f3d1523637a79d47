"""Marks what was found, by the same rules by which it was found: every engine marks the same characters.

- `marked(text, phrases)`: the whole text, escaped, with the found places in `<mark>`.
- `passage(texts, phrases)`: the stretch of the texts that shows most of what was found, plain; mark it with `marked`.
"""

from collections.abc import Iterable, Sequence
from html import escape  # that of Django, which calls it, takes twice as long
from operator import itemgetter

from django.utils.safestring import SafeString, mark_safe

from search.text import Phrase, Span, find

LENGTH = 90
LEAD_IN = 24
ELLIPSIS = "…"
_STOPS = "。！？；\n"
_SEAM = "\0"


def marked(text: str, phrases: Iterable[Phrase]) -> SafeString:
    """Return `text` escaped for HTML, with each place where a phrase occurs in `<mark>`."""
    parts: list[str] = []
    done = lead = len(text) - len(text.lstrip(ELLIPSIS))  # of a passage; with it, its places would need working out
    parts.append(text[:lead])
    for start, end in ((lead + start, lead + end) for start, end in find(phrases, text.strip(ELLIPSIS))):
        parts += [escape(text[done:start]), "<mark>", escape(text[start:end]), "</mark>"]
        done = end
    parts.append(escape(text[done:]))
    return mark_safe("".join(parts))  # noqa: S308 -- every part of the text was escaped above


def passage(texts: Sequence[str], phrases: Sequence[Phrase]) -> str:
    """Return about `LENGTH` characters of `texts`: where most is found, else the beginning."""
    whole = _SEAM.join(texts)  # looked through once: the seam is a break, over which nothing is found
    windows = _windows(whole, find(phrases, whole))
    _shown, start = max(windows, key=itemgetter(0), default=(0, -1))
    if start < 0:
        return _cut(next((text for text in texts if text.strip()), ""), 0)
    begin, end = _text_around(whole, start)
    return _cut(whole[begin:end], start - begin)


def _text_around(whole: str, place: int) -> Span:
    """Return which part of `whole` is the text that `place` lies in."""
    end = whole.find(_SEAM, place)
    return Span(whole.rfind(_SEAM, 0, place) + 1, len(whole) if end < 0 else end)


def _windows(whole: str, spans: Sequence[Span]) -> Iterable[tuple[int, int]]:
    """Yield, for each found place, how many marked characters a passage that begins there shows, and the place."""
    shown = last = 0  # of `spans`: up to `last`, without those before the first of the passage
    text = Span(0, -1)
    for index, first in enumerate(spans):
        if first.start > text.end:  # not for each place: a long text would be walked through again and again
            text = _text_around(whole, first.start)
        end = min(text.end, max(text.start, first.start - LEAD_IN) + LENGTH)
        while last < len(spans) and spans[last].end <= end:
            shown += _length(spans[last])
            last += 1
        yield shown or 1, first.start
        if last > index:
            shown -= _length(first)
        else:
            last = index + 1  # longer than any passage


def _length(span: Span) -> int:
    return span.end - span.start


def _cut(text: str, hit: int) -> str:
    """Return the passage of `text` around `hit`, begun at a sentence where one begins near by."""
    start = max(0, hit - LEAD_IN)
    if start:
        stop = max(text.rfind(stop, start, hit) for stop in _STOPS)
        start = stop + 1 if stop >= 0 else start
    end = min(len(text), start + LENGTH)
    words = " ".join(text[start:end].split())
    return f"{ELLIPSIS if start else ''}{words}{ELLIPSIS if end < len(text) else ''}"
