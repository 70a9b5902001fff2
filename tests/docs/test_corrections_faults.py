"""What the rulings say goes wrong, shown on the document's own SQL.

Taken word for word it hardly loads. With the smallest repairs of its syntax, and in an order in
which each statement finds what it needs, it loads and does what is shown here.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import psycopg
import pytest
from pglast.parser import split
from psycopg import errors, sql
from tests.support.actors import as_role
from tests.support.database import new_database

from dsvault.coverage import DOCUMENT
from dsvault.paths import project_root

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection
    from tests.support.cluster import Cluster
    from tests.support.database import Database, Deployer

A, B = UUID(int=0xA), UUID(int=0xB)
ANN, BOB = UUID(int=0xA1), UUID(int=0xB1)


def statements() -> list[str]:
    """Return the document's statements, without the example of a migration that comes first."""
    text = (project_root() / DOCUMENT).read_text()
    blocks = re.findall(r"^```sql\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [statement for block in blocks[1:] for statement in split(block, with_parser=False)]


def repaired(statement: str) -> str:
    """Return a statement that PostgreSQL can parse: words in the right order, no stray WHERE."""
    ordered = statement.replace(
        "UNIQUE (tenant_id, external_id) NULLS NOT DISTINCT",
        "UNIQUE NULLS NOT DISTINCT (tenant_id, external_id)",
    )
    return re.sub(r"(UNIQUE \(tenant_id, name\))\s+WHERE deleted_at IS NULL", r"\1", ordered)


def load(conn: Connection, script: list[str]) -> list[tuple[str, psycopg.Error]]:
    """Run statements one by one; return those that were refused, and why."""
    refused = []
    for statement in script:
        try:
            with conn.transaction():
                conn.execute(statement.encode())
        except psycopg.Error as error:
            refused.append((statement, error))
    return refused


def load_repaired(conn: Connection) -> list[tuple[str, psycopg.Error]]:
    """Load the repaired document; what needs something that comes later finds it at the end."""
    refused = load(conn, [repaired(statement) for statement in statements()])
    return load(conn, [statement for statement, _ in refused])


def tables(conn: Connection) -> set[str]:
    rows = conn.execute(
        """SELECT relname FROM pg_class
           WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
               AND NOT relispartition AND relname <> '_sqlx_migrations'"""
    )
    return {name for (name,) in rows.fetchall()}


@dataclass(frozen=True)
class Loaded:
    """A superuser's connection to the loaded document, and a role that may use its tables."""

    conn: Connection
    client: str

    def one(self, query: str, parameters: Any = None) -> Any:
        """Return the first column of the first row."""
        row = self.conn.execute(query.encode(), parameters).fetchone()
        return None if row is None else row[0]

    def as_ann(self, tenant: UUID = A, user: UUID = ANN) -> Any:
        """Act as the client for a user without roles."""
        settings = {"app__current_tenant_id": str(tenant), "app__current_user_id": str(user)}
        return as_role(self.conn, self.client, **settings)

    def dataset(self, tenant: UUID, owner: UUID, name: str = "events") -> UUID:
        query = "INSERT INTO datasets (tenant_id, owner_id, name) VALUES (%s, %s, %s) RETURNING id"
        return self.one(query, [tenant, owner, name])

    def version(self, dataset: UUID, author: UUID) -> UUID:
        return self.one(
            """INSERT INTO dataset_versions (dataset_id, author_id, version_number, commit_id,
                   tree_hash, message, storage_path, manifest_hash, status)
               VALUES (%s, %s, 1, 'c', 't', 'm', 'p', 'h', 'published') RETURNING id""",
            [dataset, author],
        )


@pytest.fixture(scope="module")
def document(server: Cluster, deployer: Deployer) -> Iterator[tuple[Database, str]]:
    """A database with the repaired document and two tenants, each with a user without roles."""
    client, _ = server.new_role("dsvault_test_client")
    with new_database(server, deployer) as database:
        with database.connect(superuser=True, autocommit=True) as conn:
            load_repaired(conn)
            grant = "GRANT ALL ON ALL TABLES IN SCHEMA public TO {}"
            conn.execute(sql.SQL(grant).format(sql.Identifier(client)))
            for tenant, user, name in ((A, ANN, "ann"), (B, BOB, "bob")):
                conn.execute(
                    "INSERT INTO tenants (id, name, slug) VALUES (%s, %s, %s)",
                    [tenant, f"Tenant of {name}", f"tenant-{name}"],
                )
                conn.execute(
                    "INSERT INTO users (id, tenant_id, email, name) VALUES (%s, %s, %s, %s)",
                    [user, tenant, f"{name}@users.example", name],
                )
        yield database, client


@pytest.fixture
def loaded(document: tuple[Database, str]) -> Iterator[Loaded]:
    """That database in a transaction that is undone."""
    database, client = document
    with database.connect(superuser=True) as conn:
        yield Loaded(conn, client)


def test_word_for_word_four_of_the_twelve_tables_are_made(empty_database: Database) -> None:
    with empty_database.connect(autocommit=True) as conn:
        refused = load(conn, statements())
        assert tables(conn) == {"tenants", "tokens", "encryption_keys", "lineage_edges"}
    assert len(refused) > 100


def test_repaired_all_twelve_are_made_and_what_is_made_twice_is_refused(
    empty_database: Database,
) -> None:
    with empty_database.connect(autocommit=True) as conn:
        refused = load_repaired(conn)
        assert len(tables(conn)) == 12
    kinds = Counter(type(error) for _, error in refused)
    assert kinds == {
        errors.DuplicateTable: 11,  # ruling 5: indexes, and keys that have one
        errors.DuplicateObject: 9,  # ruling 5: other constraints
        errors.InvalidObjectDefinition: 1,  # ruling 3: now() in the predicate of an index
    }


def test_ruling_1_a_second_user_without_single_sign_on_is_refused(loaded: Loaded) -> None:
    with pytest.raises(errors.UniqueViolation, match="users_external_id_unique"):
        loaded.conn.execute(
            "INSERT INTO users (tenant_id, email, name) VALUES (%s, 'c@users.example', 'c')", [A]
        )


def test_ruling_4_the_policies_do_not_find_their_function(empty_database: Database) -> None:
    with empty_database.connect(autocommit=True) as conn:
        refused = load(conn, [repaired(statement) for statement in statements()])
    missed = [error for _, error in refused if isinstance(error, errors.UndefinedFunction)]
    assert len(missed) == 3


def test_ruling_6_an_audit_row_of_today_finds_no_partition(loaded: Loaded) -> None:
    with pytest.raises(errors.CheckViolation, match="no partition"):
        loaded.conn.execute(
            "INSERT INTO audit_logs (tenant_id, action, resource_type) VALUES (%s, 'a', 'b')", [A]
        )


def test_ruling_9_a_user_without_roles_reads_changes_and_removes(loaded: Loaded) -> None:
    loaded.dataset(A, loaded.one("SELECT id FROM users WHERE tenant_id = %s", [A]))
    stranger = uuid4()
    with loaded.as_ann(user=stranger):
        assert loaded.one("SELECT name FROM datasets") == "events"
        assert loaded.conn.execute("UPDATE datasets SET name = 'mine'").rowcount == 1
        assert loaded.conn.execute("DELETE FROM datasets").rowcount == 1


def test_ruling_10_a_tenant_reads_and_writes_the_keys_of_another(loaded: Loaded) -> None:
    loaded.conn.execute(
        """INSERT INTO encryption_keys (tenant_id, key_type, kms_provider, kms_key_id, wrapped_key)
           VALUES (%s, 'dataset', 'local', 'k', 'wrapped')""",
        [B],
    )
    with loaded.as_ann():
        assert loaded.one("SELECT wrapped_key FROM encryption_keys") == b"wrapped"
        assert loaded.conn.execute("UPDATE encryption_keys SET status = 'revoked'").rowcount == 1


def test_rulings_11_and_13_records_are_closed_and_their_partitions_open(loaded: Loaded) -> None:
    dataset = loaded.dataset(B, BOB)
    loaded.conn.execute(
        """INSERT INTO records (dataset_id, version_id, content_hash, encrypted_data)
           VALUES (%s, %s, 'h', 'secret')""",
        [dataset, loaded.version(dataset, BOB)],
    )
    partition = loaded.one("SELECT tableoid::regclass::text FROM records")
    with loaded.as_ann(B, BOB):
        assert loaded.one("SELECT count(*) FROM records") == 0, "not even one's own"
    with loaded.as_ann():
        assert loaded.one(f"SELECT encrypted_data FROM {partition}") == b"secret"


def test_ruling_12_the_owner_of_the_tables_sees_everything(empty_database: Database) -> None:
    with empty_database.connect(autocommit=True) as conn:
        load_repaired(conn)
        seen = conn.execute("SELECT count(*) FROM roles").fetchone()
    assert seen == (4,)


def test_ruling_15_a_dataset_takes_an_owner_of_another_tenant(loaded: Loaded) -> None:
    loaded.dataset(A, BOB)
    with pytest.raises(errors.IntegrityError, match="datasets_owner_id_fkey"):
        loaded.conn.execute("DELETE FROM users WHERE id = %s", [BOB])


def test_ruling_16_on_conflict_tells_what_another_tenant_holds(loaded: Loaded) -> None:
    written = [
        loaded.conn.execute(
            """INSERT INTO tokens (tenant_id, token_hash, encrypted_value, pii_type)
               VALUES (%s, 'same', '', 'ssn') ON CONFLICT DO NOTHING""",
            [tenant],
        ).rowcount
        for tenant in (B, A)
    ]
    assert written == [1, 0]


def test_ruling_17_any_text_is_taken_for_a_hash(loaded: Loaded) -> None:
    loaded.conn.execute(
        """INSERT INTO tokens (tenant_id, token_hash, encrypted_value, pii_type)
           VALUES (%s, '078-05-1120', '', 'ssn')""",
        [A],
    )


def test_ruling_18_after_a_commit_every_query_fails(document: tuple[Database, str]) -> None:
    database, client = document
    with database.connect(superuser=True, autocommit=True) as conn:
        conn.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(client)))
        with conn.transaction():
            conn.execute(f"SET LOCAL app.current_tenant_id = '{A}'")
        with pytest.raises(errors.InvalidTextRepresentation, match='uuid: ""'):
            conn.execute("SELECT FROM users")


