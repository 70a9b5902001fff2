from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tenancy import tenant_column

if TYPE_CHECKING:
    from dsvault.lint.scope import World


class ForeignKeyAcrossTenants(Rule):
    """Foreign key between tenants' tables that does not contain the tenant.

    Why: a row of one tenant can refer to a row of another, and find out whether it is there.
    When not: the other table has no tenant.
    Instead: FOREIGN KEY (tenant_id, x_id) REFERENCES x (tenant_id, id).
    """

    code = "DS019"
    classes = ("fk-not-tenant-scoped",)
    setup = (
        "CREATE TABLE people (tenant_id int, id int UNIQUE, PRIMARY KEY (tenant_id, id));\n"
        "INSERT INTO people VALUES (1, 7);\n"
    )
    bad = (
        "CREATE TABLE notes (tenant_id int NOT NULL, author int REFERENCES people (id));\n"
        "INSERT INTO notes VALUES (2, 7);\n"
    )
    good = (
        "CREATE TABLE notes (tenant_id int NOT NULL, author int,\n"
        "    FOREIGN KEY (tenant_id, author) REFERENCES people (tenant_id, id));\n"
        "INSERT INTO notes VALUES (1, 7);\n"
    )
    claim = Claim(
        shows="SELECT bool_or(n.tenant_id <> p.tenant_id) FROM notes AS n JOIN people AS p "
        "ON p.id = n.author"
    )

    def finish(self, world: World) -> None:
        """Report keys that may leave the tenant."""
        for table in world.catalog.tables.values():
            tenant = tenant_column(table, world.catalog)
            for key in table.of_kind("foreign") if tenant and not table.parent else ():
                other = world.catalog.tables.get(key.ref_table)
                if other is None or tenant_column(other, world.catalog) != tenant:
                    continue
                pairs = set(zip(key.columns, key.ref_columns, strict=False))
                if (tenant, tenant) not in pairs:
                    world.report_origin(
                        self,
                        key.origin,
                        f"may lead to a row of another tenant in {qualified(other.name)}",
                        f"Begin both sides of the key with {tenant}.",
                    )
