"""A revert script tried on the model: what is not there, and what something else still needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.apply.drops import FUNCTIONS, dropped
from dsvault.lint.apply.privileges import KINDS, objects
from dsvault.lint.apply.security import role_names
from dsvault.lint.names import is_known
from dsvault.lint.scope import qualified
from dsvault.lint.tree import find, inner, name_of, range_name, strings, type_name, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.lint.catalog import Table
    from dsvault.lint.project import Change, Script
    from dsvault.lint.scope import World
    from dsvault.lint.statements import Statement
    from dsvault.lint.tree import Name, Node

_KINDS = {
    "OBJECT_TABLE": "table",
    "OBJECT_VIEW": "view",
    "OBJECT_MATVIEW": "view",
    "OBJECT_TYPE": "type",
    "OBJECT_DOMAIN": "type",
    "OBJECT_INDEX": "index",
    "OBJECT_SCHEMA": "schema",
}
_RELATIONS = {
    "OBJECT_TABLE": "table",
    "OBJECT_FOREIGN_TABLE": "foreign table",
    "OBJECT_VIEW": "view",
    "OBJECT_MATVIEW": "materialized view",
}


class Trial:
    """Remembers what the script has dropped and made so far."""

    def __init__(self, world: World, script: Script, change: Change) -> None:
        self._catalog = world.catalog
        self._is_whole = not change.requires_elsewhere and world.sequence.kind == "sqitch"
        self._gone: set[tuple[str, tuple[str, ...]]] = set()
        self._made: set[tuple[str, ...]] = set()
        self._script = script
        self._revoked: set[tuple[Name, str]] = set()
        self._free: set[str] = set()  # roles that own and hold nothing any more

    def run(self, statement: Statement) -> Iterator[str]:
        """Yield why a statement fails, and take note of what it does."""
        node = statement.node
        if statement.kind == "DropStmt":
            yield from self._drop(node)
        elif statement.kind == "AlterTableStmt" and "relation" in node:
            yield from self._alter(node)
        elif statement.kind == "DropRoleStmt":
            yield from self._drop_role(node)
        elif statement.kind == "GrantStmt" and not node.get("is_grant"):
            self._revoke(node)
        elif statement.kind == "DropOwnedStmt":
            self._free |= set(role_names(node.get("roles")))
        elif statement.kind in {"CreateStmt", "ViewStmt"}:
            relation = node.get("relation") or node.get("view") or {}
            self._made.add(self._catalog.qualify(range_name(relation)))
        elif statement.kind == "RenameStmt" and "relation" in node:
            name = self._catalog.qualify(range_name(node["relation"]))
            if node.get("renameType") == "OBJECT_TABLE":
                self._made.add((name[0], node.get("newname", "")))

    def _revoke(self, node: Node) -> None:
        kind = KINDS.get(node.get("objtype", ""), "other")
        for name in objects(self._catalog, node, kind):
            self._revoked |= {(name, role) for role in role_names(node.get("grantees"))}

    def _drop_role(self, node: Node) -> Iterator[str]:
        for item in node.get("roles", ()):
            role = item.get("RoleSpec", {}).get("rolename", "")
            held = None if role in self._free else self._held_by(role)
            if held is not None:
                yield f"role {role} still {held}"

    def _held_by(self, role: str) -> str | None:
        """Return what keeps PostgreSQL from dropping a role: a privilege, a policy."""
        tables = self._gone_tables()
        schemas = {name[0] for thing, name in self._gone if thing == "schema"}
        for grant in self._catalog.grants:
            is_gone = (
                grant.object[0] in schemas
                or grant.object in tables
                or (
                    (grant.kind, grant.object) in self._gone
                    or (grant.kind == "schema" and grant.object[1] in schemas)
                    or ("view", grant.object) in self._gone
                )
            )
            is_taken = (grant.object, role) in self._revoked
            if grant.grantee == role and grant.object[1] != "*" and not is_gone and not is_taken:
                return f"holds {grant.privilege} on {qualified(grant.object)}"
        for table in self._catalog.tables.values():
            for policy in table.policies.values() if table.name not in tables else ():
                if role in policy.roles and (
                    ("policy", (*table.name, policy.name)) not in self._gone
                ):
                    return f"stands in policy {policy.name} of {qualified(table.name)}"
        return None

    def _drop(self, node: Node) -> Iterator[str]:
        kind = node.get("removeType", "")
        cascades = node.get("behavior") == "DROP_CASCADE"
        if kind in FUNCTIONS:
            names = [
                self._catalog.qualify(name_of(strings(i["ObjectWithArgs"].get("objname"))))
                for i in node.get("objects", ())
                if "ObjectWithArgs" in i
            ]
            things = [("function", name) for name in names]
        elif kind in _KINDS:
            things = [
                (
                    _KINDS[kind],
                    (parts[-1], "")
                    if kind == "OBJECT_SCHEMA"
                    else self._catalog.qualify(name_of(parts)),
                )
                for parts in dropped(node)
            ]
        else:
            yield from self._drop_part(kind, node)
            return
        if kind in FUNCTIONS and not node.get("missing_ok"):
            yield from self._other_arguments(node)
        together = {("gone", name) for _, name in things}
        for thing, name in things:
            other = self._other_kind(kind, name)
            if other is not None:
                yield f"{qualified(name)} is a {other}"
            elif not node.get("missing_ok") and self._is_missing(thing, name):
                yield f"{thing} {qualified(name)} is not there"
            if not cascades:
                for who in self._dependants(thing, name):
                    if ("gone", who[1]) not in together:
                        yield f"{who[0]} still needs {thing} {qualified(name)}"
                        break
        self._gone |= {(thing, name) for thing, name in things}

    def _other_kind(self, kind: str, name: Name) -> str | None:
        """Return what a thing is, if DROP calls it something else; IF EXISTS is no help then."""
        if kind in {"OBJECT_FUNCTION", "OBJECT_PROCEDURE"}:
            known = {function.is_procedure for function in self._catalog.overloads(name)}
            is_other = known == {kind == "OBJECT_FUNCTION"}
            return ("procedure" if kind == "OBJECT_FUNCTION" else "function") if is_other else None
        view, table = self._catalog.views.get(name), self._catalog.tables.get(name)
        if name in self._made:
            return None
        if view is not None:
            actual = "OBJECT_MATVIEW" if view.is_materialized else "OBJECT_VIEW"
        elif table is not None and table.is_known:
            actual = "OBJECT_FOREIGN_TABLE" if table.is_foreign else "OBJECT_TABLE"
        else:
            return None
        return _RELATIONS[actual] if kind in _RELATIONS and kind != actual else None

    def _other_arguments(self, node: Node) -> Iterator[str]:
        """Yield functions that are there, but with other arguments."""
        for item in node.get("objects", ()):
            reference = item.get("ObjectWithArgs", {})
            name = self._catalog.qualify(name_of(strings(reference.get("objname"))))
            known = [f.arguments for f in self._catalog.functions.get(name, ())]
            wanted = tuple(
                type_name(kind["TypeName"])
                for kind in reference.get("objargs", ())
                if "TypeName" in kind
            )
            sizes = {len(arguments) for arguments in known}
            if known and not reference.get("args_unspecified") and len(wanted) not in sizes:
                yield f"function {qualified(name)} takes other arguments"

    def _drop_part(self, kind: str, node: Node) -> Iterator[str]:
        if kind not in {"OBJECT_POLICY", "OBJECT_TRIGGER"}:
            return
        word = kind.removeprefix("OBJECT_").lower()
        for parts in dropped(node):
            table = self._catalog.table(name_of(parts[:-1]))
            name = self._catalog.qualify(name_of(parts[:-1]))
            self._gone.add((word, (*name, parts[-1])))
            if ("table", name) in self._gone and not node.get("missing_ok"):
                yield f"table {qualified(name)} was dropped before"
            elif table is not None and table.is_known and not node.get("missing_ok"):
                known = table.policies if word == "policy" else table.triggers
                if parts[-1] not in known and word not in self._catalog.computed:
                    yield f"{word} {parts[-1]} of {qualified(name)} is not there"

    def _alter(self, node: Node) -> Iterator[str]:
        name = self._catalog.qualify(range_name(node["relation"]))
        table = self._catalog.tables.get(name)
        if ("table", name) in self._gone and name not in self._made and not node.get("missing_ok"):
            yield f"table {qualified(name)} was dropped before"
            return
        for item in node.get("cmds", ()):
            yield from self._command(name, table, item["AlterTableCmd"])

    def _command(self, name: Name, table: Table | None, command: Node) -> Iterator[str]:
        subtype, part = command.get("subtype"), command.get("name", "")
        is_known_table = table is not None and table.is_known and not command.get("missing_ok")
        if subtype == "AT_DropColumn":
            self._gone.add(("column", (*name, part)))
            is_closed = is_known_table and table is not None and not table.has_open_columns
            if is_closed and table is not None and part not in table.columns:
                yield f"column {part} of {qualified(name)} is not there"
            if command.get("behavior") != "DROP_CASCADE":
                yield from self._views_of_column(name, part)
        elif subtype == "AT_DropConstraint":
            self._gone.add(("constraint", (*name, part)))
            is_alone = is_known_table and table is not None and not table.parent
            if is_alone and table is not None and part not in table.constraints:
                yield f"constraint {part} of {qualified(name)} is not there"
        elif subtype == "AT_AddColumn":
            yield from _needs_value(command)

    def _views_of_column(self, table: Name, column: str) -> Iterator[str]:
        for view in self._catalog.views.values():
            if ("view", view.name) in self._gone:
                continue
            tables = {
                self._catalog.qualify(range_name(f)) for k, f in walk(view.query) if k == "RangeVar"
            }
            names = {n for f in find(view.query, "ColumnRef") for n in strings(f.get("fields"))}
            if tables == {table} and column in names:
                yield f"view {qualified(view.name)} still needs column {column}"

    def _is_missing(self, thing: str, name: Name) -> bool:
        if (thing, name) in self._gone:
            return name not in self._made
        if not self._is_whole or name in self._made:
            return False
        match thing:
            case "schema":
                return name[0] not in self._catalog.schemas and name[0] != "public"
            case "index":
                return name not in self._catalog.indexes and "index" not in self._catalog.computed
            case "table" | "view":
                return not is_known(self._catalog, "relation", name) and (
                    "partition" not in self._catalog.computed
                )
            case _:
                return not is_known(self._catalog, thing, name)

    def _dependants(self, thing: str, name: Name) -> Iterator[tuple[str, Name]]:
        """Yield what would stop PostgreSQL from dropping the thing."""
        match thing:
            case "table" | "view":
                yield from self._of_relation(name)
            case "function":
                yield from self._of_function(name)
            case "type":
                yield from self._of_type(name)
            case "schema":
                yield from self._of_schema(name[0])

    def _of_relation(self, name: Name) -> Iterator[tuple[str, Name]]:
        for table in self._catalog.tables.values():
            if table.name == name or ("table", table.name) in self._gone:
                continue
            if table.parent == name or table.parent in self._gone_tables():
                continue
            for constraint in table.of_kind("foreign"):
                is_gone = ("constraint", (*table.name, constraint.name)) in self._gone
                columns_gone = any(
                    ("column", (*table.name, c)) in self._gone for c in constraint.columns
                )
                if constraint.ref_table == name and not is_gone and not columns_gone:
                    yield f"foreign key {constraint.name} of {qualified(table.name)}", table.name
        for view in self._catalog.views.values():
            if view.name == name or ("view", view.name) in self._gone:
                continue
            tables = {range_name(f) for k, f in walk(view.query) if k == "RangeVar"}
            if name in {self._catalog.qualify(t) for t in tables}:
                yield f"view {qualified(view.name)}", view.name

    def _gone_tables(self) -> set[tuple[str, ...]]:
        return {name for thing, name in self._gone if thing == "table"}

    def _of_function(self, name: Name) -> Iterator[tuple[str, Name]]:
        for table in self._catalog.tables.values():
            if ("table", table.name) in self._gone or table.parent in self._gone_tables():
                continue
            for trigger in table.triggers.values():
                is_gone = ("trigger", (*table.name, trigger.name)) in self._gone
                if trigger.function == name and not is_gone:
                    yield f"trigger {trigger.name} of {qualified(table.name)}", table.name
            for policy in table.policies.values():
                is_gone = ("policy", (*table.name, policy.name)) in self._gone
                if not is_gone and self._calls([policy.using, policy.check], name):
                    yield f"policy {policy.name} of {qualified(table.name)}", table.name
            for column in table.columns.values():
                is_gone = ("column", (*table.name, column.name)) in self._gone
                if not is_gone and self._calls([column.default, column.generated], name):
                    yield f"column {column.name} of {qualified(table.name)}", table.name

    def _calls(self, nodes: list[Node | None], name: Name) -> bool:
        return any(name in self._catalog.called(node) for node in nodes if node)

    def _of_type(self, name: Name) -> Iterator[tuple[str, Name]]:
        for table in self._catalog.tables.values():
            if ("table", table.name) in self._gone or table.parent in self._gone_tables():
                continue
            for column in table.columns.values():
                written = column.type.removesuffix("[]").split(".")
                is_gone = ("column", (*table.name, column.name)) in self._gone
                if self._catalog.qualify(name_of(written)) == name and not is_gone:
                    yield f"column {column.name} of {qualified(table.name)}", table.name
        for function in self._catalog.all_functions():
            kinds = [kind for _, kind, _ in function.parameters] + [function.returns]
            plain = {kind.removesuffix(" setof").removesuffix("[]") for kind in kinds if kind}
            takes = {self._catalog.qualify(name_of(kind.split("."))) for kind in plain}
            if name in takes and ("function", function.name) not in self._gone:
                yield f"function {qualified(function.name)}", function.name

    def _of_schema(self, schema: str) -> Iterator[tuple[str, Name]]:
        groups = (
            ("table", self._catalog.tables),
            ("view", self._catalog.views),
            ("type", self._catalog.types),
        )
        for word, group in groups:
            for name, thing in group.items():
                is_known_thing = getattr(thing, "is_known", True)
                parent = getattr(thing, "parent", None)
                if name[0] != schema or (word, name) in self._gone or not is_known_thing:
                    continue
                if parent not in self._gone_tables():
                    yield f"{word} {qualified(name)}", name
        for name, overloads in self._catalog.functions.items():
            if name[0] == schema and overloads and ("function", name) not in self._gone:
                yield f"function {qualified(name)}", name


def _needs_value(command: Node) -> Iterator[str]:
    """Yield why a column cannot be added to a table that has rows."""
    _, fields = inner(command.get("def"))
    kinds = {item["Constraint"].get("contype") for item in fields.get("constraints", ())}
    filled = kinds & {"CONSTR_DEFAULT", "CONSTR_IDENTITY", "CONSTR_GENERATED"}
    is_serial = "serial" in type_name(fields.get("typeName"))
    if "CONSTR_NOTNULL" in kinds and not filled and not is_serial:
        yield f"{fields.get('colname')} has no value for the rows that are there"
