"""`dsvault snapshot`: the generated files of a checkout."""

from __future__ import annotations

import sys

import click

from dsvault.errors import DsvaultError
from dsvault.paths import project_root


@click.command()
@click.option("--check", "is_check", is_flag=True, help="Change nothing; exit 1 if one is stale.")
def command(is_check: bool) -> None:
    """Rewrite the generated files of a checkout, or check that they are fresh.

    They are verify/seal.sql, sql/snapshot/schema.sql, sql/design/coverage.md, sql/checks/README.md
    and tools/dsvault/lint/RULES.md. The plan is deployed to a temporary server for this.
    """
    from dsvault.ops.snapshot import generate, stale  # noqa: PLC0415 - --help needs no parser

    root = project_root()
    if root.name == "_project":
        raise DsvaultError(
            "An installed dsvault has no files to rewrite",
            hint="Run ./dsvault snapshot in a checkout.",
        )
    generated = generate(root)
    outdated = stale(generated)
    for path in outdated:
        if not is_check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(generated[path], encoding="utf-8")
        click.echo(f"{'stale' if is_check else 'written'}: {path.relative_to(root)}")
    if not outdated:
        click.echo(f"fresh: {len(generated)} generated files")
    elif is_check:
        click.echo("Run ./dsvault snapshot and review the difference.", err=True)
        sys.exit(1)
