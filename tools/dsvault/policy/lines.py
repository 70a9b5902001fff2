"""The matrix, its differences and its proof as lines of text. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dsvault.policy.differences import Difference
    from dsvault.policy.model import Matrix, Rule, Table
    from dsvault.policy.proof import Outcome, Proof


def matrix_lines(declared: Matrix, differences: Sequence[Difference]) -> Iterator[str]:
    """Yield the matrix table by table, the differences of each below it, and how many there are."""
    names = [table.name for table in declared.tables]
    width = max(len(rule.condition.text) for _, rule in declared.rules())
    for table in declared.tables:
        own = [difference for difference in differences if difference.table == table.name]
        yield f"{table.name}: {table.about}"
        yield from _floor_line(declared, table, own)
        for rule in table.rules:
            yield from _rule_lines(rule, own, width)
        yield from _difference_lines(own)
        yield ""
    others = [difference for difference in differences if difference.table not in names]
    if others:
        yield "elsewhere"
        yield from _difference_lines(others)
        yield ""
    count = len(differences)
    rules = sum(1 for _ in declared.rules())
    said = f"{len(names)} tables, {rules} rules"
    yield f"{said}: {_count(count, 'difference') if count else 'the catalog says the same'}."


def _floor_line(declared: Matrix, table: Table, own: Sequence[Difference]) -> Iterator[str]:
    roles = ", ".join(table.floor_roles(declared.floor))
    mark = _mark(table.floor, own)
    yield f"  {mark} every  {roles}: never another tenant's rows  ({table.floor})"
    if above := table.read_floor:
        roles, mark = ", ".join(above.rule.roles), _mark(above.policy, own)
        yield f"  {mark} every  {roles}: never rows that it may not read  ({above.policy})"


def _rule_lines(rule: Rule, own: Sequence[Difference], width: int) -> Iterator[str]:
    roles = ", ".join(rule.roles)
    yield (
        f"  {_mark(rule.policy, own)} {rule.command_name:<6} {roles:<21}"
        f" {rule.condition.text:<{width}}  {rule.policy}"
    )
    if rule.check is not rule.condition:
        yield f"{'':<32} becoming {rule.check.text}"
    if rule.columns is not None:
        yield f"{'':<32} on {', '.join(rule.columns)}"


def _mark(policy: str, own: Sequence[Difference]) -> str:
    return "!" if any(_is_about(difference, policy) for difference in own) else "="


def _is_about(difference: Difference, policy: str) -> bool:
    return f"{difference.subject} ".startswith(f"policy {policy} ")


def _difference_lines(differences: Sequence[Difference]) -> Iterator[str]:
    for difference in differences:
        subject = difference.subject
        if not difference.table or subject == "table":
            subject = f"{difference.table} {subject}".strip()
        yield f"  ! {subject}"
        yield f"      declared: {difference.expected}"
        yield f"      found:    {difference.found}"


def proof_lines(proof: Proof) -> Iterator[str]:
    """Yield a grid of tables and roles with the number of cells, then each cell that failed."""
    roles = list(dict.fromkeys(outcome.role for outcome in proof.outcomes))
    tables = list(dict.fromkeys(outcome.table for outcome in proof.outcomes))
    total = Counter((outcome.table, outcome.role) for outcome in proof.outcomes)
    failed = Counter((outcome.table, outcome.role) for outcome in proof.failed)
    width = max(map(len, ["table", *tables]))
    yield f"{'cells':<{width}}" + "".join(f"  {role:>9}" for role in roles)
    for table in tables:
        marks = (_grid_cell(total[table, role], failed[table, role]) for role in roles)
        yield f"{table:<{width}}" + "".join(f"  {mark:>9}" for mark in marks)
    for outcome in proof.failed:
        yield ""
        yield from _failure_lines(outcome)
    yield ""
    count = len(proof.outcomes)
    yield (
        f"{_count(count, 'cell')} tried on {proof.server} in {proof.seconds:.1f} s, "
        f"{count - len(proof.failed)} as declared, {len(proof.failed)} not."
    )


def _grid_cell(total: int, failed: int) -> str:
    return f"{failed} of {total} !" if failed else str(total or "")


def _failure_lines(outcome: Outcome) -> Iterator[str]:
    yield f"not ok: {outcome.name}"
    yield f"  expected   {outcome.expected}"
    yield f"  seen       {outcome.seen}"
    yield f"  statement  {outcome.statement}"
    yield f"  as         {outcome.actor}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
