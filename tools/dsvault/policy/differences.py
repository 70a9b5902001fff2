"""Where the catalog says something else than the matrix. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from dsvault.policy.catalog import SCHEMA, VIEW
from dsvault.policy.expressions import expression, is_same
from dsvault.policy.model import Command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.policy.catalog import Catalog, FoundGrant, FoundPolicy, Relation
    from dsvault.policy.model import Matrix, Rule, Table

_OWN_ROLES = {"dsvault_owner": ["dsvault_definer", "dsvault_finder", "dsvault_recorder"]}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as declared: of which table ("" for none), what, wanted and found."""

    table: str
    subject: str
    expected: str
    found: str

    def as_json(self) -> dict[str, str]:
        """Return it as one JSON object."""
        return asdict(self)


def compare(matrix: Matrix, catalog: Catalog) -> tuple[Difference, ...]:
    """Return every difference, table by table in the matrix's order, then what belongs to none."""
    return tuple(_compare(matrix, catalog))


def _compare(matrix: Matrix, catalog: Catalog) -> Iterator[Difference]:
    for table in matrix.tables:
        relation = catalog.relation(table.name)
        if relation is None:
            yield Difference(table.name, "table", "there", "missing")
            continue
        yield from _switches(table.name, relation)
        yield from _columns(table, relation)
        yield from _policies(matrix, table, catalog.policies_of(table.name))
        yield from _grants(matrix, table, relation, catalog.grants_of(table.name))
        for partition in catalog.partitions(table.name):
            yield from _closed(table.name, partition, catalog)
    for relation in catalog.relations:
        if relation.schema == SCHEMA and not relation.parent:
            yield from _undeclared(matrix, relation)
        elif relation.schema != SCHEMA:
            yield from _no_grants("", relation, catalog)
    yield from _roles(matrix, catalog)
    for name in sorted(matrix.permissions - catalog.permissions):
        yield Difference("", f"permission {name}", "in permission_catalogue()", "unknown")


def _undeclared(matrix: Matrix, relation: Relation) -> Iterator[Difference]:
    """A view that looks with its caller's eyes shows nothing more than the tables do."""
    if relation.kind == VIEW:
        if not relation.invoker:
            subject = f"view {relation.name}"
            yield Difference("", subject, "security_invoker = true", "reads as its owner")
    elif matrix.table(relation.name) is None:
        yield Difference(relation.name, "table", "in the matrix", "not declared")


def _switches(table: str, relation: Relation) -> Iterator[Difference]:
    subject = "row security" if relation.name == table else f"row security of {relation.name}"
    if not relation.row_security:
        yield Difference(table, subject, "enabled", "disabled")
    if not relation.forced:
        yield Difference(table, subject, "forced for the owner too", "not forced")


def _columns(table: Table, relation: Relation) -> Iterator[Difference]:
    named = {word.column: f"word {word.name}" for word in table.words}
    named |= {column: rule.policy for rule in table.rules for column in rule.columns or ()}
    named[table.tenant_column] = "tenant"
    for column, where in named.items():
        if column not in relation.columns:
            yield Difference(table.name, f"column {column}", f"there, for {where}", "missing")


