"""Which targets the arguments of a command mean."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from dsvault.config import Layout, find_layout

if TYPE_CHECKING:
    from dsvault.config import Config


def target_section(target: str | None) -> str | None:
    """Return the name of a [target], or None for a URI, which has none."""
    return None if target is None or ":" in target else target


def is_uri(argument: str) -> bool:
    """Say whether an argument names a database, and not a change of another project."""
    return argument[:3].lower() == "db:" or "://" in argument


def target_of(argument: str, config: Config) -> str | None:
    """Return the target that an argument means: its name, its URI, its engine, its plan file."""
    if is_uri(argument) or config.get(f"target.{argument}.uri") is not None:
        return argument
    default = config.get("engine.pg.target") or "db:pg:"
    if argument == "pg":
        return default
    if Path(argument).exists():
        for target in all_targets(config):
            layout = Layout.of(config, target=target_section(target))
            if layout.plan_file == Path(argument):
                return target
    return None


def all_targets(config: Config) -> list[str]:
    """Return all targets of the configuration, the default one first."""
    default = (
        os.environ.get("SQITCH_TARGET")
        or config.get("core.target")
        or config.get("engine.pg.target")
        or "db:pg:"
    )
    keys = (re.fullmatch(r"target\.([^.]+)\.uri", key) for key in config.settings)
    return list(dict.fromkeys([default, *sorted(match[1] for match in keys if match)]))


def is_planned(text: str, plan_file: Path | None = None, section: str | None = None) -> bool:
    """Say whether the plan has a change that this text means, be it one of several."""
    from dsvault.plan import AmbiguousChange, PlanError, UnknownChange, read_plan  # noqa: PLC0415

    _, layout = find_layout(plan_file=plan_file, target=section)
    if ":" in text or not layout.plan_file.exists():
        return False
    try:
        read_plan(layout.plan_file).find(text)
    except (UnknownChange, PlanError):
        return False
    except AmbiguousChange:
        return True
    return True
