from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import find, inner, literal

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Node

_FROM_OUTSIDE = re.compile(rb"password\s+:", re.IGNORECASE)  # a variable of psql
_ENCRYPTED = re.compile(r"SCRAM-SHA-256\$|md5[0-9a-f]{32}\Z")
_IN_STRING = re.compile(r"\bpassword\s*=\s*(?!:)\S|://[^:/@\s]+:[^@/\s:]+@", re.IGNORECASE)
_STAND_IN = re.compile(r"dsvault_lint_any|\A[:$%<{].*|\A\s*\Z")


class PasswordInScript(Rule):
    """Password as clear text in a script.

    Why: it is in the repository for ever, in the server's log, and in every copy of both.
    When not: it is a SCRAM verifier, NULL, or comes from outside.
    Instead: NOLOGIN roles in scripts; passwords are set by whoever operates the server.
    """

    code = "SE024"
    classes = ("password-in-migration",)
    on = (
        "CreateRoleStmt",
        "AlterRoleStmt",
        "CreateUserMappingStmt",
        "AlterUserMappingStmt",
        "CreateSubscriptionStmt",
        "AlterSubscriptionStmt",
        "SelectStmt",
    )
    bad = "CREATE ROLE lint_app LOGIN PASSWORD 'secret';\n"
    good = "CREATE ROLE lint_app NOLOGIN;\n"
    claim = Claim(shows="SELECT rolpassword IS NOT NULL FROM pg_authid WHERE rolname = 'lint_app'")

    def statement(self, scope: Scope) -> None:
        """Report passwords and connection strings with one."""
        written = scope.source.original.encode()[scope.start : scope.end]
        if _has_password(scope) and not _FROM_OUTSIDE.search(written):
            scope.report(
                self,
                "a password stands here as clear text",
                "Leave it out: whoever operates the server sets it.",
                at=scope.find_text("password", "connection"),
            )


def _has_password(scope: Scope) -> bool:
    if scope.kind == "SelectStmt":
        calls = [f for f in find(scope.node, "FuncCall") if _name(f).startswith("dblink")]
        return any(_IN_STRING.search(literal(a) or "") for f in calls for a in f.get("args", ()))
    if scope.kind.endswith("SubscriptionStmt"):
        return bool(_IN_STRING.search(scope.node.get("conninfo", "")))
    for fields in find(scope.node.get("options"), "DefElem"):
        if fields.get("defname") == "password":
            text = inner(fields.get("arg"))[1].get("sval")
            if isinstance(text, str) and not _ENCRYPTED.match(text) and not _STAND_IN.search(text):
                return True
    return False


def _name(call: Node) -> str:
    parts = [part.get("String", {}).get("sval", "") for part in call.get("funcname", ())]
    return parts[-1] if parts else ""
