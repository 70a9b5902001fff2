from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.citus import DistributedRule
from dsvault.lint.rule import Claim
from dsvault.lint.scope import qualified

if TYPE_CHECKING:
    from dsvault.lint.scope import World


class DistributedKey(DistributedRule):
    """Table distributed by Citus whose key lacks the distribution column.

    Why: a shard can only keep unique, and only refer to, what it holds itself: Citus refuses it.
    When not: nothing calls create_distributed_table.
    Instead: the distribution column in every primary key, unique key and foreign key between
    distributed tables.
    """

    code = "DS034"
    setup = (
        "CREATE FUNCTION create_distributed_table(text, text) RETURNS int\n"
        "    LANGUAGE sql AS 'SELECT 1';\n"
    )
    bad = (
        "CREATE TABLE notes (tenant_id int NOT NULL, id bigint PRIMARY KEY);\n"
        "SELECT create_distributed_table('notes', 'tenant_id');\n"
    )
    good = (
        "CREATE TABLE notes (tenant_id int NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));\n"
        "SELECT create_distributed_table('notes', 'tenant_id');\n"
    )
    claim = Claim(
        shows="SELECT cardinality(conkey) = 1 FROM pg_constraint "
        "WHERE conrelid = 'notes'::regclass AND contype = 'p'"
    )

    def finish(self, world: World) -> None:
        """Report keys without the column."""
        spread = self.distributed(world)
        for name, column in spread.items():
            table = world.catalog.tables.get(name)
            if table is None or not table.is_known:
                continue
            for index in world.catalog.indexes_of(name):
                if index.is_unique and column not in {key.column for key in index.keys}:
                    world.report_origin(
                        self,
                        index.origin,
                        f"{qualified(name)} is distributed by {column}, which this key lacks",
                        f"Add {column} to the key.",
                    )
            for key in table.of_kind("foreign"):
                if key.ref_table in spread and column not in key.columns:
                    world.report_origin(
                        self,
                        key.origin,
                        f"{qualified(key.ref_table)} is distributed, and the key lacks {column}",
                        f"Begin both sides of the key with {column}.",
                    )
