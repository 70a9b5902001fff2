from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import World


class SetDefaultWithoutDefault(Rule):
    """ON DELETE SET DEFAULT on a column without a default.

    Why: it sets NULL, or fails where NULL may not be.
    When not: the column has a default, given in whatever script.
    Instead: give the column a default, or say SET NULL, RESTRICT or CASCADE.
    """

    code = "DS014"
    classes = ("set-default-no-default",)
    setup = "CREATE TABLE people (id bigint PRIMARY KEY);\nINSERT INTO people VALUES (0), (1);\n"
    bad = (
        "CREATE TABLE notes (author bigint NOT NULL REFERENCES people ON DELETE SET DEFAULT);\n"
        "INSERT INTO notes VALUES (1);\nDELETE FROM people WHERE id = 1;\n"
    )
    good = bad.replace("bigint NOT NULL", "bigint NOT NULL DEFAULT 0")
    claim = Claim(fails="23502")

    def finish(self, world: World) -> None:
        """Report keys that set a default which is not there."""
        for table in world.catalog.tables.values():
            for key in table.of_kind("foreign"):
                columns = key.set_columns or key.columns if key.on_delete == "d" else ()
                columns = (*columns, *(key.columns if key.on_update == "d" else ()))
                known = [table.columns[name] for name in columns if name in table.columns]
                bare = [c.name for c in known if c.default is None and not c.is_identity]
                if bare and not table.parent:
                    world.report_origin(
                        self,
                        key.origin,
                        f"{bare[0]} has no default to be set to",
                        "Give it a default, or say SET NULL.",
                    )
