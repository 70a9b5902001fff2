from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tenancy import grants_to_others, root_of

if TYPE_CHECKING:
    from dsvault.lint.scope import World


class PartitionBypassesRls(Rule):
    """Grant on a partition of a table with row-level security.

    Why: a partition that is read by its own name is read without its parent's policies.
    When not: it has row security of its own.
    Instead: grant on the parent alone; ENABLE and FORCE on each partition.
    """

    code = "SE022"
    classes = ("partition-bypasses-rls",)
    setup = (
        "CREATE ROLE lint_app;\n"
        "CREATE TABLE notes (tenant_id int NOT NULL) PARTITION BY LIST (tenant_id);\n"
        "ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\n"
        "CREATE POLICY notes_read ON notes FOR SELECT USING (tenant_id = 1);\n"
        "CREATE TABLE notes_1 PARTITION OF notes FOR VALUES IN (1);\n"
    )
    bad = "GRANT SELECT ON notes, notes_1 TO lint_app;\n"
    good = "GRANT SELECT ON notes TO lint_app;\n"
    claim = Claim(shows="SELECT has_table_privilege('lint_app', 'notes_1', 'SELECT')")

    def finish(self, world: World) -> None:
        """Report partitions that were opened."""
        if "rls" in world.catalog.computed:
            return
        for table in world.catalog.tables.values():
            root = root_of(world.catalog, table)
            if root is table or not root.has_rls or table.has_rls:
                continue
            for grant in grants_to_others(world.catalog, table.name, table.owner):
                world.report_origin(
                    self,
                    grant.origin,
                    f"{grant.grantee} reads {qualified(table.name)} past the policies of "
                    f"{qualified(root.name)}",
                    "Grant on the parent alone.",
                )
