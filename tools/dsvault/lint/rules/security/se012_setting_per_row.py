from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tenancy import is_accessor, outside_sublinks
from dsvault.lint.tree import columns_in, find, function_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Node


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
                self._look(scope, fields)
            for select in _for_each_row(scope.node.get(key), scope.relation()[1]):
                for kind, fields in outside_sublinks(select):
                    if kind == "FuncCall":
                        self._look(scope, fields)

    def _look(self, scope: Scope, call: Node) -> None:
        name = function_name(call)
        if name == "current_setting" or is_accessor(call, scope.catalog):
            scope.report(
                self,
                f"calls {name}() for every row",
                f"Write (SELECT {name}(…)), which is computed once a statement.",
                at=call,
            )


def _for_each_row(condition: Node | None, table: str) -> Iterator[Node]:
    """Yield the sub-selects that look at the policy's row, and so run for each of them."""
    for link in find({"x": condition}, "SubLink") if condition else ():
        select = link.get("subselect", {}).get("SelectStmt", {})
        is_about = any(len(names) > 1 and names[0] == table for names in columns_in(select))
        if "fromClause" in select and is_about:
            yield {"x": select.get("whereClause")}