def test_ruling_19_a_view_of_the_caller_takes_the_place_of_a_table(loaded: Loaded) -> None:
    with loaded.as_ann():
        loaded.conn.execute(
            f"""CREATE TEMP VIEW user_roles AS
                SELECT '{ANN}'::uuid AS user_id, '{A}'::uuid AS role_id, NULL::date AS expires_at;
                CREATE TEMP VIEW roles AS
                SELECT '{A}'::uuid AS id, '["dataset:delete"]'::jsonb AS permissions"""
        )
        assert loaded.one("SELECT has_permission(%s, 'dataset:delete')", [ANN]) is True


def test_ruling_20_has_permission_answers_nothing_for_no_role(loaded: Loaded) -> None:
    assert loaded.one("SELECT count(has_permission(%s, 'dataset:read'))", [ANN]) == 0


def test_ruling_21_no_role_has_the_permission_to_write(loaded: Loaded) -> None:
    assert loaded.one("SELECT count(*) FROM roles") == 4
    assert loaded.one("SELECT count(*) FROM roles WHERE permissions ? 'dataset:write'") == 0


def test_rulings_22_and_23_a_user_gives_himself_a_role_that_his_tenant_cannot_see(
    loaded: Loaded,
) -> None:
    admin = loaded.one("SELECT id FROM roles WHERE name = 'admin'")
    with loaded.as_ann():
        assert loaded.one("SELECT count(*) FROM roles") == 0
        loaded.conn.execute("INSERT INTO user_roles VALUES (%s, %s)", [ANN, admin])
        assert loaded.one("SELECT has_permission(%s, 'user:delete')", [ANN]) is True


