"""Attacks by keys: references to what another tenant has, and guesses at what is taken.

The attacker is the administrator of his own tenant, so only isolation stands in his way.
"""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from tests.isolation.arena import Arena, Attacker, keys_of, truth
from tests.support.sealed import SEALED, WRAPPED_VAULT

REFUSED, NO_SUCH_PARENT = "42501", "23503"


class TestForeignKeys:
    """A key names the tenant too, so a foreign parent is no parent, like one that is not there."""

    @pytest.mark.parametrize(
        ("statement", "parent"),
        [
            ("INSERT INTO dsvault.datasets (name, owner_id) VALUES ('x', %(id)s)", "admin_id"),
            (
                (
                    "INSERT INTO dsvault.datasets (name, owner_id, schema_id) "
                    "VALUES ('x', %(me)s, %(id)s)"
                ),
                "schema_id",
            ),
            (
                (
                    "INSERT INTO dsvault.datasets (name, owner_id, encryption_key_id) "
                    "VALUES ('x', %(me)s, %(id)s)"
                ),
                "key_id",
            ),
            ("UPDATE dsvault.datasets SET owner_id = %(id)s", "admin_id"),
            ("UPDATE dsvault.datasets SET schema_id = %(id)s", "schema_id"),
            ("UPDATE dsvault.datasets SET encryption_key_id = %(id)s", "key_id"),
            (
                (
                    "INSERT INTO dsvault.dataset_versions (dataset_id, version_number, commit_id, "
                    "tree_hash, message, author_id, storage_path, manifest_hash) "
                    "VALUES (%(id)s, 7, 'c', 't', 'm', %(me)s, 'p', 'm')"
                ),
                "dataset_id",
            ),
            (
                (
                    "INSERT INTO dsvault.dataset_versions (dataset_id, version_number, commit_id, "
                    "tree_hash, message, author_id, storage_path, manifest_hash, "
                    "parent_version_id) "
                    "VALUES (%(dataset)s, 7, 'c', 't', 'm', %(me)s, 'p', 'm', %(id)s)"
                ),
                "version_id",
            ),
            (
                (
                    "INSERT INTO dsvault.records (dataset_id, version_id, content_hash, "
                    f"encrypted_data) VALUES (%(dataset)s, %(id)s, repeat('c', 64), {SEALED})"
                ),
                "version_id",
            ),
            (
                (
                    "INSERT INTO dsvault.records (dataset_id, version_id, content_hash, "
                    f"encrypted_data) VALUES (%(id)s, %(version)s, repeat('c', 64), {SEALED})"
                ),
                "dataset_id",
            ),
            (
                (
                    "INSERT INTO dsvault.schemas (name, definition, created_by, parent_schema_id) "
                    "VALUES ('x', '{}', %(me)s, %(id)s)"
                ),
                "schema_id",
            ),
            ("INSERT INTO dsvault.roles (name, created_by) VALUES ('x', %(id)s)", "admin_id"),
            (
                (
                    "INSERT INTO dsvault.user_roles (user_id, role_id, granted_by) "
                    "VALUES (%(viewer)s, %(id)s, %(me)s)"
                ),
                "admin_role_id",
            ),
            (
                (
                    "INSERT INTO dsvault.user_roles (user_id, role_id, granted_by) "
                    "VALUES (%(id)s, %(role)s, %(me)s)"
                ),
                "viewer_id",
            ),
        ],
    )
    def test_my_row_cannot_refer_to_theirs_nor_tell_whether_it_exists(
        self, mallory: Attacker, arena: Arena, statement: str, parent: str
    ) -> None:
        mine = arena.mine
        known = {
            "me": mine.admin_id,
            "viewer": mine.viewer_id,
            "role": mine.viewer_role_id,
            "dataset": mine.dataset_id,
            "version": mine.version_id,
            "key": mine.key_id,
        }
        there, nowhere = getattr(arena.theirs, parent), uuid4()
        answers = [
            mallory.refused(NO_SUCH_PARENT, statement, known | {"id": value})
            for value in (there, nowhere)
        ]
        # The partition that the id belongs to is arithmetic on what the attacker gave.
        assert len({re.sub(r"records_p\d+", "records_p…", told) for told in answers}) == 1

    def test_their_rows_do_not_follow_mine_even_under_the_same_numbers(
        self, mallory: Attacker, arena: Arena
    ) -> None:
        """Ids are unique within a tenant, so an attacker can take theirs; nothing hangs on that."""
        theirs, mine = arena.theirs, arena.mine
        mallory.rows(
            "INSERT INTO dsvault.users (id, email, name) VALUES (%s, 'double@x.example', 'double')",
            [theirs.viewer_id],
        )
        mallory.rows(
            "INSERT INTO dsvault.datasets (id, name, owner_id) VALUES (%s, 'double', %s)",
            [theirs.dataset_id, theirs.viewer_id],
        )
        mallory.rows(
            """INSERT INTO dsvault.dataset_versions (id, dataset_id, version_number, commit_id,
                   tree_hash, message, author_id, storage_path, manifest_hash)
               VALUES (%s, %s, 1, 'c', 't', 'm', %s, 'p', 'm')""",
            [theirs.version_id, theirs.dataset_id, mine.admin_id],
        )
        # No record of theirs hangs on a version of mine, and deleting mine takes none of theirs.
        their_records = "SELECT id FROM dsvault.records WHERE dataset_id = %s"
        assert mallory.rows(their_records, [theirs.dataset_id]) == []
        assert (
            mallory.changed("DELETE FROM dsvault.datasets WHERE id = %s", [theirs.dataset_id]) == 1
        )
        assert mallory.changed("DELETE FROM dsvault.users WHERE id = %s", [theirs.viewer_id]) == 1
        mallory.conn.commit()
        left = "SELECT count(*) FROM dsvault.records WHERE tenant_id = %s"
        assert truth(arena, left, theirs.id) == [(1,)]
        assert keys_of(arena, "users", theirs.id) == {"admin@bolt.example", "viewer@bolt.example"}
        assert len(keys_of(arena, "user_roles", theirs.id)) == 2


