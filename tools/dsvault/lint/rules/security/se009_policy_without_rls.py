from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.catalog import Origin
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tenancy import memory

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope, World


class PolicyWithoutRls(Rule):
    """Policy on a table whose row-level security is off.

    Why: it is never asked; every row is open to whoever has the privilege.
    When not: row security is enabled in another script of the plan.
    Instead: ALTER TABLE … ENABLE ROW LEVEL SECURITY, and FORCE.
    """

    code = "SE009"
    classes = ("policy-rls-disabled",)
    on = ("AlterTableStmt",)
    bad = (
        "CREATE TABLE notes (id bigint PRIMARY KEY, author text);\n"
        "CREATE POLICY notes_read ON notes FOR SELECT USING (author = current_user);\n"
    )
    good = bad + "ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\n"
    claim = Claim(shows="SELECT NOT relrowsecurity FROM pg_class WHERE relname = 'notes'")

    def statement(self, scope: Scope) -> None:
        """Remember where row security was switched off."""
        if scope.commands("AT_DisableRowSecurity"):
            origin = Origin(scope.script, scope.start, scope.transaction.number)
            memory(scope.world, self.code)[scope.relation()] = origin

    def finish(self, world: World) -> None:
        """Report policies that do nothing."""
        if "rls" in world.catalog.computed:
            return
        for table in world.catalog.tables.values():
            off = memory(world, self.code).get(table.name)
            if table.has_rls or not (table.is_known or off):
                continue
            for policy in table.policies.values():
                world.report_origin(
                    self,
                    off or policy.origin,
                    f"row security of {qualified(table.name)} is off, so nobody asks this policy",
                    "ALTER TABLE … ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY.",
                )
