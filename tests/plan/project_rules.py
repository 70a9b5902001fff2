"""The house rules of change scripts, each as a function from a script to what is wrong with it."""

# ruff: noqa: N802 - the parser's visitors are named after its nodes
from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pglast import ast, parse_sql, scan
from pglast.enums import ConstrType, ObjectType, TransactionStmtKind
from pglast.visitors import Visitor

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_COLUMNS = 100
MOST_LINES = 150
FACTS = ("Why", "Locks", "Data", "Revert")
_CODE = re.compile(r"\bDV\d{3}\b")
_DEFINER = re.compile(r"SECURITY\s+DEFINER", re.IGNORECASE)


def lines_too_long(text: str) -> list[int]:
    """Return the numbers of the lines that are too long, counted from 1."""
    return [n for n, line in enumerate(text.splitlines(), 1) if len(line) > MOST_COLUMNS]


def header(text: str) -> list[str]:
    """Return the comment that a script begins with, line by line, without its hyphens."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    return lines


def missing_facts(text: str) -> list[str]:
    """Return the facts that a deploy script's header owes its reviewer: absent, empty or moved."""
    given = [line.partition(":") for line in header(text)]
    stated = [fact for fact, colon, rest in given if colon and fact in FACTS and rest.strip()]
    return (
        []
        if stated == list(FACTS)
        else [fact for fact in FACTS if stated.count(fact) != 1] or ["another order"]
    )


def transaction_control(text: str) -> list[str]:
    """Return the names of all transaction commands of a script, in order."""
    statements = (raw.stmt for raw in parse_sql(text))
    kinds = [stmt.kind for stmt in statements if isinstance(stmt, ast.TransactionStmt)]
    return [TransactionStmtKind(kind).name.removeprefix("TRANS_STMT_") for kind in kinds]


def changed_tables(text: str) -> set[str]:
    """Return the tables whose definition a script changes and that it did not make itself.

    A statement inside of a DO block is not seen; every script with such a block has others too.
    """
    finder = _Definitions()
    finder(parse_sql(text))
    return finder.changed - finder.made


def sets_lock_timeout(text: str) -> bool:
    """Tell whether a script limits how long it waits for a lock, in its own transaction only."""
    settings = (raw.stmt for raw in parse_sql(text))
    return any(
        isinstance(stmt, ast.VariableSetStmt) and stmt.is_local and stmt.name == "lock_timeout"
        for stmt in settings
    )


def unexplained_definers(text: str) -> list[str]:
    """Return the SECURITY DEFINER functions of a script that no comment before them explains."""
    return [
        name
        for name, comments in _definers_with_comments(text)
        if not any(_DEFINER.search(comment) for comment in comments)
    ]


def unqualified_names(text: str) -> set[str]:
    """Return the relations and created routines that a script names without their schema."""
    finder = _Names()
    finder(parse_sql(text))
    return finder.unqualified


def error_codes(text: str) -> set[str]:
    """Return the error codes of the project that a text names."""
    return set(_CODE.findall(text))


def _is_definer(stmt: ast.CreateFunctionStmt) -> bool:
    return any(option.defname == "security" and option.arg.boolval for option in stmt.options or ())


def _definers_with_comments(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each definer function with the comments between it and the statement before it.

    The text is ASCII, as scripts are: the parser counts bytes.
    """
    comments = [
        (token.start, text[token.start : token.end + 1])
        for token in scan(text)
        if token.name == "SQL_COMMENT"
    ]
    end = 0
    for raw in parse_sql(text):
        before, end = end, raw.stmt_location + (raw.stmt_len or len(text))
        if isinstance(raw.stmt, ast.CreateFunctionStmt) and _is_definer(raw.stmt):
            keyword = text.index("CREATE", raw.stmt_location)
            reasons = [words for start, words in comments if before <= start < keyword]
            yield ".".join(part.sval for part in raw.stmt.funcname), reasons


def _name(relation: ast.RangeVar) -> str:
    return f"{relation.schemaname}.{relation.relname}"


class _Definitions(Visitor):
    """Collects the tables that statements make, and those whose definition they change."""

    def __init__(self) -> None:
        self.made: set[str] = set()
        self.changed: set[str] = set()

    def visit_CreateStmt(self, _ancestors: object, node: ast.CreateStmt) -> None:
        self.made.add(_name(node.relation))

    def visit_Constraint(self, _ancestors: object, node: ast.Constraint) -> None:
        if node.contype == ConstrType.CONSTR_FOREIGN:
            self.changed.add(_name(node.pktable))

    def visit_AlterTableStmt(self, _ancestors: object, node: ast.AlterTableStmt) -> None:
        self.changed.add(_name(node.relation))

    def visit_IndexStmt(self, _ancestors: object, node: ast.IndexStmt) -> None:
        self.changed.add(_name(node.relation))

    def visit_CreateTrigStmt(self, _ancestors: object, node: ast.CreateTrigStmt) -> None:
        self.changed.add(_name(node.relation))

    def visit_CreatePolicyStmt(self, _ancestors: object, node: ast.CreatePolicyStmt) -> None:
        self.changed.add(_name(node.table))

    def visit_DropStmt(self, _ancestors: object, node: ast.DropStmt) -> None:
        # The table's name is the whole name, or stands before the trigger's or policy's own.
        of_a_table = {ObjectType.OBJECT_TRIGGER, ObjectType.OBJECT_POLICY}
        if node.removeType in {ObjectType.OBJECT_TABLE, *of_a_table}:
            for parts in node.objects:
                names = [part.sval for part in parts]
                self.changed.add(".".join(names[:2]))


class _Names(Visitor):
    """Collects the names of relations and created routines that lack a schema."""

    def __init__(self) -> None:
        self.named: set[str] = set()
        self.common: set[str] = set()

    @property
    def unqualified(self) -> set[str]:
        return self.named - self.common

    def visit_CommonTableExpr(self, _ancestors: object, node: ast.CommonTableExpr) -> None:
        self.common.add(node.ctename)

    def visit_RangeVar(self, _ancestors: object, node: ast.RangeVar) -> None:
        if node.schemaname is None:
            self.named.add(node.relname)

    def visit_CreateFunctionStmt(self, _ancestors: object, node: ast.CreateFunctionStmt) -> None:
        if len(node.funcname) < 2:
            self.named.add(node.funcname[0].sval)
