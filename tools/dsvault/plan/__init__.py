"""Sqitch plan files: grammar, IDs and look-ups, the same to the byte as Sqitch 1.3.1.

Pure: reads bytes, returns frozen values, opens no connection. Start at `read_plan` or `parse_plan`.
"""

from __future__ import annotations

from dsvault.plan.errors import AmbiguousChange, PlanError, UnknownChange
from dsvault.plan.model import Change, Dependency, DependencyKind, Plan, Tag
from dsvault.plan.parse import parse_plan, read_plan

__all__ = [
    "AmbiguousChange",
    "Change",
    "Dependency",
    "DependencyKind",
    "Plan",
    "PlanError",
    "Tag",
    "UnknownChange",
    "parse_plan",
    "read_plan",
]
