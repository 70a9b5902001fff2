from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.columns import checks_not_null
from dsvault.lint.rule import Claim, Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import World


class SetNullOnNotNull(Rule):
    """ON DELETE SET NULL on a column that is NOT NULL.

    Why: deleting the referred row fails, with an error about another table.
    When not: the list of columns after SET NULL leaves the NOT NULL ones out.
    Instead: ON DELETE SET NULL (column), RESTRICT or CASCADE.
    """

    code = "DS013"
    classes = ("set-null-on-not-null",)
    setup = "CREATE TABLE people (id bigint PRIMARY KEY);\nINSERT INTO people VALUES (1);\n"
    bad = (
        "CREATE TABLE notes (author bigint NOT NULL REFERENCES people ON DELETE SET NULL);\n"
        "INSERT INTO notes VALUES (1);\nDELETE FROM people;\n"
    )
    good = bad.replace("bigint NOT NULL", "bigint")
    claim = Claim(fails="23502")

    def finish(self, world: World) -> None:
        """Report keys that set NULL where none may be."""
        for table in world.catalog.tables.values():
            for key in table.of_kind("foreign"):
                columns = key.set_columns or key.columns if key.on_delete == "n" else ()
                columns = (*columns, *(key.columns if key.on_update == "n" else ()))
                for name in columns:
                    column = table.columns.get(name)
                    is_so = column is not None and (column.not_null or checks_not_null(table, name))
                    if is_so and not table.parent:
                        world.report_origin(
                            self,
                            key.origin,
                            f"sets {name} to NULL, which is NOT NULL",
                            f"Name the columns: SET NULL (…), without {name}.",
                        )
                        break
