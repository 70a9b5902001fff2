from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import same

if TYPE_CHECKING:
    from dsvault.lint.catalog import Index
    from dsvault.lint.scope import World


class RedundantIndex(Rule):
    """Index that is the beginning of another one of its table.

    Why: the longer index serves the same queries; the shorter one costs every write.
    When not: it is unique, partial, of an expression, of another order or method.
    Instead: leave the shorter one out.
    """

    code = "DS004"
    classes = ("redundant-index",)
    severity = Severity.WARNING
    setup = "CREATE TABLE notes (id bigint PRIMARY KEY, author bigint, written date);\n"
    bad = (
        "CREATE INDEX notes_author_idx ON notes (author);\n"
        "CREATE INDEX notes_author_written_idx ON notes (author, written);\n"
    )
    good = "CREATE INDEX notes_author_written_idx ON notes (author, written);\n"
    claim = Claim(
        shows="SELECT bool_or(indkey::text = '2') FROM pg_index WHERE indrelid = 'notes'::regclass"
    )

    def finish(self, world: World) -> None:
        """Report indexes that a longer one makes needless."""
        for index in world.catalog.indexes.values():
            table = world.catalog.tables.get(index.table)
            if index.is_unique or index.of_constraint or table is None or table.parent:
                continue
            others = world.catalog.indexes_of(index.table)
            longer = next((other for other in others if _begins(index, other)), None)
            if longer is not None:
                world.report_origin(
                    self,
                    index.origin,
                    f"is the beginning of {longer.name}",
                    "Leave the shorter one out.",
                )


def _begins(index: Index, other: Index) -> bool:
    size = len(index.keys)
    return (
        other is not index
        and index.method == other.method == "btree"
        and len(other.keys) > size
        and same(index.where, other.where)
        and not index.include
        and all(key.column for key in index.keys)
        and all(
            (key.column, key.descending, key.opclass) == (o.column, o.descending, o.opclass)
            for key, o in zip(index.keys, other.keys, strict=False)
        )
    )
