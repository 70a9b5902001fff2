from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.apply.functions import functions_meant
from dsvault.lint.catalog import Origin
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tenancy import memory
from dsvault.lint.tree import option, option_text

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope, World


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

    def statement(self, scope: Scope) -> None:
        """Remember where a function was made SECURITY DEFINER afterwards."""
        if option_text(option(scope.node.get("actions"), "security")) == "true":
            origin = Origin(scope.script, scope.start, scope.transaction.number)
            for function in functions_meant(scope.catalog, scope.node.get("func", {})):
                memory(scope.world, self.code)[function.name, function.arguments] = origin

    def finish(self, world: World) -> None:
        """Report definer functions that nothing pinned."""
        if "function" in world.catalog.computed:
            return
        for function in world.catalog.all_functions():
            is_bound = "sql_body" in function.node
            if function.is_definer and function.search_path is None and not is_bound:
                key = (function.name, function.arguments)
                world.report_origin(
                    self,
                    memory(world, self.code).get(key, function.origin),
                    f"{function.name[1]}() runs as its owner with its caller's search_path",
                    "Add SET search_path = pg_catalog, pg_temp.",
                )
