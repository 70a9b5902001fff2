from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified

if TYPE_CHECKING:
    from dsvault.lint.scope import World


class PolicyWithoutRls(Rule):
    """Policy on a table whose row-level security is off.

    Why: it is never asked; every row is open to whoever has the privilege.
    When not: row security is enabled in another script of the plan.
    Instead: ALTER TABLE … ENABLE ROW LEVEL SECURITY, and FORCE.
    """

    code = "SE009"
    classes = ("policy-rls-disabled",)
    bad = (
        "CREATE TABLE notes (id bigint PRIMARY KEY, author text);\n"
        "CREATE POLICY notes_read ON notes FOR SELECT USING (author = current_user);\n"
    )
    good = bad + "ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\n"
    claim = Claim(shows="SELECT NOT relrowsecurity FROM pg_class WHERE relname = 'notes'")

    def finish(self, world: World) -> None:
        """Report policies that do nothing."""
        if "rls" in world.catalog.computed:
            return
        for table in world.catalog.tables.values():
            if table.has_rls or not table.is_known:
                continue
            for policy in table.policies.values():
                world.report_origin(
                    self,
                    policy.origin,
                    f"row security of {qualified(table.name)} is off, so nobody asks this policy",
                    "ALTER TABLE … ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY.",
                )
