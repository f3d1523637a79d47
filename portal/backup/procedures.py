"""What the two commands do: `back_up(path)` and `restore(path)`."""

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from meetings.models import Person
from portal.backup import archive, files, rows

Step = Callable[[], Any]
READING = "backup"  # a second connection that reads one state of the database while the portal goes on writing


class NotEmpty(Exception):
    """The installation holds data already; a restore would mix two of them."""


class OtherVersion(Exception):
    """The archive was made by another version of the portal; the arguments are the migrations that differ."""


def migrations(using: str = "default") -> list[str]:
    """The migrations that the database has gone through."""
    done = MigrationRecorder(connections[using]).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in done)


@contextmanager
def reading() -> Iterator[str]:
    """A connection on which every query sees the database as it was at the first one; writers are not held up."""
    options = dict(connection.settings_dict["OPTIONS"])
    if connection.vendor == "sqlite":
        options |= {"transaction_mode": "DEFERRED"}
    else:
        from psycopg import IsolationLevel

        options |= {"isolation_level": IsolationLevel.REPEATABLE_READ}
    connections.databases[READING] = {**connection.settings_dict, "OPTIONS": options}
    try:
        with transaction.atomic(using=READING):
            yield READING
    finally:
        connections[READING].close()
        del connections[READING]
        del connections.databases[READING]


def back_up(path: Path, begin: Callable[[int], Step] = lambda total: lambda: None) -> archive.Manifest:
    """Write the archive; beside the target first, so that a broken backup never stands under its name."""
    beside = path.with_name(path.name + ".part")
    beside.unlink(missing_ok=True)
    beside.touch(mode=0o600)  # it holds everything, the passwords' hashes too
    manifest = archive.Manifest(made_at=timezone.now().isoformat(), database=connection.vendor)
    with reading() as using:
        manifest.migrations = migrations(using)
        writer = archive.Writer(beside, manifest)
        kept = rows.models()
        step = begin(len(kept))
        for model in kept:
            writer.add(f"rows/{model._meta.label_lower}.jsonl", rows.dump(model, using))
            step()
        for name, file in files.listed():
            writer.add(name, files.read(file))
        writer.close()
    beside.replace(path)
    return manifest


def restore(path: Path, begin: Callable[[int], Step] = lambda total: lambda: None) -> archive.Manifest:
    """Verify the archive, then load it into an empty installation, all of it or nothing.

    Raises `archive.Damaged`, `NotEmpty`, `OtherVersion`; then nothing was written but the empty tables.
    """
    with archive.open_archive(path) as opened:
        members = len(opened.namelist())
        step = begin(members * 2)
        manifest = archive.verify(opened, step)
        call_command("migrate", verbosity=0)
        _refuse(manifest)
        written = _write_files(opened, manifest, step)
        try:
            with transaction.atomic(), rows.Quiet():
                rows.empty("default")
                _load_rows(opened, manifest, step)
                rows.finish("default")
        except BaseException:
            for file in written:
                file.unlink(missing_ok=True)
            raise
    call_command("search_rebuild", verbosity=0)
    return manifest


def _refuse(manifest: archive.Manifest) -> None:
    if Person.objects.exists() or files.listed():
        raise NotEmpty
    if differing := sorted(set(manifest.migrations) ^ set(migrations())):
        raise OtherVersion(*differing)


def _write_files(opened: zipfile.ZipFile, manifest: archive.Manifest, step: Step) -> list[Path]:
    places = {name: files.place(name) for name in manifest.members if not name.startswith("rows/")}
    if strange := [f"{name}：不应出现在备份里" for name, place in places.items() if place is None]:
        raise archive.Damaged(*strange)
    written = []
    for name, place in places.items():
        if place is None:
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("wb") as file:
            file.writelines(archive.chunks_of(opened, name))
        written.append(place)
        step()
    return written


def _load_rows(opened: zipfile.ZipFile, manifest: archive.Manifest, step: Step) -> None:
    for name in manifest.members:
        if name.startswith("rows/"):
            with opened.open(name) as member:
                rows.load(io.TextIOWrapper(member, "utf-8", newline="\n"), "default")
            step()
