"""Pin the two lock files for the oldest supported Python, and prove that they install there.

    python -m portal.tools.locks pin [PACKAGE…]   pin every package anew, or only the named ones
    python -m portal.tools.locks prove            fail unless pip can install what both files name

Both commands resolve for the Python that `requires-python` in pyproject.toml names, whichever Python runs them: a
release may refuse 3.11.2 and accept 3.11.7. uv pins the releases, because it accepts a target version down to
the patch level and applies it to environment markers too. pip proves them, because pip installs the files.

- `oldest()`: that version, as "3.11.2".
- `proof(locks)`: a checksum of what was proved. It is stored in the virtual environment, so that the package index is
  not asked again until a lock file or the version changes.
- `summarize_error(stderr, version)`: the error of pip, in one line.
"""

import argparse
import hashlib
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUNTIME, DEVELOPMENT = "requirements.txt", "requirements-dev.txt"

NOT_FOUND = re.compile(r"satisfies the requirement (?P<name>[\w.-]+)==(?P<pinned>\S+) \(from versions: (?P<found>.*)\)")
UNREACHABLE = re.compile(r"Retrying \(Retry\(|Max retries exceeded")


def oldest() -> str:
    """Return the oldest supported Python version, as "3.11.2"."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["requires-python"]).removeprefix(">=")


# --- pin -------------------------------------------------------------------------------------------------------------
def pin(packages: Sequence[str]) -> int:
    """Rewrite both lock files, with the newest releases of `packages`, or of all; return the exit code."""
    upgrade = [f"--upgrade-package={name}" for name in packages] or ["--upgrade"]
    for lock, options in ((RUNTIME, []), (DEVELOPMENT, ["--extra=dev", f"--constraint={RUNTIME}"])):
        command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", f"--python-version={oldest()}"]
        command += ["--only-binary=:all:", "--custom-compile-command=make lock", f"--output-file={lock}"]
        code = subprocess.run([*command, *upgrade, *options, "pyproject.toml"], cwd=ROOT, check=False).returncode
        if code:
            return code
    return 0


# --- prove -----------------------------------------------------------------------------------------------------------
def proof(locks: Sequence[Path]) -> str:
    """Return a checksum of what is proved: the lock files and the Python version."""
    return hashlib.sha256(b"\0".join([oldest().encode(), *(lock.read_bytes() for lock in locks)])).hexdigest()


def summarize_error(stderr: str, version: str) -> str:
    """Return the error in one line, taken from pip's standard error."""
    missing = NOT_FOUND.search(stderr)
    if missing:
        name, pinned = missing["name"], missing["pinned"]
        wanted = re.search(rf"(?:: |; ){re.escape(pinned)} Requires-Python ([^;\n]+)", stderr)
        if wanted:
            return f"{name}=={pinned} needs Python {wanted[1]}, but must install on {version}. Run: make lock"
    if UNREACHABLE.search(stderr):
        return "the package index cannot be reached, and these lock files were not proved before: try again online"
    errors = [line.removeprefix("ERROR: ") for line in stderr.splitlines() if line.startswith("ERROR: ")]
    return errors[-1] if errors else stderr.strip()


def prove(locks: Sequence[Path], stamp: Path) -> str:
    """Ask pip whether it could install `locks` together on the oldest Python; return the error, or an empty string.

    The checksum of what was proved is written to `stamp`; pip is not asked again until it changes. It installs
    nothing.
    """
    wanted = proof(locks)
    if stamp.exists() and stamp.read_text() == wanted:
        return ""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--dry-run"]
    command += ["--ignore-installed", "--only-binary=:all:", f"--python-version={oldest()}"]
    command += [f"--requirement={lock}" for lock in locks]
    with tempfile.TemporaryDirectory() as folder:  # pip requires a target if the Python version is not its own
        done = subprocess.run([*command, f"--target={folder}"], capture_output=True, text=True, check=False)
    if done.returncode:
        return summarize_error(done.stderr, oldest())
    stamp.write_text(wanted)
    return ""


def main(arguments: list[str] | None = None) -> int:
    """Run the given command; return the exit code."""
    parser = argparse.ArgumentParser(prog="locks", description="The lock files of the project.")
    parser.add_argument("command", choices=["pin", "prove"])
    parser.add_argument("packages", nargs="*")
    options = parser.parse_args(arguments)
    if options.command == "pin":
        return pin(options.packages)
    error = prove([ROOT / RUNTIME, ROOT / DEVELOPMENT], Path(sys.prefix) / "locks-proved")
    if error:
        print(f"{RUNTIME}, {DEVELOPMENT}: {error}", file=sys.stderr)
    return 1 if error else 0


if __name__ == "__main__":
    sys.exit(main())
