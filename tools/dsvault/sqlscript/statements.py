"""Cut a script into its statements, and tell what each means for the transaction around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pglast import ast, enums, parser

from dsvault.sqlscript.kinds import Kind, Statement
from dsvault.sqlscript.lexing import first_character

if TYPE_CHECKING:
    from collections.abc import Iterator

# Only these can matter to the transaction; all others skip the costly walk through the full tree.
_WORTH_A_LOOK = re.compile(
    r"(?:BEGIN|START|COMMIT|END|ROLLBACK|ABORT|PREPARE|VACUUM|CLUSTER|REINDEX|DISCARD|COPY"
    r"|(?:CREATE|DROP|ALTER)\s+(?:DATABASE|TABLESPACE|SUBSCRIPTION|SYSTEM))\b|.*\bCONCURRENTLY\b",
    re.IGNORECASE | re.DOTALL,
)


# What nearly every script has; the tree of any other is looked at.
_USUAL = {"BEGIN": Kind.BEGIN, "COMMIT": Kind.COMMIT, "ROLLBACK": Kind.ROLLBACK}


def split(text: str) -> Iterator[Statement]:
    """Yield the statements of a script in order.

    :raises pglast.parser.ParseError: the text is not PostgreSQL; its second argument is the offset.
    """
    in_block = False
    for piece in parser.split(text, True, True):  # noqa: FBT003 - pglast takes positions only
        start = first_character(text, piece.start)
        kind, read_only = _classify(text[start : piece.stop])
        yield Statement(text[start : piece.stop], start, kind, in_block, read_only)
        if kind is Kind.BEGIN:
            in_block = True
        elif kind in (Kind.COMMIT, Kind.ROLLBACK):
            in_block = False


def _classify(text: str) -> tuple[Kind, bool]:
    """Return the statement's kind, and whether it opens a read-only transaction."""
    if not _WORTH_A_LOOK.match(text):
        return Kind.PLAIN, False
    if text.upper() in _USUAL:
        return _USUAL[text.upper()], False
    node = parser.parse_sql(text)[0].stmt
    if isinstance(node, ast.TransactionStmt):
        return _kind_of_control(node), _is_read_only(node)
    if isinstance(node, ast.CopyStmt):
        return (Kind.PLAIN if node.filename else Kind.CLIENT), False
    return (Kind.OUTSIDE if _is_refused_in_transaction(node) else Kind.PLAIN), False


def _kind_of_control(node: ast.TransactionStmt) -> Kind:
    kinds = enums.TransactionStmtKind
    if node.kind in (kinds.TRANS_STMT_BEGIN, kinds.TRANS_STMT_START):
        return Kind.BEGIN
    if node.kind == kinds.TRANS_STMT_COMMIT and not node.chain:
        return Kind.COMMIT
    if node.kind == kinds.TRANS_STMT_ROLLBACK and not node.chain:
        return Kind.ROLLBACK
    savepoints = (
        kinds.TRANS_STMT_SAVEPOINT,
        kinds.TRANS_STMT_RELEASE,
        kinds.TRANS_STMT_ROLLBACK_TO,
    )
    return Kind.PLAIN if node.kind in savepoints else Kind.CONTROL


def _is_read_only(node: ast.TransactionStmt) -> bool:
    return any(
        option.defname == "transaction_read_only" and option.arg.val.ival != 0
        for option in node.options or ()
    )


def _is_refused_in_transaction(node: ast.Node | None) -> bool:
    """Say whether PostgreSQL refuses the statement inside of a transaction block.

    Only as far as its text tells: REINDEX of a partitioned table, say, only the server can judge.
    """
    match node:
        case ast.IndexStmt() | ast.DropStmt():
            refused = bool(node.concurrent)
        case ast.ReindexStmt():
            refused = _is_reindex_refused(node)
        case ast.VacuumStmt():
            refused = bool(node.is_vacuumcmd)
        case ast.ClusterStmt():
            refused = node.relation is None
        case ast.AlterTableStmt():
            refused = any(getattr(command.def_, "concurrent", False) for command in node.cmds or ())
        case ast.DiscardStmt():
            refused = node.target == enums.DiscardMode.DISCARD_ALL
        case ast.AlterDatabaseStmt():
            refused = any(option.defname == "tablespace" for option in node.options or ())
        case _:
            refused = isinstance(node, _always_refused())
    return refused


def _always_refused() -> tuple[type[ast.Node], ...]:
    return (
        ast.AlterSystemStmt,
        ast.CreatedbStmt,
        ast.CreateSubscriptionStmt,
        ast.CreateTableSpaceStmt,
        ast.DropdbStmt,
        ast.DropSubscriptionStmt,
        ast.DropTableSpaceStmt,
    )


def _is_reindex_refused(node: ast.ReindexStmt) -> bool:
    kinds = enums.ReindexObjectType
    whole = (
        kinds.REINDEX_OBJECT_SCHEMA,
        kinds.REINDEX_OBJECT_SYSTEM,
        kinds.REINDEX_OBJECT_DATABASE,
    )
    return node.kind in whole or "concurrently" in {item.defname for item in node.params or ()}
