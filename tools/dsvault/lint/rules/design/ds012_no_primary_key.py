from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified

if TYPE_CHECKING:
    from dsvault.lint.scope import World


class NoPrimaryKey(Rule):
    """Table without a primary key.

    Why: a row that cannot be named cannot be referred to, replicated or removed alone.
    When not: temporary tables; partitioned tables and partitions; a key in a later script.
    Instead: a primary key, for tenants' tables (tenant_id, id).
    """

    code = "DS012"
    classes = ("no-primary-key",)
    severity = Severity.WARNING
    bad = "CREATE TABLE notes (id bigint NOT NULL, body text);\n"
    good = "CREATE TABLE notes (id bigint NOT NULL, body text, PRIMARY KEY (id));\n"
    claim = Claim(
        shows="SELECT NOT EXISTS (SELECT FROM pg_constraint "
        "WHERE conrelid = 'notes'::regclass AND contype = 'p')"
    )

    def finish(self, world: World) -> None:
        """Report tables without one."""
        for table in world.catalog.tables.values():
            is_other = table.is_temporary or table.is_foreign or table.parent or table.inherits
            is_plain = table.is_known and not is_other and not table.has_open_columns
            is_plain = is_plain and not table.strategy  # its key would have to hold the bound
            if is_plain and table.primary_key is None and table.columns:
                world.report_origin(
                    self,
                    table.origin,
                    f"{qualified(table.name)} has no primary key",
                    "Add one.",
                )
