from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.catalog import Origin
from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tenancy import memory

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope, World


class RlsNotForced(Rule):
    """Row-level security that does not bind the table's owner.

    Why: a session as the owner, or a definer function of the owner, sees every row.
    When not: FORCE stands in another script of the plan.
    Instead: ALTER TABLE … ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY.
    """

    code = "SE010"
    classes = ("rls-not-forced",)
    severity = Severity.WARNING
    on = ("AlterTableStmt",)
    bad = (
        "CREATE TABLE notes (id bigint PRIMARY KEY, author text);\n"
        "ALTER TABLE notes ENABLE ROW LEVEL SECURITY;\n"
        "CREATE POLICY notes_read ON notes FOR SELECT USING (author = current_user);\n"
    )
    good = bad + "ALTER TABLE notes FORCE ROW LEVEL SECURITY;\n"
    claim = Claim(shows="SELECT NOT relforcerowsecurity FROM pg_class WHERE relname = 'notes'")

    def statement(self, scope: Scope) -> None:
        """Remember where row security was enabled, or taken from the owner."""
        places, name = memory(scope.world, self.code), scope.relation()
        origin = Origin(scope.script, scope.start, scope.transaction.number)
        if scope.commands("AT_DisableRowSecurity"):
            places["off", name] = origin
        # What was off for a while is as it was before: FORCE outlives it.
        is_back = ("off", name) in places and not scope.commands("AT_NoForceRowSecurity")
        if scope.commands("AT_EnableRowSecurity", "AT_NoForceRowSecurity") and not is_back:
            places[name] = origin

    def finish(self, world: World) -> None:
        """Report tables whose owner is not bound."""
        if "force" in world.catalog.computed:
            return
        for table in world.catalog.tables.values():
            origin = memory(world, self.code).get(table.name)
            if table.has_rls and not table.is_forced and origin is not None:
                world.report_origin(
                    self,
                    origin,
                    f"the owner of {qualified(table.name)} is not bound by its policies",
                    "Add FORCE ROW LEVEL SECURITY.",
                )
