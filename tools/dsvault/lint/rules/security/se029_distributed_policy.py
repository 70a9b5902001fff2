from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.citus import DistributedRule
from dsvault.lint.rule import Claim
from dsvault.lint.tree import find

if TYPE_CHECKING:
    from dsvault.lint.scope import World


class DistributedPolicy(DistributedRule):
    """Policy on a table distributed by Citus that has a sub-select, or is restrictive.

    Why: Citus refuses sub-selects in policies, and makes restrictive ones permissive on its shards,
    so that what should hold rows back lets them through.
    When not: nothing calls create_distributed_table.
    Instead: permissive policies that are complete by themselves and call accessors directly.
    """

    code = "SE029"
    setup = (
        "CREATE FUNCTION create_distributed_table(text, text) RETURNS int\n"
        "    LANGUAGE sql AS 'SELECT 1';\n"
        "CREATE TABLE notes (tenant_id int NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));\n"
        "ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\n"
    )
    bad = (
        "CREATE POLICY notes_floor ON notes AS RESTRICTIVE USING (tenant_id = 1);\n"
        "SELECT create_distributed_table('notes', 'tenant_id');\n"
    )
    good = bad.replace("AS RESTRICTIVE ", "")
    claim = Claim(shows="SELECT NOT polpermissive FROM pg_policy")

    def finish(self, world: World) -> None:
        """Report the policies."""
        for name in self.distributed(world):
            table = world.catalog.tables.get(name)
            for policy in table.policies.values() if table is not None else ():
                has_select = any(True for _ in find([policy.using, policy.check], "SubLink"))
                if has_select or not policy.is_permissive:
                    what = "has a sub-select" if has_select else "is restrictive"
                    world.report_origin(
                        self,
                        policy.origin,
                        f"{policy.name} {what}, which Citus does not keep",
                        "Write a permissive policy that is complete, without sub-selects.",
                    )
