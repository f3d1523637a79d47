"""The archive: a zip whose last member says what each other member is and which checksum it has."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
FORMAT = 1
CHUNK = 1 << 20


class Damaged(Exception):
    """The archive is no backup, or not the one that was written; each argument is one thing that is wrong with it."""


@dataclass
class Manifest:
    """What an archive holds: when and from which database, the state of the migrations, and a checksum per member."""

    format: int = FORMAT
    made_at: str = ""
    database: str = ""
    migrations: list[str] = field(default_factory=list)
    members: dict[str, str] = field(default_factory=dict)


class Writer:
    """Writes members and remembers their checksums; the manifest is written by `close`."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self.manifest = manifest

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Write one member."""
        total = hashlib.sha256()
        with self.zip.open(name, "w", force_zip64=True) as member:
            for chunk in chunks:
                total.update(chunk)
                member.write(chunk)
        self.manifest.members[name] = total.hexdigest()

    def close(self) -> None:
        """Write the manifest, then its own checksum as the comment of the archive."""
        text = json.dumps(asdict(self.manifest), ensure_ascii=False, indent=1).encode()
        self.zip.writestr(MANIFEST, text)
        self.zip.comment = hashlib.sha256(text).hexdigest().encode()
        self.zip.close()


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """The manifest of an archive; `Damaged` if there is none that fits."""
    try:
        text = archive.read(MANIFEST)
        found: dict[str, Any] = json.loads(text)
        manifest = Manifest(**found)
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise Damaged(f"{MANIFEST}：读不出来，这不是本系统的备份，或者文件已损坏") from error
    if hashlib.sha256(text).hexdigest().encode() != archive.comment:
        raise Damaged(f"{MANIFEST}：校验和不符")
    if manifest.format != FORMAT:
        raise Damaged(f"{MANIFEST}：备份格式是 {manifest.format}，本系统只认识 {FORMAT}")
    return manifest


def open_archive(path: Path) -> zipfile.ZipFile:
    """Open an archive for reading; `Damaged` if it is no zip file or was cut off."""
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise Damaged("不是完整的备份文件（可能复制时中断）") from error


def chunks_of(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The bytes of a member."""
    with archive.open(name) as member:
        while chunk := member.read(CHUNK):
            yield chunk


def verify(archive: zipfile.ZipFile, step: Callable[[], Any] = lambda: None) -> Manifest:
    """The manifest, once every member has been read and fits its checksum; `Damaged` names each that does not."""
    manifest = read_manifest(archive)
    present = set(archive.namelist()) - {MANIFEST}
    wrong = [f"{name}：缺失" for name in manifest.members if name not in present]
    wrong += [f"{name}：备份清单里没有" for name in sorted(present - set(manifest.members))]
    for name, checksum in manifest.members.items():
        if name in present and not _fits(archive, name, checksum):
            wrong.append(f"{name}：内容已损坏")
        step()
    if wrong:
        raise Damaged(*wrong)
    return manifest


def _fits(archive: zipfile.ZipFile, name: str, checksum: str) -> bool:
    total = hashlib.sha256()
    try:
        for chunk in chunks_of(archive, name):
            total.update(chunk)
    except (zipfile.BadZipFile, OSError, ValueError):
        return False
    return total.hexdigest() == checksum
