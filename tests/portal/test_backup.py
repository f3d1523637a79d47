"""Backup archives: verification names every damage, and nothing of a damaged archive is used."""

import json
import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from meetings.enums import AccessKind
from meetings.models import AccessEntry
from portal.backup import files
from portal.backup.archive import MANIFEST, Damaged, Manifest, Writer, open_archive, verify
from portal.backup.rows import dump, load

CONTENT = {"rows/a.jsonl": b'{"pk": 1}\n' * 50, "media/picture.png": os.urandom(4000)}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Return a small intact archive."""
    path = tmp_path / "backup.zip"
    writer = Writer(path, Manifest(database="sqlite"))
    for name, content in CONTENT.items():
        writer.add(name, [content])
    writer.close()
    return path


def wrong(path: Path) -> str:
    """Return the errors that verification reports."""
    with pytest.raises(Damaged) as caught, open_archive(path) as opened:
        verify(opened)
    return "\n".join(map(str, caught.value.args))


def rewritten(path: Path, changes: dict[str, bytes | None]) -> Path:
    """Replace, add or (None) remove members of the archive; keep the checksum of its manifest."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()} | changes
        comment = old.comment
    with zipfile.ZipFile(path, "w") as new:
        for name, content in members.items():
            if content is not None:
                new.writestr(name, content)
        new.comment = comment
    return path


@pytest.mark.django_db
@pytest.mark.parametrize("microsecond", [0, 7, 123_456])
def test_a_time_comes_back_to_the_microsecond(microsecond: int) -> None:
    at = datetime(2026, 11, 30, 9, 30, 15, microsecond, tzinfo=UTC)
    AccessEntry.objects.bulk_create([AccessEntry(kind=AccessKind.REFUSED, what="无权访问", at=at)])
    lines = b"".join(dump(AccessEntry, "default")).decode().splitlines()
    rows = connection.ops.quote_name(AccessEntry._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {rows}")
    assert load(lines, "default") == 1
    assert AccessEntry.objects.get().at == at


def test_a_whole_archive_is_verified(archive: Path) -> None:
    with open_archive(archive) as opened:
        assert set(verify(opened).members) == set(CONTENT)


def test_each_damaged_member_is_named(archive: Path) -> None:
    changed = {"rows/a.jsonl": b"{}", "media/picture.png": None, "media/more.png": b"x"}
    errors = wrong(rewritten(archive, changed))
    assert "rows/a.jsonl：内容已损坏" in errors
    assert "media/picture.png：缺失" in errors
    assert "media/more.png：备份清单里没有" in errors


def test_a_flipped_byte_on_the_disk_is_found(archive: Path) -> None:
    data = bytearray(archive.read_bytes())
    with zipfile.ZipFile(archive) as opened:
        data[opened.getinfo("media/picture.png").header_offset + 500] ^= 1
    archive.write_bytes(data)
    assert "media/picture.png：内容已损坏" in wrong(archive)


def test_an_archive_that_was_cut_off_is_refused(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-200])
    assert "不是完整的备份文件" in wrong(archive)


def test_a_manifest_that_was_written_by_hand_is_refused(archive: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        manifest = json.loads(opened.read(MANIFEST))
    errors = wrong(rewritten(archive, {MANIFEST: json.dumps(manifest | {"made_at": "today"}).encode()}))
    assert MANIFEST in errors


@pytest.mark.parametrize("name", ["media/../../etc/passwd", "media//etc/passwd", "etc/passwd", "media/", "private/.."])
def test_no_member_leads_out_of_its_folder(name: str) -> None:
    target_path = files.target_path(name)
    assert target_path is None or target_path.resolve().is_relative_to(files.folders()["media"].resolve())


def test_the_commands_say_what_is_wrong(archive: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="已存在，不覆盖"):
        call_command("backup", archive)
    with pytest.raises(CommandError, match="没有这个文件夹"):
        call_command("backup", tmp_path / "nowhere" / "backup.zip")
    with pytest.raises(CommandError, match="没有这个文件"):
        call_command("restore", tmp_path / "nothing.zip")
    rewritten(archive, {"rows/a.jsonl": b""})
    with pytest.raises(CommandError, match=r"rows/a\.jsonl：内容已损坏"):
        call_command("restore", archive, verbosity=0)
