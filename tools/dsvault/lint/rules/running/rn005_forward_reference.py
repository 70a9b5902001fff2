from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.names import is_known, references
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified

if TYPE_CHECKING:
    from dsvault.lint.catalog import Origin
    from dsvault.lint.names import Reference
    from dsvault.lint.plsql import Body
    from dsvault.lint.scope import Scope, World


class ForwardReference(Rule):
    """Something is used before it is made.

    Why: the statement fails on an empty database.
    When not: PL/pgSQL bodies are bound when they are called.
    Instead: put the statements in order.
    """

    code = "RN005"
    classes = ("forward-reference",)
    on = ("*",)
    in_functions = True
    bad = "CREATE TABLE b (a_id int REFERENCES a (id));\nCREATE TABLE a (id int PRIMARY KEY);\n"
    good = "CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (a_id int REFERENCES a (id));\n"
    claim = Claim(fails="42P01")

    def statement(self, scope: Scope) -> None:
        """Remember what is not there yet."""
        is_late = scope.enclosing is not None and not _runs_surely(scope, scope.enclosing)
        # pg_dump leaves bodies unchecked.
        is_late |= scope.where == "function" and scope.source.mentions(b"check_function_bodies")
        if is_late or scope.node.get("missing_ok") or scope.kind == "AlterDefaultPrivilegesStmt":
            return
        waiting = scope.world.memory.setdefault(self.code, [])
        if scope.kind == "RenameStmt":
            # The old name was there before, whatever takes it later.
            old = scope.relation() if "relation" in scope.node else ("", "")
            waiting[:] = [item for item in waiting if item[0].name != old]
            return
        for reference in references(scope):
            if not is_known(scope.catalog, reference.thing, reference.name):
                waiting.append((reference, scope.script, scope.start, scope.world.change))

    def finish(self, world: World) -> None:
        """Report what was made later by the same script, or by a later file of a folder."""
        for reference, script, start, _ in world.memory.get(self.code, ()):
            origin = _origin(world, reference)
            if origin is None or origin.script.task not in {"deploy", "plain"}:
                continue
            is_same = origin.script is script
            if is_same and origin.offset <= start:
                continue
            if not is_same and world.sequence.kind == "sqitch":
                continue
            world.report(
                self,
                script,
                max(reference.offset, start),
                f"{qualified(reference.name)} is made later",
                "Make it before it is used.",
            )


def _runs_surely(scope: Scope, body: Body) -> bool:
    """Say whether a statement stands in a DO block where nothing guards it."""
    if scope.where != "do" or scope.is_computed or not body.steps or body.steps[0].handlers:
        return False
    for step in body.steps[0].branches[0]:
        if step.start == scope.start:
            return step.kind in {"SQL", "PERFORM", "CALL"}
        if any(inside.kind == "RETURN" for inside in step.below()):
            return False
    return False


def _origin(world: World, reference: Reference) -> Origin | None:
    """Return where a thing was made in the end."""
    if reference.thing == "function":
        found = world.catalog.functions.get(reference.name)
        return found[0].origin if found else None
    if reference.thing == "schema":
        return world.catalog.schemas.get(reference.name[1])
    if reference.thing == "role":
        role = world.catalog.roles.get(reference.name[1])
        return role.origin if role is not None and role.is_known else None
    table = world.catalog.tables.get(reference.name)
    if table is not None:
        return table.origin if table.is_known else None
    if reference.name in world.catalog.sequences:
        return world.catalog.sequences[reference.name]
    thing = world.catalog.views.get(reference.name) or world.catalog.types.get(reference.name)
    return thing.origin if thing is not None else None
