"""Whether a query shows to each tenant its own rows, all of them, and no others."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, LiteralString

from dsvault.queries import load
from dsvault.testing.acting import act_as

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    import psycopg

_EXAMPLES = 3
_TENANT = "tenant_id"

Line = tuple[str, ...]


def isolation_faults(
    connection: psycopg.Connection,
    query: LiteralString,
    params: Sequence[object] | Mapping[str, object] | None = None,
    *,
    people: Mapping[UUID, UUID] | None = None,
    role: str = "dsvault_app",
) -> list[str]:
    """Return what is wrong with the isolation of a query, nothing if it is isolated.

    It is run as each tenant and, on the superuser's connection, as nobody, who sees everything.
    people maps tenants to the user to act as; without it that is one administrator of each tenant
    that lives. A query that returns the column tenant_id is judged row by row, and rows of tenants
    that are not among people are left aside; any other by whether the tenants' rows together are
    all rows. What it writes is undone, each time.
    """
    if people is None:
        people = dict(connection.execute(load("testing/people")).fetchall())
    names, everything = _lines(connection, query, params)
    seen = {}
    for tenant_id, user_id in people.items():
        with act_as(connection, tenant_id, user_id, role=role):
            seen[tenant_id] = _lines(connection, query, params)[1]
    if _TENANT in names:
        judged = _by_tenant(everything, seen, names.index(_TENANT))
    else:
        judged = _together(everything, seen)
    return list(judged) or list(_proves_nothing(seen))


def _lines(
    connection: psycopg.Connection,
    query: LiteralString,
    params: Sequence[object] | Mapping[str, object] | None,
) -> tuple[list[str], Counter[Line]]:
    """Return columns and rows, as texts that can be counted; what the query did is undone."""
    with connection.transaction(force_rollback=True):
        cursor = connection.execute(query, params)
        names = [column.name for column in cursor.description or ()]
        found = cursor.fetchall() if cursor.description else []
    rows = (tuple(json.dumps(value, default=str, sort_keys=True) for value in row) for row in found)
    return names, Counter(rows)


def _by_tenant(
    everything: Counter[Line], seen: Mapping[UUID, Counter[Line]], place: int
) -> Iterator[str]:
    for tenant_id, lines in seen.items():
        own = json.dumps(str(tenant_id))
        wanted = Counter({line: n for line, n in everything.items() if line[place] == own})
        foreign = Counter({line: n for line, n in lines.items() if line[place] != own})
        yield from _told(foreign, f"tenant {tenant_id} sees {{}} of others")
        yield from _told(wanted - lines, f"tenant {tenant_id} misses {{}} of its own")
        yield from _told(lines - foreign - wanted, f"tenant {tenant_id} sees {{}} too many")


def _together(everything: Counter[Line], seen: Mapping[UUID, Counter[Line]]) -> Iterator[str]:
    union: Counter[Line] = Counter()
    for lines in seen.values():
        union += lines
    yield from _told(union - everything, "the tenants together see {} too many")
    yield from _told(
        everything - union,
        "the tenants together miss {} (of tenants that were not asked? return tenant_id, too)",
    )


def _told(lines: Counter[Line], text: str) -> Iterator[str]:
    count = lines.total()
    if count:
        examples = [f"    ({', '.join(line)})" for line in list(lines)[:_EXAMPLES]]
        more = ["    …"] if len(lines) > _EXAMPLES else []
        yield "\n".join([text.format(f"{count} row{'s' if count > 1 else ''}"), *examples, *more])


def _proves_nothing(seen: Mapping[UUID, Counter[Line]]) -> Iterator[str]:
    """A query without rows, or a vault with one tenant, shows nothing about isolation."""
    with_rows = sum(1 for lines in seen.values() if lines)
    if with_rows < 2:
        yield (
            f"this proves nothing: {len(seen)} tenants were asked, {with_rows} of them saw a row;"
            " give at least two tenants rows"
        )