class TestUniqueKeys:
    """A key that another tenant holds is as free as one that nobody holds."""

    @pytest.mark.parametrize(
        ("statement", "attribute"),
        [
            ("users (id, email, name) VALUES (%(v)s, 'new@x.example', 'x')", "admin_id"),
            ("users (email, name) VALUES ('admin@' || %(v)s || '.example', 'x')", "slug"),
            ("roles (id, name) VALUES (%(v)s, 'x')", "admin_role_id"),
            (
                "schemas (id, name, definition, created_by) VALUES (%(v)s, 'x', '{}', %(me)s)",
                "schema_id",
            ),
            (
                (
                    "encryption_keys (id, key_type, kms_provider, kms_key_id, wrapped_key) "
                    f"VALUES (%(v)s, 'field', 'vault', 'x', {WRAPPED_VAULT})"
                ),
                "key_id",
            ),
            ("datasets (name, owner_id) VALUES (%(v)s, %(me)s)", "dataset_name"),
            ("datasets (id, name, owner_id) VALUES (%(v)s, 'x', %(me)s)", "dataset_id"),
            (
                (
                    "records (id, dataset_id, version_id, content_hash, encrypted_data) "
                    f"VALUES (%(v)s, %(dataset)s, %(version)s, repeat('c', 64), {SEALED})"
                ),
                "record_id",
            ),
            (
                f"tokens (token_hash, encrypted_value, pii_type) VALUES (%(v)s, {SEALED}, 'email')",
                "token_hash",
            ),
            (
                (
                    "tokens (id, token_hash, encrypted_value, pii_type) "
                    f"VALUES (%(v)s, repeat('c', 64), {SEALED}, 'email')"
                ),
                "token_id",
            ),
            (
                (
                    "lineage_edges "
                    "(id, source_type, source_id, target_type, target_id, relationship) "
                    "VALUES (%(v)s, 'dataset', %(dataset)s, 'version', %(version)s, 'copied_from')"
                ),
                "edge_id",
            ),
        ],
    )
    def test_on_conflict_does_not_tell_what_they_hold(
        self, mallory: Attacker, arena: Arena, statement: str, attribute: str
    ) -> None:
        mine = arena.mine
        known = {"me": mine.admin_id, "dataset": mine.dataset_id, "version": mine.version_id}
        known |= {"key": mine.key_id}
        known |= {"v": getattr(arena.theirs, attribute)}
        insert = f"INSERT INTO dsvault.{statement} ON CONFLICT DO NOTHING"
        assert mallory.changed(insert, known) == 1
        assert mallory.changed(insert, known) == 0

    def test_an_edge_to_what_they_hold_is_refused_as_one_to_nothing(
        self, mallory: Attacker, arena: Arena
    ) -> None:
        insert = (
            "INSERT INTO dsvault.lineage_edges "
            "(source_type, source_id, target_type, target_id, relationship) "
            "VALUES ('version', %s, 'dataset', %s, 'copied_from')"
        )
        mine, theirs, nothing = arena.mine.version_id, arena.theirs.dataset_id, uuid4()
        told = [
            mallory.refused("DV706", insert, [mine, target]).replace(str(target), "it")
            for target in (theirs, nothing)
        ]
        assert told[0] == told[1]

    def test_the_one_key_across_tenants_cannot_be_tried_by_applications(
        self, mallory: Attacker, arena: Arena
    ) -> None:
        mallory.refused(
            REFUSED,
            "INSERT INTO dsvault.tenants (name, slug) VALUES ('x', %s) ON CONFLICT DO NOTHING",
            [arena.theirs.slug],
        )
