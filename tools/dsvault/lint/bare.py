"""Names that are written without their schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dsvault.lint.tree import strings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.lint.scope import Scope

_OWN_ROWS = {"new", "old", "excluded"}


class BareName(NamedTuple):
    """A table, view or function that is named without a schema, and where."""

    thing: str  # relation, function
    text: str
    offset: int


def bare_names(scope: Scope) -> Iterator[BareName]:
    """Yield the tables, views and calls that a statement names without a schema.

    What the query itself names (WITH, the rows of a trigger), the catalog's own and temporary
    tables are none. Of calls nobody knows whether they are of PostgreSQL's own functions.
    """
    given = {fields.get("ctename") for fields in scope.of_type("CommonTableExpr")} | _OWN_ROWS
    for fields in scope.of_type("RangeVar"):
        name = fields.get("relname", "")
        is_bare = "schemaname" not in fields and fields.get("relpersistence") != "t"
        if is_bare and name not in given and not name.startswith(("pg_", "dsvault_lint_")):
            yield BareName("relation", name, fields.get("location", scope.start))
    for fields in scope.of_type("FuncCall"):
        names = strings(fields.get("funcname"))
        if len(names) == 1 and fields.get("funcformat") != "COERCE_SQL_SYNTAX":
            yield BareName("function", names[0], fields.get("location", scope.start))
