"""The wheel carries the toolkit and the whole project, and works where it is installed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLACES = {
    "tools/dsvault/": "dsvault/",
    "deploy/": "dsvault/_project/deploy/",
    "revert/": "dsvault/_project/revert/",
    "verify/": "dsvault/_project/verify/",
    "sql/": "dsvault/_project/sql/",
    "sqitch.plan": "dsvault/_project/sqitch.plan",
    "sqitch.conf": "dsvault/_project/sqitch.conf",
}


def project_files() -> list[str]:
    """Return the files that git holds or would take."""
    listed = subprocess.check_output(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "-co", "--exclude-standard"],
        cwd=ROOT,
        text=True,
    )
    return sorted({name for name in listed.split("\0") if name and (ROOT / name).is_file()})


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project's files, with rubbish beside them that git ignores."""
    folder = tmp_path_factory.mktemp("wheel") / "sources"
    for name in project_files():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    for rubbish in ("tools/dsvault/__pycache__/x.pyc", "deploy/__pycache__/x.pyc", "sql/x.pyc"):
        (folder / rubbish).parent.mkdir(exist_ok=True)
        (folder / rubbish).write_bytes(b"")
    return folder


@pytest.fixture(scope="session")
def wheel(sources: Path) -> Path:
    """Return a wheel built from the project's files."""
    target = sources.parent / "dist"
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", target],
        cwd=sources,
        check=True,
        capture_output=True,
    )
    (path,) = target.glob("*.whl")
    return path


@pytest.fixture(scope="session")
def program(wheel: Path) -> Path:
    """Return the `dsvault` of an empty virtual environment into which the wheel was installed.

    What it depends on comes from the environment that runs the tests, so that no network is needed.
    """
    folder = wheel.parent.parent / "environment"
    venv.create(folder, symlinks=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    dependencies = [path for path in sys.path if Path(path).name == "site-packages"]
    (packages / "dependencies.pth").write_text("\n".join(dependencies) + "\n")
    python = str(folder / "bin" / "python")
    pip = [python, "-I", "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", str(wheel)], check=True)
    return folder / "bin" / "dsvault"


def run(program: Path, *arguments: str, cwd: Path) -> str:
    return subprocess.run(
        [program, *arguments], cwd=cwd, capture_output=True, text=True, check=True
    ).stdout


def test_wheel_holds_the_projects_files_and_no_others(wheel: Path) -> None:
    expected = {
        place + name.removeprefix(prefix)
        for name in project_files()
        for prefix, place in PLACES.items()
        if name.startswith(prefix)
    }

    with zipfile.ZipFile(wheel) as archive:
        found = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert found == expected


def test_wheel_holds_every_script_of_the_plan(wheel: Path, sources: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())

    for kind in ("deploy", "revert", "verify"):
        scripts = {path.relative_to(sources) for path in (sources / kind).rglob("*.sql")}
        assert len(scripts) > 10
        assert {f"dsvault/_project/{script}" for script in scripts} <= names


def test_wheel_carries_the_licences(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = [Path(name).name for name in archive.namelist() if "/licenses/" in name]

    assert sorted(names) == ["GPL-3.0-or-later.txt", "LICENSE", "PostgreSQL.txt"]


def test_installed_program_is_that_of_the_wheel(program: Path, tmp_path: Path) -> None:
    tell = "import dsvault.paths as p, json; print(json.dumps([p.__file__, str(p.project_root())]))"

    found = json.loads(run(program.parent / "python", "-c", tell, cwd=tmp_path))

    packages = sysconfig.get_path("purelib", vars={"base": str(program.parents[1])})
    assert found == [f"{packages}/dsvault/paths.py", f"{packages}/dsvault/_project"]


def test_installed_program_explains_itself(program: Path, tmp_path: Path) -> None:
    assert run(program, "--help", cwd=tmp_path).startswith("Usage: dsvault ")


def test_installed_program_knows_the_plan(program: Path, tmp_path: Path) -> None:
    installed = run(program, "plan", "--ids", cwd=tmp_path)
    here = run(
        Path(sys.executable), "-m", "dsvault", "plan", "--ids", "--plan-file",
        str(ROOT / "sqitch.plan"), cwd=tmp_path,
    )  # fmt: skip

    assert installed == here
    assert len(installed.splitlines()) > 10
