"""The procedures behind the two commands: `back_up(path)` and `restore(path)`."""

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from meetings.models import Person
from portal.backup import archive, files, rows

Step = Callable[[], object]
SNAPSHOT = "backup"  # alias of a second connection, which reads one snapshot while the portal goes on writing


class NotEmpty(Exception):
    """The installation already holds data; a restore would mix both."""


class OtherVersion(Exception):
    """The archive comes from another version of the portal; the arguments are the migrations that differ."""


def migrations(using: str = "default") -> list[str]:
    """Return the migrations that are applied in the database."""
    done = MigrationRecorder(connections[using]).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in done)


@contextmanager
def snapshot() -> Iterator[str]:
    """Yield the alias of a connection on which every query sees one snapshot; it does not block writers."""
    options = dict(connection.settings_dict["OPTIONS"])
    if connection.vendor == "sqlite":
        options |= {"transaction_mode": "DEFERRED"}
    else:
        from psycopg import IsolationLevel

        options |= {"isolation_level": IsolationLevel.REPEATABLE_READ}
    connections.databases[SNAPSHOT] = {**connection.settings_dict, "OPTIONS": options}
    try:
        with transaction.atomic(using=SNAPSHOT):
            yield SNAPSHOT
    finally:
        connections[SNAPSHOT].close()
        del connections[SNAPSHOT]
        del connections.databases[SNAPSHOT]


def back_up(path: Path, begin: Callable[[int], Step] = lambda total: lambda: None) -> archive.Manifest:
    """Write the archive to a temporary name, then rename it, so that an incomplete backup never has the final name."""
    partial = path.with_name(path.name + ".part")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600)  # it contains everything, the password hashes too
    manifest = archive.Manifest(made_at=timezone.now().isoformat(), database=connection.vendor)
    with snapshot() as using:
        manifest.migrations = migrations(using)
        writer = archive.Writer(partial, manifest)
        saved_models = rows.models()
        step = begin(len(saved_models))
        for model in saved_models:
            writer.add(f"rows/{model._meta.label_lower}.jsonl", rows.dump(model, using))
            step()
        for name, file in files.stored_files():
            writer.add(name, files.read(file))
        writer.close()
    partial.replace(path)
    return manifest


def restore(path: Path, begin: Callable[[int], Step] = lambda total: lambda: None) -> archive.Manifest:
    """Verify the archive, then load it into an empty installation, completely or not at all.

    Raise `archive.Damaged`, `NotEmpty` or `OtherVersion`; nothing was written then but the empty tables.
    """
    with archive.open_archive(path) as source:
        members = len(source.namelist())
        step = begin(members * 2)
        manifest = archive.verify(source, step)
        call_command("migrate", verbosity=0)
        _check_target(manifest)
        written = _write_files(source, manifest, step)
        try:
            with transaction.atomic(), rows.SignalsDisabled():
                rows.delete_all("default")
                _load_rows(source, manifest, step)
                rows.finish_load("default")
        except BaseException:
            for file in written:
                file.unlink(missing_ok=True)
            raise
    call_command("search_rebuild", verbosity=0)
    return manifest


def _check_target(manifest: archive.Manifest) -> None:
    if Person.objects.exists() or files.stored_files():
        raise NotEmpty
    if differing := sorted(set(manifest.migrations) ^ set(migrations())):
        raise OtherVersion(*differing)


def _write_files(source: zipfile.ZipFile, manifest: archive.Manifest, step: Step) -> list[Path]:
    target_paths = {name: files.target_path(name) for name in manifest.members if not name.startswith("rows/")}
    if unexpected := [f"{name}：不应出现在备份里" for name, target_path in target_paths.items() if target_path is None]:
        raise archive.Damaged(*unexpected)
    written = []
    for name, target_path in target_paths.items():
        if target_path is None:
            continue
        target_path.parent.mkdir(parents=True, exist_ok=True)
        with target_path.open("wb") as file:
            file.writelines(archive.chunks_of(source, name))
        written.append(target_path)
        step()
    return written


def _load_rows(source: zipfile.ZipFile, manifest: archive.Manifest, step: Step) -> None:
    for name in manifest.members:
        if name.startswith("rows/"):
            with source.open(name) as member:
                rows.load(io.TextIOWrapper(member, "utf-8", newline="\n"), "default")
            step()
