from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.catalog import Origin
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tenancy import (
    is_always_true,
    is_held_back,
    is_of_staff,
    memory,
    mentions_tenant,
)

if TYPE_CHECKING:
    from dsvault.lint.catalog import Policy, Table
    from dsvault.lint.scope import Scope, World


class PolicyOpenWrite(Rule):
    """Policy that checks nothing of what is written.

    Why: a session writes rows for any tenant, or moves its own to another one.
    When not: a restrictive policy stands behind it; it is for staff alone.
    Instead: WITH CHECK the condition of USING; without WITH CHECK, USING is checked.
    """

    code = "SE016"
    classes = ("policy-open-write",)
    on = ("AlterPolicyStmt",)
    setup = (
        "CREATE TABLE notes (tenant_id int NOT NULL);\n"
        "ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\n"
    )
    bad = "CREATE POLICY notes_all ON notes USING (tenant_id = 1) WITH CHECK (true);\n"
    good = "CREATE POLICY notes_all ON notes USING (tenant_id = 1) WITH CHECK (tenant_id = 1);\n"
    claim = Claim(shows="SELECT pg_get_expr(polwithcheck, polrelid) = 'true' FROM pg_policy")

    def statement(self, scope: Scope) -> None:
        """Remember where a policy was changed."""
        origin = Origin(scope.script, scope.start, scope.transaction.number)
        key = (scope.relation(), scope.node.get("policy_name", ""))
        memory(scope.world, self.code)[key] = origin

    def finish(self, world: World) -> None:
        """Report checks that are true."""
        for table in world.catalog.tables.values():
            for policy in table.policies.values():
                is_open = _is_open(table, policy)
                if not policy.is_permissive or not is_open or is_of_staff(policy):
                    continue
                if not is_held_back(table, policy):
                    classes: tuple[str, ...] = self.classes
                    if policy.command == "insert":
                        classes = ("policy-open-write", "policy-always-true")
                    world.report_origin(
                        self,
                        memory(world, self.code).get((table.name, policy.name), policy.origin),
                        f"lets any row be written to {qualified(table.name)}",
                        "WITH CHECK whose rows may be written.",
                        classes=classes,
                    )


def _is_open(table: Table, policy: Policy) -> bool:
    """Say whether a row may be written that is of another tenant than those that are seen."""
    if policy.check is None or is_always_true(policy.using):
        return False
    is_lost = mentions_tenant(policy.using, table) and not mentions_tenant(policy.check, table)
    return is_always_true(policy.check, table) or (is_lost and policy.using is not None)
