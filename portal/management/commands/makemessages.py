"""Django's makemessages, with one catalogue per app that includes the strings of the app's templates.

    manage.py makemessages    from the project's folder; needs GNU gettext (Debian: gettext)

Translations are kept, unused entries are removed, new ones are added without a guess at their translation.
"""

import re
from pathlib import Path

from django.core.management.base import CommandParser
from django.core.management.commands import makemessages
from django.core.management.commands.makemessages import TranslatableFile

from portal.tools.messages import APPS, LANGUAGE, TEMPLATES, app_of

CREATED = re.compile(r'^"POT-Creation-Date: .*\n', re.MULTILINE)


class Command(makemessages.Command):
    """Rewrite the Chinese catalogues of the apps from the source below the current folder."""

    help = "Brings the Chinese catalogue of each app up to date with its source and its templates."
    width = "--width=120"
    xgettext_options = [*makemessages.Command.xgettext_options, width]
    msgmerge_options = ["-q", "--backup=none", "--update", "--no-fuzzy-matching", width]
    # Sorted by the names of files and the source strings, without line numbers: a catalogue changes only if its
    # strings do.
    msgattrib_options = [*makemessages.Command.msgattrib_options, "--sort-by-file", width]

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(
            locale=[LANGUAGE],
            extensions=["py", "html", "txt", "xml"],
            ignore_patterns=["migrations"],
            add_location="file",
            no_obsolete=True,
        )

    def build_potfiles(self) -> list[str]:
        """Return the extracted files without the time of extraction, on which parallel branches would conflict."""
        potfiles: list[str] = super().build_potfiles()
        for path in map(Path, potfiles):
            path.write_text(CREATED.sub("", path.read_text(encoding="utf-8"), count=1), encoding="utf-8")
        return potfiles

    def find_files(self, root: str) -> list[TranslatableFile]:
        """Return the files of the apps and the templates, each with the catalogue folder of its app."""
        found: list[TranslatableFile] = []
        for folder in (*APPS, TEMPLATES):
            found += super().find_files(f"{root}/{folder}")
        folders = {app: str(Path(app, "locale").absolute()) for app in APPS}
        self.locale_paths = list(folders.values())
        for file in found:
            file.locale_dir = folders[app_of(Path(file.path))]
        return found
