from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.apply.functions import table_columns
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tenancy import outside_sublinks
from dsvault.lint.tree import find, range_name, strings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Name, Node


class PolicyUnknownColumn(Rule):
    """Policy that names a column which its table does not have.

    Why: the script fails.
    When not: the column is added before, or the text does not show all columns.
    Instead: name a column of the table.
    """

    code = "SE019"
    classes = ("policy-unknown-column",)
    on = ("CreatePolicyStmt", "AlterPolicyStmt")
    setup = "CREATE TABLE notes (tenant_id int NOT NULL);\n"
    bad = "CREATE POLICY notes_own ON notes FOR SELECT USING (owner = current_user);\n"
    good = "CREATE POLICY notes_own ON notes FOR SELECT USING (tenant_id = 1);\n"
    claim = Claim(fails="42703")

    def statement(self, scope: Scope) -> None:
        """Report columns that are not there."""
        name = scope.relation()
        columns = table_columns(scope.catalog, name)
        if columns is None:
            return
        for key in ("qual", "with_check"):
            for kind, fields in outside_sublinks(scope.node.get(key)):
                parts = strings(fields.get("fields")) if kind == "ColumnRef" else []
                if len(parts) == 2 and parts[0] == name[1]:
                    parts = parts[1:]
                if len(parts) == 1 and parts[0] not in columns | {name[1], "tableoid", "ctid"}:
                    scope.report(
                        self,
                        f"{qualified(name)} has no column {parts[0]}",
                        "Name a column of the table.",
                        at=fields,
                    )
            for table, column, fields in _inside(scope, scope.node.get(key)):
                scope.report(
                    self,
                    f"{qualified(table)} has no column {column}",
                    "Name a column of the table.",
                    at=fields,
                )


def _inside(scope: Scope, condition: Node | None) -> Iterator[tuple[Name, str, Node]]:
    """Yield the unknown columns that sub-selects name with their table."""
    for link in find({"x": condition}, "SubLink") if condition else ():
        select = link.get("subselect", {})
        named = {scope.relation()[1]: scope.relation()}
        for source in find(select, "RangeVar"):
            alias = source.get("alias", {}).get("aliasname") or source.get("relname", "")
            named[alias] = scope.catalog.qualify(range_name(source))
        if "CommonTableExpr" in str(select):
            continue
        for fields in find(select, "ColumnRef"):
            parts = strings(fields.get("fields"))
            table = named.get(parts[0]) if len(parts) == 2 else None
            columns = table_columns(scope.catalog, table) if table else None
            if table and columns is not None and parts[1] not in columns | {"tableoid", "ctid"}:
                yield table, parts[1], fields
