"""Attacks on who a session is: malformed settings, resets, transactions that end or fail."""

from __future__ import annotations

import psycopg
import pytest
from tests.isolation.arena import TABLES, Arena, Attacker

MALFORMED = [
    "",
    " ",
    "null",
    "x",
    "0",
    "{id}x",
    " {id}",
    "{id} ",
    "{id}\n",
    "{{{id}}}",
    "{short}",
    "{plain}",
    "--------------------------------------",
    "------------------------------------",
    "{hyphens}",
    "{letters}",
    "{wide}",
    "' OR true --",
    "00000000-0000-0000-0000-000000000000",
    "%",
    "_" * 36,
]


def malformed(template: str, arena: Arena) -> str:
    """Return a value that resembles the id of the attacker's tenant."""
    text = str(arena.mine.id)
    return template.format(
        id=text,
        short=text[:-1],
        plain=text.replace("-", ""),
        hyphens=f"-{text[1:]}",
        letters=f"g{text[1:]}",
        wide=f"\uff10{text[1:]}",
    )


@pytest.mark.parametrize("template", MALFORMED)
@pytest.mark.parametrize("setting", ["app.current_tenant_id", "app.current_user_id"])
def test_a_malformed_setting_means_no_rows_and_no_error(
    mallory: Attacker, arena: Arena, setting: str, template: str
) -> None:
    value = malformed(template, arena)
    mallory.rows("SELECT set_config(%s, %s, true)", [setting, value])
    for table in TABLES:
        assert mallory.rows(f"SELECT * FROM dsvault.{table}") == []
    assert mallory.changed("UPDATE dsvault.datasets SET description = 'x'") == 0
    mallory.refused(
        "42501",
        "INSERT INTO dsvault.tokens (token_hash, encrypted_value, pii_type) "
        "VALUES (repeat('c', 64), '', 'email')",
    )


def test_well_formed_settings_are_read_whatever_their_case(mallory: Attacker, arena: Arena) -> None:
    for change in (str.upper, str.lower):
        value = change(str(arena.mine.id))
        mallory.rows("SELECT set_config('app.current_tenant_id', %s, true)", [value])
        assert mallory.rows("SELECT name FROM dsvault.datasets") == [arena.mine.dataset_name]


@pytest.mark.parametrize(
    "statement",
    [
        "RESET ALL",
        "RESET app.current_tenant_id",
        "SET LOCAL app.current_tenant_id TO DEFAULT",
        "SET LOCAL app.current_user_id TO DEFAULT",
        "SELECT dsvault.leave()",
    ],
)
def test_a_reset_leaves_nobody(mallory: Attacker, statement: str) -> None:
    mallory.rows(statement)
    for table in TABLES:
        assert mallory.rows(f"SELECT * FROM dsvault.{table}") == []


@pytest.mark.parametrize("end", ["COMMIT", "ROLLBACK", "COMMIT AND CHAIN", "ROLLBACK AND CHAIN"])
def test_the_end_of_a_transaction_ends_who_it_was(mallory: Attacker, end: str) -> None:
    mallory.conn.execute(end.encode())
    for table in TABLES:
        assert mallory.rows(f"SELECT * FROM dsvault.{table}") == []
    assert mallory.rows("SELECT dsvault.current_tenant_id(), dsvault.current_user_id()") == [
        (None, None)
    ]


def test_a_rolled_back_savepoint_takes_its_tenant_with_it(mallory: Attacker, arena: Arena) -> None:
    mallory.rows("SAVEPOINT before")
    mallory.rows("SELECT dsvault.leave()")
    mallory.enter(arena.mine, arena.mine.viewer_id)
    mallory.rows("ROLLBACK TO before")
    assert mallory.rows("SELECT dsvault.current_user_id()") == [arena.mine.admin_id]
    assert len(mallory.rows("SELECT name FROM dsvault.roles")) == 4


def test_a_refused_enter_leaves_the_one_before(mallory: Attacker, arena: Arena) -> None:
    """Within the block that caught the error; without one the transaction is over."""
    mallory.refused("DV101", "SELECT dsvault.enter(%s, %s)", [arena.theirs.id, arena.mine.admin_id])
    assert mallory.rows("SELECT name FROM dsvault.datasets") == [arena.mine.dataset_name]
    mallory.rows(
        f"""DO $$ BEGIN
            PERFORM dsvault.enter('{arena.theirs.id}', '{arena.mine.admin_id}');
        EXCEPTION WHEN OTHERS THEN NULL; END $$"""
    )
    assert mallory.rows("SELECT name FROM dsvault.datasets") == [arena.mine.dataset_name]


def test_a_failed_transaction_shows_nothing_until_it_ends(mallory: Attacker) -> None:
    with pytest.raises(psycopg.errors.DivisionByZero):
        mallory.rows("SELECT 1 / 0")
    with pytest.raises(psycopg.errors.InFailedSqlTransaction):
        mallory.rows("SELECT * FROM dsvault.datasets")


def test_entering_outside_a_transaction_lasts_one_statement(arena: Arena) -> None:
    with arena.connect(autocommit=True) as session:
        session.enter(arena.mine)
        assert session.rows("SELECT name FROM dsvault.datasets") == []


@pytest.mark.parametrize("statement", ["DISCARD ALL", "RESET ALL"])
def test_discarding_a_session_discards_its_tenant(arena: Arena, statement: str) -> None:
    with arena.connect(autocommit=True) as session:
        session.rows("SELECT set_config('app.current_tenant_id', %s, false)", [str(arena.mine.id)])
        session.rows(
            "SELECT set_config('app.current_user_id', %s, false)", [str(arena.mine.admin_id)]
        )
        assert session.rows("SELECT name FROM dsvault.datasets") == [arena.mine.dataset_name]
        session.rows(statement)
        assert session.rows("SELECT name FROM dsvault.datasets") == []


def test_a_tenant_without_a_user_shows_nothing(attacker: Attacker, arena: Arena) -> None:
    attacker.rows("SELECT set_config('app.current_tenant_id', %s, true)", [str(arena.mine.id)])
    for table in TABLES:
        assert attacker.rows(f"SELECT * FROM dsvault.{table}") == []


def test_a_user_of_mine_in_their_tenant_shows_nothing(attacker: Attacker, arena: Arena) -> None:
    attacker.rows("SELECT set_config('app.current_tenant_id', %s, true)", [str(arena.theirs.id)])
    attacker.rows("SELECT set_config('app.current_user_id', %s, true)", [str(arena.mine.admin_id)])
    for table in TABLES:
        assert attacker.rows(f"SELECT * FROM dsvault.{table}") == []
    attacker.refused(
        "42501", "INSERT INTO dsvault.datasets (name, owner_id) VALUES ('x', %s)",
        [arena.mine.admin_id],
    )  # fmt: skip
