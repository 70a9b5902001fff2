from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tenancy import covers, grants_to_others, is_seen

if TYPE_CHECKING:
    from dsvault.lint.catalog import Catalog, Grant, Policy
    from dsvault.lint.scope import World


class GrantWithoutPolicy(Rule):
    """Privilege on a table with row-level security for a command that no policy admits.

    Why: SELECT shows nothing, UPDATE and DELETE change nothing, INSERT fails: the grant does not do
    what it says, and opens the table on the day that somebody adds a wide policy.
    When not: a policy for the command, or FOR ALL, exists in whatever script.
    Instead: grant what the policies admit, or add the policy.
    """

    code = "SE007"
    classes = ("rls-grant-without-policy",)
    severity = Severity.WARNING
    setup = "CREATE ROLE lint_app;\n"
    bad = (
        "CREATE TABLE notes (id bigint PRIMARY KEY, author text);\n"
        "ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\n"
        "CREATE POLICY notes_read ON notes FOR SELECT TO lint_app USING (author = current_user);\n"
        "GRANT SELECT, DELETE ON notes TO lint_app;\n"
    )
    good = bad.replace("SELECT, DELETE ON", "SELECT ON")
    claim = Claim(shows="SELECT has_table_privilege('lint_app', 'notes', 'DELETE')")

    def finish(self, world: World) -> None:
        """Report grants that let nothing through."""
        catalog = world.catalog
        if "policy" in catalog.computed:
            return
        for table in catalog.tables.values():
            if not table.has_rls or table.parent or not is_seen(world, table):
                continue
            permissive = [p for p in table.policies.values() if p.is_permissive]
            if not permissive:
                continue
            for grant in grants_to_others(catalog, table.name, table.owner):
                if grant.is_default:
                    continue
                if not any(_admits(catalog, policy, grant) for policy in permissive):
                    world.report_origin(
                        self,
                        grant.origin,
                        f"no policy on {qualified(table.name)} admits {grant.privilege.upper()}",
                        "Grant what the policies admit, or add a policy for the command.",
                    )


def _admits(catalog: Catalog, policy: Policy, grant: Grant) -> bool:
    """Say whether a policy is for the command, and, as far as is known, for the role."""
    if not covers(policy, grant.privilege):
        return False
    role = catalog.roles.get(grant.grantee)
    is_bound = role is not None and role.is_known and "bypassrls" not in role.attributes
    is_other = {"public", grant.grantee}.isdisjoint(policy.roles)
    return not (is_bound and is_other and grant.grantee not in catalog.members)
