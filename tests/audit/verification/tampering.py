"""Ways to tamper with a sealed trail behind the triggers' back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    import random

    from dsvault.db import Session


def run(session: Session, statement: str, *values: object) -> list[tuple[object, ...]]:
    """Run a statement in the session's own connection."""
    cursor = session._connection.execute(statement.encode(), values)
    return cursor.fetchall() if cursor.description else []


def entries(session: Session) -> list[str]:
    """Return the ids of all sealed entries."""
    return [
        str(row[0]) for row in run(session, "SELECT unnest(entry_ids) FROM dsvault.audit_seals")
    ]


Tampering = tuple[str, "str | None"]


def alter(session: Session, chance: random.Random) -> Tampering:
    """Change one column of one entry; return what is found of which entry."""
    entry = chance.choice(entries(session))
    column, value = chance.choice(
        [
            ("action", "'other.action'"),
            ("resource_type", "'other'"),
            ("resource_id", "gen_random_uuid()"),
            ("user_id", "gen_random_uuid()"),
            ("details", 'details || \'{"login": "somebody"}\''),
            ("details", "jsonb_set(details, '{operation}', '\"INSERTED\"')"),
            ("details", "details - 'login'"),
            ("ip_address", "'10.9.8.7'"),
            ("user_agent", "'other'"),
            ("created_at", "created_at - interval '1 microsecond'"),
            ("created_at", "'2061-07-01'"),
        ]
    )
    run(session, f"UPDATE dsvault.audit_logs SET {column} = {value} WHERE id = $1", entry)
    return "altered after it was sealed", entry


def move(session: Session, chance: random.Random) -> Tampering:
    """Give an entry another identity, tenant or transaction."""
    entry = chance.choice(entries(session))
    change = chance.choice(
        [
            "id = gen_random_uuid()",
            "tenant_id = gen_random_uuid()",
            "transaction_id = '99999999'",
            "transaction_id = '1'",
        ]
    )
    run(session, f"UPDATE dsvault.audit_logs SET {change} WHERE id = $1", entry)
    # Moved within its own seal it is there, and is not what it was.
    return "", entry


def remove(session: Session, chance: random.Random) -> Tampering:
    """Remove an entry."""
    entry = chance.choice(entries(session))
    run(session, "DELETE FROM dsvault.audit_logs WHERE id = $1", entry)
    return "removed after it was sealed", entry


def slip_in(session: Session, chance: random.Random) -> Tampering:
    """Write an entry that looks as if it had been there all the time."""
    entry = chance.choice(entries(session))
    [(new,)] = run(
        session,
        """INSERT INTO dsvault.audit_logs
           SELECT gen_random_uuid(), tenant_id, user_id, action, resource_type, resource_id,
               details, ip_address, user_agent, created_at, transaction_id
           FROM dsvault.audit_logs WHERE id = $1 RETURNING id""",
        entry,
    )
    return "slipped in after it was sealed", str(new)


def slip_in_elsewhere(session: Session, chance: random.Random) -> Tampering:
    """Write an old entry of a tenant that had none."""
    entry = chance.choice(entries(session))
    [(new,)] = run(
        session,
        """INSERT INTO dsvault.audit_logs
           SELECT gen_random_uuid(), gen_random_uuid(), NULL, action, resource_type, resource_id,
               details, NULL, NULL, created_at, transaction_id
           FROM dsvault.audit_logs WHERE id = $1 RETURNING id""",
        entry,
    )
    return "slipped in: below what is sealed, and in no seal", str(new)


def break_seal(session: Session, chance: random.Random) -> Tampering:
    """Change a seal, or take one out of the chain."""
    [(tenant, number)] = run(
        session,
        """SELECT tenant_id, seal_number FROM dsvault.audit_seals
           ORDER BY tenant_id, seal_number OFFSET $1 LIMIT 1""",
        chance.randrange(9),
    )
    change = chance.choice(
        [
            "SET root_hash = sha256('x')",
            "SET previous_hash = sha256('x')",
            "SET seal_hash = sha256('x')",
            "SET sealed_at = sealed_at + interval '1 second'",
            "SET seal_number = seal_number + 10",
            "SET entry_ids = gen_random_uuid() || entry_ids[2:]",
            "SET leaf_hashes = set_byte(leaf_hashes, 0, get_byte(leaf_hashes, 0) # 1)",
            "SET to_transaction = '99999999'",
        ]
    )
    if chance.random() < 0.2:
        run(session, "DELETE FROM dsvault.audit_seals WHERE tenant_id = $1 AND seal_number = $2",
            tenant, number)  # fmt: skip
    else:
        where = "WHERE tenant_id = $1 AND seal_number = $2"
        run(session, f"UPDATE dsvault.audit_seals {change} {where}", tenant, number)
    return "", None


def swap(session: Session, chance: random.Random) -> Tampering:
    """Exchange what two entries of a tenant say: nothing is gone, and nothing new."""
    [(one, other)] = run(
        session,
        """SELECT a.id, b.id FROM dsvault.audit_logs AS a
               JOIN dsvault.audit_logs AS b ON b.tenant_id = a.tenant_id
                   AND (b.action, b.details) <> (a.action, a.details)
           WHERE a.id = ANY ($1) AND b.id = ANY ($1)
           ORDER BY a.id, b.id OFFSET $2 LIMIT 1""",
        entries(session),
        chance.randrange(20),
    )
    run(
        session,
        """UPDATE dsvault.audit_logs AS a SET action = b.action, details = b.details
           FROM dsvault.audit_logs AS b
           WHERE a.id = ANY ($1) AND b.id = ANY ($1) AND b.id <> a.id""",
        [one, other],
    )
    return "", None


def claim(session: Session, chance: random.Random) -> Tampering:
    """Remove an entry and write down that it had left for a file."""
    [(tenant, entry)] = run(
        session,
        "DELETE FROM dsvault.audit_logs WHERE id = $1 RETURNING tenant_id, id",
        chance.choice(entries(session)),
    )
    run(
        session,
        """INSERT INTO dsvault.audit_archives
           VALUES ($1, $2, 'p', '2019-06-01', '2019-07-01', 1, '{[1,1000)}', sha256('x'), 'f',
               sha256('x'), now())""",
        tenant,
        chance.choice([entry, uuid4()]),
    )
    return "", None


KINDS = (alter, alter, move, swap, remove, slip_in, slip_in_elsewhere, break_seal, claim)
