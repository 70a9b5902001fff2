"""What a deploy script changes, as marks that its revert script has to take back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dsvault.lint.apply.drops import FUNCTIONS, dropped
from dsvault.lint.apply.functions import function_of, functions_meant
from dsvault.lint.apply.indexes import index_of
from dsvault.lint.apply.privileges import objects, privileges
from dsvault.lint.apply.security import role_names
from dsvault.lint.catalog import Origin
from dsvault.lint.names import is_known, made
from dsvault.lint.tree import (
    find,
    inner,
    items_of,
    name_of,
    option,
    range_name,
    strings,
    type_name,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dsvault.lint.scope import Parsed, Scope
    from dsvault.lint.tree import Name, Node

_COMPUTED = "dsvault_lint_any"
_RELATIONS = {
    "OBJECT_TABLE",
    "OBJECT_VIEW",
    "OBJECT_MATVIEW",
    "OBJECT_SEQUENCE",
    "OBJECT_FOREIGN_TABLE",
}
_SWITCHES = {
    "AT_EnableRowSecurity": ("+", "row security"),
    "AT_DisableRowSecurity": ("-", "row security"),
    "AT_ForceRowSecurity": ("+", "forced row security"),
    "AT_NoForceRowSecurity": ("-", "forced row security"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One effect: "+" it is there now, "-" it is gone, "~" it is another. `owner` is its table."""

    sign: str
    thing: str
    name: tuple[str, ...]
    offset: int
    owner: Name | None = None
    types: tuple[str, str] = ("", "")  # of a column whose type changes: before and after

    @property
    def key(self) -> tuple[str, tuple[str, ...]]:
        """Return what tells two things apart."""
        return self.thing, self.name

    def words(self) -> str:
        """Return the thing as a reader names it."""
        if self.thing == "function":
            own = ".".join(part for part in self.name[:2] if part not in {"", "public"})
            return f"function {own}({', '.join(self.name[2:])})"
        own_parts = [part for part in self.name if part not in {"", "public"}]
        return f"{self.thing} {'.'.join(own_parts)}"

    @property
    def label(self) -> str:
        """Return the thing's own name, without its table, schema or arguments."""
        return self.name[1] if self.thing == "function" else self.name[-1]


@dataclass(slots=True)
class Effects:
    """The marks of one script. `is_uncertain` says that computed SQL does more than that."""

    marks: list[Mark] = field(default_factory=list)
    is_uncertain: bool = False
    refuses: bool = False  # it raises on purpose


def marks_of(scope: Scope) -> Iterator[Mark]:
    """Yield the effects of one statement, before it is applied."""
    reader = _READERS.get(scope.kind)
    found = list(reader(scope)) if reader else []
    if not found:
        new = made(scope.catalog, scope.kind, scope.node)
        if new is not None and not _is_temporary(scope.node):
            found = [_made(scope, new)]
    for mark in found:
        if not any(_COMPUTED in part for part in mark.name):
            yield mark


def _is_temporary(node: Node) -> bool:
    relation = node.get("relation") or node.get("view") or node.get("into", {}).get("rel") or {}
    return relation.get("relpersistence") == "t"


def _made(scope: Scope, new: tuple[str, Name]) -> Mark:
    thing, name = new
    if thing == "function":
        return _made_function(scope)
    is_there = is_known(scope.catalog, thing, name)
    sign = "~" if is_there and scope.node.get("replace") else "+"
    words = {"relation": _relation_word(scope.kind)}.get(thing, thing)
    if is_there and sign == "+":
        sign = "="  # IF NOT EXISTS of what is there: nothing happens
    parents = [range_name(item) for item in find(scope.node.get("inhRelations"), "RangeVar")]
    owner = scope.catalog.qualify(parents[0]) if parents else None
    return Mark(sign, words, name, scope.start, owner)


def _made_function(scope: Scope) -> Mark:
    function = function_of(scope.catalog, scope.node, Origin(scope.script, scope.start))
    known = {other.arguments for other in scope.catalog.overloads(function.name)}
    sign = "~" if function.arguments in known and scope.node.get("replace") else "+"
    return Mark(sign, "function", (*function.name, *function.arguments), scope.start)


def _relation_word(kind: str) -> str:
    return {"ViewStmt": "view", "CreateSeqStmt": "sequence"}.get(kind, "table")


