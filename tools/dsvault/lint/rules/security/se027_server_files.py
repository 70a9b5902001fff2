from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import find, function_name, option

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Node

_ROLES = {"pg_read_server_files", "pg_write_server_files", "pg_execute_server_program"}
_FUNCTIONS = {"pg_read_file", "pg_read_binary_file", "pg_ls_dir", "lo_import", "lo_export",
              "pg_file_write", "pg_file_read", "pg_file_unlink", "pg_file_rename"}  # fmt: skip
_EXTENSIONS = {"file_fdw", "adminpack"}


class ServerFiles(Rule):
    """Access to the server's own files and programs.

    Why: the data directory holds every tenant's rows, and a program runs as the server's account.
    When not: COPY FROM STDIN or TO STDOUT.
    Instead: let the client read files (psql's copy), and keep these roles for administrators.
    """

    code = "SE027"
    classes = ("server-file-access",)
    on = (
        "CopyStmt",
        "GrantRoleStmt",
        "CreateRoleStmt",
        "SelectStmt",
        "CreateExtensionStmt",
        "GrantStmt",
    )
    in_functions = True
    setup = "CREATE ROLE lint_app;\n"
    bad = "GRANT pg_read_server_files TO lint_app;\n"
    good = "GRANT pg_monitor TO lint_app;\n"
    claim = Claim(shows="SELECT pg_has_role('lint_app', 'pg_read_server_files', 'MEMBER')")

    def statement(self, scope: Scope) -> None:
        """Report what reaches the server's files."""
        what = _what(scope)
        if what is not None:
            scope.report(
                self,
                f"{what} reaches the server's own files",
                "Read and write files on the client's side.",
            )


def _what(scope: Scope) -> str | None:
    node = scope.node
    if scope.kind == "CopyStmt":
        return "COPY" if node.get("filename") or node.get("is_program") else None
    if scope.kind == "CreateExtensionStmt":
        return node.get("extname") if node.get("extname") in _EXTENSIONS else None
    if scope.kind == "CreateRoleStmt":
        groups = option(node.get("options"), "addroleto")
        names = {str(fields.get("rolename")) for fields in find(groups, "RoleSpec")}
        return min(names & _ROLES, default=None)
    if scope.kind == "GrantRoleStmt":
        return _role(node) if node.get("is_grant") else None
    calls = (function_name(fields) for kind, fields in scope.nodes if kind == "FuncCall")
    return next((name for name in calls if name in _FUNCTIONS), None)


def _role(node: Node) -> str | None:
    names = (r.get("AccessPriv", {}).get("priv_name") for r in node.get("granted_roles", ()))
    return next((name for name in names if name in _ROLES), None)
