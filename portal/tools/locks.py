"""The two lock files: pinned for the oldest Python that the project supports, and proved to install there.

    python -m portal.tools.locks pin [PACKAGE…]   pin every package anew, or only the named ones
    python -m portal.tools.locks prove            fail unless pip can install what both files name

Both commands ask for the Python that `requires-python` in pyproject.toml names, whichever Python runs them: a release
may refuse 3.11.2 and accept 3.11.7. uv resolves, for it takes a target version down to its last part and applies that
to environment markers too; pip proves, for pip is what installs the files.

Key concepts:
- `oldest()`: that version, as "3.11.2".
- `proof(locks)`: a checksum of what was proved. It is kept in the virtual environment, so that nothing is asked of the
  package index until a lock file or the version changes.
- `complaint(said, version)`: what pip said, in one line.
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
    """Return the oldest Python that the project supports, as "3.11.2"."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["requires-python"]).removeprefix(">=")


# --- pin -------------------------------------------------------------------------------------------------------------
def pin(packages: Sequence[str]) -> int:
    """Rewrite both lock files, with the newest release of `packages`, or of all; return the exit code."""
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
    """Return the checksum of what is proved: the lock files and the version of Python."""
    return hashlib.sha256(b"\0".join([oldest().encode(), *(lock.read_bytes() for lock in locks)])).hexdigest()


def complaint(said: str, version: str) -> str:
    """Return what is wrong, in one line, from what pip wrote to its standard error."""
    missing = NOT_FOUND.search(said)
    if missing:
        name, pinned = missing["name"], missing["pinned"]
        wanted = re.search(rf"(?:: |; ){re.escape(pinned)} Requires-Python ([^;\n]+)", said)
        if wanted:
            return f"{name}=={pinned} needs Python {wanted[1]}, but must install on {version}. Run: make lock"
    if UNREACHABLE.search(said):
        return "the package index cannot be reached, and these lock files were not proved before: try again online"
    errors = [line.removeprefix("ERROR: ") for line in said.splitlines() if line.startswith("ERROR: ")]
    return errors[-1] if errors else said.strip()


def prove(locks: Sequence[Path], stamp: Path) -> str:
    """Ask pip whether it could install `locks` together on the oldest Python; return what is wrong, or nothing.

    What was proved is written to `stamp`; pip is not asked again until it changes. Nothing is installed.
    """
    wanted = proof(locks)
    if stamp.exists() and stamp.read_text() == wanted:
        return ""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--dry-run"]
    command += ["--ignore-installed", "--only-binary=:all:", f"--python-version={oldest()}"]
    command += [f"--requirement={lock}" for lock in locks]
    with tempfile.TemporaryDirectory() as folder:  # pip wants a target for a Python that is not its own
        done = subprocess.run([*command, f"--target={folder}"], capture_output=True, text=True, check=False)
    if done.returncode:
        return complaint(done.stderr, oldest())
    stamp.write_text(wanted)
    return ""


def main(arguments: list[str] | None = None) -> int:
    """Run the command named on the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="locks", description="The lock files of the project.")
    parser.add_argument("command", choices=["pin", "prove"])
    parser.add_argument("packages", nargs="*")
    asked = parser.parse_args(arguments)
    if asked.command == "pin":
        return pin(asked.packages)
    wrong = prove([ROOT / RUNTIME, ROOT / DEVELOPMENT], Path(sys.prefix) / "locks-proved")
    if wrong:
        print(f"{RUNTIME}, {DEVELOPMENT}: {wrong}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
