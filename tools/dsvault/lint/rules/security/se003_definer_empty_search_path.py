from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import World


class DefinerEmptySearchPath(Rule):
    """SECURITY DEFINER function with an empty search_path.

    Why: types and tables are still looked for in the temporary schema first; only functions and
    operators are not.
    When not: every name, those of types included, is qualified.
    Instead: SET search_path = pg_catalog, pg_temp.
    """

    code = "SE003"
    classes = ("secdef-unsafe-search-path",)
    severity = Severity.INFO
    bad = (
        "CREATE FUNCTION one() RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = ''\n"
        "    AS $$ SELECT 1 $$;\nREVOKE ALL ON FUNCTION one() FROM PUBLIC;\n"
    )
    good = bad.replace("= ''", "= pg_catalog, pg_temp")
    claim = Claim(
        shows="SELECT bool_or(proconfig::text !~ 'pg_temp') FROM pg_proc WHERE proname = 'one'"
    )

    def finish(self, world: World) -> None:
        """Report paths that are empty."""
        for function in world.catalog.all_functions():
            if function.is_definer and function.search_path == [""]:
                world.report_origin(
                    self,
                    function.origin,
                    f"{function.name[1]}() still finds types and tables in pg_temp first",
                    "Use SET search_path = pg_catalog, pg_temp.",
                )
