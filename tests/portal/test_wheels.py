"""The offline bundle contains all that a server needs, and is refused if damaged, incomplete or of another version."""

import hashlib
import platform
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.tools import wheels
from tests.browser.server import free_port
from tests.portal.package_index import PURE, served, use_only

pytestmark = pytest.mark.slow

COMPILED = f"cp3{sys.version_info.minor}-cp3{sys.version_info.minor}-manylinux_2_17"
PYTHON = f"3.{sys.version_info.minor}"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a lock file and its bundle, made by the real pip from a local index."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "lock.txt").write_text("# pinned\nsoup_kitchen==4.1\n    # via something\nstone==1.0\n")
    with pytest.MonkeyPatch.context() as patch, served(folder, patch) as index:
        index.offer("soup_kitchen", "4.1")
        for machine in wheels.MACHINES:
            index.offer("stone", "1.0", tag=f"{COMPILED}_{machine}")
        assert command("make", folder, PYTHON) == 0
        yield folder


@pytest.fixture
def bundle(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the bundle where no index is reachable; pip installs into the folder `installed`."""
    use_only(monkeypatch, f"http://127.0.0.1:{free_port()}/simple")
    monkeypatch.setenv("PIP_TARGET", str(tmp_path / "installed"))
    shutil.copy(made / "lock.txt", tmp_path)
    return Path(shutil.copytree(made / "wheels", tmp_path / "wheels"))


def command(name: str, folder: Path, *more: str) -> int:
    """Run the command on the bundle and the lock file of the folder."""
    return wheels.main([name, str(folder / "wheels"), str(folder / "lock.txt"), *more])


def names(bundle: Path) -> list[str]:
    return sorted(file.name for file in bundle.iterdir())


def test_compiled_wheels_come_for_each_machine_and_pure_ones_once(bundle: Path) -> None:
    compiled = [f"stone-1.0-{COMPILED}_{machine}.whl" for machine in sorted(wheels.MACHINES)]
    assert names(bundle) == sorted(["SHA256SUMS", "requirements.txt", f"soup_kitchen-4.1-{PURE}.whl", *compiled])


def test_each_pin_carries_the_checksums_of_its_wheels(bundle: Path) -> None:
    requirements = (bundle / "requirements.txt").read_text()
    assert wheels.pins(bundle / "requirements.txt") == ["soup_kitchen==4.1", "stone==1.0"]
    for wheel in bundle.glob("*.whl"):
        assert f"--hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}" in requirements
    assert requirements.count("--hash") == 3


def test_it_installs_without_an_index(bundle: Path, tmp_path: Path) -> None:
    assert command("install", tmp_path) == 0
    assert (tmp_path / "installed" / "soup_kitchen.py").exists()
    assert platform.machine() in (tmp_path / "installed" / "stone.py").read_text()


def refusal(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Run install, which must be refused with nothing installed; return its error output."""
    assert command("install", folder) == 1
    assert not (folder / "installed").exists()
    return capsys.readouterr().err


def test_a_damaged_wheel_is_refused(bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wheel = bundle / f"soup_kitchen-4.1-{PURE}.whl"
    wheel.write_bytes(wheel.read_bytes()[:-1])
    output = refusal(tmp_path, capsys)
    assert f"离线包中的文件已损坏，没有安装，请重新带入：{wheel.name}" in output
    assert f"damaged files of the bundle, nothing was installed: {wheel.name}" in output


def test_a_wheel_that_only_the_list_of_sums_vouches_for_is_refused_by_pip(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wheel, sums = bundle / f"soup_kitchen-4.1-{PURE}.whl", bundle / "SHA256SUMS"
    before = wheels.checksum(wheel)
    shutil.copy(next(bundle.glob("stone*")), wheel)
    sums.write_text(sums.read_text().replace(before, wheels.checksum(wheel)))
    assert "DO NOT MATCH THE HASHES" in refusal(tmp_path, capsys)


def test_a_missing_wheel_is_named(bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    next(bundle.glob(f"stone*{platform.machine()}.whl")).unlink()
    output = refusal(tmp_path, capsys)
    assert "离线包不完整，缺少本机可用的 stone==1.0" in output
    assert "the bundle has no wheel of stone==1.0 for this machine" in output


def test_wheels_of_other_machines_may_be_left_behind(bundle: Path, tmp_path: Path) -> None:
    for wheel in bundle.glob("stone*"):
        if platform.machine() not in wheel.name:
            wheel.unlink()
    assert command("install", tmp_path) == 0


def test_a_bundle_of_another_version_is_refused(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lock.txt").write_text("soup_kitchen==4.1\nstone==2.0\n")
    assert "stone==1.0、stone==2.0" in refusal(tmp_path, capsys)


def test_another_folder_is_no_bundle(bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (bundle / "SHA256SUMS").unlink()
    assert "不是 make wheels 做的" in refusal(tmp_path, capsys)


def test_what_is_no_bundle_is_not_overwritten(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(made / "lock.txt", tmp_path)
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / "letter.txt").write_text("keep me")
    assert command("make", tmp_path, PYTHON) == 1
    assert names(tmp_path / "wheels") == ["letter.txt"]
    assert "不覆盖" in capsys.readouterr().err
