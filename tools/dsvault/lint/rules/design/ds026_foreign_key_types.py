from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import name_of

if TYPE_CHECKING:
    from dsvault.lint.catalog import Catalog, Column
    from dsvault.lint.scope import World


class ForeignKeyTypes(Rule):
    """Foreign key whose column is of another type than the one that it refers to.

    Why: an integer cannot hold every bigint; every comparison converts.
    When not: only the length differs, or text stands beside varchar.
    Instead: the type of the referred column.
    """

    code = "DS026"
    classes = ("fk-type-mismatch",)
    severity = Severity.WARNING
    setup = "CREATE TABLE people (id bigint PRIMARY KEY);\n"
    bad = "CREATE TABLE notes (author integer REFERENCES people (id));\n"
    good = "CREATE TABLE notes (author bigint REFERENCES people (id));\n"
    claim = Claim(
        shows="SELECT atttypid = 'int4'::regtype FROM pg_attribute "
        "WHERE attrelid = 'notes'::regclass AND attname = 'author'"
    )

    def finish(self, world: World) -> None:
        """Report keys of two types."""
        for table in world.catalog.tables.values():
            for key in table.of_kind("foreign"):
                other = world.catalog.tables.get(key.ref_table)
                if other is None or table.parent:
                    continue
                for here, there in zip(key.columns, key.ref_columns, strict=False):
                    one, two = table.columns.get(here), other.columns.get(there)
                    if (
                        one is not None
                        and two is not None
                        and _base(world.catalog, one) != _base(world.catalog, two)
                    ):
                        world.report_origin(
                            self,
                            key.origin,
                            f"{here} is {one.type}, {there} of {other.name[1]} is {two.type}",
                            f"Make {here} {two.type}.",
                        )


def _base(catalog: Catalog, column: Column) -> str:
    """Return the type without its length; of a domain, the type that it limits."""
    name = column.type.split("(")[0].strip()
    domain = catalog.types.get(catalog.qualify(name_of(name.split("."))))
    if domain is not None and domain.kind == "domain":
        name = domain.base.split("(")[0].strip()
    return "text" if name in {"text", "character varying"} else name
