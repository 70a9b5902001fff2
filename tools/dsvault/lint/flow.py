"""How a PL/pgSQL body can end: what it returns, raises, or that it falls off its end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.lint.tree import column_name, inner, items_of, literal, operator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsvault.lint.plsql import Expression, Step
    from dsvault.lint.tree import Node

FALLS = "falls off"
RAISES = "raises"
_LEAVES = "leaves the loop"
_QUIET = re.compile(r"RAISE\s+(?:NOTICE|WARNING|INFO|LOG|DEBUG)\b", re.IGNORECASE)


def raises(step: Step) -> bool:
    """Say whether a RAISE ends the function, rather than telling something."""
    return step.kind == "RAISE" and not _QUIET.match(step.text)


def ends(steps: Sequence[Step], event: str) -> set[str]:
    """Return how steps can end when a trigger fires for an event (insert, update …).

    Returned values are in upper case, as written; COALESCE of NEW and OLD is what it gives then.
    """
    found: set[str] = set()
    for step in steps:
        result = _ends_of(step, event)
        found |= result - {FALLS}
        if FALLS not in result:
            return found
    return found | {FALLS}


def _ends_of(step: Step, event: str) -> set[str]:  # noqa: PLR0911 - a case each
    match step.kind:
        case "RETURN":
            return {_value(step.text, event)}
        case "RAISE":
            return {RAISES} if raises(step) else {FALLS}
        case "EXIT" | "CONTINUE":
            always = "WHEN" not in step.text.upper()
            return {_LEAVES} if always else {_LEAVES, FALLS}
        case "IF":
            return _of_if(step, event)
        case "CASE":
            return _of_case(step, event)
        case "BLOCK":
            return _of_block(step, event)
        case "LOOP" | "WHILE" | "FOR" | "FOREACH":
            result = ends(step.branches[0], event) if step.branches else set()
            may_pass = step.kind != "LOOP" or _LEAVES in result
            return (result - {FALLS, _LEAVES}) | ({FALLS} if may_pass else set())
        case _:
            return {FALLS}


def _value(text: str, event: str) -> str:
    value = " ".join(text.upper().split()).removeprefix("RETURN").strip().strip("()")
    if re.fullmatch(r"COALESCE\s*\(\s*NEW\s*,\s*OLD\s*", value):
        return "OLD" if event == "delete" else "NEW"
    if re.fullmatch(r"COALESCE\s*\(\s*OLD\s*,\s*NEW\s*", value):
        return "NEW" if event == "insert" else "OLD"
    return value


def _of_if(step: Step, event: str) -> set[str]:
    found: set[str] = set()
    for number, condition in enumerate(step.expressions):
        truth = truth_for(condition, event)
        if truth is False:
            continue
        if number < len(step.branches):
            found |= ends(step.branches[number], event)
        if truth:
            return found
    if step.has_else:
        return found | ends(step.branches[-1], event)
    return found | {FALLS}


def _of_case(step: Step, event: str) -> set[str]:
    found: set[str] = set()
    extra = len(step.expressions) - len(step.branches)
    # CASE x WHEN … has x as the first expression, and may have an ELSE as the last branch.
    has_subject = bool(step.expressions) and step.text == "" and extra >= 0
    subject = step.expressions[0] if has_subject and step.expressions else None
    is_operation = subject is not None and subject.text.strip().lower() == "tg_op"
    for number, branch in enumerate(step.branches):
        if is_operation and number + 1 < len(step.expressions):
            wanted = step.expressions[number + 1].text.lower()
            if f"'{event}'" not in wanted:
                continue
            return found | ends(branch, event)
        found |= ends(branch, event)
    return found or {RAISES}


def _of_block(step: Step, event: str) -> set[str]:
    found = ends(step.branches[0], event) if step.branches else {FALLS}
    for _, steps, _ in step.handlers:
        found |= ends(steps, event)
    return found


def truth_for(condition: Expression, event: str) -> bool | None:
    """Return what a condition on TG_OP is for an event; None if it depends on more."""
    parsed = condition.parse()
    if not parsed:
        return None
    targets = parsed[0].get("SelectStmt", {}).get("targetList", ())
    return _truth(targets[0]["ResTarget"].get("val"), event) if len(targets) == 1 else None


def _truth(node: Node | None, event: str) -> bool | None:
    kind, fields = inner(node)
    if kind == "BoolExpr":
        return _combined(fields, event)
    if kind != "A_Expr" or column_name(fields.get("lexpr")) != "tg_op":
        return None
    values = [literal(item) for item in items_of(fields.get("rexpr", {}))]
    if None in values:
        return None
    is_among = event in {str(value).lower() for value in values}
    return is_among if operator(fields) == "=" else not is_among


def _combined(fields: Node, event: str) -> bool | None:
    parts = [_truth(item, event) for item in fields.get("args", ())]
    match fields.get("boolop"):
        case "NOT_EXPR":
            return None if parts[0] is None else not parts[0]
        case "AND_EXPR":
            return False if False in parts else (None if None in parts else True)
        case _:
            return True if True in parts else (None if None in parts else False)
