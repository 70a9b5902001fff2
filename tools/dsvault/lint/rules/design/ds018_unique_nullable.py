from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import column_name, find

if TYPE_CHECKING:
    from dsvault.lint.catalog import Column, Index, Table
    from dsvault.lint.scope import World


class UniqueNullable(Rule):
    """Unique key of several columns that NULL in one of them defeats.

    Why: NULLs are distinct: rows that are equal in all other columns are let in beside each other,
    most of all where NULL means alive, top or none.
    When not: the last column is an optional identifier; NULLS NOT DISTINCT; a second unique index
    covers the rows with NULL.
    Instead: a unique index WHERE column IS NULL, NULLS NOT DISTINCT, or NOT NULL.
    """

    code = "DS018"
    classes = ("unique-nullable",)
    bad = (
        "CREATE TABLE folders (name text NOT NULL, deleted_at timestamptz,\n"
        "    UNIQUE (name, deleted_at));\n"
        "INSERT INTO folders VALUES ('a', NULL), ('a', NULL);\n"
    )
    good = (
        "CREATE TABLE folders (name text NOT NULL, deleted_at timestamptz);\n"
        "CREATE UNIQUE INDEX folders_name_idx ON folders (name) WHERE deleted_at IS NULL;\n"
        "INSERT INTO folders VALUES ('a', NULL);\n"
    )
    claim = Claim(shows="SELECT count(*) > 1 FROM folders")

    def finish(self, world: World) -> None:
        """Report unique keys that the usual rows escape."""
        for index in world.catalog.indexes.values():
            table = world.catalog.tables.get(index.table)
            is_plain = index.is_unique and not index.nulls_not_distinct and len(index.keys) > 1
            if table is None or not table.is_known or table.parent or not is_plain:
                continue
            hole = _hole(table, index)
            others = world.catalog.indexes_of(table.name)
            if hole is not None and not any(_covers_null(other, hole) for other in others):
                world.report_origin(
                    self,
                    index.origin,
                    f"rows without {hole} are never equal to each other",
                    f"Add a unique index WHERE {hole} IS NULL, or NULLS NOT DISTINCT.",
                )


def _hole(table: Table, index: Index) -> str | None:
    """Return a column whose NULL is the usual case."""
    columns = [table.columns.get(key.column or "") for key in index.keys]
    references = {name for key in table.of_kind("foreign") for name in key.columns}
    demanded = {
        column_name(test.get("arg")) for test in find({"x": index.where}, "NullTest") if index.where
    }
    for number, column in enumerate(columns):
        if column is None or column.not_null or column.name in demanded:
            continue
        if number < len(columns) - 1 or _is_state(column) or column.name in references:
            return column.name
    return None


def _is_state(column: Column) -> bool:
    """Say whether NULL of a column means that something has not happened."""
    return column.type.startswith(("timestamp", "date", "boolean")) or column.name.endswith(
        ("_at", "_until", "parent_id")
    )


def _covers_null(index: Index, column: str) -> bool:
    tests = [
        test
        for test in find({"x": index.where}, "NullTest")
        if test.get("nulltesttype") == "IS_NULL" and column_name(test.get("arg")) == column
    ]
    return index.is_unique and bool(tests)
