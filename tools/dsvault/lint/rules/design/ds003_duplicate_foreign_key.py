from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule

if TYPE_CHECKING:
    from dsvault.lint.catalog import Constraint
    from dsvault.lint.scope import World


class DuplicateForeignKey(Rule):
    """Foreign key that is there already.

    Why: every write is checked twice, and whoever drops one believes the rule gone.
    When not: the columns, or what they refer to, differ.
    Instead: leave the second one out.
    """

    code = "DS003"
    classes = ("duplicate-foreign-key",)
    severity = Severity.WARNING
    setup = (
        "CREATE TABLE people (id bigint PRIMARY KEY);\n"
        "CREATE TABLE notes (author bigint REFERENCES people);\n"
    )
    bad = "ALTER TABLE notes ADD CONSTRAINT twice FOREIGN KEY (author) REFERENCES people (id);\n"
    good = "ALTER TABLE notes ADD COLUMN editor bigint REFERENCES people (id);\n"
    claim = Claim(
        shows="SELECT count(*) > 1 FROM pg_constraint WHERE contype = 'f' AND conkey = '{1}'"
    )

    def finish(self, world: World) -> None:
        """Report the later of two equal keys."""
        for table in world.catalog.tables.values():
            seen: dict[object, Constraint] = {}
            for key in table.of_kind("foreign"):
                pairs = frozenset(zip(key.columns, key.ref_columns, strict=False))
                known = seen.setdefault((key.ref_table, pairs or key.columns), key)
                if known is not key and not table.parent:
                    world.report_origin(
                        self, key.origin, f"the same as {known.name}", "Leave one of them out."
                    )