def _alter(scope: Scope) -> Iterator[Mark]:  # noqa: C901 - a case each
    table = scope.relation()
    at = scope.start
    for command in scope.commands():
        subtype, name = command.get("subtype", ""), command.get("name", "")
        kind, fields = inner(command.get("def"))
        if subtype in _SWITCHES:
            sign, thing = _SWITCHES[subtype]
            yield Mark(sign, thing, table, at, table)
        elif subtype == "AT_AddColumn":
            yield Mark("+", "column", (*table, fields.get("colname", "")), at, table)
        elif subtype == "AT_DropColumn":
            yield Mark("-", "column", (*table, name), at, table)
        elif subtype == "AT_AddConstraint" and kind == "Constraint" and "conname" in fields:
            yield Mark("+", "constraint", (*table, fields["conname"]), at, table)
        elif subtype == "AT_DropConstraint":
            yield Mark("-", "constraint", (*table, name), at, table)
        elif subtype in {"AT_SetNotNull", "AT_DropNotNull"}:
            sign = "+" if subtype == "AT_SetNotNull" else "-"
            yield Mark(sign, "NOT NULL of", (*table, name), at, table)
        elif subtype == "AT_ColumnDefault":
            known = scope.catalog.table(table)
            column = known.columns.get(name) if known else None
            had = column is not None and column.default is not None
            sign = "-" if "def" not in command else "~" if had else "+"
            yield Mark(sign, "default of", (*table, name), at, table)
        elif subtype == "AT_AlterColumnType":
            known = scope.catalog.table(table)
            column = known.columns.get(name) if known else None
            types = (column.type if column else "", type_name(fields.get("typeName")))
            yield Mark("~", "type of", (*table, name), at, table, types)
        elif subtype in {"AT_AttachPartition", "AT_DetachPartition"}:
            part = scope.catalog.qualify(range_name(command["def"]["PartitionCmd"]["name"]))
            sign = "+" if subtype == "AT_AttachPartition" else "-"
            yield Mark(sign, "partition", part, at, part)


def _rename(scope: Scope) -> Iterator[Mark]:
    if "relation" not in scope.node:
        return
    table, new = scope.relation(), scope.node.get("newname", "")
    kind = scope.node.get("renameType")
    if kind in {"OBJECT_TABLE", "OBJECT_INDEX", "OBJECT_VIEW", "OBJECT_SEQUENCE"}:
        word = {"OBJECT_INDEX": "index", "OBJECT_VIEW": "view"}.get(kind, "table")
        yield Mark("-", word, table, scope.start)
        yield Mark("+", word, (table[0], new), scope.start)
    else:
        thing = {"OBJECT_COLUMN": "column", "OBJECT_TABCONSTRAINT": "constraint"}.get(kind or "")
        if thing:
            yield Mark("-", thing, (*table, scope.node.get("subname", "")), scope.start, table)
            yield Mark("+", thing, (*table, new), scope.start, table)


def _index(scope: Scope) -> Iterator[Mark]:
    table = scope.relation()
    known = scope.catalog.table(table)
    if known is not None and known.is_temporary:
        return
    origin = Origin(scope.script, scope.start)
    name = index_of(scope.node, table, origin).name
    sign = "=" if (table[0], name) in scope.catalog.indexes else "+"
    yield Mark(sign, "index", (table[0], name), scope.start, table)


def _policy(scope: Scope) -> Iterator[Mark]:
    table = scope.relation()
    yield Mark("+", "policy", (*table, scope.node.get("policy_name", "")), scope.start, table)


def _trigger(scope: Scope) -> Iterator[Mark]:
    table, name = scope.relation(), scope.node.get("trigname", "")
    known = scope.catalog.table(table)
    is_there = known is not None and name in known.triggers
    sign = "~" if is_there and scope.node.get("replace") else "+"
    yield Mark(sign, "trigger", (*table, name), scope.start, table)


def _schema(scope: Scope) -> Iterator[Mark]:
    name = scope.node.get("schemaname", "")
    sign = "=" if name in scope.catalog.schemas else "+"
    yield Mark(sign, "schema", (name,), scope.start)


