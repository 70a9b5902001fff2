from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.bare import BareName, bare_names
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified

if TYPE_CHECKING:
    from dsvault.lint.catalog import Catalog, Function
    from dsvault.lint.project import Script
    from dsvault.lint.scope import Scope, World
    from dsvault.lint.tree import Name


class NameOutsidePath(Rule):
    """A function names something without its schema, and its own search_path does not lead there.

    Why: the call fails: whatever the caller's search_path is, the function has its own.
    When not: a temporary table of that name is meant.
    Instead: write the schema: app.orders.
    """

    code = "RN030"
    on = ("*",)
    in_functions = True
    setup = "CREATE TABLE public.orders (id int PRIMARY KEY);\n"
    bad = (
        "CREATE TABLE public.notes (id int PRIMARY KEY);\n"
        "CREATE FUNCTION public.count_notes() RETURNS bigint LANGUAGE plpgsql STABLE\n"
        "SET search_path = pg_catalog, pg_temp AS $$\n"
        "BEGIN\n    RETURN (SELECT count(*) FROM notes);\nEND;\n$$;\n"
        "SELECT public.count_notes();\n"
    )
    good = bad.replace("FROM notes", "FROM public.notes")
    claim = Claim(fails="42P01")

    def statement(self, scope: Scope) -> None:
        """Remember what functions name without a schema, and the names of no table."""
        memory = scope.world.memory.setdefault(self.code, ([], set()))
        named, given = memory
        if scope.kind == "CreateTrigStmt":
            rows = scope.node.get("transitionRels", ())
            given.update(item["TriggerTransition"].get("name", "") for item in rows)
        for relation in scope.of_type("RangeVar"):
            if relation.get("relpersistence") == "t":
                given.add(relation.get("relname", ""))
        function = scope.function
        if scope.where != "function" or function is None or scope.is_computed:
            return
        named += [(function, name, scope.script) for name in bare_names(scope)]

    def finish(self, world: World) -> None:
        """Report names of things that the plan makes, in a schema that is not in the path."""
        named: list[tuple[Function, BareName, Script]]
        named, given = world.memory.get(self.code, ([], set()))
        made = _homes(world.catalog) if named else {}
        seen = set()
        for function, name, script in named:
            path = _path(world.catalog, function)
            if path is None or name.text in given or (function.name, name.text) in seen:
                continue
            homes = made.get((name.thing, name.text))
            if homes and not any(home[0] in path for home in homes):
                seen.add((function.name, name.text))
                world.report(
                    self,
                    script,
                    name.offset,
                    f"{name.text} is not found: {function.name[1]}() has search_path = "
                    f"{', '.join(path) or chr(39) * 2}",
                    f"Write {qualified(homes[0])} with its schema: {'.'.join(homes[0])}.",
                )


def _path(catalog: Catalog, function: Function) -> list[str] | None:
    """Return the schemas that a function pins, as it is in the end; None if it pins none."""
    same = [f for f in catalog.overloads(function.name) if f.arguments == function.arguments]
    path = same[0].search_path if same else None
    if path is None:
        return None
    found = [word.strip().strip('"') for part in path for word in part.split(",")]
    is_open = not path or "$user" in found  # FROM CURRENT: whatever the session had
    return None if is_open else [word for word in found if word]


def _homes(catalog: Catalog) -> dict[tuple[str, str], list[Name]]:
    """Return what the plan makes, in whatever schema, by the kind of thing and its bare name."""
    found: dict[tuple[str, str], list[Name]] = {}
    for name, overloads in catalog.functions.items():
        if overloads:
            found.setdefault(("function", name[1]), []).append(name)
    tables = [name for name, table in catalog.tables.items() if table.is_known]
    for name in (*tables, *catalog.views):
        found.setdefault(("relation", name[1]), []).append(name)
    return found
