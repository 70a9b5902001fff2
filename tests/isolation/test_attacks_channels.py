"""Attacks by the side: what errors, plans, statistics, catalogs and signals tell of other tenants.

Everything that the server answers here is searched for what only the other tenant knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql
from tests.isolation.arena import TABLES, Arena, Attacker, assert_nothing_of
from tests.support.sealed import SEALED

if TYPE_CHECKING:
    from collections.abc import Callable


class TestErrors:
    """A message repeats what the attacker said, and nothing else."""

    @pytest.mark.parametrize(
        ("sqlstate", "statement"),
        [
            # His own rows, whose values he might not be allowed to see.
            (
                "23505",
                "INSERT INTO dsvault.datasets (name, owner_id) VALUES ('acme merger', %(me)s)",
            ),
            ("23505", "INSERT INTO dsvault.users (email, name) VALUES ('viewer@acme.example', '')"),
            (
                "23505",
                (
                    "INSERT INTO dsvault.records (id, dataset_id, version_id, content_hash, "
                    "encrypted_data) SELECT id, dataset_id, version_id, content_hash, "
                    "encrypted_data FROM dsvault.records"
                ),
            ),
            ("23514", "UPDATE dsvault.datasets SET metadata = '[]'"),
            (
                "23514",
                (
                    "INSERT INTO dsvault.tokens (token_hash, encrypted_value, pii_type) "
                    f"VALUES ('x', {SEALED}, 'email')"
                ),
            ),
            ("23502", "INSERT INTO dsvault.datasets (name) VALUES ('x')"),
            ("22001", "UPDATE dsvault.datasets SET name = repeat('x', 300)"),
            # Rows of others, which he can only guess at.
            (
                "42501",
                (
                    "INSERT INTO dsvault.datasets (tenant_id, name, owner_id) "
                    "VALUES (%(tenant)s, %(name)s, %(admin)s)"
                ),
            ),
            ("42501", "UPDATE dsvault.datasets SET tenant_id = %(tenant)s WHERE name = %(name)s"),
            ("23503", "UPDATE dsvault.datasets SET owner_id = %(admin)s"),
            ("DV101", "SELECT dsvault.enter(%(tenant)s, gen_random_uuid())"),
            ("22P02", "SELECT dsvault.enter('x', 'x')"),
        ],
    )
    def test_no_refusal_shows_more_than_was_said(
        self, mallory: Attacker, arena: Arena, sqlstate: str, statement: str
    ) -> None:
        values = {
            "me": arena.mine.admin_id,
            "key": arena.mine.key_id,
            "tenant": arena.theirs.id,
            "name": arena.theirs.dataset_name,
            "admin": arena.theirs.admin_id,
        }
        told = mallory.refused(sqlstate, statement, values if "%" in statement else None)
        assert "Failing row contains" not in told
        assert "already exists" not in told

    @pytest.mark.parametrize(
        "where",
        [
            "1 / (length(name) - {length}) = 0",
            "CASE WHEN name = {name} THEN 1 / (length(name) * 0) = 0 ELSE true END",
            "(1 / (CASE WHEN name = {name} THEN 0 ELSE 1 END)) = 1",
            "1 / (position({name} in name) - 1) < 9",
            "set_config('app.x', (1 / (CASE name WHEN {name} THEN 0 ELSE 1 END))::text, true) = ''",
            "name::integer = 1 OR name ~ 'x'",
            "name::uuid IS NULL",
            "owner_id::text::integer = 1",
            "to_date(name, 'YYYY') IS NULL",
            "name ~ (name || '(')",
            "json_build_object(name, 1)::text::json ->> name = 'x'",
            "generate_series(1, 1 / (length(name) - {length})) = 1",
        ],
    )
    def test_a_probe_that_would_fail_on_their_row_never_meets_it(
        self, attacker: Attacker, arena: Arena, where: str
    ) -> None:
        """As nobody there is no row at all, so an error could only come from a foreign one."""
        name = arena.theirs.dataset_name
        condition = where.format(length=len(name), name=sql.Literal(name).as_string())
        query = f"SELECT count(*) FROM dsvault.datasets WHERE {condition}"
        if condition.startswith("generate_series"):
            query = f"SELECT count(*) FROM (SELECT {condition} FROM dsvault.datasets) AS s"
        for plan in ("enable_indexscan", "enable_bitmapscan", "enable_seqscan"):
            attacker.rows(f"SET LOCAL {plan} = off")
            assert attacker.rows(query) == [0]

    def test_a_cast_shows_his_own_value_only(self, mallory: Attacker) -> None:
        told = mallory.refused("22P02", "SELECT name::integer FROM dsvault.datasets")
        assert "acme merger" in told


class TestStatistics:
    def test_the_views_of_statistics_are_empty(self, mallory: Attacker, arena: Arena) -> None:
        with arena.superuser() as conn:
            conn.execute("ANALYZE")
            (there,) = conn.execute(
                "SELECT count(*) FROM pg_stats WHERE schemaname = 'dsvault'"
            ).fetchone()
        assert there > 100
        for view in ("pg_stats", "pg_stats_ext", "pg_stats_ext_exprs"):
            assert mallory.rows(f"SELECT * FROM {view} WHERE schemaname ~ 'dsvault'") == []

    def test_no_view_or_table_of_the_catalog_shows_a_word_of_theirs(
        self, mallory: Attacker, arena: Arena
    ) -> None:
        """Every system relation that the attacker may read, all of it, as text."""
        relations = mallory.rows(
            """SELECT c.oid::regclass::text FROM pg_class AS c
                WHERE c.relnamespace::regnamespace::text IN ('pg_catalog', 'information_schema')
                      AND c.relkind IN ('r', 'v') AND has_table_privilege(c.oid, 'SELECT')"""
        )
        assert len(relations) > 150
        for relation in relations:
            mallory.rows(f"SELECT t::text FROM {relation} AS t")

    def test_extended_statistics_cannot_be_read(self, mallory: Attacker, arena: Arena) -> None:
        with arena.superuser() as conn:
            conn.execute("CREATE STATISTICS dsvault.s (mcv) ON name, tags FROM dsvault.datasets")
            try:
                conn.execute("ANALYZE dsvault.datasets")
                assert mallory.rows("SELECT * FROM pg_stats_ext") == []
            finally:
                mallory.conn.rollback()
                conn.execute("DROP STATISTICS dsvault.s")


class TestPlans:
    def test_a_plan_shows_nothing_of_their_values(self, mallory: Attacker) -> None:
        for table in TABLES:
            for options in ("VERBOSE", "VERBOSE, ANALYZE, TIMING off", "FORMAT JSON, SETTINGS"):
                mallory.rows(f"EXPLAIN ({options}) SELECT * FROM dsvault.{table}")

    def test_an_estimate_for_their_name_is_that_for_any_name(
        self, mallory: Attacker, arena: Arena
    ) -> None:
        """Names are unique within a tenant, so statistics hold no frequent ones to compare with."""
        with arena.superuser() as conn:
            conn.execute("ANALYZE dsvault.datasets")
        estimates = set()
        for name in (arena.theirs.dataset_name, "no such name"):
            plan = "EXPLAIN (FORMAT JSON) SELECT * FROM dsvault.datasets WHERE name = %s"
            (answer,) = mallory.rows(plan, [name])
            estimates.add(answer[0]["Plan"]["Plan Rows"])
        assert len(estimates) == 1


class TestSignals:
    def test_the_vault_notifies_nobody(self, arena: Arena) -> None:
        with arena.connect(autocommit=True) as session:
            for channel in ("dsvault", "datasets", "tenants", str(arena.theirs.id)):
                session.conn.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            with arena.connect() as other:
                other.enter(arena.theirs)
                other.conn.execute("UPDATE dsvault.datasets SET description = 'changed'")
                other.conn.commit()
            assert list(session.conn.notifies(timeout=0.2)) == []

    def test_another_logins_queries_cannot_be_read(
        self, mallory: Attacker, arena: Arena, make_login: Callable[..., tuple[str, str]]
    ) -> None:
        login = make_login("dsvault_app")
        with arena.connect(login) as other:
            other.enter(arena.theirs)
            other.conn.execute(f"SELECT '{arena.theirs.dataset_name}'".encode())
            seen = mallory.rows("SELECT query FROM pg_stat_activity WHERE usename = %s", [login[0]])
            assert seen == ["<insufficient privilege>"]

    def test_another_logins_statements_and_cursors_cannot_be_read(
        self, mallory: Attacker, arena: Arena
    ) -> None:
        with arena.connect() as other:
            other.enter(arena.theirs)
            other.conn.execute("PREPARE theirs AS SELECT 'bolt'")
            other.conn.execute("DECLARE theirs CURSOR FOR SELECT 'bolt'")
            names = "SELECT name FROM pg_prepared_statements UNION ALL SELECT name FROM pg_cursors"
            assert "theirs" not in mallory.rows(names)

    def test_another_logins_large_objects_cannot_be_read(
        self, mallory: Attacker, arena: Arena, make_login: Callable[..., tuple[str, str]]
    ) -> None:
        with arena.connect(make_login("dsvault_app")) as other:
            other.enter(arena.theirs)
            (number,) = other.conn.execute("SELECT lo_from_bytea(0, 'bolt')").fetchone()
            other.conn.commit()
            try:
                mallory.refused("42501", f"SELECT lo_get({number})")
                mallory.refused("42501", f"SELECT lo_unlink({number})")
            finally:
                other.conn.execute(f"SELECT lo_unlink({number})".encode())
                other.conn.commit()

    def test_there_are_no_numbers_to_count_along(self, mallory: Attacker) -> None:
        """No sequence tells how many rows others made, and ids are random."""
        assert mallory.rows("SELECT sequencename FROM pg_sequences") == []
        defaults = mallory.rows(
            """SELECT DISTINCT pg_get_expr(adbin, adrelid) FROM pg_attrdef AS d
                   JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
                WHERE a.attname = 'id' AND d.adrelid::regclass::text LIKE 'dsvault.%'"""
        )
        assert defaults == ["gen_random_uuid()"]

    def test_a_log_that_the_client_asks_for_shows_his_own_statement(
        self, mallory: Attacker, arena: Arena
    ) -> None:
        told: list[str] = []
        mallory.conn.add_notice_handler(lambda notice: told.append(str(notice.message_primary)))
        mallory.rows("SET LOCAL client_min_messages = debug5")
        for setting in ("debug_print_plan", "debug_print_rewritten"):
            mallory.rows(f"SET LOCAL {setting} = on")
        mallory.rows("SELECT * FROM dsvault.datasets")
        assert_nothing_of(arena.theirs, [(text,) for text in told])


def test_a_guess_costs_an_answer_that_is_the_same_for_all(mallory: Attacker, arena: Arena) -> None:
    """What exists elsewhere and what exists nowhere are one answer: no row, no error."""
    questions = (
        "SELECT * FROM dsvault.tokens WHERE token_hash = %s",
        "SELECT * FROM dsvault.tenants WHERE slug = %s",
        "SELECT * FROM dsvault.users WHERE email = %s",
        "UPDATE dsvault.datasets SET description = '' WHERE name = %s",
    )
    answers = [arena.theirs.token_hash, arena.theirs.slug, "admin@bolt.example", "bolt merger"]
    for question, existing in zip(questions, answers, strict=True):
        for guess in (existing, "nothing"):
            with mallory.conn.cursor() as cursor:
                cursor.execute(question.encode(), [guess])
                assert cursor.rowcount == 0


def test_reading_more_than_is_there_is_refused_by_the_driver_too(arena: Arena) -> None:
    """The simple protocol takes several statements; each of them is judged by itself."""
    with arena.connect() as session:
        session.enter(arena.mine)
        cursor = psycopg.ClientCursor(session.conn)
        cursor.execute("SELECT name FROM dsvault.datasets; SELECT dsvault.leave(); "
                       "SELECT name FROM dsvault.datasets")  # fmt: skip
        found = [cursor.fetchall()]
        while cursor.nextset():
            found.append(cursor.fetchall())
        assert [found[0], found[-1]] == [[(arena.mine.dataset_name,)], []]
