from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tenancy import is_accessor, outside_sublinks
from dsvault.lint.tree import function_name

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class SettingPerRow(Rule):
    """Policy that reads a session value once a row.

    Why: the function is called for every row that is looked at.
    When not: it stands in a sub-select, which is computed once a statement; it looks at a column.
    Instead: tenant_id = (SELECT current_setting(…)::uuid).
    """

    code = "SE012"
    classes = ("rls-per-row-setting",)
    severity = Severity.WARNING
    on = ("CreatePolicyStmt", "AlterPolicyStmt")
    setup = (
        "CREATE TABLE notes (tenant_id text NOT NULL);\n"
        "ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\n"
    )
    bad = (
        "CREATE POLICY notes_tenant ON notes\n"
        "    USING (tenant_id = current_setting('app.tenant', true));\n"
    )
    good = (
        "CREATE POLICY notes_tenant ON notes\n"
        "    USING (tenant_id = (SELECT current_setting('app.tenant', true)));\n"
    )
    claim = Claim(shows="SELECT pg_get_expr(polqual, polrelid) !~ 'SELECT' FROM pg_policy")

    def statement(self, scope: Scope) -> None:
        """Report calls outside of a sub-select."""
        for key in ("qual", "with_check"):
            for kind, fields in outside_sublinks(scope.node.get(key)):
                if kind != "FuncCall":
                    continue
                name = function_name(fields)
                if name == "current_setting" or is_accessor(fields, scope.catalog):
                    scope.report(
                        self,
                        f"calls {name}() for every row",
                        f"Write (SELECT {name}(…)), which is computed once a statement.",
                        at=fields,
                    )
