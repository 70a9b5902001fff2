"""What is published stays as it is: every column of a version, its records, a definition, a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.schema.builders import (
    HASH,
    insert,
    key_of,
    new_dataset,
    new_key,
    new_record,
    new_user,
    new_version,
)
from tests.support.actors import as_role, as_tenant
from tests.support.sealed import sealed

if TYPE_CHECKING:
    from uuid import UUID

    from psycopg import Connection
    from tests.schema.builders import Tenant
    from tests.support.database import Database

OTHER = {
    "bigint": "version_number + 1",
    "integer": "version + 1",
    "uuid": "gen_random_uuid()",
    "jsonb": """'{"changed": true}'""",
    "timestamp with time zone": "'1999-12-31'",
    "bytea": "'changed'",
    "text": "'changed'",
    "character varying": "'changed'",
}
SPECIAL = {
    "tenant_id": "(SELECT id FROM dsvault.tenants WHERE slug = 'beta')",
    "compatibility_mode": "'none'",
    "algorithm": "'AES-256-CBC'",
    "key_type": "'field'",
    "kms_provider": "'vault'",
    "record_count": "record_count + 1",
    "size_bytes": "size_bytes + 1",
    "commit_id": f"'{'1' * 64}'",
    "version": "version + 7",
}


def publish(conn: Connection, version: UUID, *later: str) -> None:
    for status in ("published", *later):
        conn.execute(
            "UPDATE dsvault.dataset_versions SET status = %s WHERE id = %s", [status, version]
        )


def changes_of(conn: Connection, table: str) -> dict[str, str]:
    """Return for each column of a table but status an expression that changes it."""
    columns = conn.execute(
        """SELECT column_name, data_type FROM information_schema.columns
           WHERE table_schema = 'dsvault' AND table_name = %s AND column_name <> 'status'""",
        [table],
    ).fetchall()
    assert len(columns) > 8
    return {name: SPECIAL.get(name, OTHER[kind]) for name, kind in columns}


def error_of(conn: Connection, statement: str, row: UUID) -> psycopg.Error | None:
    """Run a statement about a row, undo it, and return its error."""
    try:
        with conn.transaction(force_rollback=True):
            conn.execute(statement.encode(), [row])
    except psycopg.Error as error:
        return error
    return None


def refused_columns(conn: Connection, table: str, row: UUID) -> set[str]:
    """Try to change each column of a row; return those that the triggers refuse.

    Foreign keys and checks are out of the way, so that nothing else can refuse.
    """
    names = conn.execute(
        """SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I CASCADE', conrelid::regclass, conname)
           FROM pg_constraint WHERE contype IN ('c', 'f') AND %s::regclass IN (conrelid, confrelid)
             AND conparentid = 0""",
        [f"dsvault.{table}"],
    ).fetchall()
    for (statement,) in names:
        conn.execute(statement.encode())
    refused = set()
    for column, value in changes_of(conn, table).items():
        statement = f"UPDATE dsvault.{table} SET {column} = {value} WHERE id = %s"
        error = error_of(conn, statement, row)
        if error is not None:
            assert error.sqlstate == "DV702", (column, error)
            assert column in (error.diag.message_detail or "")
            refused.add(column)
    return refused


@pytest.mark.usefixtures("beta")
@pytest.mark.parametrize("later", [(), ("archived",), ("corrupted",)])
def test_no_column_of_a_version_that_is_no_draft_changes(
    conn: Connection, alpha: Tenant, later: tuple[str, ...]
) -> None:
    version = new_version(conn, alpha, new_dataset(conn, alpha))
    publish(conn, version, *later)
    every = set(changes_of(conn, "dataset_versions"))
    assert refused_columns(conn, "dataset_versions", version) == every


@pytest.mark.usefixtures("beta")
def test_a_draft_changes_in_all_but_what_it_is_a_draft_of(conn: Connection, alpha: Tenant) -> None:
    version = new_version(conn, alpha, new_dataset(conn, alpha))
    fixed = {"id", "tenant_id", "dataset_id", "created_at"}
    assert refused_columns(conn, "dataset_versions", version) == fixed


@pytest.mark.usefixtures("beta")
@pytest.mark.parametrize("status", ["active", "deprecated"])
def test_a_definition_that_was_in_use_does_not_change(
    conn: Connection, alpha: Tenant, status: str
) -> None:
    schema = insert(
        conn, "schemas", tenant_id=alpha.id, name="s", definition="{}", created_by=alpha.admin
    )
    conn.execute("UPDATE dsvault.schemas SET status = %s WHERE id = %s", [status, schema])
    assert refused_columns(conn, "schemas", schema) == set(changes_of(conn, "schemas")) - {
        "description"
    }


@pytest.mark.usefixtures("beta")
def test_a_key_is_rewrapped_and_never_becomes_another_key(conn: Connection, alpha: Tenant) -> None:
    key = new_key(conn, alpha, status="rotated")
    assert refused_columns(conn, "encryption_keys", key) == {
        "id",
        "tenant_id",
        "key_type",
        "algorithm",
        "created_at",
    }


def test_publishing_and_the_last_edit_may_be_one_statement(conn: Connection, alpha: Tenant) -> None:
    version = new_version(conn, alpha, new_dataset(conn, alpha))
    done = conn.execute(
        """UPDATE dsvault.dataset_versions
           SET status = 'published', message = 'Final', size_bytes = 7 WHERE id = %s
           RETURNING message, size_bytes""",
        [version],
    )
    assert done.fetchone() == ("Final", 7)


def test_an_update_that_changes_nothing_is_let_through(conn: Connection, alpha: Tenant) -> None:
    version = new_version(conn, alpha, new_dataset(conn, alpha))
    publish(conn, version)
    done = conn.execute(
        "UPDATE dsvault.dataset_versions SET message = message WHERE id = %s", [version]
    )
    assert done.rowcount == 1


RECORD_CHANGES = {
    "INSERT": """INSERT INTO dsvault.records
        (tenant_id, dataset_id, version_id, content_hash, encrypted_data)
        SELECT tenant_id, dataset_id, version_id, content_hash, encrypted_data
        FROM dsvault.records WHERE version_id = %s""",
    "UPDATE": "UPDATE dsvault.records SET pii_annotations = '{}' WHERE version_id = %s",
    "DELETE": "DELETE FROM dsvault.records WHERE version_id = %s",
}


@pytest.mark.parametrize("statement", RECORD_CHANGES)
@pytest.mark.parametrize("later", [(), ("archived",), ("corrupted",)])
def test_the_records_of_a_version_that_is_no_draft_are_frozen(
    conn: Connection, alpha: Tenant, statement: str, later: tuple[str, ...]
) -> None:
    dataset = new_dataset(conn, alpha)
    version = new_version(conn, alpha, dataset)
    new_record(conn, alpha, dataset, version)
    for text in RECORD_CHANGES.values():
        with conn.transaction(force_rollback=True):
            assert conn.execute(text.encode(), [version]).rowcount == 1, "a draft's are not"
    publish(conn, version, *later)
    with pytest.raises(psycopg.Error, match="its records do not change") as refused:
        conn.execute(RECORD_CHANGES[statement].encode(), [version])
    assert refused.value.sqlstate == "DV703"


def test_a_record_does_not_move_into_or_out_of_a_published_version(
    conn: Connection, alpha: Tenant
) -> None:
    dataset = new_dataset(conn, alpha)
    draft, fixed = (new_version(conn, alpha, dataset, number) for number in (1, 2))
    rows = {version: new_record(conn, alpha, dataset, version) for version in (draft, fixed)}
    publish(conn, fixed)
    for version, row in rows.items():
        goal = fixed if version == draft else draft
        with pytest.raises(psycopg.Error) as refused, conn.transaction():
            conn.execute("UPDATE dsvault.records SET version_id = %s WHERE id = %s", [goal, row])
        assert refused.value.sqlstate == "DV703"


def test_an_application_cannot_add_to_what_it_has_published(
    conn: Connection, alpha: Tenant
) -> None:
    dataset = new_dataset(conn, alpha)
    version = new_version(conn, alpha, dataset)
    publish(conn, version)
    writer = new_user(conn, alpha, "writer", "data_scientist")
    ciphertext = sealed(key_of(conn, alpha))
    with as_tenant(conn, alpha.id, writer), pytest.raises(psycopg.Error) as refused:
        conn.execute(
            """INSERT INTO dsvault.records (dataset_id, version_id, content_hash, encrypted_data)
               VALUES (%s, %s, %s, %s)""",
            [dataset, version, HASH, ciphertext],
        )
    assert refused.value.sqlstate == "DV703"


@pytest.mark.parametrize("what", ["dataset_versions", "datasets"])
def test_records_go_with_their_version_and_their_dataset(
    conn: Connection, alpha: Tenant, what: str
) -> None:
    dataset = new_dataset(conn, alpha)
    version = new_version(conn, alpha, dataset)
    new_record(conn, alpha, dataset, version)
    publish(conn, version)
    row = version if what == "dataset_versions" else dataset
    with as_tenant(conn, alpha.id, alpha.admin):
        assert conn.execute(f"DELETE FROM dsvault.{what} WHERE id = %s", [row]).rowcount == 1
    assert conn.execute("SELECT count(*) FROM dsvault.records").fetchone() == (0,)


def test_a_published_version_outlives_the_one_that_it_builds_on(
    conn: Connection, alpha: Tenant
) -> None:
    dataset = new_dataset(conn, alpha)
    first, second = (new_version(conn, alpha, dataset, number) for number in (1, 2))
    conn.execute(
        "UPDATE dsvault.dataset_versions SET parent_version_id = %s WHERE id = %s", [first, second]
    )
    publish(conn, second)
    conn.execute("DELETE FROM dsvault.dataset_versions WHERE id = %s", [first])
    left = conn.execute("SELECT id, parent_version_id FROM dsvault.dataset_versions").fetchall()
    assert left == [(second, None)]


def test_a_version_is_published_with_its_own_permission_alone(
    conn: Connection, alpha: Tenant
) -> None:
    dataset = new_dataset(conn, alpha)
    writer = new_user(conn, alpha, "writer", "data_scientist")
    statement = """INSERT INTO dsvault.dataset_versions (dataset_id, version_number, commit_id,
        tree_hash, message, author_id, storage_path, manifest_hash, status)
        VALUES (%s, 1, 'c', 't', 'm', dsvault.current_user_id(), '/', 'h', 'published')"""
    with (
        as_tenant(conn, alpha.id, writer),
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        conn.execute(statement, [dataset])
    with as_tenant(conn, alpha.id, alpha.admin):
        assert conn.execute(statement, [dataset]).rowcount == 1


def test_a_version_is_not_published_while_somebody_writes_its_records(
    vault: Database, conn: Connection, alpha: Tenant
) -> None:
    dataset = new_dataset(conn, alpha)
    version = new_version(conn, alpha, dataset)
    conn.commit()
    publishing = "UPDATE dsvault.dataset_versions SET status = 'published' WHERE id = %s"
    new_record(conn, alpha, dataset, version)
    with vault.connect(superuser=True) as other:
        other.execute("SET lock_timeout = '300ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute(publishing, [version])
        other.rollback()
        conn.commit()
        other.execute(publishing, [version])
        conn.execute("SET lock_timeout = '300ms'")
        # Whoever waits for the publisher finds the version published, not the draft that it was.
        with pytest.raises(psycopg.errors.LockNotAvailable):
            new_record(conn, alpha, dataset, version)
        conn.rollback()
        other.commit()
        with pytest.raises(psycopg.Error) as refused:
            new_record(conn, alpha, dataset, version)
        assert refused.value.sqlstate == "DV703"


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO {0} SELECT * FROM {0}",
        "UPDATE {0} SET pii_annotations = '{{}}'",
        "DELETE FROM {0}",
    ],
)
def test_nobody_goes_around_what_guards_records_by_the_name_of_a_partition(
    conn: Connection, alpha: Tenant, change: str
) -> None:
    """The owner, too, though he can lift row security."""
    dataset = new_dataset(conn, alpha)
    record = new_record(conn, alpha, dataset, new_version(conn, alpha, dataset))
    [(partition,)] = conn.execute(
        "SELECT tableoid::regclass::text FROM dsvault.records WHERE id = %s", [record]
    ).fetchall()
    conn.execute(f"ALTER TABLE {partition} NO FORCE ROW LEVEL SECURITY".encode())
    for role in ("dsvault_owner", "none"):
        with pytest.raises(psycopg.Error) as refused, as_role(conn, role):
            conn.execute(change.format(partition).encode())
        assert refused.value.sqlstate == "DV709"
    conn.execute("DELETE FROM dsvault.records")
    assert conn.execute("SELECT FROM dsvault.records").fetchall() == []
