"""The archive format: a zip file whose last member is a manifest with a checksum of each other member."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

MANIFEST = "manifest.json"
FORMAT = 1
CHUNK = 1 << 20


class Damaged(Exception):
    """The file is not a backup, or was changed since it was written; each argument names one fault."""


@dataclass
class Manifest:
    """Contents of an archive: date, source database, applied migrations, and a checksum per member."""

    format: int = FORMAT
    made_at: str = ""
    database: str = ""
    migrations: list[str] = field(default_factory=list)
    members: dict[str, str] = field(default_factory=dict)


class Writer:
    """Writer of members, which collects their checksums; `close` writes the manifest."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self.manifest = manifest

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Write one member."""
        digest = hashlib.sha256()
        with self.zip.open(name, "w", force_zip64=True) as member:
            for chunk in chunks:
                digest.update(chunk)
                member.write(chunk)
        self.manifest.members[name] = digest.hexdigest()

    def close(self) -> None:
        """Write the manifest, then its own checksum as the comment of the zip file."""
        data = json.dumps(asdict(self.manifest), ensure_ascii=False, indent=1).encode()
        self.zip.writestr(MANIFEST, data)
        self.zip.comment = hashlib.sha256(data).hexdigest().encode()
        self.zip.close()


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """Return the manifest of an archive; raise `Damaged` if it is missing, changed, or of another format."""
    try:
        data = archive.read(MANIFEST)
        manifest = Manifest(**json.loads(data))
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise Damaged(f"{MANIFEST}：读不出来，这不是本系统的备份，或者文件已损坏") from error
    if hashlib.sha256(data).hexdigest().encode() != archive.comment:
        raise Damaged(f"{MANIFEST}：校验和不符")
    if manifest.format != FORMAT:
        raise Damaged(f"{MANIFEST}：备份格式是 {manifest.format}，本系统只认识 {FORMAT}")
    return manifest


def open_archive(path: Path) -> zipfile.ZipFile:
    """Open an archive for reading; raise `Damaged` if it is not a zip file or is truncated."""
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise Damaged("不是完整的备份文件（可能复制时中断）") from error


def chunks_of(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield the bytes of a member."""
    with archive.open(name) as member:
        while chunk := member.read(CHUNK):
            yield chunk


def verify(archive: zipfile.ZipFile, step: Callable[[], object] = lambda: None) -> Manifest:
    """Read every member and return the manifest; raise `Damaged` naming each member that does not match it."""
    manifest = read_manifest(archive)
    present = set(archive.namelist()) - {MANIFEST}
    faults = [f"{name}：缺失" for name in manifest.members if name not in present]
    faults += [f"{name}：备份清单里没有" for name in sorted(present - set(manifest.members))]
    for name, checksum in manifest.members.items():
        if name in present and not _checksum_matches(archive, name, checksum):
            faults.append(f"{name}：内容已损坏")
        step()
    if faults:
        raise Damaged(*faults)
    return manifest


def _checksum_matches(archive: zipfile.ZipFile, name: str, checksum: str) -> bool:
    digest = hashlib.sha256()
    try:
        for chunk in chunks_of(archive, name):
            digest.update(chunk)
    except (zipfile.BadZipFile, OSError, ValueError):
        return False
    return digest.hexdigest() == checksum
