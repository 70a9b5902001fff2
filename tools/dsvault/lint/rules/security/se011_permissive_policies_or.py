from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tenancy import (
    compared_columns,
    conditions,
    is_always_true,
    is_held_back,
    is_of_staff,
    mentions_session,
    mentions_tenant,
    overlap,
)

if TYPE_CHECKING:
    from dsvault.lint.catalog import Catalog, Policy, Table
    from dsvault.lint.scope import World


_STATE = re.compile(r"delete|archiv|active|status|valid|expire|lock|enable|draft|closed")


class PermissivePoliciesOr(Rule):
    """Permissive policies of which one lets through what the other one keeps back.

    Why: permissive policies are joined by OR. One that knows the tenant alone, beside one that asks
    for a permission too, makes the second worthless; one that forgets the tenant opens them all.
    When not: they are alternatives within the same tenant; a restrictive policy stands behind both.
    Instead: make every permissive policy complete, or the common condition AS RESTRICTIVE.
    """

    code = "SE011"
    classes = ("permissive-policies-or",)
    setup = (
        "CREATE TABLE notes (tenant_id int NOT NULL, id int, author text);\n"
        "ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\n"
    )
    bad = (
        "CREATE POLICY notes_tenant ON notes\n"
        "    USING (tenant_id = (SELECT current_setting('app.tenant', true)::int));\n"
        "CREATE POLICY notes_author ON notes FOR SELECT USING (author = current_user);\n"
    )
    good = bad.replace("notes_tenant ON notes", "notes_tenant ON notes AS RESTRICTIVE")
    claim = Claim(shows="SELECT bool_and(polpermissive) FROM pg_policy")

    def finish(self, world: World) -> None:
        """Report pairs of policies of which one undoes the other."""
        for table in world.catalog.tables.values():
            permissive = [p for p in table.policies.values() if p.is_permissive]
            for one, other in combinations(permissive, 2):
                if (
                    not overlap(one, other)
                    or is_held_back(table, one)
                    or is_held_back(table, other)
                ):
                    continue
                if is_of_staff(one) or is_of_staff(other):
                    continue
                if _undoes(table, one, other, world.catalog):
                    for policy, partner in ((one, other), (other, one)):
                        world.report_origin(
                            self,
                            policy.origin,
                            f"{policy.name} and {partner.name} on {qualified(table.name)} are "
                            "joined by OR: the wider one decides",
                            "Make each complete, or one of them AS RESTRICTIVE.",
                        )


def _undoes(table: Table, one: Policy, other: Policy, catalog: Catalog) -> bool:
    left, right = one.using or one.check, other.using or other.check
    if left is None or right is None or is_always_true(left) or is_always_true(right):
        return False  # told by another rule
    first, second = conditions(left), conditions(right)
    if first < second or second < first:
        return True
    if mentions_tenant(left, table) != mentions_tenant(right, table):
        return True
    people = [mentions_session(side, catalog) for side in (left, right)]
    without = left if people == [False, True] else right if people == [True, False] else None
    return without is not None and all(map(_STATE.search, compared_columns({"x": without})))