def test_ruling_24_no_role_has_a_permission_for_tokens_or_keys(loaded: Loaded) -> None:
    about = "SELECT count(*) FROM roles WHERE permissions::text ~ '(token|key|record|lineage):'"
    assert loaded.one(about) == 0


@pytest.fixture
def audited(loaded: Loaded) -> Loaded:
    """The same with a partition for every audit row, which the document lacks."""
    loaded.conn.execute("CREATE TABLE audit_rest PARTITION OF audit_logs DEFAULT")
    return loaded


def test_ruling_25_a_setting_switches_the_trail_off(audited: Loaded) -> None:
    audited.conn.execute("SET LOCAL app.current_user_id = 'x'")
    audited.dataset(A, ANN)
    assert audited.one("SELECT count(*) FROM audit_logs") == 0


def test_ruling_26_versions_leave_no_trail(audited: Loaded) -> None:
    audited.version(audited.dataset(A, ANN), ANN)
    written = audited.conn.execute("SELECT resource_type FROM audit_logs").fetchall()
    assert written == [("datasets",)]


def test_rulings_27_and_28_the_trail_copies_whole_rows_and_names_statements(
    audited: Loaded,
) -> None:
    audited.dataset(A, ANN)
    action, columns = audited.conn.execute(
        "SELECT action, (SELECT count(*) FROM jsonb_object_keys(details -> 'new')) FROM audit_logs"
    ).fetchone()
    assert (action, columns) == ("INSERT", 13)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_logs SET action = ''", "DELETE FROM audit_logs"]
)
def test_ruling_29_the_trail_can_be_rewritten(audited: Loaded, statement: str) -> None:
    audited.dataset(A, ANN)
    assert audited.conn.execute(statement).rowcount == 1


