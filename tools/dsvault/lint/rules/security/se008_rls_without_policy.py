from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.catalog import Origin
from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tenancy import grants_to_others, is_seen, memory
from dsvault.lint.tree import range_name

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope, World


class RlsWithoutPolicy(Rule):
    """Row-level security without any policy.

    Why: nobody but the owner sees a row, and no error says why.
    When not: partitions, which are closed on purpose; a table on which everything was revoked.
    Instead: write the policies in the script that enables row security.
    """

    code = "SE008"
    classes = ("rls-no-policy",)
    severity = Severity.WARNING
    on = ("AlterTableStmt", "GrantStmt")
    setup = "CREATE ROLE lint_app;\n"
    bad = (
        "CREATE TABLE notes (id bigint PRIMARY KEY, author text);\n"
        "ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\n"
        "GRANT SELECT ON notes TO lint_app;\n"
    )
    good = bad + "CREATE POLICY notes_read ON notes FOR SELECT USING (author = current_user);\n"
    claim = Claim(shows="SELECT NOT EXISTS (SELECT FROM pg_policy)")

    def statement(self, scope: Scope) -> None:
        """Remember where row security was enabled, and which tables were closed by REVOKE ALL."""
        origin = Origin(scope.script, scope.start, scope.transaction.number)
        if scope.commands("AT_EnableRowSecurity"):
            memory(scope.world, self.code)[scope.relation()] = origin
        elif scope.kind == "GrantStmt" and not {"is_grant", "privileges"} & scope.node.keys():
            for item in scope.node.get("objects", ()):
                name = scope.catalog.qualify(range_name(item.get("RangeVar", {})))
                memory(scope.world, self.code)["closed", name] = origin

    def finish(self, world: World) -> None:
        """Report tables that are closed to everybody."""
        if "policy" in world.catalog.computed:
            return
        places = memory(world, self.code)
        for table in world.catalog.tables.values():
            granted = grants_to_others(world.catalog, table.name, table.owner)
            is_bare = table.has_rls and not table.policies and not table.parent
            # Closed on purpose, or perhaps opened by a script that is not here.
            is_settled = ("closed", table.name) in places or not is_seen(world, table)
            if is_bare and (granted or not is_settled):
                world.report_origin(
                    self,
                    places.get(table.name, table.origin),
                    f"{qualified(table.name)} has row security and no policy",
                    "Write the policies, or say REVOKE ALL if nobody shall use it.",
                )
