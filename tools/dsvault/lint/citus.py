"""Tables that Citus distributes, as far as calls of create_distributed_table tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from dsvault.lint.rule import Rule
from dsvault.lint.tree import function_name, literal, name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsvault.lint.scope import Scope, World
    from dsvault.lint.tree import Name


class DistributedRule(Rule):
    """Looks at the tables that a script distributes."""

    on: ClassVar[tuple[str, ...]] = ("SelectStmt",)

    def statement(self, scope: Scope) -> None:
        """Remember which table is distributed by which column."""
        if not scope.source.mentions(b"create_distributed_table"):
            return
        for call in scope.of_type("FuncCall"):
            texts = [literal(argument) for argument in call.get("args", ())[:2]]
            if function_name(call) == "create_distributed_table" and len(texts) == 2:
                name = scope.catalog.qualify(name_of((texts[0] or "").split(".")))
                scope.world.memory.setdefault(self.code, {})[name] = texts[1] or ""

    def distributed(self, world: World) -> Mapping[Name, str]:
        """Return the distribution column of each such table."""
        found: dict[Name, str] = world.memory.get(self.code, {})
        return found
