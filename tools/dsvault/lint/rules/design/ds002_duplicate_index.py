from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import fingerprint

if TYPE_CHECKING:
    from dsvault.lint.catalog import Index
    from dsvault.lint.scope import World


class DuplicateIndex(Rule):
    """Index that is the same as another one of its table.

    Why: each costs every write; one of them serves all queries.
    When not: order, operator class, condition or method differ.
    Instead: leave the second one out. A primary or unique key has its index already.
    """

    code = "DS002"
    classes = ("duplicate-index",)
    severity = Severity.WARNING
    setup = "CREATE TABLE people (id bigint PRIMARY KEY, email text UNIQUE);\n"
    bad = "CREATE INDEX people_email_idx ON people (email);\n"
    good = "CREATE INDEX people_email_idx ON people (lower(email));\n"
    claim = Claim(
        shows="SELECT count(*) > 1 FROM pg_index WHERE indrelid = 'people'::regclass "
        "AND indkey::text = '2'"
    )

    def finish(self, world: World) -> None:
        """Report the later of two equal indexes; a plain one beside a unique one."""
        seen: dict[object, Index] = {}
        ordered = sorted(world.catalog.indexes.values(), key=lambda index: not index.is_unique)
        for index in ordered:
            table = world.catalog.tables.get(index.table)
            if table is None or (table.parent and index.of_constraint):
                continue
            known = seen.setdefault(shape(index), index)
            is_apart = index.is_unique and index.nulls_not_distinct != known.nulls_not_distinct
            if known is not index and not is_apart:
                world.report_origin(
                    self,
                    index.origin,
                    f"the same as {known.name}",
                    "Leave one of them out.",
                )


def shape(index: Index) -> object:
    """Return what makes two indexes serve the same queries."""
    keys = tuple(
        (key.column or fingerprint(key.expression), key.descending, key.opclass)
        for key in index.keys
    )
    where = fingerprint(index.where) if index.where else ""
    return index.table, index.method, keys, where, tuple(sorted(index.include))
