"""What rules ask about tenants, row security and session values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.tree import (
    boolean,
    column_name,
    fingerprint,
    function_name,
    inner,
    literal,
    operator,
    same,
    strings,
    strip_casts,
    walk,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.lint.catalog import Catalog, Grant, Origin, Policy, Table
    from dsvault.lint.scope import World
    from dsvault.lint.tree import Name, Node

TENANT_COLUMNS = ("tenant_id", "org_id", "organization_id", "organisation_id", "workspace_id")
# Tenants where rows are counted within them, and else people, or what people own.
_PERHAPS_TENANTS = {"account_id", "company_id", "team_id", "merchant_id", "firm_id", "practice_id",
                    "clinic_id", "school_id", "agency_id", "space_id"}  # fmt: skip
# Without arguments, and no function of one's own.
_BUILT_IN = {
    "now", "random", "gen_random_uuid", "clock_timestamp", "statement_timestamp",
    "transaction_timestamp", "pg_backend_pid", "version", "current_database", "current_schema",
    "inet_client_addr", "timeofday", "txid_current", "pg_current_xact_id", "array_agg",
}  # fmt: skip
_OWNERS = {"owner", "owner_id", "user_id", "account_id", "customer_id", "author_id", "created_by",
           "patient_id", "email"}  # fmt: skip
_STAFF = ("admin", "operator", "owner", "service", "migrat", "maint", "backup", "audit", "definer",
          "support", "system", "super", "deploy", "internal", "worker", "recorder")  # fmt: skip
_COMMANDS = ("select", "insert", "update", "delete")


_PERSONAL = {"user_id", "owner_id", "author_id", "created_by", "owner", "member_id", "email", "id"}


def tenant_column(table: Table | None, catalog: Catalog | None = None) -> str | None:
    """Return the column that says whose a table's rows are, None if it has none.

    With a catalog it may be one that policies compare with what the session says.
    """
    if table is None:
        return None
    known = next((name for name in TENANT_COLUMNS if name in table.columns), None)
    known = known or _keyed_by_tenant(table)
    if known is not None or catalog is None:
        return known
    named = catalog.session_columns - _PERSONAL
    return next((name for name in table.columns if name in named and name.endswith("_id")), None)


def _keyed_by_tenant(table: Table) -> str | None:
    """Return the tenant's column under a name that also means other things: (account_id, id)."""
    key = table.primary_key.columns if table.primary_key is not None else ()
    is_of_tenant = len(key) == 2 and key[0] in _PERHAPS_TENANTS
    return key[0] if is_of_tenant and key[1] in {"id", f"{table.name[1]}_id"} else None


def note_session_columns(catalog: Catalog, policy: Policy) -> None:
    """Note the columns that a policy compares with what the session says."""
    for kind, fields in walk([policy.using, policy.check]):
        if kind == "A_Expr" and operator(fields) == "=":
            sides = (fields.get("lexpr"), fields.get("rexpr"))
            if any(is_session_value(side, catalog) for side in sides):
                catalog.session_columns |= {n for n in map(column_name, sides) if n}


def is_reference(table: Table) -> bool:
    """Say whether a table's rows belong to nobody in particular."""
    return table.is_known and not (_OWNERS | set(TENANT_COLUMNS)) & table.columns.keys()


def is_seen(world: World, table: Table) -> bool:
    """Say whether the text shows all there is to know of a table's security."""
    is_named = table.name[1] != "dsvault_lint_any"  # computed SQL names some table
    return is_named and (table.is_known or world.sequence.kind == "sqitch")


def grants_to_others(catalog: Catalog, name: Name, owner: str = "") -> list[Grant]:
    """Return what others than its owner may do with a table or view, by its own name."""
    return [
        g
        for g in catalog.grants_on(name)
        if g.privilege in _COMMANDS and g.grantee not in {owner, "current_user", "current_role"}
    ]


def root_of(catalog: Catalog, table: Table) -> Table:
    """Return the outermost parent of a partition, the table itself if it is none."""
    seen = {table.name}
    while table.parent is not None and table.parent in catalog.tables:
        table = catalog.tables[table.parent]
        if table.name in seen:
            break
        seen.add(table.name)
    return table


