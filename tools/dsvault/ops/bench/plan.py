"""A made Sqitch project: a schema, then a table, a function with its trigger and a policy in turn.

Its scripts are those of sql/bench/runner, each with a number of its own in place of 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.paths import project_root

if TYPE_CHECKING:
    from pathlib import Path

_PLANNER = "Ada Lovelace <ada@example.org>"
_IN_TURN = ("table", "function", "policy")


def write_project(folder: Path, changes: int) -> None:
    """Write a project of so many changes, each with a deploy, revert and verify script."""
    (folder / "sqitch.conf").write_text("[core]\n\tengine = pg\n", encoding="utf-8")
    lines = ["%syntax-version=1.0.0", "%project=bench", ""]
    for place in range(changes):
        number, turn = divmod(place - 1, len(_IN_TURN))
        kind, name = ("schema", "schema") if place == 0 else _named(_IN_TURN[turn], number)
        _write_scripts(folder, kind, name, number)
        moment = f"2024-01-01T{place // 3600:02}:{place // 60 % 60:02}:{place % 60:02}Z"
        lines.append(f"{name} {moment} {_PLANNER} # Change {place}.")
    (folder / "sqitch.plan").write_text("\n".join([*lines, ""]), encoding="utf-8")


def _named(kind: str, number: int) -> tuple[str, str]:
    return kind, f"{kind}_{number}"


def _write_scripts(folder: Path, kind: str, name: str, number: int) -> None:
    source = project_root() / "sql" / "bench" / "runner" / kind
    for action in ("deploy", "revert", "verify"):
        text = (source / f"{action}.sql").read_text(encoding="utf-8").replace("_0", f"_{number}")
        path = folder / action / f"{name}.sql"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"-- {action.capitalize()} bench:{name}\n\n{text}", encoding="utf-8")
