from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.catalog import Origin
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tenancy import memory

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope, World


class RlsSwitchedOff(Rule):
    """Row-level security is switched off and stays so.

    Why: from now on whoever may read the table reads every row of it.
    When not: it is switched on again later; NO FORCE alone, which binds the owner no more.
    Instead: change the policies; for rows that the owner has to see, NO FORCE inside of the
    transaction, and FORCE at its end.
    """

    code = "SE031"
    classes = ("rls-missing",)
    on = ("AlterTableStmt",)
    setup = (
        "CREATE TABLE notes (id bigint PRIMARY KEY, author text);\n"
        "ALTER TABLE notes ENABLE ROW LEVEL SECURITY;\n"
    )
    bad = "ALTER TABLE notes DISABLE ROW LEVEL SECURITY;\n"
    good = "ALTER TABLE notes NO FORCE ROW LEVEL SECURITY;\n"
    claim = Claim(shows="SELECT NOT relrowsecurity FROM pg_class WHERE relname = 'notes'")

    def statement(self, scope: Scope) -> None:
        """Remember where it is switched off, and whether it was on before as far as is known."""
        table = scope.catalog.table(scope.relation())
        was_on = table is None or table.has_rls or not table.is_known
        if scope.commands("AT_DisableRowSecurity") and was_on:
            origin = Origin(scope.script, scope.start, scope.transaction.number)
            memory(scope.world, self.code)[scope.relation()] = origin

    def finish(self, world: World) -> None:
        """Report tables on which nobody switches it on again; those with policies have a rule."""
        for name, origin in memory(world, self.code).items():
            table = world.catalog.tables.get(name)  # type: ignore[call-overload]
            if table is not None and not table.has_rls and not table.policies:
                world.report_origin(
                    self,
                    origin,
                    f"row security of {qualified(table.name)} is off from here on",
                    "Leave it on, and change the policies.",
                )
