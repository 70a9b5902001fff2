from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tree import find, range_name

if TYPE_CHECKING:
    from dsvault.lint.catalog import Catalog, View
    from dsvault.lint.scope import World
    from dsvault.lint.tree import Name


class ViewBypassesRls(Rule):
    """View over a table with row-level security that reads it as the view's owner.

    Why: the policies are asked about the owner, not about whoever looks.
    When not: WITH (security_invoker = true), also if a later ALTER VIEW sets it.
    Instead: CREATE VIEW … WITH (security_invoker = true).
    """

    code = "SE020"
    classes = ("view-bypasses-rls",)
    setup = (
        "CREATE TABLE notes (tenant_id int NOT NULL);\n"
        "ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\n"
        "CREATE POLICY notes_read ON notes FOR SELECT USING (tenant_id = 1);\n"
    )
    bad = "CREATE VIEW all_notes AS SELECT tenant_id FROM notes;\n"
    good = "CREATE VIEW all_notes WITH (security_invoker = true) AS SELECT tenant_id FROM notes;\n"
    claim = Claim(shows="SELECT reloptions IS NULL FROM pg_class WHERE relname = 'all_notes'")

    def finish(self, world: World) -> None:
        """Report views that look with their owner's eyes."""
        if "view" in world.catalog.computed:
            return
        for view in world.catalog.views.values():
            if view.is_materialized or view.security_invoker:
                continue
            table = guarded_table(world.catalog, view)
            if table is not None:
                for origin in filter(None, (view.origin, view.altered)):
                    world.report_origin(
                        self,
                        origin,
                        f"reads {qualified(table)} as the view's owner, past its policies",
                        "Add WITH (security_invoker = true).",
                    )


def guarded_table(catalog: Catalog, view: View, depth: int = 0) -> Name | None:
    """Return a table with row security that a view reads.

    A view with security_invoker below another one asks for whoever looks. A materialized view is
    filled by its owner, whatever stands between: `depth` says how far to look through views.
    """
    given = {fields.get("ctename") for fields in find(view.query, "CommonTableExpr")}
    for relation in find(view.query, "RangeVar"):
        name = catalog.qualify(range_name(relation))
        table = catalog.tables.get(name)
        if table is not None and table.has_rls and relation.get("relname") not in given:
            return name
        other = catalog.views.get(name)
        if other is not None and depth:
            below = guarded_table(catalog, other, depth - 1)
            if below is not None:
                return below
    return None
