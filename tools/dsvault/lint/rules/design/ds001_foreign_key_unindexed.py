from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tree import find

if TYPE_CHECKING:
    from dsvault.lint.catalog import Constraint, Index
    from dsvault.lint.scope import World


class ForeignKeyUnindexed(Rule):
    """Foreign key whose columns no index begins with.

    Why: deleting or changing a referred row scans the whole referring table, under a lock.
    When not: an index begins with its columns, in any order, in whatever script it is made.
    Instead: an index in the script that makes the key.
    """

    code = "DS001"
    classes = ("fk-unindexed",)
    severity = Severity.WARNING
    setup = "CREATE TABLE people (id bigint PRIMARY KEY);\n"
    bad = "CREATE TABLE notes (id bigint PRIMARY KEY, author bigint REFERENCES people);\n"
    good = bad + "CREATE INDEX notes_author_idx ON notes (author);\n"
    claim = Claim(
        shows="SELECT NOT EXISTS (SELECT FROM pg_constraint AS c JOIN pg_index AS i "
        "ON i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1] WHERE c.contype = 'f')"
    )

    def finish(self, world: World) -> None:
        """Report keys without an index."""
        if "index" in world.catalog.computed:
            return
        for table in world.catalog.tables.values():
            if not table.is_known or table.parent or table.is_temporary or table.is_foreign:
                continue
            indexes = world.catalog.indexes_of(table.name)
            for key in table.of_kind("foreign"):
                if key.columns and not any(_serves(index, key) for index in indexes):
                    world.report_origin(
                        self,
                        key.origin,
                        f"no index of {qualified(table.name)} begins with "
                        f"({', '.join(key.columns)})",
                        "Add an index that begins with the key's columns.",
                    )


def _serves(index: Index, key: Constraint) -> bool:
    """Say whether an index finds the rows of a key; it may leave out what is NULL."""
    if index.method not in {"btree", "hash"}:
        return False
    size = len(key.columns)
    if set(index.columns[:size]) != set(key.columns):
        return False
    if index.where is None:
        return True
    tests = list(find({"x": index.where}, "NullTest"))
    kinds = {next(iter(index.where))}
    return kinds == {"NullTest"} and tests[0].get("nulltesttype") == "IS_NOT_NULL"
