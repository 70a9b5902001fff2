from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import World


class DefinerWithoutSearchPath(Rule):
    """SECURITY DEFINER function that looks names up along its caller's search_path.

    Why: the caller decides what a name means, and the function's owner executes it.
    When not: a later ALTER FUNCTION pins it; a BEGIN ATOMIC body, whose names are bound already.
    Instead: SET search_path = pg_catalog, pg_temp, and qualify every other name.
    """

    code = "SE001"
    classes = ("secdef-no-search-path",)
    on = ("AlterFunctionStmt",)
    bad = (
        "CREATE FUNCTION now_of(z text) RETURNS timestamptz LANGUAGE sql SECURITY DEFINER\n"
        "    AS $$ SELECT now() $$;\nREVOKE ALL ON FUNCTION now_of(text) FROM PUBLIC;\n"
    )
    good = bad.replace("DEFINER\n", "DEFINER\n    SET search_path = pg_catalog, pg_temp\n")
    claim = Claim(shows="SELECT bool_or(proconfig IS NULL) FROM pg_proc WHERE proname = 'now_of'")

    def finish(self, world: World) -> None:
        """Report definer functions that nothing pinned."""
        if "function" in world.catalog.computed:
            return
        for function in world.catalog.all_functions():
            is_bound = "sql_body" in function.node
            if function.is_definer and function.search_path is None and not is_bound:
                for origin in function.places("set", "security"):
                    world.report_origin(
                        self,
                        origin,
                        f"{function.name[1]}() runs as its owner with its caller's search_path",
                        "Add SET search_path = pg_catalog, pg_temp.",
                    )
