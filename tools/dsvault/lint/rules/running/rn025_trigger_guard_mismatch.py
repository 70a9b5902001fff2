from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tree import columns_in, find

if TYPE_CHECKING:
    from dsvault.lint.plsql import Body
    from dsvault.lint.scope import Scope, World


class TriggerGuardMismatch(Rule):
    """WHEN, or UPDATE OF, watches another column than the function acts on.

    Why: the trigger does not fire for the change that the function is for, or does nothing when it
    fires.
    Instead: let both speak of the same column.
    """

    code = "RN025"
    classes = ("trigger-guard-mismatch",)
    severity = Severity.WARNING
    setup = "CREATE TABLE t (id int, is_deleted boolean, deleted_at timestamptz);\n"
    bad = (
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n"
        "    IF NEW.deleted_at IS NOT NULL AND OLD.deleted_at IS NULL THEN\n"
        "        RAISE NOTICE 'deleted';\n    END IF;\n    RETURN NEW;\nEND;\n$$;\n"
        "CREATE TRIGGER x BEFORE UPDATE ON t FOR EACH ROW\n"
        "    WHEN (OLD.is_deleted IS DISTINCT FROM NEW.is_deleted) EXECUTE FUNCTION f();\n"
    )
    good = bad.replace(
        "OLD.is_deleted IS DISTINCT FROM NEW.is_deleted",
        "OLD.deleted_at IS DISTINCT FROM NEW.deleted_at",
    )

    def body(self, scope: Scope, body: Body) -> None:
        """Remember the columns that a trigger function's conditions compare or test."""
        if scope.function is None or scope.function.returns != "trigger":
            return
        tested: set[str] = set()
        for step in body.all_steps():
            trees = [tree for expression in step.expressions for tree in expression.parse()]
            if step.kind == "IF":
                tested |= _compared(trees)
            elif step.kind == "ASSIGN" and step.target.upper().startswith("NEW."):
                # What is computed of a column has to follow its changes.
                tested |= {name for name in _row_columns(trees) if not _is_key(name)}
            else:
                tested |= _changing(trees)
        memory = scope.world.memory.setdefault(self.code, {})
        memory[scope.function.name] = (
            tested,
            _row_columns(
                [s for step in body.all_steps() for e in step.expressions for s in e.parse()]
            ),
        )

    def finish(self, world: World) -> None:
        """Report triggers whose guard shares no column with the function."""
        for table in world.catalog.tables.values():
            for trigger in table.triggers.values():
                tested, used = world.memory.get(self.code, {}).get(trigger.function, (set(), set()))
                watched = _row_columns({"w": trigger.when}) | set(trigger.columns)
                is_change = "update" in trigger.events
                if is_change and watched and tested and not watched & (tested | used):
                    world.report_origin(
                        self,
                        trigger.origin,
                        f"{trigger.name} watches {', '.join(sorted(watched))}, its function "
                        f"{qualified(trigger.function)} tests {', '.join(sorted(tested))}",
                        "Let both speak of the same column.",
                    )


def _row_columns(node: object) -> set[str]:
    """Return the columns of NEW and OLD that are spoken of."""
    return {
        names[1] for names in columns_in(node) if len(names) == 2 and names[0] in {"new", "old"}
    }


def _is_key(name: str) -> bool:
    return name == "id" or name.endswith("_id")


def _changing(node: object) -> set[str]:
    """Return the columns of which a statement takes both the old and the new value."""
    found = [names for names in columns_in(node) if len(names) == 2]
    return {n for row, n in found if row == "old"} & {n for row, n in found if row == "new"}


def _compared(node: object) -> set[str]:
    """Return the columns whose change, or NULL, a condition asks for."""
    both = _changing(node)
    for test in find(node, "NullTest"):
        both |= _row_columns(test)
    return both
