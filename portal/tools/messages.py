"""The Chinese catalogues: one per room, extracted, compiled and checked without a system package.

    python -m portal.tools.messages update    add new source strings, drop those no longer used
    python -m portal.tools.messages compile   write the .mo files (they are not kept in git)
    python -m portal.tools.messages check     fail on anything missing, empty, fuzzy, unused or at odds

Key concepts:
- `ROOMS`: the rooms that have a catalogue, `<room>/locale/zh_Hans/LC_MESSAGES/django.po`.
- `extract(room)`: the source strings of a room: its Python files by Babel, its templates by Django's `templatize`.
- `problems(room)`: what is wrong with a catalogue, one plain line each.
"""

import argparse
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import polib

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("portal", "search", "publicity", "meetings")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)[^{}]*\}")
CHINESE = re.compile(r"[\u3400-\u9fff]")
HEADER = {
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}


class Key(NamedTuple):
    """What tells one source string from another."""

    context: str | None
    text: str
    plural: str


# --- finding the source strings --------------------------------------------------------------------------------------
def catalogue(room: str) -> Path:
    """Return the path of the catalogue of `room`."""
    return ROOT / room / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def template_room(path: Path) -> str:
    """Return the room whose catalogue holds the strings of a template: its own, or that of whoever draws it."""
    first = path.relative_to(ROOT / "templates").parts[0]
    if first in {"base.html", "components"}:
        return "publicity"
    return first if first in ROOMS else "portal"


