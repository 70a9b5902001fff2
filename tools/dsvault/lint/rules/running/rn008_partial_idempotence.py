from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.apply.drops import dropped
from dsvault.lint.findings import Severity
from dsvault.lint.rule import Rule
from dsvault.lint.tree import strings

if TYPE_CHECKING:
    from collections.abc import Callable

    from dsvault.lint.scope import Scope
    from dsvault.lint.statements import Statement
    from dsvault.lint.tree import Node


_FEW = 4
_TIMID = ("CreateStmt", "IndexStmt", "CreateSeqStmt", "CreateTableAsStmt")


class PartialIdempotence(Rule):
    """Some statements can be run twice, others of the same script cannot.

    Why: the guards promise that the script can be repeated; the second run fails half way.
    When not: extensions, schemas and roles, which others may have made.
    Instead: guard all of them (IF NOT EXISTS, OR REPLACE, DROP … IF EXISTS before), or none.
    """

    code = "RN008"
    classes = ("partial-idempotence",)
    severity = Severity.WARNING
    bad = (
        "CREATE TABLE IF NOT EXISTS a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY);\n"
    )
    good = (
        "CREATE TABLE IF NOT EXISTS a (id int PRIMARY KEY);\n"
        "CREATE TABLE IF NOT EXISTS b (id int PRIMARY KEY);\n"
    )

    def script(self, scope: Scope) -> None:
        """Report the statements without a guard beside those with one."""
        guarded = 0
        bare: list[tuple[int, str]] = []
        gone: set[str] = set()
        drops: list[tuple[int, str]] = []
        for statement in scope.statements:
            if statement.kind == "DropStmt" and statement.node.get("missing_ok"):
                gone |= {parts[-1] for parts in dropped(statement.node) if parts}
            state, what = _state(statement, gone)
            guarded += state == "guarded"
            if statement.kind == "DropStmt":
                drops.append((statement.start, "" if statement.node.get("missing_ok") else "bare"))
            if state == "bare":
                bare.append((statement.start, what))
        if len({word for _, word in drops}) > 1:
            bare += [(start, "this DROP") for start, word in drops if word]
            guarded += 1
        if guarded:
            # Where almost nothing is guarded, one word is enough.
            for start, what in bare if len(bare) <= _FEW + guarded else bare[:1]:
                scope.report(
                    self,
                    f"{what} fails in a second run, others of this script do not",
                    "Guard all statements, or none.",
                    at=start,
                )


def _state(statement: Statement, gone: set[str]) -> tuple[str, str]:
    """Tell whether a statement can be run twice: guarded, bare, or of no concern."""
    node, kind = statement.node, statement.kind
    if kind in _TIMID:
        if node.get("if_not_exists"):
            return "guarded", ""
        into = node.get("into", {}).get("rel")
        relation = node.get("relation") or node.get("sequence") or into or {}
        name = node.get("idxname") or relation.get("relname")
        is_temporary = relation.get("relpersistence") == "t"
        return (
            ("", "") if name in gone or is_temporary else ("bare", f"making {name or 'an index'}")
        )
    if kind == "AlterTableStmt":
        return _of_alter(node, gone)
    name = _NAMES[kind](node) if kind in _NAMES and not node.get("replace") else None
    if name is not None:
        return ("", "") if name in gone else ("bare", f"making {name}")
    return _of_type(statement, gone)


def _of_type(statement: Statement, gone: set[str]) -> tuple[str, str]:
    node = statement.node
    if statement.kind not in {"CreateEnumStmt", "CreateDomainStmt", "CompositeTypeStmt"}:
        return "", ""
    names = strings(node.get("typeName") or node.get("domainname"))
    name = names[-1] if names else node.get("typevar", {}).get("relname")
    return ("", "") if name in gone else ("bare", f"type {name}")


def _of_alter(node: Node, gone: set[str]) -> tuple[str, str]:
    commands = [item["AlterTableCmd"] for item in node.get("cmds", ())]
    for command in commands:
        if command.get("subtype") == "AT_DropConstraint" and command.get("missing_ok"):
            gone.add(command.get("name", ""))
        if command.get("subtype") == "AT_AddColumn":
            if command.get("missing_ok"):
                return "guarded", ""
            return "bare", f"column {command['def']['ColumnDef'].get('colname')}"
        if command.get("subtype") == "AT_AddConstraint":
            name = command["def"]["Constraint"].get("conname")
            return ("", "") if name in gone else ("bare", f"constraint {name}")
    return "", ""


_NAMES: dict[str, Callable[[Node], str | None]] = {
    "CreatePolicyStmt": lambda node: node.get("policy_name"),
    "CreateTrigStmt": lambda node: node.get("trigname"),
    "ViewStmt": lambda node: node["view"].get("relname"),
    "CreateFunctionStmt": lambda node: strings(node.get("funcname"))[-1],
}
