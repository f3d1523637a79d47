"""The offline bundle: every wheel that a server needs, for networks without a package index.

    python -m portal.tools.wheels make FOLDER LOCK [PYTHON]   fetch the wheels of a lock file, for the oldest Python or
                                                              the given version
    python -m portal.tools.wheels install FOLDER LOCK         install them from that folder alone

Both need only Python and pip. The bundle runs on Linux, on x86-64 and on 64-bit Arm; a wheel without compiled code
serves both. Besides the wheels it contains two files:

- `requirements.txt`: the pins of the lock file, each with the checksums of its wheels; pip refuses any other file.
- `SHA256SUMS`: the checksums of all files, in the format of `sha256sum --check`.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from portal.tools import locks

MACHINES = ("x86_64", "aarch64")
GLIBC = 28  # glibc 2.28 and newer: Debian 12, and older distributions that are still in use
PINNED, SUMS = "requirements.txt", "SHA256SUMS"
PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s\\]+)", re.MULTILINE)
PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")


class Refused(Exception):
    """The reason why a command fails, one line in Chinese and one in English."""


def pins(path: Path) -> list[str]:
    """Return the pinned releases of a requirements file, each as `name==version`."""
    return [found.group() for found in PIN.finditer(path.read_text(encoding="utf-8"))]


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def canonical(name: str) -> str:
    """Return the normalized name of a package, which lock files and file names of wheels share."""
    return re.sub(r"[-_.]+", "-", name).lower()


# --- make ------------------------------------------------------------------------------------------------------------
def target(version: str) -> str:
    """Return the version to ask pip for; for the series of the oldest supported Python it is that oldest version."""
    if not re.fullmatch(r"3\.\d+(\.\d+)?", version):
        raise Refused(
            f"PYTHON_VERSION 应为 3.12 这样的版本号：{version}", "PYTHON_VERSION must be a version such as 3.12"
        )
    return locks.oldest() if locks.oldest().startswith(f"{version}.") else version


def options(machine: str, version: str) -> list[str]:
    """Return the options with which pip chooses wheels for `machine` and `version`, whatever Python runs it."""
    tags = [f"manylinux_2_{minor}_{machine}" for minor in range(GLIBC, 4, -1)]
    tags += [f"manylinux2014_{machine}", f"manylinux2010_{machine}", f"manylinux1_{machine}", f"linux_{machine}"]
    return ["--only-binary=:all:", f"--python-version={version}", *(f"--platform={tag}" for tag in tags)]


def ask_pip(*arguments: str) -> None:
    """Run pip; raise Refused with its error output if it fails."""
    done = subprocess.run([*PIP, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused("pip 报错：", done.stderr.strip())


def describe(folder: Path, lock: Path, version: str) -> None:
    """Write `requirements.txt` and `SHA256SUMS` for the wheels in `folder`."""
    wheels = sorted(folder.glob("*.whl"))
    sums = {wheel: checksum(wheel) for wheel in wheels}
    hashes_by_name: dict[str, list[str]] = defaultdict(list)
    for wheel in wheels:
        hashes_by_name[canonical(wheel.name.partition("-")[0])].append(sums[wheel])
    lines = [f"# Made by `make wheels`, for CPython {version} on Linux: {', '.join(MACHINES)}."]
    for pin in pins(lock):
        hashes = (f"--hash=sha256:{digest}" for digest in hashes_by_name[canonical(pin.partition("==")[0])])
        lines += [" \\\n    ".join([pin, *hashes])]
    (folder / PINNED).write_text("\n".join(lines) + "\n", encoding="utf-8")
    listed = [*wheels, folder / PINNED]
    (folder / SUMS).write_text("".join(f"{checksum(file)}  {file.name}\n" for file in listed), encoding="utf-8")


def prove(folder: Path, version: str) -> None:
    """Raise Refused unless pip can install the bundle for each machine from its folder alone."""
    for machine in MACHINES:
        with tempfile.TemporaryDirectory() as target_folder:
            command = ["install", "--dry-run", "--ignore-installed", f"--target={target_folder}", *from_folder(folder)]
            ask_pip(*command, *options(machine, version))


def make(folder: Path, lock: Path, version: str) -> None:
    """Fetch the wheels of `lock` for every machine into `folder`, which is replaced only when all are complete."""
    if folder.exists() and not (folder / SUMS).exists() and any(folder.iterdir()):
        raise Refused(f"{folder} 不是空文件夹，不覆盖", f"{folder} holds something else and is not overwritten")
    version = target(version)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".wheels-") as parent:
        bundle = Path(parent) / "wheels"
        for machine in MACHINES:
            print(f"{machine}…")
            command = ["download", "--no-deps", f"--requirement={lock}", f"--dest={bundle}"]
            ask_pip(*command, *options(machine, version))
        describe(bundle, lock, version)
        prove(bundle, version)
        if folder.exists():
            shutil.rmtree(folder)
        bundle.replace(folder)
    size = sum(file.stat().st_size for file in folder.iterdir()) / 1024**2
    print(f"{folder}: {len(list(folder.glob('*.whl')))} 个软件包文件 (wheels), {size:.0f} MB, CPython {version}")
    print(f"{SUMS}: {checksum(folder / SUMS)}")


# --- install ---------------------------------------------------------------------------------------------------------
def from_folder(folder: Path) -> list[str]:
    """Return the options that restrict pip to the files of the bundle."""
    return ["--no-index", f"--find-links={folder}", "--require-hashes", f"--requirement={folder / PINNED}"]


def check_bundle(folder: Path, lock: Path) -> None:
    """Raise Refused unless `folder` is a bundle of the pins of `lock`, with no damaged file."""
    if not (folder / PINNED).exists() or not (folder / SUMS).exists():
        raise Refused(
            f"{folder} 里没有 {PINNED} 或 {SUMS}，不是 make wheels 做的", f"{folder} is no bundle of make wheels"
        )
    lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    listed = {name: wanted for wanted, _, name in (line.partition("  ") for line in lines)}
    damaged = [
        name for name, wanted in listed.items() if (folder / name).exists() and checksum(folder / name) != wanted
    ]
    if damaged:
        raise Refused(
            f"离线包中的文件已损坏，没有安装，请重新带入：{'、'.join(damaged)}",
            f"damaged files of the bundle, nothing was installed: {', '.join(damaged)}",
        )
    differing = sorted(set(pins(folder / PINNED)) ^ set(pins(lock)))
    if differing:
        raise Refused(
            f"离线包与 {lock.name} 不是同一个版本，请用这份源代码重新制作：{'、'.join(differing)}",
            f"the bundle was made from another {lock.name}: {', '.join(differing)}",
        )


def install(folder: Path, lock: Path) -> None:
    """Install the bundle into the running Python; raise Refused if a file is damaged or missing."""
    check_bundle(folder, lock)
    try:
        ask_pip("install", *from_folder(folder))
    except Refused as error:
        missing = locks.NOT_FOUND.search(str(error.args[-1]))
        if missing is None:
            raise
        pin = f"{missing['name']}=={missing['pinned']}"
        raise Refused(
            f"离线包不完整，缺少本机可用的 {pin}（Python {sys.version.split()[0]}），没有安装",
            f"the bundle has no wheel of {pin} for this machine and this Python; nothing was installed",
        ) from error


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the given command; return the exit code."""
    parser = argparse.ArgumentParser(prog="wheels", description="The offline bundle of the project's packages.")
    parser.add_argument("command", choices=["make", "install"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("lock", type=Path)
    parser.add_argument("python", nargs="?", default=locks.oldest())
    parsed = parser.parse_args(arguments)
    folder, lock = parsed.folder.absolute(), parsed.lock
    try:
        if parsed.command == "make":
            make(folder, lock, parsed.python)
        else:
            install(folder, lock)
    except Refused as error:
        print(*error.args, sep="\n", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
