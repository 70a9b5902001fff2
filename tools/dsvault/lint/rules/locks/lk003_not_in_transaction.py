from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


_ALWAYS = {
    "CreatedbStmt": "CREATE DATABASE",
    "DropdbStmt": "DROP DATABASE",
    "CreateTableSpaceStmt": "CREATE TABLESPACE",
    "DropTableSpaceStmt": "DROP TABLESPACE",
    "AlterSystemStmt": "ALTER SYSTEM",
    "CreateSubscriptionStmt": "CREATE SUBSCRIPTION",
}
_WHOLE = {"REINDEX_OBJECT_SCHEMA", "REINDEX_OBJECT_SYSTEM", "REINDEX_OBJECT_DATABASE"}


class NotInTransaction(Rule):
    """VACUUM, CREATE DATABASE and their like inside of a transaction.

    Why: PostgreSQL refuses them there.
    Instead: a script of its own without BEGIN and COMMIT (for sqlx: `-- no-transaction`).
    """

    code = "LK003"
    classes = ("vacuum-in-transaction",)
    on = ("VacuumStmt", "ReindexStmt", "ClusterStmt", "DiscardStmt", *_ALWAYS)
    in_functions = True
    tasks = frozenset({"deploy", "revert", "verify", "plain"})
    setup = "CREATE TABLE orders (id bigint PRIMARY KEY);\n"
    bad = "BEGIN;\nVACUUM orders;\nCOMMIT;\n"
    good = "VACUUM orders;\n"
    claim = Claim(fails="25001")

    def statement(self, scope: Scope) -> None:
        """Report a statement that no transaction takes."""
        what = _refused(scope)
        if what and scope.in_block:
            scope.report(
                self,
                f"PostgreSQL refuses {what} inside of a transaction",
                "Give it a script of its own, without BEGIN and COMMIT.",
            )


def _refused(scope: Scope) -> str:
    """Return the words of a statement that is refused, "" for one that is not."""
    match scope.kind:
        case "VacuumStmt":
            return "VACUUM" if scope.node.get("is_vacuumcmd") else ""
        case "ReindexStmt":
            return "REINDEX" if scope.node.get("kind") in _WHOLE else ""
        case "ClusterStmt":
            return "" if "relation" in scope.node else "CLUSTER of all tables"
        case "DiscardStmt":
            return "DISCARD ALL" if scope.node.get("target") == "DISCARD_ALL" else ""
        case _:
            return _ALWAYS[scope.kind]
