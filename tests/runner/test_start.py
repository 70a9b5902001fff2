"""What a command starts with: nothing that it does not use."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg
    from tests.runner.toys import Toy

# Modules of packages that are put aside; the first import of an adapter or a node brings them.
HEAVY = ["psycopg.connection", "psycopg.types.array", "asyncio.events", "pglast.enums.nodes"]
PROGRAM = f"""
import sys
from dsvault.cli import cli
from dsvault.lean import put_heavy_aside

put_heavy_aside()
for words in ("deploy --verify", "verify", "status", "revert --all -y"):
    cli.main(words.split(), standalone_mode=False)
    assert not [name for name in {HEAVY} if name in sys.modules], words
cli.main(["log", "--oneline"], standalone_mode=False)
assert "psycopg.types.array" in sys.modules
"""


def test_what_is_run_most_imports_no_adapters_and_no_trees(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1").change("t2", needs="t1").tag("v1")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "revert" in done.stdout.splitlines()[-4]
