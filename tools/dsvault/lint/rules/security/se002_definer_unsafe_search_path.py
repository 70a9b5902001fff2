from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.bodies import body_trees
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import find, range_name

if TYPE_CHECKING:
    from dsvault.lint.catalog import Catalog, Function
    from dsvault.lint.scope import World


class DefinerUnsafeSearchPath(Rule):
    """SECURITY DEFINER function whose own search_path leads through a place others can write to.

    Why: whoever may create there decides what a name means. The temporary schema, in which every
    session may, comes first unless it is named last.
    When not: every name of the body is qualified and the path is pg_catalog alone.
    Instead: SET search_path = pg_catalog, pg_temp, and qualify every other name.
    """

    code = "SE002"
    classes = ("secdef-unsafe-search-path",)
    bad = (
        "CREATE TABLE notes (id int);\n"
        "CREATE FUNCTION count_notes() RETURNS bigint LANGUAGE sql SECURITY DEFINER\n"
        "    SET search_path = public AS $$ SELECT count(*) FROM notes $$;\n"
        "REVOKE ALL ON FUNCTION count_notes() FROM PUBLIC;\n"
    )
    good = bad.replace("search_path = public", "search_path = pg_catalog, pg_temp").replace(
        "FROM notes $", "FROM public.notes $"
    )
    claim = Claim(
        shows="SELECT bool_or(proconfig::text !~ 'pg_temp') FROM pg_proc "
        "WHERE proname = 'count_notes'"
    )

    def finish(self, world: World) -> None:
        """Report search_paths that others can step into."""
        if "function" in world.catalog.computed:
            return
        for function in world.catalog.all_functions():
            path = function.search_path
            if not function.is_definer or path is None:
                continue
            why = _why(world.catalog, function, entries(path)) if path else _OF_SESSION
            if why:
                for origin in function.places("set"):
                    world.report_origin(
                        self,
                        origin,
                        f"the search_path of {function.name[1]}() is not safe: {why}",
                        "Use SET search_path = pg_catalog, pg_temp, and qualify names.",
                    )


_OF_SESSION = "FROM CURRENT takes whatever the session has that runs the script"


def entries(path: list[str]) -> list[str]:
    """Return the schemas of a search_path, in order, without quotes."""
    return [word.strip().strip('"') for part in path for word in part.split(",")]


def _why(catalog: Catalog, function: Function, path: list[str]) -> str | None:
    writable = _writable(catalog, function, path)
    if writable is not None or path[-1] == "pg_temp":
        return writable
    if any(word not in {"pg_catalog", ""} for word in path):
        return "pg_temp is not named last, so it comes first"
    bare = _bare_table(function) if path != [""] else None
    return f"pg_temp comes first, and {bare} is not qualified" if bare else None


def _writable(catalog: Catalog, function: Function, path: list[str]) -> str | None:
    """Return which schema of a path others can create in."""
    if "$user" in path:
        return "the caller's own schema is in it"
    for grant in catalog.grants:
        is_create = grant.kind == "schema" and grant.privilege in {"create", "all"}
        if is_create and grant.object[1] in path and grant.grantee != function.owner:
            return f"{grant.object[1]} is open to {grant.grantee}"
    if "public" in path:
        return "everybody may create in public, unless that was revoked"
    return None


def _bare_table(function: Function) -> str | None:
    """Return a table that the body of a function in plain SQL names without its schema."""
    parsed = body_trees(function)
    given = {cte.get("ctename") for cte in find(parsed, "CommonTableExpr")}
    for relation in find(parsed, "RangeVar"):
        schema, name = range_name(relation)
        if not schema and name not in given and not name.startswith("pg_"):
            return name
    return None
