from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tenancy import is_seen

if TYPE_CHECKING:
    from dsvault.lint.scope import World


class RestrictivePoliciesOnly(Rule):
    """Table with restrictive policies and no permissive one.

    Why: restrictive policies only take away; without a permissive one nobody sees a row.
    When not: a permissive policy follows in another script.
    Instead: add a permissive policy for each command that is granted.
    """

    code = "SE017"
    classes = ("policy-restrictive-only",)
    severity = Severity.WARNING
    bad = (
        "CREATE TABLE notes (tenant_id int NOT NULL);\n"
        "ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\n"
        "CREATE POLICY notes_floor ON notes AS RESTRICTIVE USING (tenant_id = 1);\n"
    )
    good = bad + "CREATE POLICY notes_read ON notes FOR SELECT USING (tenant_id = 1);\n"
    claim = Claim(shows="SELECT NOT bool_or(polpermissive) FROM pg_policy")

    def finish(self, world: World) -> None:
        """Report tables that nothing opens."""
        if "policy" in world.catalog.computed:
            return
        for table in world.catalog.tables.values():
            policies = list(table.policies.values())
            if policies and not any(p.is_permissive for p in policies) and is_seen(world, table):
                world.report_origin(
                    self,
                    policies[0].origin,
                    f"{qualified(table.name)} has restrictive policies only: nobody sees a row",
                    "Add a permissive policy for each command that is granted.",
                )
