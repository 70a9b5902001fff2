"""What a command starts with: nothing that it does not use."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from dsvault.cli import COMMANDS, LEAN

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg
    from tests.runner.toys import Toy

RUNS = ("deploy --verify", "verify", "status", "revert --all -y")
# Modules of packages that are put aside; the first import of an adapter or a node brings them.
HEAVY = ["psycopg.connection", "psycopg.types.array", "asyncio.events", "pglast.enums.nodes"]
# These are put aside with nothing of them imported, and stay so where all goes well.
ASIDE = ["inspect", "gettext", "logging", "ssl", "socket", "ctypes", "ipaddress"]
ASIDE += ["psycopg.errors", "psycopg.abc"]
# What psql alone understands is learnt when a script has any of it.
UNUSED = ["dsvault.sqlscript.expand", "dsvault.sqlscript.arguments", "shutil"]
PROGRAM = f"""
import sys
from dsvault.cli import cli

for words in {RUNS}:
    cli.main(words.split(), standalone_mode=False)
    assert not [name for name in {HEAVY + UNUSED} if name in sys.modules], words
    assert not [name for name in {ASIDE} if type(sys.modules[name]).__name__ != "_Aside"], words
cli.main(["log", "--oneline"], standalone_mode=False)
assert "psycopg.types.array" in sys.modules
"""


def test_what_is_run_most_imports_no_adapters_and_no_trees(
    toy: Toy, db: psycopg.Connection
) -> None:
    # Each is tried as it is run, the last by the next test.
    assert {words.split()[0] for words in RUNS} | {"lint"} == LEAN
    toy.change("t1").change("t2", needs="t1").tag("v1")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "revert" in done.stdout.splitlines()[-4]


def test_the_linter_imports_no_nodes_of_trees(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("CREATE TABLE a (id bigint PRIMARY KEY);\n", encoding="utf-8")
    program = f"""
import sys
from dsvault.cli import cli

try:
    cli.main(["lint", "a.sql"], standalone_mode=False)
except SystemExit as end:
    assert end.code == 0
assert "pglast.parser" in sys.modules
assert not [name for name in {HEAVY} if name in sys.modules]
"""
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True)


def test_other_commands_have_packages_as_they_are() -> None:
    program = f"""
import sys
import click
from dsvault.cli import cli

with click.Context(cli) as context:
    for name in {sorted(set(COMMANDS) - LEAN)}:
        assert cli.get_command(context, name)
import asyncio, pglast, psycopg
for package in (asyncio, pglast, psycopg):
    assert type(package).__name__ == "module", package
assert "psycopg.types.uuid" in sys.modules
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
