from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import find, function_name, option, option_text, strings

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Node

_ROLES = {"pg_read_server_files", "pg_write_server_files", "pg_execute_server_program"}
_FUNCTIONS = {"pg_read_file", "pg_read_binary_file", "pg_ls_dir", "lo_import", "lo_export",
              "pg_file_write", "pg_file_read", "pg_file_unlink", "pg_file_rename"}  # fmt: skip
_EXTENSIONS = {"file_fdw", "adminpack"}
_LANGUAGES = {"plpython3u", "plpython2u", "plpythonu", "plperlu", "pltclu", "plsh"}


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
        "CreateFunctionStmt",
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
    reader = _READERS.get(scope.kind)
    if reader is not None:
        return reader(scope.node)
    calls = (function_name(fields) for kind, fields in scope.nodes if kind == "FuncCall")
    return next((name for name in calls if name in _FUNCTIONS), None)


def _copy(node: Node) -> str | None:
    return "COPY" if node.get("filename") or node.get("is_program") else None


def _extension(node: Node) -> str | None:
    return node.get("extname") if node.get("extname") in _EXTENSIONS else None


def _new_role(node: Node) -> str | None:
    groups = option(node.get("options"), "addroleto")
    names = {str(fields.get("rolename")) for fields in find(groups, "RoleSpec")}
    return min(names & _ROLES, default=None)


def _language(node: Node) -> str | None:
    language = option_text(option(node.get("options"), "language")) or ""
    return language if language.lower() in _LANGUAGES else None


def _execute(node: Node) -> str | None:
    given = find(node.get("objects"), "ObjectWithArgs") if node.get("is_grant") else ()
    named = (strings(item.get("objname"))[-1] for item in given)
    return next((name for name in named if name in _FUNCTIONS), None)


def _role(node: Node) -> str | None:
    if not node.get("is_grant"):
        return None
    names = (r.get("AccessPriv", {}).get("priv_name") for r in node.get("granted_roles", ()))
    return next((name for name in names if name in _ROLES), None)


_READERS = {
    "CopyStmt": _copy,
    "CreateExtensionStmt": _extension,
    "CreateFunctionStmt": _language,
    "CreateRoleStmt": _new_role,
    "GrantRoleStmt": _role,
    "GrantStmt": _execute,
}
