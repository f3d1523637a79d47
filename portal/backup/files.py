"""The file folders of an installation: public media, and private files that are served only by permission."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.files.storage import storages

CHUNK = 1 << 20


def folders() -> dict[str, Path]:
    """Return the folders by their names in the archive."""
    return {"media": Path(settings.MEDIA_ROOT), "private": Path(storages["private"].location)}  # type: ignore[attr-defined]


def stored_files() -> list[tuple[str, Path]]:
    """Return every file: its name in the archive, and its path."""
    return [
        (f"{name}/{path.relative_to(folder).as_posix()}", path)
        for name, folder in folders().items()
        if folder.is_dir()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]


def read(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def target_path(member: str) -> Path | None:
    """Return the path to restore a member to; None if it is not a file or would be outside of its folder."""
    folder, _slash, rest = member.partition("/")
    parts = PurePosixPath(rest).parts
    root = folders().get(folder)
    if root is None or not parts or ".." in parts or PurePosixPath(rest).is_absolute():
        return None
    return root.joinpath(*parts)
