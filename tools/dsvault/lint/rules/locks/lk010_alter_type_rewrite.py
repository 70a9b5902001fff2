from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import column_name, name_of, type_name

if TYPE_CHECKING:
    from dsvault.lint.catalog import Catalog
    from dsvault.lint.scope import Scope


_SIZED = re.compile(r"(?P<base>[a-z ]+?)(?:\((?P<sizes>[\d,]+)\))?(?P<rest>(?:\[\])*)")
_TEXT = {"text", "character varying"}


class AlterTypeRewrite(Rule):
    """ALTER COLUMN … TYPE that rewrites a table in use.

    Why: the table and its indexes are written anew under ACCESS EXCLUSIVE.
    When not: only a limit is raised or dropped: varchar(50) to varchar(100) or text, numeric to a
    larger precision of the same scale, timestamp to a finer one.
    Instead: a new column, filled in batches and kept by a trigger, then swapped.
    """

    code = "LK010"
    classes = ("alter-type-rewrite",)
    on = ("AlterTableStmt",)
    setup = "CREATE TABLE orders (id int PRIMARY KEY, code varchar(10));\n"
    bad = "ALTER TABLE orders ALTER COLUMN id TYPE bigint;\n"
    good = "ALTER TABLE orders ALTER COLUMN code TYPE varchar(20);\n"
    claim = Claim(rewrites=True)

    def statement(self, scope: Scope) -> None:
        """Report the change of type."""
        table = scope.catalog.table(scope.relation())
        for command in scope.commands("AT_AlterColumnType"):
            definition = command["def"]["ColumnDef"]
            column = table.columns.get(command["name"]) if table else None
            new = type_name(definition.get("typeName"))
            using = definition.get("raw_default")
            if using is not None and column_name(using) == command["name"]:
                using = None
            old = column.type if column else None
            is_cheap = using is None and _is_cheap(
                old and _below(scope.catalog, old), _below(scope.catalog, new)
            )
            if not is_cheap and scope.existing(scope.relation()):
                was = f" from {old}" if old else ""
                scope.report(
                    self,
                    f"changing {command['name']}{was} to {new} rewrites the table",
                    "Add a column of the new type, fill it in batches, then swap.",
                    at=scope.find_text(f"{command['name']} ", command["name"]),
                )


def _below(catalog: Catalog, name: str) -> str:
    """Return the base type of a domain without constraints, any other type as it is."""
    domain = catalog.domain_of(name_of(name.split(".")))
    return name if domain is None or domain[1] else domain[0]


def _is_cheap(old: str | None, new: str) -> bool:
    """Say whether PostgreSQL keeps the rows as they are."""
    if old is None:
        return new.split("(", 1)[0] in _TEXT
    if old == new:
        return True
    before, after = _SIZED.fullmatch(old), _SIZED.fullmatch(new)
    if before is None or after is None or before["rest"] != after["rest"]:
        return False
    if (old, new) == ("cidr", "inet"):
        return True
    return _widens(before, after)


def _widens(before: re.Match[str], after: re.Match[str]) -> bool:
    old, new = before["base"], after["base"]
    is_same = old == new or {old, new} <= _TEXT
    if not is_same or (old == new == "character"):
        return False
    if after["sizes"] is None:
        return True
    if before["sizes"] is None:
        return False
    was = [int(size) for size in before["sizes"].split(",")]
    now = [int(size) for size in after["sizes"].split(",")]
    return now[0] >= was[0] and now[1:] == was[1:]