def _policies(matrix: Matrix, table: Table, found: list[FoundPolicy]) -> Iterator[Difference]:
    by_name = {policy.name: policy for policy in found}
    declared = {rule.policy: _wanted(matrix, table, rule) for rule in table.rules}
    declared |= dict(_wanted_floors(matrix, table))
    for name, wanted in declared.items():
        policy = by_name.pop(name, None)
        if policy is None:
            yield Difference(table.name, f"policy {name}", "there", "missing")
        else:
            yield from _policy(table.name, wanted, policy)
    for policy in by_name.values():
        yield Difference(table.name, f"policy {policy.name}", "none", _summary(policy))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A policy as the matrix wants it."""

    command: str
    permissive: bool
    roles: list[str]
    condition: str | None
    check: str | None
    comment: str


def _wanted(matrix: Matrix, table: Table, rule: Rule) -> _Wanted:
    has_condition = rule.commands != (Command.INSERT,)
    has_check = {Command.INSERT, Command.UPDATE} & set(rule.commands)
    return _Wanted(
        rule.command_name,
        permissive=True,
        roles=_names(matrix, rule.roles),
        condition=expression(rule.condition, table.tenant_column) if has_condition else None,
        check=expression(rule.check, table.tenant_column) if has_check else None,
        comment=rule.says,
    )


def _wanted_floors(matrix: Matrix, table: Table) -> Iterator[tuple[str, _Wanted]]:
    floor, above = matrix.floor, table.read_floor
    check = expression(floor.condition, table.tenant_column)
    names = _names(matrix, table.floor_roles(floor))
    yield table.floor, _Wanted("ALL", False, names, check, check, floor.says)  # noqa: FBT003
    if above is not None:
        condition = expression(above.rule.condition, table.tenant_column)
        names = _names(matrix, above.rule.roles)
        yield above.policy, _Wanted("ALL", False, names, condition, check, floor.restated)  # noqa: FBT003


def _policy(table: str, wanted: _Wanted, found: FoundPolicy) -> Iterator[Difference]:
    subject = f"policy {found.name}"
    kinds = {True: "permissive", False: "restrictive"}
    plain = (
        ("", kinds[wanted.permissive], kinds[found.permissive]),
        (" command", wanted.command, found.command),
        (" roles", ", ".join(wanted.roles), ", ".join(found.roles)),
        (" comment", wanted.comment, found.comment or "none"),
    )
    for part, expected, actual in plain:
        if expected != actual:
            yield Difference(table, subject + part, expected, actual)
    expressions = (
        (" USING", wanted.condition, found.condition),
        (" WITH CHECK", wanted.check, found.check_condition),
    )
    for part, wanted_sql, found_sql in expressions:
        if not is_same(wanted_sql, found_sql):
            yield Difference(table, subject + part, wanted_sql or "none", found_sql or "none")


def _summary(policy: FoundPolicy) -> str:
    kind = "PERMISSIVE" if policy.permissive else "RESTRICTIVE"
    using = f" USING ({policy.condition})" if policy.condition else ""
    check = f" WITH CHECK ({policy.check_condition})" if policy.check_condition else ""
    return f"AS {kind} FOR {policy.command} TO {', '.join(policy.roles)}{using}{check}"


def _grants(
    matrix: Matrix, table: Table, relation: Relation, found: list[FoundGrant]
) -> Iterator[Difference]:
    wanted: dict[tuple[str, str], set[str]] = defaultdict(set)
    for rule in table.rules:
        for role in matrix.roles:
            if role.key in rule.roles and not role.is_owner:
                for command in rule.commands:
                    wanted[role.name, command.value] |= set(rule.columns or relation.columns)
    actual: dict[tuple[str, str], set[str]] = defaultdict(set)
    for grant in found:
        columns = [grant.column_name] if grant.column_name else relation.columns
        actual[grant.grantee, grant.privilege] |= set(columns)
        if grant.grantable:
            subject = f"{grant.privilege} for {grant.grantee}"
            yield Difference(table.name, subject, "not to hand on", "with grant option")
    for grantee, privilege in sorted(wanted.keys() | actual.keys()):
        expected, present = wanted[grantee, privilege], actual[grantee, privilege]
        if expected != present:
            texts = (_column_text(columns, relation) for columns in (expected, present))
            yield Difference(table.name, f"{privilege} for {grantee}", *texts)


def _column_text(columns: set[str], relation: Relation) -> str:
    if not columns:
        return "not granted"
    if columns >= set(relation.columns):
        return "granted on every column"
    return f"granted on {', '.join(c for c in relation.columns if c in columns)}"


def _closed(table: str, partition: Relation, catalog: Catalog) -> Iterator[Difference]:
    """A partition has row security, and neither policies nor grants of its own."""
    yield from _switches(table, partition)
    for policy in catalog.policies_of(partition.name):
        subject = f"policy {policy.name} on {partition.name}"
        yield Difference(table, subject, "none", _summary(policy))
    yield from _no_grants(table, partition, catalog)


def _no_grants(table: str, relation: Relation, catalog: Catalog) -> Iterator[Difference]:
    for grant in catalog.grants_of(relation.name):
        column = f" ({grant.column_name})" if grant.column_name else ""
        subject = f"{grant.privilege}{column} on {relation.name} for {grant.grantee}"
        yield Difference(table, subject, "not granted", "granted")


def _roles(matrix: Matrix, catalog: Catalog) -> Iterator[Difference]:
    there = {role.name: role for role in catalog.roles}
    for role in matrix.roles:
        if role.is_public:
            continue
        found = there.get(role.name)
        if found is None:
            yield Difference("", f"role {role.name}", "there", "missing")
            continue
        if found.login:
            yield Difference("", f"role {role.name}", "nobody logs in as it", "LOGIN")
        if found.bypasses:
            expected = "bound by row security"
            yield Difference("", f"role {role.name}", expected, "SUPERUSER or BYPASSRLS")
        wanted = _OWN_ROLES.get(role.name, [])
        if list(found.member_of) != wanted:
            expected, actual = ", ".join(wanted) or "none", ", ".join(found.member_of) or "none"
            yield Difference("", f"role {role.name} member of", expected, actual)


def _names(matrix: Matrix, keys: tuple[str, ...]) -> list[str]:
    return sorted(role.name for role in matrix.roles if role.key in keys)
