"""The folders of an installation: what the public may fetch, and what only the policy gives out."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.files.storage import storages

CHUNK = 1 << 20


def folders() -> dict[str, Path]:
    """The folders by their names in the archive."""
    return {"media": Path(settings.MEDIA_ROOT), "private": Path(storages["private"].location)}  # type: ignore[attr-defined]


def listed() -> list[tuple[str, Path]]:
    """Every file: its name in the archive, and where it lies."""
    return [
        (f"{name}/{path.relative_to(folder).as_posix()}", path)
        for name, folder in folders().items()
        if folder.is_dir()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]


def read(path: Path) -> Iterator[bytes]:
    """The bytes of a file."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def place(member: str) -> Path | None:
    """Where a member of the archive belongs; None for what is no file, or would lie outside of its folder."""
    folder, _slash, rest = member.partition("/")
    parts = PurePosixPath(rest).parts
    root = folders().get(folder)
    if root is None or not parts or ".." in parts or PurePosixPath(rest).is_absolute():
        return None
    return root.joinpath(*parts)
