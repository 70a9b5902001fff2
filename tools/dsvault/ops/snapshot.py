"""Make the project's generated files anew from its plan and its design document."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsvault.checks import page, read_checks
from dsvault.coverage import generate as coverage_text
from dsvault.db import connect
from dsvault.errors import DsvaultError
from dsvault.lint.reference import reference_text
from dsvault.ops.deploy import DeployOptions, deploy
from dsvault.project import open_project
from dsvault.queries import load
from dsvault.seal import dump_text, seal_text
from dsvault.server import temporary_server
from dsvault.target import parse_target

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dsvault.server import EmbeddedServer

# pg_dump writes differently from one major version to the next: one version writes the snapshot.
_VERSION = "18"
_DUMPED = ("dsvault", "dsvault_private", "dsvault_facts")


class DumpError(DsvaultError):
    """pg_dump could not write the schema"""


@dataclass(frozen=True, slots=True)
class _Fact:
    fact: str


def generate(root: Path) -> Mapping[Path, str]:
    """Return the text of each generated file by its path, from a vault deployed for this purpose.

    The seal is not verified while that is done: it may be what is stale.
    """
    with temporary_server(_VERSION) as server:
        target = parse_target(server.url())
        deploy(target, open_project(folder=root), DeployOptions(verify=False))
        with connect(target, application_name="dsvault snapshot") as session:
            facts = [row.fact for row in session.fetch(_Fact, load("everything"))]
        dump = _dump(server)
    return {
        root / "verify" / "seal.sql": seal_text(facts),
        root / "sql" / "snapshot" / "schema.sql": dump_text(dump),
        root / "sql" / "design" / "coverage.md": coverage_text(root),
        root / "tools" / "dsvault" / "lint" / "RULES.md": reference_text(),
        root / "sql" / "checks" / "README.md": page(read_checks(root / "sql" / "checks")),
    }


def _dump(server: EmbeddedServer) -> str:
    arguments = [
        str(server.bin_dir / "pg_dump"),
        "--schema-only",
        *(f"--schema={schema}" for schema in _DUMPED),
        "--exclude-table=dsvault.audit_logs_2*",
        server.url(),
    ]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DumpError(detail=done.stderr.strip(), hint="Run `dsvault server status`.")
    return done.stdout


def stale(generated: Mapping[Path, str]) -> list[Path]:
    """Return the files whose text on disk is another, or that are not there."""
    return [
        path
        for path, text in generated.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
