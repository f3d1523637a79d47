"""Extract, compile and check the Chinese catalogues, one per app, without a system package.

    python -m portal.tools.messages update    add new source strings, remove those no longer used
    python -m portal.tools.messages compile   write the .mo files (they are not in git)
    python -m portal.tools.messages check     fail on missing, empty, fuzzy, unused or contradictory entries

- `APPS`: the apps that have a catalogue, `<app>/locale/zh_Hans/LC_MESSAGES/django.po`.
- `extract(app)`: the source strings of an app: its Python files by Babel, its templates by Django's `templatize`.
- `problems(app)`: the faults of a catalogue, one line each.
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
APPS = ("portal", "search", "publicity", "meetings")
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
    """Identity of a source string in a catalogue."""

    context: str | None
    text: str
    plural: str


# --- extraction ------------------------------------------------------------------------------------------------------
def catalogue(app: str) -> Path:
    """Return the path of the catalogue of `app`."""
    return ROOT / app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def template_app(path: Path) -> str:
    """Return the app whose catalogue holds the strings of a template: that of its folder, or the one rendering it."""
    first = path.relative_to(ROOT / "templates").parts[0]
    if first in {"base.html", "components"}:
        return "publicity"
    return first if first in APPS else "portal"


def sources(app: str) -> Iterator[tuple[Path, bytes]]:
    """Yield each file of `app` that may contain source strings, as Python that Babel can read."""
    from django.utils.translation.template import templatize

    for path in sorted((ROOT / app).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, path.read_bytes()
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in {".html", ".txt", ".xml"} and template_app(path) == app:
            code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            # The text around the calls is filler; its indentation would not be valid Python.
            yield path, re.sub(r"^[ \t]+", "", code, flags=re.MULTILINE).encode()


def extract(app: str) -> dict[Key, set[str]]:
    """Return the source strings of `app`, each with the files that use it."""
    from babel.messages.extract import extract as babel_extract

    found: dict[Key, set[str]] = defaultdict(set)
    for path, code in sources(app):
        for _line, message, _comments, context in babel_extract("python", BytesIO(code), keywords=KEYWORDS):
            text, plural = message if isinstance(message, tuple) else (message, "")
            if text:
                found[Key(context, text, plural or "")].add(path.relative_to(ROOT).as_posix())
    return found


def key_of(entry: polib.POEntry) -> Key:
    """Return the identity of `entry` in its catalogue."""
    return Key(entry.msgctxt, entry.msgid, entry.msgid_plural or "")


def translations(entry: polib.POEntry) -> list[str]:
    """Return the translations of `entry`: one, or one per plural form."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def read(app: str) -> polib.POFile:
    """Return the catalogue of `app`, an empty one if it has none yet."""
    path = catalogue(app)
    return polib.pofile(str(path), wrapwidth=120) if path.exists() else polib.POFile(wrapwidth=120)


# --- update ----------------------------------------------------------------------------------------------------------
def update(app: str) -> tuple[int, int]:
    """Rewrite the catalogue of `app` from its source; return the numbers of added and of removed entries.

    Translations are kept, unused entries are removed. Line numbers are left out, so that a catalogue changes only when
    its strings do.
    """
    old = {key_of(entry): entry for entry in read(app) if not entry.obsolete}
    found = extract(app)
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
    if found or catalogue(app).exists():
        catalogue(app).parent.mkdir(parents=True, exist_ok=True)
        new.save(str(catalogue(app)))
    return len(found.keys() - old.keys()), len(old.keys() - found.keys())


# --- compile ---------------------------------------------------------------------------------------------------------
def supplements() -> list[Path]:
    """Return the catalogues that translate strings of others: what Wagtail has not translated yet."""
    return sorted((ROOT / "portal" / "wagtail_zh").rglob("*.po"))


def compile_all() -> None:
    """Write each .mo file that is older than its catalogue, atomically: concurrent readers see a complete file."""
    for source in (*map(catalogue, APPS), *supplements()):
        target = source.with_suffix(".mo")
        if source.exists() and (not target.exists() or target.stat().st_mtime < source.stat().st_mtime):
            temporary = target.with_suffix(f".{os.getpid()}")
            polib.pofile(str(source)).save_as_mofile(str(temporary))
            temporary.replace(target)


# --- check -----------------------------------------------------------------------------------------------------------
def placeholders(text: str) -> list[str]:
    """Return the placeholders of `text`, sorted."""
    return sorted(match.group() for match in PLACEHOLDER.finditer(text))


def entry_problems(entry: polib.POEntry) -> Iterator[str]:
    """Yield the faults of one entry."""
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


def problems(app: str) -> Iterator[str]:
    """Yield the faults of the catalogue of `app`, one line each."""
    found = extract(app)
    entries = read(app)
    known = {key_of(entry) for entry in entries if not entry.obsolete}
    for key in sorted(found.keys() - known, key=lambda key: key.text):
        yield f"{app}: missing: {key.text!r} ({min(found[key])})"
    for entry in entries:
        if entry.obsolete or key_of(entry) not in found:
            yield f"{app}: no longer used: {entry.msgid!r}"
            continue
        for problem in entry_problems(entry):
            yield f"{app}: {problem}: {entry.msgid!r}"


def disagreements(apps: Iterable[str]) -> Iterator[str]:
    """Yield each source string that two apps translate differently: at run time only one translation would be used."""
    seen: dict[Key, dict[str, str]] = defaultdict(dict)
    for app in apps:
        for entry in read(app):
            if all(translations(entry)):
                seen[key_of(entry)._replace(plural="")]["\n".join(translations(entry))] = app
    for key, by_text in seen.items():
        if len(by_text) > 1:
            yield f"{', '.join(sorted(by_text.values()))}: translated differently: {key.text!r}: {sorted(by_text)}"


def check() -> int:
    """Print the faults of the catalogues; return the exit code."""
    found = [problem for app in APPS for problem in problems(app)]
    found += disagreements(APPS)
    for path in supplements():
        for entry in polib.pofile(str(path)):
            found += [f"{path.relative_to(ROOT)}: {problem}: {entry.msgid!r}" for problem in entry_problems(entry)]
    for problem in found:
        print(problem, file=sys.stderr)
    if found:
        print(f"{len(found)} problems. Run: make messages, then translate what is empty.", file=sys.stderr)
    return 1 if found else 0


def main(arguments: list[str] | None = None) -> int:
    """Run the given command; return the exit code."""
    parser = argparse.ArgumentParser(prog="messages", description="The Chinese catalogues of the apps.")
    parser.add_argument("command", choices=["update", "compile", "check"])
    command = parser.parse_args(arguments).command
    if command == "check":
        return check()
    if command == "compile":
        compile_all()
        return 0
    for app in APPS:
        added, removed = update(app)
        print(f"{app}: {added} new, {removed} dropped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
