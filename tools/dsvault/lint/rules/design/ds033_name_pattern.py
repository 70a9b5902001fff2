from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.lint.catalog import Origin
    from dsvault.lint.scope import World

_PLAIN = r"[a-z_][a-z0-9_$]*"


class NamePattern(Rule):
    """Name that does not fit the pattern of its kind.

    Why: names that follow one pattern are found and guessed.
    When not: `names` of the settings has another pattern for table, column, index, constraint,
    policy, trigger, function or view; one that it does not name has to be in lower case.
    Instead: rename it, or say in the settings how names are built here:
    `names = { index = ".*_idx", policy = "[a-z_]+" }`.
    """

    code = "DS033"
    severity = Severity.INFO
    bad = 'CREATE TABLE "Notes" (id bigint PRIMARY KEY);\n'
    good = "CREATE TABLE notes (id bigint PRIMARY KEY);\n"
    claim = Claim(shows="SELECT to_regclass('notes') IS NULL")

    def finish(self, world: World) -> None:
        """Report the names."""
        for kind, name, origin in _names(world):
            pattern = world.names.get(kind, _PLAIN)
            if "dsvault_lint_any" not in name and not re.fullmatch(pattern, name):
                message = f"{kind} {name} does not fit {pattern}"
                world.report_origin(self, origin, message, "Choose a name that fits.")


def _names(world: World) -> Iterator[tuple[str, str, Origin]]:
    """Yield kind, name and place of all that has a name of its own."""
    catalog = world.catalog
    for table in catalog.tables.values():
        if not table.is_known:
            continue
        yield "table", table.name[1], table.origin
        for column in table.columns.values():
            yield "column", column.name, column.origin
        for constraint in table.constraints.values():
            if constraint.is_named:
                yield "constraint", constraint.name, constraint.origin
        yield from (("policy", p.name, p.origin) for p in table.policies.values())
        yield from (("trigger", t.name, t.origin) for t in table.triggers.values())
    for index in catalog.indexes.values():
        if not index.of_constraint:
            yield "index", index.name, index.origin
    yield from (("view", view.name[1], view.origin) for view in catalog.views.values())
    yield from (("function", f.name[1], f.origin) for f in catalog.all_functions())
