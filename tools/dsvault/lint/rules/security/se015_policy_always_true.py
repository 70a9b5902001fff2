from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.catalog import Origin
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tenancy import is_always_true, is_held_back, is_of_staff, is_reference, memory

if TYPE_CHECKING:
    from dsvault.lint.catalog import Policy, Table
    from dsvault.lint.scope import Scope, World


class PolicyAlwaysTrue(Rule):
    """Permissive policy that lets every row through.

    Why: row security is on and keeps nothing back.
    When not: a restrictive policy stands behind it; it is for staff alone; it only reads a table of
    no tenant.
    Instead: state whose rows the policy is about.
    """

    code = "SE015"
    classes = ("policy-always-true",)
    on = ("AlterPolicyStmt",)
    setup = (
        "CREATE TABLE notes (tenant_id int NOT NULL);\n"
        "ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\n"
    )
    bad = "CREATE POLICY notes_all ON notes FOR SELECT USING (true);\n"
    good = "CREATE POLICY notes_all ON notes FOR SELECT USING (tenant_id = 1);\n"
    claim = Claim(shows="SELECT pg_get_expr(polqual, polrelid) = 'true' FROM pg_policy")

    def statement(self, scope: Scope) -> None:
        """Remember where a policy was changed."""
        origin = Origin(scope.script, scope.start, scope.transaction.number)
        key = (scope.relation(), scope.node.get("policy_name", ""))
        memory(scope.world, self.code)[key] = origin

    def finish(self, world: World) -> None:
        """Report policies that are true."""
        for table in world.catalog.tables.values():
            for policy in table.policies.values():
                if _is_open(table, policy):
                    world.report_origin(
                        self,
                        memory(world, self.code).get((table.name, policy.name), policy.origin),
                        f"lets every row of {qualified(table.name)} through",
                        "State whose rows it is about.",
                    )


def _is_open(table: Table, policy: Policy) -> bool:
    if not policy.is_permissive or is_of_staff(policy) or is_held_back(table, policy):
        return False
    is_readable = is_reference(table) and policy.command == "select"
    return is_always_true(policy.using, table) and not is_readable
