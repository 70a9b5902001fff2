from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.apply.functions import function_of
from dsvault.lint.apply.indexes import index_of
from dsvault.lint.catalog import Origin
from dsvault.lint.names import is_known, made
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tree import find, inner, name_of, strings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.lint.scope import Scope


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
        "CreateRoleStmt", "RenameStmt", "AlterEnumStmt", "CreateExtensionStmt",
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
        for what, at in _twice(scope):
            scope.report(self, f"{what} stands here twice", "Name it once.", at=at)


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
        elif fields.get("contype") == "CONSTR_PRIMARY":
            known = table.primary_key
            if known is not None and known.name not in dropped_now:
                yield f"primary key {known.name}", fields.get("location")


def _schema(scope: Scope) -> Iterator[tuple[str, int | None]]:
    if scope.node.get("schemaname") in scope.catalog.schemas:
        yield f"schema {scope.node['schemaname']}", None


def _role(scope: Scope) -> Iterator[tuple[str, int | None]]:
    if scope.node.get("role") in scope.catalog.roles:
        yield f"role {scope.node['role']}", None


def _enum(scope: Scope) -> Iterator[tuple[str, int | None]]:
    kind = scope.catalog.types.get(scope.catalog.qualify(name_of(strings(scope.node["typeName"]))))
    value = scope.node.get("newVal")
    if kind is not None and value in kind.values and not scope.node.get("skipIfNewValExists"):
        yield f"value {value}", None


def _extension(scope: Scope) -> Iterator[tuple[str, int | None]]:
    if scope.node.get("extname") in scope.catalog.extensions:
        yield f"extension {scope.node['extname']}", None


def _rename(scope: Scope) -> Iterator[tuple[str, int | None]]:
    new, kind = scope.node.get("newname", ""), scope.node.get("renameType")
    if "relation" not in scope.node:
        return
    table = scope.catalog.table(scope.relation())
    if kind == "OBJECT_COLUMN" and table is not None and new in table.columns:
        yield f"column {new}", None
    elif kind == "OBJECT_TABLE" and is_known(scope.catalog, "relation", (scope.relation()[0], new)):
        yield f"relation {new}", None


def _twice(scope: Scope) -> Iterator[tuple[str, int | None]]:
    """Yield what one statement names more than once."""
    seen: set[str] = set()
    for what, at in _named(scope):
        if what in seen:
            yield what, at
        seen.add(what)


def _named(scope: Scope) -> Iterator[tuple[str, int | None]]:
    if scope.kind == "CreateEnumStmt":
        yield from ((f"value {value}", None) for value in strings(scope.node.get("vals")))
    if scope.kind != "CreateStmt":
        return
    elements = scope.node.get("tableElts", ())
    for kind, fields in map(inner, elements):
        if kind == "ColumnDef":
            yield f"column {fields.get('colname')}", fields.get("location")
    for fields in find(elements, "Constraint"):
        if fields.get("contype") == "CONSTR_PRIMARY":
            yield "a primary key", fields.get("location")
        if fields.get("conname"):
            yield f"constraint {fields['conname']}", fields.get("location")


_READERS = {
    "IndexStmt": _index,
    "CreatePolicyStmt": _policy,
    "CreateTrigStmt": _trigger,
    "AlterTableStmt": _alter,
    "CreateSchemaStmt": _schema,
    "CreateRoleStmt": _role,
    "RenameStmt": _rename,
    "AlterEnumStmt": _enum,
    "CreateExtensionStmt": _extension,
}
