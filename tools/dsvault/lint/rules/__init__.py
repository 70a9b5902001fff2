"""All rules, found by looking: one class per file, in one folder per family."""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache

from dsvault.lint.rule import Rule

FAMILIES = ("running", "locks", "undoing", "security", "design")
"""Folders in the order of their pages; the README says which codes each has."""


@lru_cache(maxsize=1)
def all_rules() -> tuple[Rule, ...]:
    """Return one instance of every rule, by code."""
    found: list[Rule] = []
    for family in FAMILIES:
        package = importlib.import_module(f"{__name__}.{family}")
        for module in pkgutil.iter_modules(package.__path__):
            loaded = importlib.import_module(f"{package.__name__}.{module.name}")
            found += [
                value()
                for value in vars(loaded).values()
                if isinstance(value, type)
                and issubclass(value, Rule)
                and value.__module__ == loaded.__name__
            ]
    return tuple(sorted(found, key=lambda rule: rule.code))
