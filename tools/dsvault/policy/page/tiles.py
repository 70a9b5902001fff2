"""The tiles of the picture: one for each table, role and command. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.policy.conditions import Scope
from dsvault.policy.page.markup import Html, tag
from dsvault.policy.page.rules import anchor

if TYPE_CHECKING:
    from dsvault.policy.model import Command, Role, Table

# The ways in which a rule bounds rows, as the legend explains them.
KINDS = {
    "user": "rows of the user's tenant, by permission or by a fact",
    "own": "rows of the tenant that the transaction names",
    "system": "the system tenant's rows",
    "any": "rows of every tenant",
}
_KIND = {Scope.USER: "user", Scope.OWN: "own", Scope.SYSTEM: "system", Scope.ANY: "any"}


def tile(table: Table, role: Role, command: Command) -> Html:
    """Return a tile that leads to its rule, or an empty one where there is none."""
    rule = table.rule(role.key, command)
    name = f"{role.key} {command.value} {table.name}"
    if rule is None:
        return tag("span", "·", class_="tile none", role="img", aria_label=f"{name}: closed")
    return tag(
        "a",
        command.value[0],
        class_=f"tile {command.value.lower()} {_KIND[rule.condition.scope]}",
        href=f"#{anchor(table.name, rule.policy)}",
        title=f"{rule.says}\n{rule.condition.text}",
        aria_label=f"{name}: {rule.says}",
        data_rule=anchor(table.name, rule.policy),
        data_role=role.key,
        data_command=command.value,
    )