def is_session_value(node: Node | None, catalog: Catalog) -> bool:
    """Say whether an expression is what the session says of itself: a setting or an accessor."""
    kind, fields = inner(node)
    if kind == "TypeCast":
        return is_session_value(fields.get("arg"), catalog)
    if kind == "SubLink":
        select = fields.get("subselect", {}).get("SelectStmt", {})
        targets = select.get("targetList", ())
        is_plain = len(targets) == 1 and "fromClause" not in select
        return is_plain and is_session_value(targets[0]["ResTarget"].get("val"), catalog)
    if kind == "A_Expr" and fields.get("kind") == "AEXPR_NULLIF":
        return is_session_value(fields.get("lexpr"), catalog)
    if kind != "FuncCall":
        return False
    name = function_name(fields)
    if name in {"btrim", "trim", "lower"}:
        return is_session_value((fields.get("args") or [None])[0], catalog)
    return name == "current_setting" or is_accessor(fields, catalog)


def is_accessor(call: Node, catalog: Catalog) -> bool:
    """Say whether a call is of a function of one's own that looks at no column."""
    names = strings(call.get("funcname"))
    if not names or names[0] == "pg_catalog" or names[-1] in _BUILT_IN:
        return False
    is_bare = not call.get("args") and not call.get("agg_star")
    is_own = len(names) > 1 or is_bare or bool(catalog.overloads(("", names[-1])))
    if any(kind == "ColumnRef" for kind, _ in walk(call.get("args"))):
        return False
    declared = {
        f.volatility for f in catalog.overloads((names[-2] if names[1:] else "", names[-1]))
    }
    return is_own and declared != {"immutable"}


def outside_sublinks(node: object) -> Iterator[tuple[str, Node]]:
    """Yield the nodes of an expression that stand in no sub-select."""
    stack = [node]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item))
        elif isinstance(item, dict):
            for key, value in item.items():
                if key == "SubLink":
                    test = value.get("testexpr")
                    if test is not None:
                        stack.append(test)
                    continue
                if isinstance(value, dict) and key[0].isupper():
                    yield key, value
                if isinstance(value, (dict, list)):
                    stack.append(value)


def arms(node: Node | None, operation: str) -> list[Node]:
    """Return what an AND or an OR joins, nested ones flattened; the node itself if it is none."""
    if node is None:
        return []
    kind, fields = inner(node)
    if kind == "BoolExpr" and fields.get("boolop") == operation:
        return [arm for part in fields.get("args", ()) for arm in arms(part, operation)]
    return [node]


def conditions(node: Node | None) -> set[str]:
    """Return the conditions that an expression demands all of, as comparable texts."""
    return {fingerprint(arm) for arm in arms(node, "AND_EXPR")}


def is_always_true(node: Node | None, table: Table | None = None) -> bool:  # noqa: PLR0911
    """Say whether a condition holds for every row, whoever asks.

    With a table, that a column is not null holds if the column is NOT NULL.
    """
    kind, fields = strip_casts(node)
    if boolean(node) is True:
        return True
    if kind == "BoolExpr":
        parts = [is_always_true(arm, table) for arm in fields.get("args", ())]
        if fields.get("boolop") == "NOT_EXPR":
            return boolean((fields.get("args") or [None])[0]) is False
        return any(parts) if fields.get("boolop") == "OR_EXPR" else all(parts)
    if kind == "NullTest" and fields.get("nulltesttype") == "IS_NOT_NULL":
        column = table.columns.get(column_name(fields.get("arg")) or "") if table else None
        return column is not None and column.not_null
    if kind == "SubLink":
        return _selects_true(fields)
    if kind == "A_Expr" and operator(fields) == "=":
        left, right = fields.get("lexpr"), fields.get("rexpr")
        is_plain = {inner(left)[0], inner(right)[0]} <= {"ColumnRef", "A_Const"}
        return is_plain and (same(left, right) or _is_one_column(left, right))
    return False


def _is_one_column(left: Node | None, right: Node | None) -> bool:
    """Say whether two references are of one column, of which one may leave out the table."""
    sides = [strings(inner(side)[1].get("fields")) for side in (left, right)]
    sides.sort(key=len)
    return bool(sides[0]) and sides[1][-len(sides[0]) :] == sides[0]