def sources(room: str) -> Iterator[tuple[Path, bytes]]:
    """Yield each file of `room` that may hold source strings, as Python that Babel can read."""
    from django.utils.translation.template import templatize

    for path in sorted((ROOT / room).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, path.read_bytes()
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in {".html", ".txt", ".xml"} and template_room(path) == room:
            code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            # What stands around the calls is filler whose indentation would not be valid Python.
            yield path, re.sub(r"^[ \t]+", "", code, flags=re.MULTILINE).encode()


def extract(room: str) -> dict[Key, set[str]]:
    """Return the source strings of `room`, each with the files that use it."""
    from babel.messages.extract import extract as babel_extract

    found: dict[Key, set[str]] = defaultdict(set)
    for path, code in sources(room):
        for _line, message, _comments, context in babel_extract("python", BytesIO(code), keywords=KEYWORDS):
            text, plural = message if isinstance(message, tuple) else (message, "")
            if text:
                found[Key(context, text, plural or "")].add(path.relative_to(ROOT).as_posix())
    return found


def key_of(entry: polib.POEntry) -> Key:
    """Return what tells `entry` from the other entries of its catalogue."""
    return Key(entry.msgctxt, entry.msgid, entry.msgid_plural or "")


def translations(entry: polib.POEntry) -> list[str]:
    """Return the translations of `entry`: one, or one per plural form."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def read(room: str) -> polib.POFile:
    """Return the catalogue of `room`, an empty one when it has none yet."""
    path = catalogue(room)
    return polib.pofile(str(path), wrapwidth=120) if path.exists() else polib.POFile(wrapwidth=120)


# --- update ----------------------------------------------------------------------------------------------------------
def update(room: str) -> tuple[int, int]:
    """Rewrite the catalogue of `room` from its source; return how many entries came and how many went.

    Translations are kept, unused entries are dropped. Line numbers are left out: a catalogue changes when its strings
    do, and then only.
    """
    old = {key_of(entry): entry for entry in read(room) if not entry.obsolete}
    found = extract(room)
    new = polib.POFile(wrapwidth=120)
    new.metadata = HEADER
    for key in sorted(found, key=lambda key: (min(found[key]), key.text, key.context or "")):
        entry = polib.POEntry(
            msgctxt=key.context,
            msgid=key.text,
            msgid_plural=key.plural,
            msgstr_plural={0: ""} if key.plural else {},
            occurrences=[(path, "") for path in sorted(found[key])],
        )
        if key in old:
            entry.msgstr, entry.msgstr_plural = old[key].msgstr, old[key].msgstr_plural
            entry.tcomment = old[key].tcomment
            entry.flags = [flag for flag in old[key].flags if flag == "fuzzy"]
        new.append(entry)
    if found or catalogue(room).exists():
        catalogue(room).parent.mkdir(parents=True, exist_ok=True)
        new.save(str(catalogue(room)))
    return len(found.keys() - old.keys()), len(old.keys() - found.keys())


# --- compile ---------------------------------------------------------------------------------------------------------
def supplements() -> list[Path]:
    """Return the catalogues that translate what is not ours: what Wagtail has not yet had translated."""
    return sorted((ROOT / "portal" / "wagtail_zh").rglob("*.po"))


def compile_all() -> None:
    """Write the .mo file of every catalogue that is newer than its own; who reads one meanwhile reads a whole file."""
    for source in (*map(catalogue, ROOMS), *supplements()):
        target = source.with_suffix(".mo")
        if source.exists() and (not target.exists() or target.stat().st_mtime < source.stat().st_mtime):
            written = target.with_suffix(f".{os.getpid()}")
            polib.pofile(str(source)).save_as_mofile(str(written))
            written.replace(target)


# --- check -----------------------------------------------------------------------------------------------------------
def placeholders(text: str) -> list[str]:
    """Return the placeholders of `text`, in an order of their own."""
    return sorted(match.group() for match in PLACEHOLDER.finditer(text))


def entry_problems(entry: polib.POEntry) -> Iterator[str]:
    """Yield what is wrong with one entry."""
    if entry.fuzzy:
        yield "fuzzy"
    if not all(text.strip() for text in translations(entry)):
        yield "not translated"
        return
    if CHINESE.search(entry.msgid):
        yield "the source string is not English"
    wanted = placeholders(entry.msgid_plural or entry.msgid)
    if any(placeholders(text) != wanted for text in translations(entry)):
        yield "the placeholders differ"


def problems(room: str) -> Iterator[str]:
    """Yield what is wrong with the catalogue of `room`, one line each."""
    found = extract(room)
    entries = read(room)
    known = {key_of(entry) for entry in entries if not entry.obsolete}
    for key in sorted(found.keys() - known, key=lambda key: key.text):
        yield f"{room}: missing: {key.text!r} ({min(found[key])})"
    for entry in entries:
        if entry.obsolete or key_of(entry) not in found:
            yield f"{room}: no longer used: {entry.msgid!r}"
            continue
        for problem in entry_problems(entry):
            yield f"{room}: {problem}: {entry.msgid!r}"


def disagreements(rooms: Iterable[str]) -> Iterator[str]:
    """Yield each source string that two rooms translate differently: at run time only one of them would be seen."""
    seen: dict[Key, dict[str, str]] = defaultdict(dict)
    for room in rooms:
        for entry in read(room):
            if all(translations(entry)):
                seen[key_of(entry)._replace(plural="")]["\n".join(translations(entry))] = room
    for key, by_text in seen.items():
        if len(by_text) > 1:
            yield f"{', '.join(sorted(by_text.values()))}: translated differently: {key.text!r}: {sorted(by_text)}"


def check() -> int:
    """Print what is wrong with the catalogues; return the exit code."""
    found = [problem for room in ROOMS for problem in problems(room)]
    found += disagreements(ROOMS)
    for path in supplements():
        for entry in polib.pofile(str(path)):
            found += [f"{path.relative_to(ROOT)}: {problem}: {entry.msgid!r}" for problem in entry_problems(entry)]
    for problem in found:
        print(problem, file=sys.stderr)
    if found:
        print(f"{len(found)} problems. Run: make messages, then translate what is empty.", file=sys.stderr)
    return 1 if found else 0


def main(arguments: list[str] | None = None) -> int:
    """Run the command named on the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="messages", description="The Chinese catalogues of the rooms.")
    parser.add_argument("command", choices=["update", "compile", "check"])
    command = parser.parse_args(arguments).command
    if command == "check":
        return check()
    if command == "compile":
        compile_all()
        return 0
    for room in ROOMS:
        came, went = update(room)
        print(f"{room}: {came} new, {went} dropped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
