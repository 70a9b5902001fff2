from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class ClusterTable(Rule):
    """CLUSTER on a table that is in use.

    Why: the table is rewritten, and nobody reads or writes it meanwhile.
    When not: the table is made by the same script.
    Instead: order the rows in a new table, or use pg_repack.
    """

    code = "LK023"
    classes = ("cluster-table",)
    on = ("ClusterStmt",)
    setup = "CREATE TABLE notes (id int PRIMARY KEY);\n"
    bad = "CLUSTER notes USING notes_pkey;\n"
    good = "CREATE TABLE fresh (id int PRIMARY KEY);\nCLUSTER fresh USING fresh_pkey;\n"
    claim = Claim(rewrites=True)

    def statement(self, scope: Scope) -> None:
        """Report CLUSTER."""
        if "relation" not in scope.node or scope.existing(scope.relation()):
            table = scope.named if "relation" in scope.node else "any table ever clustered"
            scope.report(
                self,
                f"nobody reads or writes {table} while it is rewritten",
                "Order the rows in a new table, or use pg_repack.",
            )
