from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tenancy import grants_to_others, tenant_column

if TYPE_CHECKING:
    from dsvault.lint.catalog import Table
    from dsvault.lint.scope import World


class TenantTableWithoutRls(Rule):
    """Tenants' table that others may use, without row-level security.

    Why: whoever was granted something sees or changes every tenant's rows.
    When not: nothing is granted on it; row-level security follows in a later script.
    Instead: ENABLE and FORCE ROW LEVEL SECURITY and write policies before the GRANT.
    """

    code = "SE006"
    classes = ("rls-missing",)
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

    def finish(self, world: World) -> None:
        """Report tenants' tables that are open."""
        catalog = world.catalog
        if "rls" in catalog.computed:
            return
        tables = [t for t in catalog.tables.values() if t.is_known and tenant_column(t)]
        guarded = sum(t.has_rls for t in tables)
        for table in tables:
            if table.has_rls or table.parent or table.is_temporary:
                continue
            is_granted = bool(grants_to_others(catalog, table.name, table.owner))
            is_granted |= _by_default(world, table)
            is_odd = world.is_project and guarded > 0
            if is_granted or is_odd:
                world.report_origin(
                    self,
                    table.origin,
                    f"{qualified(table.name)} holds rows of all tenants and has no row security",
                    "ENABLE and FORCE ROW LEVEL SECURITY, and write a policy for each command.",
                )


def _by_default(world: World, table: Table) -> bool:
    """Say whether a grant on all tables of its schema opens the table."""
    return any(
        g.kind == "table" and g.object == (table.name[0], "*") and g.grantee != table.owner
        for g in world.catalog.grants
    ) and any(g.object == table.name for g in world.catalog.grants)
