"""`dsvault plan --compare`: say where a plan and something else part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.cli.render import write, write_json
from dsvault.ops.compare import compare_plan
from dsvault.text import printable

if TYPE_CHECKING:
    from dsvault.config import Config
    from dsvault.plan import Plan


def print_comparison(
    plan: Plan, what: str | None, config: Config, registry: str, *, as_json: bool
) -> int:
    """Compare a plan, print what was found, and return the exit code: 1 if they have parted."""
    compared = compare_plan(plan, what, config, registry)
    if as_json:
        write_json(compared)
    else:
        for line in compared.lines():
            write(printable(line))
    return 1 if compared.found.has_diverged else 0