def _selects_true(link: Node) -> bool:
    """Say whether a sub-select is (SELECT true), or asks a table for what it has in every row."""
    select = link.get("subselect", {}).get("SelectStmt", {})
    if "fromClause" not in select:
        targets = select.get("targetList", ())
        return len(targets) == 1 and is_always_true(targets[0]["ResTarget"].get("val"))
    sources = [item.get("RangeVar") for item in select["fromClause"]]
    if link.get("subLinkType") != "EXISTS_SUBLINK" or len(sources) != 1 or sources[0] is None:
        return False
    alias = sources[0].get("alias", {}).get("aliasname") or sources[0].get("relname", "")
    kind, fields = inner(select.get("whereClause"))
    if kind != "A_Expr" or operator(fields) != "=":
        return False
    # A bare name is the inner table's if that has such a column: m.id = id says nothing.
    sides = [strings(inner(fields.get(key))[1].get("fields")) for key in ("lexpr", "rexpr")]
    sides.sort(key=len)
    return len(sides[0]) == 1 and sides[1] == [alias, *sides[0]]


def mentions_tenant(node: object, table: Table) -> bool:
    """Say whether an expression looks at a tenant's column, one of any table or this one's."""
    named = {*TENANT_COLUMNS, tenant_column(table)}
    return any(
        kind == "ColumnRef" and (strings(fields.get("fields")) or [""])[-1] in named
        for kind, fields in walk(node)
    )


def mentions_session(node: object, catalog: Catalog) -> bool:
    """Say whether an expression looks at what the session says, or at who is logged in."""
    for kind, fields in walk(node):
        is_person = kind == "SQLValueFunction" and "USER" in str(fields.get("op", ""))
        if is_person or (kind == "FuncCall" and is_session_value({kind: fields}, catalog)):
            return True
    return False


def is_missing_setting(node: Node, catalog: Catalog) -> bool:
    """Say whether a condition holds if the session says nothing: `setting IS NULL`, `= ''`."""
    kind, fields = inner(node)
    if kind == "NullTest":
        is_null = fields.get("nulltesttype") == "IS_NULL"
        return is_null and is_session_value(fields.get("arg"), catalog)
    if kind == "BoolExpr" and fields.get("boolop") == "NOT_EXPR":
        test = inner((fields.get("args") or [None])[0])[1]
        is_not_null = test.get("nulltesttype") == "IS_NOT_NULL"
        return is_not_null and is_session_value(test.get("arg"), catalog)
    if kind == "A_Expr" and operator(fields) in {"=", "<>"}:
        pair = (fields.get("lexpr"), fields.get("rexpr"))
        if not any(is_session_value(_without_fallback(side), catalog) for side in pair):
            return False
        if fields.get("kind") == "AEXPR_DISTINCT":
            return any(literal(side) is not None for side in pair)
        return operator(fields) == "=" and any(literal(side) == "" for side in pair)
    return False


def _without_fallback(node: Node | None) -> Node | None:
    """Return what coalesce(…, '') is about, any other expression as it is.

    It may stand in a sub-select: (SELECT coalesce(…, '')).
    """
    kind, fields = inner(node)
    select = fields.get("subselect", {}).get("SelectStmt", {}) if kind == "SubLink" else {}
    if len(select.get("targetList", ())) == 1 and "fromClause" not in select:
        return _without_fallback(select["targetList"][0]["ResTarget"].get("val"))
    args = fields.get("args", []) if kind == "CoalesceExpr" else []
    return args[0] if len(args) == 2 and literal(args[1]) == "" else node


def covers(policy: Policy, command: str) -> bool:
    """Say whether a policy is asked for a command."""
    return policy.command in {"all", command}


def overlap(one: Policy, other: Policy) -> bool:
    """Say whether two policies can be for the same role and command."""
    are_same = "public" in {*one.roles, *other.roles} or bool(set(one.roles) & set(other.roles))
    commands = {one.command, other.command}
    return are_same and ("all" in commands or len(commands) == 1)


def is_held_back(table: Table, policy: Policy) -> bool:
    """Say whether a restrictive policy stands behind a permissive one."""
    return any(
        not other.is_permissive
        and overlap(policy, other)
        and other.command in {"all", policy.command}
        and not is_always_true(other.using or other.check)
        for other in table.policies.values()
    )


def is_of_staff(policy: Policy) -> bool:
    """Say whether a policy is only for roles that are meant to see everything."""
    return all(any(word in role for word in _STAFF) for role in policy.roles)


def compared_columns(node: object) -> set[str]:
    """Return the columns that an expression names by their plain name."""
    names = (column_name({kind: fields}) for kind, fields in walk(node) if kind == "ColumnRef")
    return {name for name in names if name}


def memory(world: World, code: str) -> dict[object, Origin]:
    """Return what a rule remembers of places, by what it likes."""
    found: dict[object, Origin] = world.memory.setdefault(code, {})
    return found
