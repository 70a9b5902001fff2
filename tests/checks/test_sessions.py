"""What the checks say of other sessions, which they may see, and which they may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.checks.conftest import BY_CODE, ask
from tests.support.servers import eventually

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg
    from tests.support.database import Database

    from dsvault.checks import Finding


def test_a_session_idle_in_a_transaction_is_reported_after_a_time(
    shared_vault: Database, finds: Callable[..., list[Finding]]
) -> None:
    with shared_vault.connect(superuser=True, application_name="sleeper") as other:
        other.execute("SELECT 1")
        assert finds("C0072") == []
        [found] = finds("C0072", "SET LOCAL doctor.idle_minutes = 0")
        assert "sleeper" in found.detail
        assert found.remedy == f"SELECT pg_terminate_backend({other.info.backend_pid});"


def test_a_session_at_work_in_a_transaction_is_reported_after_a_time(
    shared_vault: Database, shared: psycopg.Connection, finds: Callable[..., list[Finding]]
) -> None:
    with shared_vault.connect(superuser=True) as other:
        other.execute("SELECT 1")
        other.pgconn.send_query(b"SELECT pg_sleep(60)")

        def is_at_work() -> bool:
            shared.rollback()
            return bool(finds("C0073", "SET LOCAL doctor.transaction_minutes = 0"))

        eventually(is_at_work)
        shared.rollback()
        assert finds("C0073") == []
        other.cancel()


def test_sessions_of_others_are_said_to_be_hidden(shared_vault: Database) -> None:
    with shared_vault.connect(superuser=True) as other, shared_vault.connect() as deployer:
        other.execute("SELECT 1")
        for code in ("C0072", "C0073"):
            [hidden] = ask(deployer, BY_CODE[code])
            assert hidden.level == "unseen"
            assert hidden.remedy == f"GRANT pg_read_all_stats TO {shared_vault.deployer.name};"
