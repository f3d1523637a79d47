"""Keeps the built city between runs, under a hash of what its rows depend on: the makers and the migrations.

`places_of_city()`: yields the settings of a database with the city. What is derived from the records follows the code,
not the hash, so `manage.py upgrade` runs on a kept city too.
"""

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import places

FOLDER = places.ROOT / "var" / "benchmarks"
APPS = ("meetings", "publicity", "search", "portal")


@contextmanager
def places_of_city() -> Iterator[dict[str, str]]:
    """Yield the environment variables of a database with the city, built or kept."""
    postgresql = places.server().startswith("postgres")
    kept = FOLDER / f"city-{'postgresql' if postgresql else 'sqlite'}-{_hash()}"
    with places.folder() as folder:
        url = places.database(folder, "city") if postgresql else f"sqlite:///{kept / 'portal.sqlite3'}"
        settings = {"DATABASE_URL": url, "DATA_DIR": str(kept), "ELASTICSEARCH_URL": ""}
        if (kept / "done").exists():
            _restore(kept, url)
            places.manage("upgrade", **settings)
        else:
            _build(kept, settings)
        yield settings


def _build(kept: Path, settings: dict[str, str]) -> None:
    for old in FOLDER.glob(f"{kept.name.rpartition('-')[0]}-*"):
        shutil.rmtree(old)
    (kept / "static").mkdir(parents=True)
    places.manage("migrate", "--verbosity=0", **settings)
    places.manage("bench_city", **settings)
    if settings["DATABASE_URL"].startswith("postgres"):
        target = f"--file={kept / 'city.dump'}"
        subprocess.run(["pg_dump", "--format=custom", "--compress=1", target, settings["DATABASE_URL"]], check=True)
    (kept / "done").touch()


def _restore(kept: Path, url: str) -> None:
    """Load the kept rows into an empty PostgreSQL database; a kept SQLite file is used where it lies."""
    if not url.startswith("postgres"):
        return
    subprocess.run(["pg_restore", "--no-owner", "--jobs=2", f"--dbname={url}", kept / "city.dump"], check=True)
    subprocess.run(["psql", "--quiet", "--no-psqlrc", f"--dbname={url}", "--command=ANALYZE"], check=True)


def _hash() -> str:
    paths = [Path(__file__).parent / "city", *(places.ROOT / app / "migrations" for app in APPS)]
    files = sorted(file for path in paths for file in path.glob("*.py") if file.name != "addresses.py")
    digest = hashlib.sha256()
    for file in [*files, Path(__file__).parent / "vocabulary.py"]:
        digest.update(file.relative_to(places.ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]