def _extension(scope: Scope) -> Iterator[Mark]:
    # Often shared with other plans: whether it has to go is not for the text to say.
    yield Mark("=", "extension", (scope.node.get("extname", ""),), scope.start)


def _role(scope: Scope) -> Iterator[Mark]:
    yield Mark("+", "role", (scope.node.get("role", ""),), scope.start)


def _grant(scope: Scope) -> Iterator[Mark]:
    kind = {
        "OBJECT_TABLE": "table",
        "OBJECT_FUNCTION": "function",
        "OBJECT_PROCEDURE": "function",
        "OBJECT_ROUTINE": "function",
        "OBJECT_SCHEMA": "schema",
    }.get(scope.node.get("objtype", ""), "other")
    sign = "+" if scope.node.get("is_grant") else "-"
    for name in objects(scope.catalog, scope.node, kind):
        owner = name if kind in {"table", "function"} else None
        for grantee in role_names(scope.node.get("grantees")):
            for privilege, _ in privileges(scope.node, kind):
                mark = (privilege, "ON", *name, "TO", grantee)
                yield Mark(sign, "grant", mark, scope.start, owner)


def _rows(sign: str) -> Callable[[Scope], Iterator[Mark]]:
    def reader(scope: Scope) -> Iterator[Mark]:
        yield Mark(sign, "rows of", scope.relation(), scope.start, scope.relation())

    return reader


def _truncate(scope: Scope) -> Iterator[Mark]:
    for item in scope.node.get("relations", ()):
        name = scope.catalog.qualify(range_name(item["RangeVar"]))
        yield Mark("-", "rows of", name, scope.start, name)


def _drop(scope: Scope) -> Iterator[Mark]:
    kind = scope.node.get("removeType")
    if kind in FUNCTIONS:
        for item in scope.node.get("objects", ()):
            reference = item.get("ObjectWithArgs", {})
            yield from (
                Mark("-", "function", name, scope.start) for name in _functions(scope, reference)
            )
        return
    for parts in dropped(scope.node):
        name = scope.catalog.qualify(name_of(parts))
        if kind in {"OBJECT_POLICY", "OBJECT_TRIGGER"}:
            table = scope.catalog.qualify(name_of(parts[:-1]))
            thing = "policy" if kind == "OBJECT_POLICY" else "trigger"
            known = scope.catalog.table(table)
            parts_of = set() if known is None else {*known.policies, *known.triggers}
            if parts[-1] in parts_of or not scope.node.get("missing_ok") or _undoes(scope):
                yield Mark("-", thing, (*table, parts[-1]), scope.start, table)
        elif kind in _RELATIONS:
            word = {"OBJECT_VIEW": "view", "OBJECT_SEQUENCE": "sequence"}.get(kind, "table")
            yield Mark("-", word, name, scope.start)
        elif kind == "OBJECT_INDEX":
            index = scope.catalog.indexes.get(name)
            yield Mark("-", "index", name, scope.start, index.table if index else None)
        elif kind in {"OBJECT_TYPE", "OBJECT_DOMAIN"}:
            yield Mark("-", "type", name, scope.start)
        elif kind in {"OBJECT_SCHEMA", "OBJECT_EXTENSION"}:
            yield Mark("-", kind.removeprefix("OBJECT_").lower(), (parts[-1],), scope.start)


def _functions(scope: Scope, reference: Node) -> Iterator[tuple[str, ...]]:
    """Yield the functions that a DROP means, with their arguments."""
    meant = functions_meant(scope.catalog, reference)
    yield from ((*function.name, *function.arguments) for function in meant)
    if not meant:
        name = scope.catalog.qualify(name_of(strings(reference.get("objname"))))
        kinds = [item["TypeName"] for item in reference.get("objargs", ()) if "TypeName" in item]
        yield (*name, *map(type_name, kinds))


def _default_privileges(scope: Scope) -> Iterator[Mark]:
    action = scope.node.get("action", {})
    schemas = option(scope.node.get("options"), "schemas")
    names = strings(items_of(schemas.get("arg", {}))) if schemas else [""]
    sign = "+" if action.get("is_grant") else "-"
    for schema in names:
        for grantee in role_names(action.get("grantees")):
            for privilege, _ in privileges(action):
                name = (schema, privilege, "ON", action.get("objtype", ""), "TO", grantee)
                yield Mark(sign, "default privilege", name, scope.start)


