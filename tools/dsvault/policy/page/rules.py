"""A rule as a card: what it says, for whom, when, on which columns. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.policy.conditions import MEMBER, Scope
from dsvault.policy.page.markup import Html, join, tag

if TYPE_CHECKING:
    from dsvault.policy.conditions import Condition
    from dsvault.policy.model import Rule, Table

_TOKEN = re.compile(r"[a-z][a-z:-]*|[^a-z]+")


def anchor(*names: str) -> str:
    """Return the id of a table's section or of a rule's card."""
    return "-".join(names)


def rule_card(table: Table, rule: Rule) -> Html:
    """Return the card of a rule."""
    asked = rule.condition.permissions | rule.check.permissions
    if not asked and Scope.USER in {rule.condition.scope, rule.check.scope}:
        asked = frozenset({MEMBER})  # what every live user of the tenant may
    chips = [
        tag("span", command.value, class_=f"chip {command.value.lower()}")
        for command in rule.commands
    ]
    facts = [
        tag("div", tag("dt", "roles"), tag("dd", ", ".join(rule.roles))),
        tag("div", tag("dt", "rows"), tag("dd", condition_text(rule.condition))),
    ]
    if rule.check is not rule.condition:
        facts.append(tag("div", tag("dt", "after"), tag("dd", condition_text(rule.check))))
    if rule.columns is not None:
        columns = [tag("code", column) for column in rule.columns]
        facts.append(tag("div", tag("dt", "columns"), tag("dd", columns, class_="columns")))
    return tag(
        "article",
        tag(
            "h3",
            tag("span", chips, class_="chips"),
            tag("span", rule.says, class_="says"),
            tag("code", rule.policy, class_="policy"),
        ),
        tag("dl", facts),
        id=anchor(table.name, rule.policy),
        class_="rule",
        data_roles=" ".join(rule.roles),
        data_commands=" ".join(command.value for command in rule.commands),
        data_permissions=" ".join(sorted(asked)),
    )


def condition_text(condition: Condition) -> Html:
    """Return a condition with its words explained and its joints set back."""
    words = {word.name: word.about for word in condition.words}
    pieces: list[Html] = []
    for piece in _TOKEN.findall(condition.text):
        if piece in words:
            pieces.append(tag("abbr", piece, title=words[piece]))
        elif piece in {"and", "or", "not"}:
            pieces.append(tag("i", piece))
        else:
            pieces.append(join(piece))
    return tag("code", pieces, class_="condition")
