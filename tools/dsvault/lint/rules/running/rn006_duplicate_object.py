from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.apply.functions import function_of
from dsvault.lint.apply.indexes import index_of
from dsvault.lint.catalog import Origin
from dsvault.lint.names import is_known, made
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tree import find, inner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Node


class DuplicateObject(Rule):
    """Something is made twice.

    Why: the second statement fails.
    When not: IF NOT EXISTS, OR REPLACE, or a DROP before it.
    Instead: remove one of the two.
    """

    code = "RN006"
    classes = ("duplicate-object",)
    on = (
        "CreateStmt", "CreateTableAsStmt", "ViewStmt", "IndexStmt", "CreateFunctionStmt",
        "CreateEnumStmt", "CreateDomainStmt", "CompositeTypeStmt", "CreateSeqStmt",
        "CreatePolicyStmt", "CreateTrigStmt", "AlterTableStmt", "CreateSchemaStmt",
        "CreateRoleStmt",
    )  # fmt: skip
    bad = "CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE a (id int PRIMARY KEY);\n"
    good = (
        "CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE IF NOT EXISTS a (id int PRIMARY KEY);\n"
    )
    claim = Claim(fails="42P07")

    def statement(self, scope: Scope) -> None:
        """Report the second one."""
        if scope.node.get("if_not_exists") or scope.is_computed or _is_guarded(scope):
            return
        reader = _READERS.get(scope.kind, _object)
        for what, at in reader(scope):
            scope.report(self, f"{what} is there already", "Remove one of the two.", at=at)
        if scope.kind == "CreateStmt":
            for name, at in _twice(scope.node.get("tableElts", ())):
                scope.report(self, f"constraint {name} is named twice", "Name it once.", at=at)


def _is_guarded(scope: Scope) -> bool:
    """Say whether a DO block asks first, or catches that it is there."""
    body = scope.enclosing
    if scope.where != "do" or body is None:
        return False
    steps = list(body.all_steps())
    return any(step.kind == "IF" or step.handlers for step in steps)


def _object(scope: Scope) -> Iterator[tuple[str, int | None]]:
    found = made(scope.catalog, scope.kind, scope.node)
    if found is None or scope.node.get("replace"):
        return
    thing, name = found
    if thing == "function":
        function = function_of(scope.catalog, scope.node, Origin(scope.script, scope.start))
        known = scope.catalog.functions.get(name, ())
        if any(other.arguments == function.arguments for other in known):
            yield f"function {qualified(name)}({', '.join(function.arguments)})", None
    elif is_known(scope.catalog, thing, name) or (
        thing == "relation" and name in scope.catalog.indexes
    ):
        yield f"{thing} {qualified(name)}", None


def _index(scope: Scope) -> Iterator[tuple[str, int | None]]:
    index = index_of(scope.node, scope.relation(), Origin(scope.script, scope.start))
    name = (scope.relation()[0], index.name)
    is_there = name in scope.catalog.indexes or is_known(scope.catalog, "relation", name)
    if is_there and "idxname" in scope.node:
        yield f"index {index.name}", None


def _policy(scope: Scope) -> Iterator[tuple[str, int | None]]:
    table = scope.catalog.table(scope.relation())
    if table is not None and scope.node.get("policy_name") in table.policies:
        yield f"policy {scope.node['policy_name']}", None


def _trigger(scope: Scope) -> Iterator[tuple[str, int | None]]:
    table = scope.catalog.table(scope.relation())
    if scope.node.get("replace") or table is None:
        return
    if scope.node.get("trigname") in table.triggers:
        yield f"trigger {scope.node['trigname']}", None


def _alter(scope: Scope) -> Iterator[tuple[str, int | None]]:
    table = scope.catalog.table(scope.relation())
    if table is None:
        return
    dropped_now = {c.get("name") for c in scope.commands("AT_DropConstraint", "AT_DropColumn")}
    for command in scope.commands("AT_AddColumn", "AT_AddConstraint"):
        kind, fields = inner(command.get("def"))
        if kind == "ColumnDef" and not command.get("missing_ok"):
            if fields.get("colname") in set(table.columns) - dropped_now:
                yield f"column {fields['colname']}", fields.get("location")
        elif fields.get("conname") in set(table.constraints) - dropped_now:
            yield f"constraint {fields['conname']}", fields.get("location")


def _schema(scope: Scope) -> Iterator[tuple[str, int | None]]:
    if scope.node.get("schemaname") in scope.catalog.schemas:
        yield f"schema {scope.node['schemaname']}", None


def _role(scope: Scope) -> Iterator[tuple[str, int | None]]:
    if scope.node.get("role") in scope.catalog.roles:
        yield f"role {scope.node['role']}", None


def _twice(elements: list[Node]) -> Iterator[tuple[str, int | None]]:
    seen: set[str] = set()
    for fields in find(elements, "Constraint"):
        name = fields.get("conname")
        if name and name in seen:
            yield name, fields.get("location")
        seen.add(name or "")


_READERS = {
    "IndexStmt": _index,
    "CreatePolicyStmt": _policy,
    "CreateTrigStmt": _trigger,
    "AlterTableStmt": _alter,
    "CreateSchemaStmt": _schema,
    "CreateRoleStmt": _role,
}
