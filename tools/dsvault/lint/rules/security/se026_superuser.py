from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.apply.security import role_of
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import option, option_text

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class Superuser(Rule):
    """Role with SUPERUSER.

    Why: it may do everything on the whole server, past every policy and privilege.
    When not: NOSUPERUSER.
    Instead: CREATEROLE, predefined roles such as pg_monitor, or ownership of one database.
    """

    code = "SE026"
    classes = ("superuser-role",)
    on = ("CreateRoleStmt", "AlterRoleStmt")
    bad = "CREATE ROLE lint_app SUPERUSER;\n"
    good = "CREATE ROLE lint_app NOSUPERUSER;\n"
    claim = Claim(shows="SELECT rolsuper FROM pg_roles WHERE rolname = 'lint_app'")

    def statement(self, scope: Scope) -> None:
        """Report the attribute."""
        if option_text(option(scope.node.get("options"), "superuser")) == "true":
            scope.report(
                self,
                f"{role_of(scope.node)} may do everything on the whole server",
                "Give it the predefined role that its task needs.",
                at=scope.find_text("superuser"),
            )
