from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.catalog import Origin
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tenancy import grants_to_others, memory, tenant_column
from dsvault.lint.tree import items_of, option, strings

if TYPE_CHECKING:
    from dsvault.lint.catalog import Table
    from dsvault.lint.scope import Scope, World


_A_HABIT = 3  # tables of tenants with row security, beside which one without is forgotten


class TenantTableWithoutRls(Rule):
    """Tenants' table that others may use, without row-level security.

    Why: whoever was granted something sees or changes every tenant's rows.
    When not: nothing is granted on it, and it is no exception among guarded ones; row-level
    security follows in a later script.
    Instead: ENABLE and FORCE ROW LEVEL SECURITY and write policies before the GRANT.
    """

    code = "SE006"
    classes = ("rls-missing",)
    on = ("AlterDefaultPrivilegesStmt", "AlterTableStmt")
    setup = "CREATE ROLE lint_app;\n"
    bad = (
        "CREATE TABLE notes (tenant_id uuid NOT NULL, id uuid NOT NULL,\n"
        "    PRIMARY KEY (tenant_id, id));\nGRANT SELECT ON notes TO lint_app;\n"
    )
    good = (
        bad + "ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\n"
        "CREATE POLICY notes_app ON notes TO lint_app USING (false);\n"
    )
    claim = Claim(shows="SELECT NOT relrowsecurity FROM pg_class WHERE relname = 'notes'")

    def statement(self, scope: Scope) -> None:
        """Remember schemas whose later tables are open."""
        if scope.commands("AT_DisableRowSecurity"):
            origin = Origin(scope.script, scope.start, scope.transaction.number)
            memory(scope.world, self.code)["off", scope.relation()] = origin
        action = scope.node.get("action", {})
        if action.get("is_grant") and action.get("objtype") == "OBJECT_TABLE":
            schemas = option(scope.node.get("options"), "schemas")
            names = strings(items_of(schemas.get("arg", {}))) if schemas else [""]
            origin = Origin(scope.script, scope.start, scope.transaction.number)
            memory(scope.world, self.code).update(dict.fromkeys(names, origin))

    def finish(self, world: World) -> None:
        """Report tenants' tables that are open."""
        catalog = world.catalog
        if "rls" in catalog.computed:
            return
        tables = [t for t in catalog.tables.values() if t.is_known and tenant_column(t, catalog)]
        guarded = sum(t.has_rls for t in tables)
        for table in tables:
            if table.has_rls or table.parent or table.is_temporary:
                continue
            is_granted = bool(grants_to_others(catalog, table.name, table.owner))
            is_granted |= _by_default(world, table)
            if is_granted or guarded >= _A_HABIT:
                off = memory(world, self.code).get(("off", table.name))
                for origin in filter(None, (table.origin, off)):
                    world.report_origin(
                        self,
                        origin,
                        f"{qualified(table.name)} holds rows of all tenants, without row security",
                        "ENABLE and FORCE ROW LEVEL SECURITY, with a policy for each command.",
                    )


def _by_default(world: World, table: Table) -> bool:
    """Say whether default privileges opened the table as it was made."""
    schemas = memory(world, TenantTableWithoutRls.code)
    return "" in schemas or table.name[0] in schemas
