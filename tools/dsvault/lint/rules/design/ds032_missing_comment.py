from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified

if TYPE_CHECKING:
    from dsvault.lint.scope import World


class MissingComment(Rule):
    """Table, or column of one, without COMMENT ON.

    Why: what it means stands nowhere that a person at the database would look.
    When not: temporary and foreign tables, partitions; a comment may follow in a later script.
    Instead: COMMENT ON TABLE and COMMENT ON COLUMN.
    """

    code = "DS032"
    severity = Severity.INFO
    bad = "CREATE TABLE notes (id bigint PRIMARY KEY);\n"
    good = (
        bad + "COMMENT ON TABLE notes IS 'What people wrote.';\n"
        "COMMENT ON COLUMN notes.id IS 'Means nothing.';\n"
    )
    claim = Claim(shows="SELECT obj_description('notes'::regclass) IS NULL")

    def finish(self, world: World) -> None:
        """Report tables that nothing explains."""
        for table in world.catalog.tables.values():
            is_other = table.is_temporary or table.is_foreign or table.parent
            if is_other or not table.is_known or table.has_open_columns:
                continue
            bare = [c.name for c in table.columns.values() if not c.comment]
            if not table.comment:
                what = "has no comment"
            elif bare:
                what = f"says nothing of {', '.join(bare)}"
            else:
                continue
            world.report_origin(
                self, table.origin, f"{qualified(table.name)} {what}", "COMMENT ON it."
            )
