"""Update, compile and check the Chinese catalogues, one per app.

    python -m portal.tools.messages update    add new source strings, remove those no longer used (needs GNU gettext)
    python -m portal.tools.messages compile   write the .mo files (they are not in git)
    python -m portal.tools.messages check     fail on missing, empty, fuzzy, unused or contradictory entries (gettext)

- `APPS`: the apps that have a catalogue, `<app>/locale/zh_Hans/LC_MESSAGES/django.po`.
- `app_of(path)`: the app whose catalogue holds the strings of a source file.
- `compile_all()`: compiles with polib, not with Django's `compilemessages`: an installation needs no gettext.
- `problems()`: the faults of the catalogues, one line each.

Extraction is Django's: see `portal/management/commands/makemessages.py`.
"""

import argparse
import contextlib
import os
import re
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]
APPS = ("portal", "search", "publicity", "meetings")
TEMPLATES = "templates"
LANGUAGE = "zh_Hans"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)[^{}]*\}")
CHINESE = re.compile(r"[\u3400-\u9fff]")


def catalogue(app: str, root: Path | None = None) -> Path:
    """Return the path of the catalogue of `app`, below `root` if that is given."""
    return (root or ROOT) / app / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def app_of(path: Path) -> str:
    """Return the app whose catalogue holds the strings of a source file, given relative to the project's folder.

    A template belongs to the app of its folder, or to the one that renders it.
    """
    first, *rest = path.parts
    if first != TEMPLATES:
        return first
    if rest[0] in {"base.html", "components"}:
        return "publicity"
    return rest[0] if rest[0] in APPS else "portal"


def read(path: Path) -> polib.POFile:
    """Return the catalogue at `path`, an empty one if it does not exist."""
    return polib.pofile(str(path)) if path.exists() else polib.POFile()


# --- update ----------------------------------------------------------------------------------------------------------
def update(root: Path, *, keep_unused: bool = False) -> None:
    """Rewrite the catalogues in the project's folder `root`; drop unused entries, or keep them marked as obsolete.

    Raises CommandError if gettext is not installed or cannot read a file.
    """
    # Imported here because settings import this module.
    import django
    from django.apps import apps
    from django.core.management import call_command

    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
        django.setup()
    with contextlib.chdir(root):
        call_command("makemessages", no_obsolete=not keep_unused, verbosity=0)


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


def translations(entry: polib.POEntry) -> list[str]:
    """Return the translations of `entry`: one, or one per plural form."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def entry_problems(entry: polib.POEntry) -> Iterator[str]:
    """Yield the faults of one entry."""
    if entry.obsolete:
        yield "no longer used"
        return
    if entry.fuzzy:
        yield "fuzzy"
    if not all(text.strip() for text in translations(entry)):
        yield "not translated"
        return
    if CHINESE.search(entry.msgid):
        yield "the source string is not English"
    # `msgfmt --check-format` compares only what xgettext guesses to be a format.
    wanted = placeholders(entry.msgid_plural or entry.msgid)
    if any(placeholders(text) != wanted for text in translations(entry)):
        yield "the placeholders differ"


def disagreements(catalogues: dict[str, polib.POFile]) -> Iterator[str]:
    """Yield each source string that two apps translate differently: at run time only one translation would be used."""
    seen: dict[tuple[str | None, str], dict[str, str]] = defaultdict(dict)
    for app, entries in catalogues.items():
        for entry in entries:
            if all(translations(entry)):
                seen[entry.msgctxt, entry.msgid]["\n".join(translations(entry))] = app
    for (_context, text), by_translation in seen.items():
        if len(by_translation) > 1:
            apps = ", ".join(sorted(by_translation.values()))
            yield f"{apps}: translated differently: {text!r}: {sorted(by_translation)}"


def problems() -> Iterator[str]:
    """Yield the faults of all catalogues, compared with the source, one line each."""
    stored = {app: read(catalogue(app)) for app in APPS}
    with tempfile.TemporaryDirectory(prefix="portal-messages-") as folder:
        for name in (*APPS, TEMPLATES):
            shutil.copytree(ROOT / name, Path(folder, name), ignore=shutil.ignore_patterns("static", "__pycache__"))
        update(Path(folder), keep_unused=True)
        updated = {app: read(catalogue(app, Path(folder))) for app in APPS}
    files = {str(path.relative_to(ROOT)): read(path) for path in supplements()}
    for name, entries in (updated | files).items():
        # An entry that is obsolete in the stored catalogue but used again has become a normal one in the updated one.
        for entry in (*entries, *(stored[name].obsolete_entries() if name in stored else ())):
            places = f" ({entry.occurrences[0][0]})" if entry.occurrences else ""
            yield from (f"{name}: {problem}: {entry.msgid!r}{places}" for problem in entry_problems(entry))
    yield from disagreements(stored)


def check() -> int:
    """Print the faults of the catalogues; return the exit code."""
    found = list(dict.fromkeys(problems()))
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
    else:
        update(ROOT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
