from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.rules.security.se020_view_bypasses_rls import guarded_table
from dsvault.lint.scope import qualified

if TYPE_CHECKING:
    from dsvault.lint.scope import World


class MatviewBypassesRls(Rule):
    """Materialized view of a table with row-level security that others may read.

    Why: it holds what its owner saw, and cannot have policies.
    When not: nobody but its owner may read it.
    Instead: a view WITH (security_invoker = true), or a table with policies of its own.
    """

    code = "SE021"
    classes = ("matview-bypasses-rls",)
    setup = (
        "CREATE ROLE lint_app;\nCREATE TABLE notes (tenant_id int NOT NULL);\n"
        "ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\n"
        "CREATE POLICY notes_read ON notes FOR SELECT USING (tenant_id = 1);\n"
    )
    bad = (
        "CREATE MATERIALIZED VIEW counts AS SELECT tenant_id, count(*) FROM notes GROUP BY 1;\n"
        "GRANT SELECT ON counts TO lint_app;\n"
    )
    good = "CREATE MATERIALIZED VIEW counts AS SELECT tenant_id, count(*) FROM notes GROUP BY 1;\n"
    claim = Claim(shows="SELECT has_table_privilege('lint_app', 'counts', 'SELECT')")

    def finish(self, world: World) -> None:
        """Report materialized views that were opened."""
        for view in world.catalog.views.values():
            if not view.is_materialized:
                continue
            table = guarded_table(world.catalog, view, 9)
            grants = [g for g in world.catalog.grants_on(view.name) if g.privilege == "select"]
            if table is None or not grants:
                continue
            for origin in (view.origin, grants[0].origin):
                world.report_origin(
                    self,
                    origin,
                    f"{grants[0].grantee} reads {qualified(table)} here past its policies",
                    "Use a view WITH (security_invoker = true), or grant nothing on it.",
                )
