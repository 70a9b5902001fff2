"""Small checkouts for the launcher: the real launcher, a stand-in toolkit, and wheels made here.

The wheels make every installation possible without a network; the stand-in toolkit tells as JSON
how it was called, which is all that the launcher answers for.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
# The Python below the environment that runs the tests: what a user's `python3` would be.
PYTHON: str = sys._base_executable  # type: ignore[attr-defined]
TAG = f"python{sys.version_info[0]}.{sys.version_info[1]}{sys.abiflags}-{os.uname().machine}"

TELL = """\
import json, os, sys
if sys.argv[1:2] == ["sleep"]:
    import time
    print(os.getpid(), flush=True)
    time.sleep(60)
found = {}
for name in ("apple", "berry", "cherry"):
    try:
        found[name] = __import__(name).VERSION
    except ModuleNotFoundError:
        pass
print(json.dumps({
    "program": __package__ or os.path.basename(os.path.dirname(__file__)),
    "arguments": [os.fsencode(argument).hex() for argument in sys.argv[1:]],
    "folder": os.getcwd(),
    "input": "" if sys.stdin is None or sys.stdin.isatty() else sys.stdin.read(),
    "prefix": sys.prefix,
    "file": os.path.realpath(__file__),
    "packages": found,
    "environ": {k: v for k, v in os.environ.items() if k.startswith(("PYTHON", "HYPOTHESIS"))},
}))
sys.exit(int(os.environ.get("EXIT_CODE", "0")))
"""


def make_wheel(folder: Path, name: str, version: str, files: dict[str, str]) -> str:
    """Write a pure wheel into `folder`; return its line for a lock, with its hash."""
    info = f"{name}-{version}.dist-info"
    contents = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [f"{path},{_digest(text.encode())},{len(text)}" for path, text in contents.items()]
    contents[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for member, text in contents.items():
            archive.writestr(zipfile.ZipInfo(member), text)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{name}=={version} \\\n    --hash=sha256:{digest}\n"


def _digest(content: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
    return f"sha256={digest}"


def make_fruit(folder: Path, name: str, version: str) -> str:
    """Write a wheel of a package whose VERSION tells which one is installed."""
    return make_wheel(folder, name, version, {f"{name}/__init__.py": f'VERSION = "{version}"\n'})


@dataclass(frozen=True, slots=True)
class Ran:
    """How a run of the launcher ended."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> dict[str, Any]:
        """Return what the stand-in toolkit told."""
        assert self.code == 0, self.err
        told: dict[str, Any] = json.loads(self.out)
        return told

    @property
    def arguments(self) -> list[bytes]:
        """Return the arguments that arrived, byte by byte."""
        return [bytes.fromhex(argument) for argument in self.told["arguments"]]


@dataclass(slots=True)
class Checkout:
    """A checkout with wheels beside it, and a home for the user who runs it."""

    root: Path
    wheels: Path
    home: Path
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def launcher(self) -> Path:
        return self.root / "dsvault"

    @property
    def state(self) -> Path:
        return self.root / ".dsvault"

    @property
    def cache(self) -> Path:
        """Return the folder for what cannot be in the checkout."""
        return self.home / ".cache" / "dsvault"

    @property
    def run_layer(self) -> Path:
        return self.state / f"{TAG}-run"

    @property
    def test_layer(self) -> Path:
        return self.state / f"{TAG}-test"

    def lock(self, layer: str, *lines: str) -> None:
        """Write a lock."""
        (self.root / "tools" / "requirements" / f"{layer}.txt").write_text("".join(lines))

    def full_environ(self, extra: dict[str, str]) -> dict[str, str]:
        """Return a user's plain environment, with the wheels here as pip's only source."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": self.wheels.as_uri(),
            **self.environ,
            **extra,
        }

    def start(self, *arguments: str | bytes, **environ: str) -> subprocess.Popen[str]:
        """Start the launcher with the Python of these tests."""
        return subprocess.Popen(
            [PYTHON, self.launcher, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.home,
            env=self.full_environ(environ),
        )

    def run(
        self,
        *arguments: str | bytes,
        command: tuple[str | Path, ...] | None = None,
        stdin: str = "",
        cwd: Path | None = None,
        **environ: str,
    ) -> Ran:
        """Run the launcher, or `command` in its place, to its end."""
        done = subprocess.run(
            [*(command or (PYTHON, self.launcher)), *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            cwd=cwd or self.home,
            env=self.full_environ(environ),
            timeout=120,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)


def read_only(checkout: Checkout) -> tuple[str | Path, ...]:
    """Make the checkout read-only for the launcher; return the command that runs it so.

    Permissions do not bind root, so root gets a read-only mount that only the command sees.
    """
    if os.geteuid() == 0:
        if subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode:
            pytest.skip("a root that may not mount cannot make a folder read-only for itself")
        mount = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
        return ("unshare", "-m", "sh", "-c", mount, checkout.root, PYTHON, checkout.launcher)
    for folder in (checkout.root, checkout.state):
        if folder.exists():
            folder.chmod(0o555)
    return (PYTHON, checkout.launcher)


def make_checkout(folder: Path) -> Checkout:
    """Make a checkout whose toolkit needs apple 1 and whose tests need berry 1 too."""
    checkout = Checkout(folder / "a väult & more", folder / "wheels", folder / "home")
    checkout.home.mkdir(parents=True)
    tools = checkout.root / "tools"
    (tools / "requirements").mkdir(parents=True)
    shutil.copy(ROOT / "dsvault", checkout.launcher)
    shutil.copytree(
        ROOT / "tools" / "launcher",
        tools / "launcher",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    (tools / "dsvault").mkdir()
    (tools / "dsvault" / "__init__.py").touch()
    (tools / "dsvault" / "__main__.py").write_text(TELL)
    apple = make_fruit(checkout.wheels, "apple", "1")
    berry = make_fruit(checkout.wheels, "berry", "1")
    pytest = make_wheel(
        checkout.wheels, "pytest", "1", {"pytest/__init__.py": "", "pytest/__main__.py": TELL}
    )
    checkout.lock("run", apple)
    checkout.lock("test", apple, berry, pytest)
    return checkout


def copy_checkout(installed: Checkout, folder: Path) -> Checkout:
    """Copy an installed checkout, with a stamp as if it had been installed where the copy is."""
    copy = Checkout(folder / installed.root.name, folder / "wheels", folder / "home")
    copy.home.mkdir()
    for old, new in ((installed.root, copy.root), (installed.wheels, copy.wheels)):
        shutil.copytree(old, new, symlinks=True, ignore=_is_state)
    # Hard links save two thousand small copies; pip and the launcher replace files, they edit none.
    shutil.copytree(installed.state, copy.state, symlinks=True, copy_function=os.link)
    stamp = copy.run_layer / "dsvault-stamp"
    _root, _newline, lock = stamp.read_bytes().partition(b"\n")
    stamp.unlink()
    stamp.write_bytes(os.fsencode(copy.root) + b"\n" + lock)
    return copy


def _is_state(_folder: str, names: list[str]) -> set[str]:
    return {name for name in names if name == ".dsvault"}