def _undoes(scope: Scope) -> bool:
    return scope.script.task == "revert"


def _drop_role(scope: Scope) -> Iterator[Mark]:
    for item in scope.node.get("roles", ()):
        name = item.get("RoleSpec", {}).get("rolename", "")
        yield Mark("-", "role", (name,), scope.start)


def _drop_owned(scope: Scope) -> Iterator[Mark]:
    for name in role_names(scope.node.get("roles")):
        yield Mark("-", "owned by", (name,), scope.start)


_READERS: dict[str, Callable[[Scope], Iterator[Mark]]] = {
    "AlterTableStmt": _alter,
    "RenameStmt": _rename,
    "IndexStmt": _index,
    "CreatePolicyStmt": _policy,
    "CreateTrigStmt": _trigger,
    "CreateSchemaStmt": _schema,
    "CreateExtensionStmt": _extension,
    "CreateRoleStmt": _role,
    "GrantStmt": _grant,
    "AlterDefaultPrivilegesStmt": _default_privileges,
    "InsertStmt": _rows("+"),
    "DeleteStmt": _rows("-"),
    "TruncateStmt": _truncate,
    "DropStmt": _drop,
    "DropRoleStmt": _drop_role,
    "DropOwnedStmt": _drop_owned,
}


def net(marks: list[Mark]) -> dict[tuple[str, tuple[str, ...]], Mark]:
    """Return what is left of marks in the end; what is made and dropped again is nothing."""
    state: dict[tuple[str, tuple[str, ...]], Mark] = {}
    for mark in marks:
        known = state.get(mark.key)
        if mark.sign == "-":
            _forget_parts(state, mark)
        if mark.sign == "=":
            continue
        if known is None:
            state[mark.key] = mark
        elif {known.sign, mark.sign} == {"+", "-"}:
            # Dropped and made anew is a change, made and dropped is nothing.
            del state[mark.key]
            if known.sign == "-" and mark.sign == "+":
                state[mark.key] = Mark("~", mark.thing, mark.name, mark.offset, mark.owner)
        elif mark.sign == "-":
            state[mark.key] = mark
    return state


def _forget_parts(state: dict[tuple[str, tuple[str, ...]], Mark], mark: Mark) -> None:
    """Forget what went with a table, function or schema that is dropped."""
    if mark.thing in {"table", "view", "function"}:
        owner = mark.name[:2] if mark.thing == "function" else mark.name
        for key in [k for k, m in state.items() if m.owner == owner and m.sign != "-"]:
            part = state.pop(key, None)
            if part is not None and part.thing == "table":
                _forget_parts(state, part)
    elif mark.thing == "schema":
        for key in [k for k, m in state.items() if mark.name[0] in m.name and k != mark.key]:
            del state[key]
    elif mark.thing in {"role", "owned by"}:
        given = {"grant", "default privilege"}
        for key in [k for k, m in state.items() if m.thing in given and m.name[-1] == mark.name[0]]:
            del state[key]


def left_over(deploy: list[Mark], revert: list[Mark]) -> tuple[list[Mark], list[Mark]]:
    """Return what the revert leaves, and what it does not bring back."""
    state = net(deploy)
    for mark in revert:
        if mark.sign == "-":
            _forget_parts(state, mark)
        known = state.get(mark.key)
        if known is None or mark.sign == "=":
            continue
        if known.sign == "~" and mark.sign == "-":
            # What was replaced is gone now, unless it is made anew.
            state[mark.key] = Mark("-", known.thing, known.name, known.offset, known.owner)
        elif known.sign != mark.sign or known.sign == "~":
            del state[mark.key]
    left = [mark for mark in state.values() if mark.sign in {"+", "~"}]
    missing = [mark for mark in state.values() if mark.sign == "-"]
    return left, missing


def does_something(parsed: Parsed) -> bool:
    """Say whether a revert script does anything at all."""
    if parsed.unreadable or parsed.source.problems:
        return True
    quiet = {"TransactionStmt", "VariableSetStmt"}
    for statement in parsed.statements:
        is_select = statement.kind == "SelectStmt" and "fromClause" not in statement.node
        if is_select and not list(find(statement.node, "FuncCall")):
            continue
        if statement.kind not in quiet:
            return True
    return False
