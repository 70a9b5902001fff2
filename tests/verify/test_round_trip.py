"""Deploy, deploy again, revert: no error, no difference, nothing left behind.

The scripts are run as they stand, one after the other, as a login that owns the database and is no
superuser. What the runner and Sqitch add to that is tested elsewhere.
"""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.verify.scripts import changes, objection, script

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import psycopg
    from tests.support.database import Database

NOISE = re.compile(r"--|\\(un)?restrict ")
AT_ONCE = 8  # changes between two looks at the whole schema, which takes as long as all of them


def run(conn: psycopg.Connection, kind: str, names: Iterable[str]) -> None:
    """Run scripts, each in its own transaction."""
    for name in names:
        with conn.transaction():
            conn.execute(script(kind, name))


def facts(conn: psycopg.Connection) -> list[str]:
    """Return the whole schema as text, with the rows that the plan seeds."""
    with conn.transaction():
        conn.execute("SET LOCAL ROLE dsvault_owner")
        schema = conn.execute("SELECT unnest(dsvault_facts.everything())").fetchall()
        rows = conn.execute(
            "SELECT t::text FROM dsvault.tenants AS t"
            " UNION ALL SELECT r::text FROM dsvault.roles AS r"
            " UNION ALL SELECT p::text FROM dsvault_private.public_privileges_before AS p"
        ).fetchall()
    return sorted(line for (line,) in [*schema, *rows])


def dump(database: Database) -> str:
    """Return the database as pg_dump writes it, with its own privileges and settings."""
    if database.cluster.bin_dir is None:
        pytest.skip("pg_dump of the same version is not known for a server given by URI")
    done = subprocess.run(
        [database.cluster.bin_dir / "pg_dump", "--create", database.superuser_url],
        capture_output=True,
        text=True,
        check=True,
    )
    return "\n".join(line for line in done.stdout.splitlines() if not NOISE.match(line))


def test_every_script_run_twice_leaves_no_error_and_no_difference(vault: Database) -> None:
    with vault.connect(autocommit=True) as conn:
        before = facts(conn)
        for names in some_at_once(changes()):
            run(conn, "deploy", names)
            assert facts(conn) == before, names


def test_revert_restores_the_database_exactly(empty_database: Database) -> None:
    before = dump(empty_database)
    with empty_database.connect(autocommit=True) as conn:
        run(conn, "deploy", changes())
        assert dump(empty_database) != before
        run(conn, "revert", reversed(changes()))
    assert dump(empty_database) == before


def test_revert_restores_privileges_of_public_that_were_not_the_usual_ones(
    empty_database: Database,
) -> None:
    with empty_database.connect(superuser=True, autocommit=True) as conn:
        conn.execute("GRANT CREATE ON SCHEMA public TO PUBLIC")
        conn.execute(f"REVOKE TEMPORARY ON DATABASE {empty_database.name} FROM PUBLIC")
        conn.execute(f"GRANT CREATE ON DATABASE {empty_database.name} TO PUBLIC")
    before = dump(empty_database)
    with empty_database.connect(autocommit=True) as conn:
        run(conn, "deploy", changes())
        run(conn, "revert", reversed(changes()))
    assert dump(empty_database) == before


def test_each_change_reverted_and_deployed_again_makes_the_same(vault: Database) -> None:
    kit = changes().index("facts/everything")
    with vault.connect(autocommit=True) as conn, vault.connect(superuser=True) as asking:
        for names in some_at_once(changes()[:kit:-1]):
            before = schema_only(conn)
            run(conn, "revert", names)
            run(conn, "deploy", reversed(names))
            # Ids and times of the rows that are seeded are new; verify says what must be the same.
            assert schema_only(conn) == before, names
            for name in names:
                assert objection(asking, name) is None, name
            asking.rollback()
            run(conn, "revert", names)


def some_at_once(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the names in their order, some at a time."""
    for start in range(0, len(names), AT_ONCE):
        yield names[start : start + AT_ONCE]


def schema_only(conn: psycopg.Connection) -> list[str]:
    """Return the whole schema as text."""
    with conn.transaction():
        conn.execute("SET LOCAL ROLE dsvault_owner")
        return [line for (line,) in conn.execute("SELECT unnest(dsvault_facts.everything())")]


def test_verify_holds_right_after_each_change(empty_database: Database) -> None:
    with empty_database.connect() as conn:
        for name in changes():
            conn.execute(script("deploy", name))
            conn.execute("RESET ROLE")
            error = objection(conn, name)
            assert error is None, f"{name}: {error}"
            conn.commit()


def test_reverting_one_database_keeps_the_roles_that_another_one_uses(
    vault: Database, empty_database: Database
) -> None:
    notices: list[str] = []
    with empty_database.connect(autocommit=True) as conn:
        conn.add_notice_handler(lambda notice: notices.append(notice.message_primary or ""))
        run(conn, "deploy", changes())
        run(conn, "revert", reversed(changes()))
    assert "role dsvault_owner stays: another database of this cluster uses it" in notices
    with vault.connect() as conn:
        for name in changes():
            assert objection(conn, name) is None, name
