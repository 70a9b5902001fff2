from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tenancy import tenant_column

if TYPE_CHECKING:
    from dsvault.lint.catalog import Index, Table
    from dsvault.lint.scope import World


class UniqueAcrossTenants(Rule):
    """Unique key of a tenants' table that does not contain the tenant.

    Why: what one tenant has, no other can have, and a refused insert tells what others have.
    When not: the primary key, or a key of one uuid or counted column, which nobody chooses.
    Instead: UNIQUE (tenant_id, …).
    """

    code = "DS020"
    classes = ("unique-not-tenant-scoped",)
    severity = Severity.WARNING
    bad = "CREATE TABLE people (tenant_id int NOT NULL, email text UNIQUE);\n"
    good = "CREATE TABLE people (tenant_id int NOT NULL, email text, UNIQUE (tenant_id, email));\n"
    claim = Claim(
        shows="SELECT bool_or(indnatts = 1) FROM pg_index WHERE indrelid = 'people'::regclass"
    )

    def finish(self, world: World) -> None:
        """Report unique keys without the tenant."""
        for index in world.catalog.indexes.values():
            table = world.catalog.tables.get(index.table)
            tenant = tenant_column(table, world.catalog)
            if table is None or tenant is None or not index.is_unique or table.parent:
                continue
            names = {key.column for key in index.keys}
            if tenant not in names and not _is_surrogate(table, index):
                world.report_origin(
                    self,
                    index.origin,
                    f"{qualified(table.name)} is unique across tenants",
                    f"Begin the key with {tenant}.",
                )


def _is_surrogate(table: Table, index: Index) -> bool:
    primary = table.primary_key
    columns = [table.columns.get(key.column or "") for key in index.keys]
    if primary is not None and primary.name == index.name:
        # A name as the key is given by people, who do not know the other tenants' names.
        first = columns[0] if len(columns) == 1 else None
        is_text = first is not None and first.type.startswith(("text", "character", "citext"))
        return first is None or not is_text or first.name.endswith(("id", "token", "hash"))
    return any(
        c is not None and (c.type == "uuid" or c.is_identity or c.is_serial) for c in columns
    )
