"""Real Sqitch, the judge of everything that claims to be compatible with it.

A test that is marked `sqitch` needs it: `@pytest.mark.sqitch`, or `@pytest.mark.sqitch("1.3")` if
only versions that begin so will do. Where it is missing such tests are skipped, and the report says
what to install; with DSVAULT_REQUIRE_SQITCH=1 they fail instead.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.support.cluster import is_uri
from tests.support.programs import Ran, require

from dsvault.server import ServerError
from dsvault.server.binaries import find_binaries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Self, TypeAlias

    RunSqitch: TypeAlias = Callable[..., "Ran"]

SUPPORT = Path(__file__).parent
INSTALL = "install the Debian packages sqitch and libdbd-pg-perl"


@cache
def sqitch_version() -> str | None:
    """Return the version of Sqitch on the path, such as 1.3.1, or None."""
    program = shutil.which("sqitch")
    if program is None:
        return None
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    match = re.search(r"v?(\d+(?:\.\d+)+)", answer.stdout)
    return match[1] if match else None


def lack_of_sqitch(wanted: str) -> str | None:
    """Return why tests that need Sqitch cannot run here, or None if they can."""
    version = sqitch_version()
    if version is None:
        return f"needs real Sqitch: {INSTALL}"
    if not f"{version}.".startswith(f"{wanted}." if wanted else ""):
        return f"needs Sqitch {wanted}, found {version}: {INSTALL} of Debian 12"
    return None


def pytest_configure(config: pytest.Config) -> None:
    """Let Sqitch find the server's own psql: Debian's is a program in Perl that looks for one."""
    spec = config.getoption("--pg")
    if is_uri(spec) or shutil.which("sqitch") is None:
        return
    with suppress(ServerError):  # whoever needs that server is told
        psql = find_binaries(spec).bin_dir / "psql"
        if not psql.exists():
            return
        folder = tempfile.mkdtemp(prefix="dsvault-psql-")
        config.add_cleanup(lambda: shutil.rmtree(folder))
        Path(folder, "psql").symlink_to(psql)
        os.environ["PATH"] = f"{folder}:{os.environ['PATH']}"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip or fail a test that needs Sqitch where there is none."""
    marker = item.get_closest_marker("sqitch")
    if marker is not None:
        require("sqitch", lack_of_sqitch(*marker.args) if marker.args else lack_of_sqitch(""))


class _Asked:
    """Real Sqitch in one process: loaded once, it answers line by line, in JSON."""

    def __init__(self, *command: str | Path) -> None:
        self._process = subprocess.Popen(
            ["perl", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def _ask(self, line: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


class _AskedOfPlans(_Asked):
    """It answers about one file, which it names PLAN in its errors."""

    def __init__(self, plan_file: Path, *command: str | Path) -> None:
        super().__init__(*command)
        self.plan_file = plan_file

    def _ask_of(self, plan: bytes, line: str) -> dict[str, Any]:
        self.plan_file.write_bytes(plan)
        answer = self._ask(line)
        if "error" in answer:
            answer["error"] = answer["error"].replace(str(self.plan_file), "PLAN")
        return answer


class PlanJudge(_AskedOfPlans):
    """Real Sqitch's reader of plans, which answers hundreds of times a second.

    `specs` are looked up in each plan; the answers come as `finds`.
    """

    def __init__(self, folder: Path, specs: Sequence[str] = ()) -> None:
        super().__init__(folder / "judged.plan", SUPPORT / "sqitch_ids.pl", *specs)

    def ask(self, plan: bytes) -> dict[str, Any]:
        """Return what Sqitch makes of a plan: `error` or values."""
        return self._ask_of(plan, str(self.plan_file))


class PlanWriter(_AskedOfPlans):
    """Real Sqitch's writer of plans."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "written.plan", SUPPORT / "sqitch_writes.pl")

    def ask(self, plan: bytes, asked: dict[str, Any]) -> dict[str, Any]:
        """Return what Sqitch makes of a plan: `error` or `text`."""
        return self._ask_of(plan, json.dumps({"file": str(self.plan_file), **asked}))


class Sqitch(_Asked):
    """Real Sqitch as a program, forked for every call."""

    def __init__(self) -> None:
        super().__init__(SUPPORT / "sqitch_forks.pl")

    def run(self, folder: Path, *words: str, variables: Mapping[str, str] | None = None) -> Ran:
        """Run it in a folder, with these variables of the environment and those of this process."""
        environ = {**os.environ, **(variables or {})}
        asked = {"folder": str(folder), "words": words, "env": environ}
        answer = self._ask(json.dumps(asked))
        return Ran(answer["code"], answer["out"], answer["err"])


@pytest.fixture(scope="session")
def real_sqitch() -> Iterator[Sqitch]:
    """Real Sqitch, for tests that are marked `sqitch`."""
    with Sqitch() as sqitch:
        yield sqitch


@pytest.fixture
def sqitch(real_sqitch: Sqitch) -> RunSqitch:
    """A function that runs real Sqitch in the working folder, in this process's environment."""

    def run(*words: str) -> Ran:
        return real_sqitch.run(Path.cwd(), *words)

    return run


@pytest.fixture(scope="session")
def plan_judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlanJudge]:
    """Sqitch's reader of plans, for tests that are marked `sqitch`."""
    with PlanJudge(tmp_path_factory.mktemp("judge")) as judge:
        yield judge
