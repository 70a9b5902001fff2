"""Connections that many clients share: no transaction meets the context of another.

Tenants take turns on the same few server sessions, statement by statement, through PgBouncer in
transaction pooling and through psycopg's own pool. Every transaction looks at all it can see.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from psycopg import AsyncConnection, Rollback, errors
from psycopg_pool import ConnectionPool
from tests.support.pooler import pgbouncer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from psycopg import AsyncCursor
    from tests.isolation.arena import Arena, Tenant

CLIENTS = 100  # half of them of each tenant
TRANSACTIONS = 20  # of each client
SERVER_SESSIONS = 4
SIGHT = """
SELECT pg_backend_pid(), dsvault.current_tenant_id(), dsvault.current_user_id(),
    ARRAY(SELECT name FROM dsvault.datasets), ARRAY(SELECT slug FROM dsvault.tenants)"""
# What the transactions of a client do, in turn.
DOORS = ("enter", "settings", "nobody", "fails", "leaves")


@pytest.fixture(scope="module")
def bouncer(arena: Arena) -> Iterator[str]:
    """The URI of the attacker's login through PgBouncer, which keeps few sessions for all."""
    login = (arena.login, arena.password)
    with pgbouncer(arena.database, [login], pool_size=SERVER_SESSIONS) as [url]:
        yield url


def expected(tenant: Tenant, user: UUID | None) -> tuple[object, ...]:
    """Return what SIGHT tells of a tenant's user, or of nobody."""
    if user is None:
        return (None, None, [], [])
    return (tenant.id, user, [tenant.dataset_name], [tenant.slug])


class Watch:
    """Who was served by which server session, and how often."""

    def __init__(self) -> None:
        self.served: defaultdict[int, Counter[str]] = defaultdict(Counter)

    def check(self, row: tuple[object, ...] | None, tenant: Tenant, user: UUID | None) -> None:
        assert row is not None
        pid, *seen = row
        assert tuple(seen) == expected(tenant, user)
        assert isinstance(pid, int)
        self.served[pid][tenant.slug] += 1

    @property
    def transactions(self) -> int:
        return sum(counts.total() for counts in self.served.values())


@pytest.mark.pgbouncer
def test_clients_of_two_tenants_share_sessions_by_transaction_and_nothing_crosses(
    bouncer: str, arena: Arena
) -> None:
    watch = Watch()

    async def client(number: int, gate: asyncio.Semaphore) -> None:
        tenant = (arena.mine, arena.theirs)[number % 2]
        async with gate:  # a hundred at once would be more than the socket's queue holds
            conn = await AsyncConnection.connect(bouncer, prepare_threshold=None)
        async with conn, conn.cursor() as cursor:
            for turn in range(TRANSACTIONS):
                await transact(cursor, tenant, DOORS[(number + turn) % len(DOORS)], watch)

    async def everybody() -> None:
        gate = asyncio.Semaphore(10)
        await asyncio.gather(*(client(number, gate) for number in range(CLIENTS)))

    asyncio.run(everybody())
    assert watch.transactions == CLIENTS * TRANSACTIONS
    assert len(watch.served) <= SERVER_SESSIONS
    assert all(len(counts) == 2 for counts in watch.served.values()), "sessions were not shared"


async def transact(cursor: AsyncCursor, tenant: Tenant, door: str, watch: Watch) -> None:
    """Do one transaction, statement by statement; others have their turn at each await."""
    user: UUID | None = tenant.admin_id
    await cursor.execute("BEGIN")
    if door in {"enter", "fails"}:
        await cursor.execute("SELECT dsvault.enter(%s, %s)", [tenant.id, user])
    elif door in {"settings", "leaves"}:
        await cursor.execute(
            "SELECT set_config('app.current_tenant_id', %s, true),"
            " set_config('app.current_user_id', %s, true)",
            [str(tenant.id), str(user)],
        )
    else:
        user = None
    if door == "leaves":
        await cursor.execute("SELECT dsvault.leave()")
        user = None
    await cursor.execute(SIGHT)
    watch.check(await cursor.fetchone(), tenant, user)
    if door == "fails":
        with pytest.raises(errors.InsufficientPrivilege):
            await cursor.execute("TRUNCATE dsvault.datasets")
        await cursor.execute("ROLLBACK")
    else:
        await cursor.execute("COMMIT")


@pytest.mark.pgbouncer
def test_a_client_that_goes_away_leaves_its_context_to_nobody(bouncer: str, arena: Arena) -> None:
    """It ends no transaction; PgBouncer gives the session to nobody until that is undone."""

    async def go() -> list[tuple[object, ...]]:
        for _ in range(SERVER_SESSIONS * 3):
            conn = await AsyncConnection.connect(bouncer, prepare_threshold=None)
            await conn.execute(
                "SELECT dsvault.enter(%s, %s)", [arena.theirs.id, arena.theirs.admin_id]
            )
            conn.pgconn.finish()
        async with await AsyncConnection.connect(bouncer, prepare_threshold=None) as conn:
            return [
                (await (await conn.execute(SIGHT)).fetchone() or ())[1:]
                for _ in range(SERVER_SESSIONS * 3)
            ]

    assert asyncio.run(go()) == [expected(arena.theirs, None)] * SERVER_SESSIONS * 3


def test_threads_of_two_tenants_share_a_pool_of_psycopg_and_nothing_crosses(
    arena: Arena,
) -> None:
    watch = Watch()
    threads, each = 8, 150
    url = arena.database.url_as(arena.login, arena.password)

    def work(number: int) -> None:
        for turn in range(each):
            tenant = (arena.mine, arena.theirs)[(number + turn) % 2]
            door = DOORS[turn % len(DOORS)]
            with pool.connection() as conn, conn.transaction() as block:
                user = tenant.admin_id if door != "nobody" else None
                if user:
                    conn.execute("SELECT dsvault.enter(%s, %s)", [tenant.id, user])
                if door == "leaves":
                    conn.execute("SELECT dsvault.leave()")
                    user = None
                watch.check(conn.execute(SIGHT).fetchone(), tenant, user)
                if door == "fails":
                    raise Rollback(block)

    with (
        ConnectionPool(url, min_size=3, max_size=3, open=True) as pool,
        ThreadPoolExecutor(threads) as executor,
    ):
        list(executor.map(work, range(threads)))
    assert watch.transactions == threads * each
    assert len(watch.served) <= 3
    assert all(len(counts) == 2 for counts in watch.served.values()), "sessions were not shared"


def test_a_context_that_outlives_its_transaction_would_be_noticed(arena: Arena) -> None:
    """The watch can fail: what is set for the session is met by the next client."""
    url = arena.database.url_as(arena.login, arena.password)
    forget_nothing = "SELECT set_config(%s, %s, false)"
    with ConnectionPool(url, min_size=1, max_size=1, open=True) as pool:
        with pool.connection() as conn:
            conn.execute(forget_nothing, ["app.current_tenant_id", str(arena.mine.id)])
            conn.execute(forget_nothing, ["app.current_user_id", str(arena.mine.admin_id)])
        with pytest.raises(AssertionError), pool.connection() as conn:
            Watch().check(conn.execute(SIGHT).fetchone(), arena.theirs, None)
