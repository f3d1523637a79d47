"""Highlighting and snippets. They use the same tokenization as the search, so all engines highlight the same
characters.

- `highlight(text, phrases)`: the whole text as escaped HTML, with matches in `<mark>`.
- `make_snippet(texts, phrases)`: the part of the texts with most matches, as plain text for `highlight`.
"""

from collections.abc import Iterable, Sequence
from html import escape  # Django's `escape` calls it and takes twice as long
from operator import itemgetter

from django.utils.safestring import SafeString, mark_safe

from search.text import Phrase, Span, find_spans

LENGTH = 90
LEAD_IN = 24
ELLIPSIS = "…"
_STOPS = "。！？；\n"
_SEPARATOR = "\0"


def highlight(text: str, phrases: Iterable[Phrase]) -> SafeString:
    """Return `text` escaped for HTML, with each occurrence of a phrase in `<mark>`."""
    parts: list[str] = []
    done = lead = len(text) - len(text.lstrip(ELLIPSIS))  # not in `text._PLAIN`: positions would need mapping
    parts.append(text[:lead])
    for start, end in ((lead + start, lead + end) for start, end in find_spans(phrases, text.strip(ELLIPSIS))):
        parts += [escape(text[done:start]), "<mark>", escape(text[start:end]), "</mark>"]
        done = end
    parts.append(escape(text[done:]))
    return mark_safe("".join(parts))  # noqa: S308 -- every part of the text was escaped above


def make_snippet(texts: Sequence[str], phrases: Sequence[Phrase]) -> str:
    """Return about `LENGTH` characters of `texts`: the part with most matches, or the beginning of the first text."""
    whole = _SEPARATOR.join(texts)  # searched once: the separator is a break, so no match crosses it
    windows = _windows(whole, find_spans(phrases, whole))
    _shown, start = max(windows, key=itemgetter(0), default=(0, -1))
    if start < 0:
        return _cut(next((text for text in texts if text.strip()), ""), 0)
    begin, end = _text_bounds(whole, start)
    return _cut(whole[begin:end], start - begin)


def _text_bounds(whole: str, place: int) -> Span:
    """Return the bounds, within `whole`, of the text that contains position `place`."""
    end = whole.find(_SEPARATOR, place)
    return Span(whole.rfind(_SEPARATOR, 0, place) + 1, len(whole) if end < 0 else end)


def _windows(whole: str, spans: Sequence[Span]) -> Iterable[tuple[int, int]]:
    """Yield, for each match, the number of matched characters in a snippet that starts there, and its position."""
    shown = last = 0  # characters of the spans from the first of the snippet up to `last`
    text = Span(0, -1)
    for index, first in enumerate(spans):
        if first.start > text.end:  # once per text: per match, a long text would be scanned again and again
            text = _text_bounds(whole, first.start)
        end = min(text.end, max(text.start, first.start - LEAD_IN) + LENGTH)
        while last < len(spans) and spans[last].end <= end:
            shown += _length(spans[last])
            last += 1
        yield shown or 1, first.start
        if last > index:
            shown -= _length(first)
        else:
            last = index + 1  # the match is longer than a snippet


def _length(span: Span) -> int:
    return span.end - span.start


def _cut(text: str, hit: int) -> str:
    """Return the snippet of `text` around position `hit`. It starts at a sentence if one starts shortly before."""
    start = max(0, hit - LEAD_IN)
    if start:
        stop = max(text.rfind(stop, start, hit) for stop in _STOPS)
        start = stop + 1 if stop >= 0 else start
    end = min(len(text), start + LENGTH)
    words = " ".join(text[start:end].split())
    return f"{ELLIPSIS if start else ''}{words}{ELLIPSIS if end < len(text) else ''}"
