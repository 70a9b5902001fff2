from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.apply.security import role_of
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import option, option_text

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class RoleBypassesRls(Rule):
    """Role with BYPASSRLS.

    Why: row-level security does not bind it, whatever the policies say.
    When not: NOBYPASSRLS.
    Instead: policies for the role; definer functions with narrow policies of their own.
    """

    code = "SE025"
    classes = ("bypassrls-role",)
    on = ("CreateRoleStmt", "AlterRoleStmt")
    bad = "CREATE ROLE lint_app BYPASSRLS;\n"
    good = "CREATE ROLE lint_app NOBYPASSRLS;\n"
    claim = Claim(shows="SELECT rolbypassrls FROM pg_roles WHERE rolname = 'lint_app'")

    def statement(self, scope: Scope) -> None:
        """Report the attribute."""
        if option_text(option(scope.node.get("options"), "bypassrls")) == "true":
            scope.report(
                self,
                f"row-level security does not bind {role_of(scope.node)}",
                "Leave it out, and write policies for the role.",
                at=scope.find_text("bypassrls"),
            )