def test_ruling_29_the_trail_goes_with_its_tenant(audited: Loaded) -> None:
    audited.conn.execute("UPDATE users SET name = 'Bob' WHERE id = %s", [BOB])
    assert audited.one("SELECT count(*) FROM audit_logs") == 1
    audited.conn.execute("DELETE FROM tenants WHERE id = %s", [B])
    assert audited.one("SELECT count(*) FROM audit_logs") == 0


def test_ruling_30_a_published_version_is_changed(loaded: Loaded) -> None:
    version = loaded.version(loaded.dataset(A, ANN), ANN)
    changed = loaded.conn.execute(
        "UPDATE dataset_versions SET tree_hash = 'other' WHERE id = %s", [version]
    )
    assert changed.rowcount == 1


def test_ruling_31_the_marks_of_deletion_disagree_and_are_taken_back(loaded: Loaded) -> None:
    query = "UPDATE users SET is_deleted = {} WHERE id = %s RETURNING is_deleted, deleted_at"
    marks = [
        loaded.conn.execute(query.format(value).encode(), [ANN]).fetchone()
        for value in ("true", "false")
    ]
    assert marks == [(True, None), (False, None)]


def test_ruling_33_a_tenant_with_a_version_can_never_be_deleted(loaded: Loaded) -> None:
    loaded.version(loaded.dataset(A, ANN), ANN)
    with pytest.raises(errors.IntegrityError, match="violates"):
        loaded.conn.execute("DELETE FROM tenants WHERE id = %s", [A])


def test_ruling_34_a_quota_of_nothing_refuses_nothing(loaded: Loaded) -> None:
    loaded.conn.execute("UPDATE tenants SET storage_quota_bytes = 0")
    version = loaded.version(loaded.dataset(A, ANN), ANN)
    loaded.conn.execute("UPDATE dataset_versions SET size_bytes = 1 WHERE id = %s", [version])


def test_ruling_35_a_schema_s_parent_is_any_schema(loaded: Loaded) -> None:
    query = """INSERT INTO schemas (tenant_id, name, definition, created_by, parent_schema_id)
               VALUES (%s, %s, '{}', %s, %s) RETURNING id"""
    events = loaded.one(query, [A, "events", ANN, None])
    loaded.one(query, [A, "people", ANN, events])
    changed = loaded.conn.execute("UPDATE schemas SET definition = '{\"a\": 1}'")
    assert changed.rowcount == 2, "active definitions, both of them"


def test_ruling_36_two_keys_are_active_and_one_is_for_cbc(loaded: Loaded) -> None:
    for algorithm in ("AES-256-GCM", "AES-256-CBC"):
        loaded.conn.execute(
            """INSERT INTO encryption_keys
                   (tenant_id, key_type, algorithm, kms_provider, kms_key_id, wrapped_key)
               VALUES (%s, 'dataset', %s, 'local', 'k', '')""",
            [A, algorithm],
        )
    loaded.conn.execute("UPDATE encryption_keys SET status = 'revoked'")
    loaded.conn.execute("UPDATE encryption_keys SET status = 'active'")
    assert loaded.one("SELECT count(*) FROM encryption_keys WHERE status = 'active'") == 2


def test_ruling_37_an_edge_leads_from_nothing_to_itself(loaded: Loaded) -> None:
    loaded.conn.execute(
        """INSERT INTO lineage_edges (source_type, source_id, target_type, target_id, relationship)
           VALUES ('dataset', %s, 'dataset', %s, 'derived_from')""",
        [A, A],
    )


def test_ruling_38_indexes_are_there_twice_and_references_have_none(loaded: Loaded) -> None:
    twice = loaded.conn.execute(
        """SELECT array_agg(c.relname::text ORDER BY c.relname) FROM pg_index AS i
               JOIN pg_class AS c ON c.oid = i.indexrelid
           WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition
           GROUP BY indrelid, indkey::text, indoption::text, pg_get_expr(indpred, indrelid)
           HAVING count(*) > 1"""
    ).fetchall()
    assert (["idx_datasets_active", "idx_datasets_tenant"],) in twice
    assert (["idx_tokens_hash", "tokens_hash_unique", "tokens_token_hash_key"],) in twice
    without = loaded.conn.execute(
        """SELECT a.attname FROM pg_constraint AS c
               JOIN pg_attribute AS a ON a.attrelid = conrelid AND a.attnum = conkey[1]
           WHERE contype = 'f' AND conparentid = 0 AND NOT EXISTS (
               SELECT FROM pg_index WHERE indrelid = conrelid AND indkey[0] = conkey[1])"""
    ).fetchall()
    assert {"created_by", "granted_by"} <= {name for (name,) in without}
