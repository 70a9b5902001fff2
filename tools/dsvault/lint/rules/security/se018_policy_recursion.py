from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.bodies import body_trees
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tree import name_of, range_name, strings, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.lint.catalog import Catalog, Function, Policy
    from dsvault.lint.scope import World
    from dsvault.lint.tree import Name, Node


class PolicyRecursion(Rule):
    """Policy that queries its own table, also by way of another table's policy.

    Why: asking the policy asks the policy: infinite recursion detected, on every query.
    When not: the query is in a SECURITY DEFINER function of a role that the policy does not bind.
    Instead: look at the row and at session values alone, or call such a function.
    """

    code = "SE018"
    classes = ("policy-self-recursion",)
    setup = "CREATE ROLE lint_app;\n"
    bad = (
        "CREATE TABLE members (team int, person name);\n"
        "ALTER TABLE members ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\n"
        "CREATE POLICY members_read ON members FOR SELECT USING (\n"
        "    team IN (SELECT m.team FROM members AS m WHERE m.person = current_user));\n"
        "GRANT SELECT ON members TO lint_app;\nSET ROLE lint_app;\nSELECT * FROM members;\n"
    )
    good = bad.replace(
        "team IN (SELECT m.team FROM members AS m WHERE m.person = current_user)",
        "person = current_user",
    )
    claim = Claim(fails="42P17")

    def finish(self, world: World) -> None:
        """Report policies whose tables lead back to their own."""
        reader = _Reader(world.catalog)
        read = [(policy, reader.tables_of(policy)) for policy in world.catalog.all_policies()]
        reads: dict[Name, set[Name]] = {}
        for policy, names in read:
            table = world.catalog.table(policy.table)
            if table is not None and (table.has_rls or not table.is_known):
                reads.setdefault(policy.table, set()).update(names)
        for policy, names in read:
            if policy.table in _reach(names, reads):
                world.report_origin(
                    self,
                    policy.origin,
                    f"asks {qualified(policy.table)} again, without end",
                    "Ask the row and session values alone, or a SECURITY DEFINER function.",
                )


class _Reader:
    """Finds the tables that policies read, also by way of views and functions of the caller."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._bodies: dict[int, list[tuple[str, Node]]] = {}  # functions stay in the catalog

    def tables_of(self, policy: Policy) -> set[Name]:
        """Return the tables that a policy's expressions read."""
        return set(self._tables(walk([policy.using, policy.check]), 4))

    def _tables(self, nodes: list[tuple[str, Node]], depth: int) -> Iterator[Name]:
        given = {fields.get("ctename") for kind, fields in nodes if kind == "CommonTableExpr"}
        for fields in (fields for kind, fields in nodes if kind == "RangeVar"):
            name = self._catalog.qualify(range_name(fields))
            if fields.get("relname") in given:
                continue
            yield name
            view = self._catalog.views.get(name)
            if view is not None and view.security_invoker and depth:
                yield from self._tables(walk(view.query), depth - 1)
        for fields in (f for kind, f in nodes if kind == "FuncCall" and depth):
            for function in self._catalog.overloads(name_of(strings(fields.get("funcname")))):
                if not function.is_definer:
                    yield from self._tables(self._body(function), depth - 1)

    def _body(self, function: Function) -> list[tuple[str, Node]]:
        if id(function) not in self._bodies:
            self._bodies[id(function)] = walk(body_trees(function))
        return self._bodies[id(function)]


def _reach(begin: set[Name], reads: dict[Name, set[Name]]) -> set[Name]:
    seen: set[Name] = set()
    stack = list(begin)
    while stack:
        name = stack.pop()
        if name not in seen:
            seen.add(name)
            stack += reads.get(name, ())
    return seen
