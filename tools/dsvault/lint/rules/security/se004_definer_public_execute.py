from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import World


class DefinerPublicExecute(Rule):
    """SECURITY DEFINER function that everybody may call.

    Why: PostgreSQL gives EXECUTE on every new function to PUBLIC; whoever connects acts as the
    function's owner.
    When not: trigger functions, which cannot be called; a later REVOKE, or default privileges.
    Instead: REVOKE ALL ON FUNCTION … FROM PUBLIC in the same script, then GRANT to named roles.
    """

    code = "SE004"
    classes = ("secdef-public-execute",)
    bad = (
        "CREATE FUNCTION one() RETURNS integer LANGUAGE sql SECURITY DEFINER\n"
        "    SET search_path = pg_catalog, pg_temp AS $$ SELECT 1 $$;\n"
    )
    good = bad + "REVOKE ALL ON FUNCTION one() FROM PUBLIC;\n"
    claim = Claim(shows="SELECT proacl IS NULL FROM pg_proc WHERE proname = 'one'")

    def finish(self, world: World) -> None:
        """Report definer functions that nobody closed."""
        if "revoke" in world.catalog.computed:
            return
        for function in world.catalog.all_functions():
            is_callable = function.returns not in {"trigger", "event_trigger"}
            if function.is_definer and function.public_may_execute and is_callable:
                for origin in function.places("execute", "security"):
                    world.report_origin(
                        self,
                        origin,
                        f"everybody may call {function.name[1]}() and acts as its owner",
                        "REVOKE ALL ON FUNCTION … FROM PUBLIC, then GRANT EXECUTE to named roles.",
                    )
