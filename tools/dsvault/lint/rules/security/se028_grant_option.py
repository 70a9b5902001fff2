from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import option, option_text

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class GrantOption(Rule):
    """Privilege that its holder may hand on.

    Why: a role opens the table to roles that the owner never heard of.
    When not: REVOKE GRANT OPTION FOR.
    Instead: grant without it.
    """

    code = "SE028"
    classes = ("grant-with-grant-option",)
    severity = Severity.WARNING
    on = ("GrantStmt", "AlterDefaultPrivilegesStmt", "GrantRoleStmt")
    setup = "CREATE ROLE lint_app;\nCREATE TABLE notes (id int);\n"
    bad = "GRANT SELECT ON notes TO lint_app WITH GRANT OPTION;\n"
    good = "GRANT SELECT ON notes TO lint_app;\n"
    claim = Claim(shows="SELECT relacl::text ~ 'r\\*' FROM pg_class WHERE relname = 'notes'")

    def statement(self, scope: Scope) -> None:
        """Report the option."""
        node = scope.node.get("action", scope.node)
        is_admin = option_text(option(node.get("opt"), "admin")) == "true"
        if node.get("is_grant") and (node.get("grant_option") or is_admin):
            scope.report(
                self,
                "the role may hand the privilege on",
                "Leave WITH GRANT OPTION out.",
                at=scope.find_text("with grant option", "with admin"),
            )
