"""Generated files: what they leave out, and that a stale one is noticed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from dsvault.paths import project_root
from dsvault.seal import dump_text, seal_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_PARTS = ("deploy", "revert", "verify", "sql", "tools", "sqitch.plan", "sqitch.conf")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project in which generated files may be broken."""
    root = tmp_path_factory.mktemp("checkout")
    for part in _PARTS:
        source = project_root() / part
        (shutil.copytree if source.is_dir() else shutil.copy)(source, root / part)
    return root


@pytest.fixture(scope="module")
def snapshot(checkout: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `dsvault snapshot` in that copy."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        code = (
            f"import sys; sys.path.insert(0, {str(checkout / 'tools')!r});"
            "from dsvault.cli import main; main()"
        )
        return subprocess.run(
            [sys.executable, "-c", code, "snapshot", *arguments],
            cwd=checkout,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_generated_files_are_fresh_and_a_stale_one_is_noticed_and_mended(
    checkout: Path, snapshot: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    seal = checkout / "verify" / "seal.sql"
    good = seal.read_text()
    seal.write_text(good.replace("OWNER dsvault_owner", "OWNER somebody", 1))
    stale = snapshot("--check")
    assert (stale.returncode, stale.stdout) == (1, "stale: verify/seal.sql\n")  # and no other

    assert snapshot().returncode == 0
    assert seal.read_text() == good


def test_seal_quotes_what_it_states() -> None:
    assert "    'it''s',\n    'b']);" in seal_text(["it's", "b"])


def test_dump_leaves_out_what_differs_from_run_to_run() -> None:
    dump = (
        "--\n-- PostgreSQL database dump\n--\n\n\\restrict abc\n\n"
        "SET statement_timeout = 0;\n"
        "SELECT pg_catalog.set_config('search_path', '', false);\n\n\n\n"
        "CREATE SCHEMA dsvault;\n\n\n\n-- Name: x; Type: TABLE\n\n"
        "ALTER SCHEMA dsvault OWNER TO o;\n"
    )
    assert dump_text(dump).splitlines()[3:] == [
        "CREATE SCHEMA dsvault;",
        "",
        "ALTER SCHEMA dsvault OWNER TO o;",
    ]
