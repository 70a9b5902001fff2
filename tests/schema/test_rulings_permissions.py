"""Rulings 19 to 24 of sql/design/corrections.md: who holds which permission, and grants it.

Each ruling has its decisive tests here; tests/isolation attacks all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from psycopg import errors
from tests.schema.builders import (
    SYSTEM_TENANT,
    Tenant,
    count,
    fill,
    grant,
    insert,
    new_dataset,
    new_user,
    role_id,
)
from tests.support.actors import as_role, as_tenant

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from psycopg import Connection
    from tests.support.database import Database


def holds(conn: Connection, user: UUID, permission: str, resource: UUID | None = None) -> object:
    return conn.execute(
        "SELECT dsvault.has_permission(%s, %s, %s)", [user, permission, resource]
    ).fetchone()[0]


def grant_as(conn: Connection, tenant: Tenant, grantor: UUID, grantee: UUID, role: str) -> None:
    role_to_grant = role_id(conn, tenant, role)
    with as_tenant(conn, tenant.id, grantor):
        conn.execute(
            "INSERT INTO dsvault.user_roles (user_id, role_id, granted_by) VALUES (%s, %s, %s)",
            [grantee, role_to_grant, grantor],
        )


# Ruling 19


def test_every_definer_function_pins_its_search_path_and_is_closed_to_public(
    conn: Connection,
) -> None:
    definers = conn.execute(
        """SELECT oid::regprocedure::text, proconfig, EXISTS (
                  SELECT FROM aclexplode(proacl) WHERE grantee = 0) OR proacl IS NULL
             FROM pg_proc WHERE prosecdef AND pronamespace IN
                 ('dsvault'::regnamespace, 'dsvault_private'::regnamespace)"""
    ).fetchall()
    assert len(definers) >= 8
    for name, settings, is_public in definers:
        assert "search_path=pg_catalog, pg_temp" in settings, name
        assert not is_public, name


def test_what_has_the_names_of_our_tables_does_not_take_their_place(
    conn: Connection, alpha: Tenant
) -> None:
    nobody = new_user(conn, alpha, "nobody")
    # As a superuser may; an application may not even do this.
    conn.execute(
        """CREATE TEMP VIEW user_roles AS SELECT gen_random_uuid() AS role_id, NULL AS expires_at;
           CREATE TEMP VIEW roles AS SELECT '["dataset:read"]'::jsonb AS permissions;
           CREATE TEMP VIEW users AS SELECT 'active' AS status;
           GRANT SELECT ON user_roles, roles, users TO PUBLIC"""
    )
    with as_tenant(conn, alpha.id, nobody):
        conn.execute("SET LOCAL search_path = pg_temp, dsvault")
        assert holds(conn, nobody, "dataset:read") is False


def test_an_application_cannot_make_temporary_objects(
    vault: Database, make_login: Callable[..., tuple[str, str]]
) -> None:
    with vault.connect(superuser=True) as conn:
        name, _ = make_login("dsvault_app")
        conn.execute(f"SET ROLE {name}")
        with pytest.raises(errors.InsufficientPrivilege, match="temporary tables"):
            conn.execute("CREATE TEMP TABLE user_roles (role_id uuid)")


# Ruling 20


def test_has_permission_says_no_and_not_nothing(conn: Connection, alpha: Tenant) -> None:
    nobody = new_user(conn, alpha, "nobody")
    with as_tenant(conn, alpha.id, nobody):
        assert holds(conn, nobody, "dataset:read") is False
        assert conn.execute("SELECT dsvault.has_permission(NULL, NULL)").fetchone() == (False,)
    with as_role(conn, "dsvault_app"):
        assert holds(conn, nobody, "dataset:read") is False


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE dsvault.users SET status = 'suspended' WHERE name = 'viewer'",
        "UPDATE dsvault.users SET is_deleted = true WHERE name = 'viewer'",
        "UPDATE dsvault.tenants SET is_deleted = true WHERE slug = 'alpha'",
        "UPDATE dsvault.user_roles SET expires_at = now() WHERE granted_by IS NOT NULL",
    ],
)
def test_only_a_live_user_of_a_live_tenant_holds_what_was_granted_and_has_not_expired(
    conn: Connection, alpha: Tenant, change: str
) -> None:
    user = new_user(conn, alpha, "viewer")
    grant_as(conn, alpha, alpha.admin, user, "viewer")
    with as_tenant(conn, alpha.id, user):
        before = holds(conn, user, "dataset:read")
    assert conn.execute(change).rowcount == 1
    with as_tenant(conn, alpha.id, user):
        assert (before, holds(conn, user, "dataset:read")) == (True, False)


def test_a_grant_expires_in_the_middle_of_a_transaction(conn: Connection, alpha: Tenant) -> None:
    user = new_user(conn, alpha, "viewer", "viewer")
    found = []
    for left in ("1 hour", "0 s"):
        conn.execute(
            """UPDATE dsvault.user_roles SET expires_at = clock_timestamp() + %s::interval
               WHERE user_id = %s""",
            [left, user],
        )
        with as_tenant(conn, alpha.id, user):
            found.append(holds(conn, user, "dataset:read"))
    query = "SELECT expires_at > now() FROM dsvault.user_roles WHERE user_id = %s"
    assert conn.execute(query, [user]).fetchall() == [(True,)]  # by the transaction's own time
    assert found == [True, False]


def test_one_asks_about_oneself_unless_one_may_read_roles(conn: Connection, alpha: Tenant) -> None:
    viewer = new_user(conn, alpha, "viewer", "viewer")
    with as_tenant(conn, alpha.id, alpha.admin):
        assert holds(conn, viewer, "dataset:read") is True
    with (
        as_tenant(conn, alpha.id, viewer),
        pytest.raises(errors.Error, match="permissions of another user") as refused,
    ):
        holds(conn, alpha.admin, "dataset:read")
    assert refused.value.sqlstate == "DV102"


def test_another_tenant_s_roles_give_nothing(conn: Connection, alpha: Tenant, beta: Tenant) -> None:
    with as_tenant(conn, alpha.id, beta.admin):
        assert holds(conn, beta.admin, "dataset:read") is False


def test_the_owner_of_a_dataset_holds_what_is_done_to_that_dataset(
    conn: Connection, alpha: Tenant
) -> None:
    owner = new_user(conn, alpha, "owner")
    own = new_dataset(conn, alpha, "own", owner_id=owner)
    other = new_dataset(conn, alpha, "other")
    with as_tenant(conn, alpha.id, owner):
        assert holds(conn, owner, "dataset:update", own) is True
        assert holds(conn, owner, "dataset:update", other) is False
        assert holds(conn, owner, "dataset:update") is False
        assert holds(conn, owner, "user:delete", own) is False


# Ruling 21


def test_whoever_holds_dataset_update_changes_the_datasets_of_others(
    conn: Connection, alpha: Tenant
) -> None:
    new_dataset(conn, alpha)
    scientist = new_user(conn, alpha, "scientist", "data_scientist")
    viewer = new_user(conn, alpha, "viewer", "viewer")
    changed = []
    for user in (scientist, viewer):
        with as_tenant(conn, alpha.id, user):
            changed.append(conn.execute("UPDATE dsvault.datasets SET name = 'new'").rowcount)
    assert changed == [1, 0]


@pytest.mark.parametrize("permission", ["dataset:write", "dataset:*", "Dataset:read", ""])
def test_a_permission_that_nothing_asks_for_is_refused(
    conn: Connection, alpha: Tenant, permission: str
) -> None:
    with pytest.raises(errors.CheckViolation, match="roles_permissions_known"):
        insert(conn, "roles", tenant_id=alpha.id, name="own", permissions=f'["{permission}"]')


# Ruling 22


@pytest.fixture
def manager(conn: Connection, alpha: Tenant) -> UUID:
    """A user who may grant roles, and holds no more than that and what the role viewer holds."""
    insert(
        conn,
        "roles",
        tenant_id=alpha.id,
        name="manager",
        permissions='["role:read", "role:create", "role:update", "dataset:read", "version:read",'
        ' "schema:read"]',
    )
    return new_user(conn, alpha, "manager", "manager")


def test_who_may_grant_grants_what_he_holds(conn: Connection, alpha: Tenant, manager: UUID) -> None:
    friend = new_user(conn, alpha, "friend")
    grant_as(conn, alpha, manager, friend, "viewer")
    with as_tenant(conn, alpha.id, friend):
        assert holds(conn, friend, "dataset:read") is True


@pytest.mark.parametrize("grantor", ["DEFAULT", "NULL"])
def test_a_grant_that_names_nobody_is_made_in_the_grantor_s_name(
    conn: Connection, alpha: Tenant, manager: UUID, grantor: str
) -> None:
    friend, viewer = new_user(conn, alpha, "friend"), role_id(conn, alpha, "viewer")
    with as_tenant(conn, alpha.id, manager):
        conn.execute(
            "INSERT INTO dsvault.user_roles (user_id, role_id, granted_by)"
            f" VALUES (%s, %s, {grantor})".encode(),
            [friend, viewer],
        )
        grantors = conn.execute(
            "SELECT granted_by FROM dsvault.user_roles WHERE user_id = %s", [friend]
        ).fetchall()
    assert grantors == [(manager,)]


def test_a_grant_is_made_in_no_other_name(conn: Connection, alpha: Tenant, manager: UUID) -> None:
    friend, viewer = new_user(conn, alpha, "friend"), role_id(conn, alpha, "viewer")
    grant = "INSERT INTO dsvault.user_roles (user_id, role_id, granted_by) VALUES (%s, %s, %s)"
    with (
        pytest.raises(errors.InsufficientPrivilege, match="in one's own name") as refused,
        as_tenant(conn, alpha.id, manager),
    ):
        conn.execute(grant, [friend, viewer, alpha.admin])
    assert "Leave granted_by out" in str(refused.value.diag.message_hint)


def test_nobody_grants_more_than_he_holds(conn: Connection, alpha: Tenant, manager: UUID) -> None:
    friend = new_user(conn, alpha, "friend")
    with pytest.raises(errors.Error, match="exceeds the permissions") as refused:
        grant_as(conn, alpha, manager, friend, "admin")
    assert refused.value.sqlstate == "DV201"


def test_nobody_grants_to_himself_not_even_what_he_holds(
    conn: Connection, alpha: Tenant, manager: UUID
) -> None:
    with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
        grant_as(conn, alpha, manager, manager, "viewer")


def test_who_may_not_grant_grants_nothing(conn: Connection, alpha: Tenant) -> None:
    viewer = new_user(conn, alpha, "viewer", "viewer")
    friend = new_user(conn, alpha, "friend")
    for role in ("viewer", "admin"):
        with pytest.raises(errors.InsufficientPrivilege, match="takes the permission role:update"):
            grant_as(conn, alpha, viewer, friend, role)


def test_a_role_cannot_be_made_beyond_its_maker(
    conn: Connection, alpha: Tenant, manager: UUID
) -> None:
    with (
        as_tenant(conn, alpha.id, manager),
        pytest.raises(errors.InsufficientPrivilege, match="row-level security"),
    ):
        insert(conn, "roles", name="own", permissions='["user:delete"]')


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM dsvault.user_roles WHERE user_id = %s",
        "DELETE FROM dsvault.users WHERE id = %s",
        "UPDATE dsvault.users SET status = 'suspended' WHERE id = %s",
        "UPDATE dsvault.users SET is_deleted = true WHERE id = %s",
        "UPDATE dsvault.user_roles SET expires_at = now() + interval '1 day' WHERE user_id = %s",
    ],
)
def test_the_last_administrator_of_a_tenant_stays(
    conn: Connection, alpha: Tenant, statement: str
) -> None:
    with pytest.raises(errors.Error, match="last administrator") as refused, conn.transaction():
        conn.execute(statement, [alpha.admin])
    assert refused.value.sqlstate == "DV203"
    new_user(conn, alpha, "second", "admin")
    assert conn.execute(statement, [alpha.admin]).rowcount == 1


@pytest.mark.parametrize(
    ("statement", "code", "words"),
    [
        ("DELETE FROM dsvault.users WHERE id = %s", "DV201", "cannot remove himself"),
        (
            "UPDATE dsvault.users SET is_deleted = true WHERE id = %s",
            "DV202",
            "cannot mark himself deleted",
        ),
    ],
)
def test_nobody_removes_himself_and_who_tries_is_told_so(
    conn: Connection, alpha: Tenant, statement: str, code: str, words: str
) -> None:
    second = new_user(conn, alpha, "second", "admin")
    with (
        pytest.raises(errors.Error, match=words) as refused,
        as_tenant(conn, alpha.id, second),
    ):
        conn.execute(statement.encode(), [second])
    assert refused.value.sqlstate == code
    with as_tenant(conn, alpha.id, alpha.admin):
        assert conn.execute(statement.encode(), [second]).rowcount == 1


# Ruling 23


def test_a_tenant_is_born_with_system_roles_of_its_own(
    conn: Connection, alpha: Tenant, beta: Tenant
) -> None:
    for tenant in (alpha, beta):
        with as_tenant(conn, tenant.id, tenant.admin):
            roles = conn.execute("SELECT tenant_id, name, is_system_role FROM dsvault.roles")
            assert sorted(roles.fetchall()) == [
                (tenant.id, name, True) for name in ("admin", "auditor", "data_scientist", "viewer")
            ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE dsvault.roles SET permissions = '[]' WHERE name = 'viewer'",
        "UPDATE dsvault.roles SET name = 'reader' WHERE name = 'viewer'",
        "DELETE FROM dsvault.roles WHERE name = 'viewer'",
    ],
)
def test_a_tenant_s_administrator_can_neither_change_nor_remove_a_system_role(
    conn: Connection, alpha: Tenant, statement: str
) -> None:
    with as_tenant(conn, alpha.id, alpha.admin):
        assert conn.execute(statement).rowcount == 0


def test_nobody_can_be_granted_a_role_of_the_system_tenant(conn: Connection, alpha: Tenant) -> None:
    user = new_user(conn, alpha, "friend")
    template = role_id(conn, Tenant(SYSTEM_TENANT, SYSTEM_TENANT), "admin")
    with (
        as_tenant(conn, alpha.id, alpha.admin),
        pytest.raises(errors.ForeignKeyViolation, match="user_roles_role_fk"),
    ):
        conn.execute(
            "INSERT INTO dsvault.user_roles (user_id, role_id, granted_by) VALUES (%s, %s, %s)",
            [user, template, alpha.admin],
        )


@pytest.mark.parametrize("ids", ["", ", NULL, NULL, NULL"])
def test_a_new_tenant_s_ids_are_made_up_and_its_administrator_holds_everything(
    conn: Connection, ids: str
) -> None:
    create = f"SELECT * FROM dsvault.create_tenant('new', 'New', 'a@new.example', 'A'{ids})"
    with as_role(conn, "dsvault_operator"):
        made = conn.execute(create.encode()).fetchone()
    assert made is not None
    with as_tenant(conn, *made):
        held = conn.execute("SELECT dsvault.my_permissions() @> dsvault.permission_catalogue()")
        assert held.fetchone() == (True,)


def test_a_template_s_new_version_is_brought_to_a_tenant(conn: Connection, alpha: Tenant) -> None:
    conn.execute(
        """UPDATE dsvault.roles SET permissions = permissions || '["audit:read"]'
           WHERE tenant_id = %s AND name = 'viewer'""",
        [SYSTEM_TENANT],
    )
    with as_role(conn, "dsvault_operator"):
        upgrade = "SELECT dsvault.upgrade_system_roles(%s)"
        changed = [conn.execute(upgrade, [alpha.id]).fetchone()[0] for _ in range(2)]
    assert changed == [1, 0]
    viewer = new_user(conn, alpha, "viewer", "viewer")
    with as_tenant(conn, alpha.id, viewer):
        assert holds(conn, viewer, "audit:read") is True


@pytest.mark.parametrize("tenant", [None, "11111111-1111-1111-1111-111111111111"])
def test_a_tenant_that_is_not_there_has_no_roles_to_upgrade(
    conn: Connection, tenant: str | None
) -> None:
    with pytest.raises(errors.Error) as refused, as_role(conn, "dsvault_operator"):
        conn.execute("SELECT dsvault.upgrade_system_roles(%s)", [tenant])
    assert refused.value.sqlstate == "DV503"


# Ruling 24


def test_records_follow_the_permissions_of_versions(conn: Connection, alpha: Tenant) -> None:
    fill(conn, alpha)
    new = new_user(conn, alpha, "new")
    seen = []
    for role in ("", "auditor"):
        if role:
            grant(conn, alpha, new, role)
        with as_tenant(conn, alpha.id, new):
            seen.append((count(conn, "dataset_versions"), count(conn, "records")))
    assert seen == [(0, 0), (1, 1)]


@pytest.mark.parametrize(
    ("table", "permission"),
    [
        ("tokens", "token:read"),
        ("encryption_keys", "key:read"),
        ("lineage_edges", "dataset:read"),
        ("records", "version:read"),
    ],
)
def test_tables_that_the_document_left_without_permission_have_one(
    conn: Connection, alpha: Tenant, table: str, permission: str
) -> None:
    fill(conn, alpha)
    catalogue = conn.execute("SELECT dsvault.permission_catalogue()").fetchone()[0]
    assert permission in catalogue
    seen = []
    for name, held in (("all but", set(catalogue) - {permission}), ("only", {permission})):
        permissions = str(sorted(held)).replace("'", '"')
        insert(conn, "roles", tenant_id=alpha.id, name=name, permissions=permissions)
        user = new_user(conn, alpha, name.replace(" ", "."), name)
        with as_tenant(conn, alpha.id, user):
            seen.append(count(conn, table))
    assert seen == [0, 1]


def test_the_administrator_holds_all_permissions(conn: Connection, alpha: Tenant) -> None:
    with as_tenant(conn, alpha.id, alpha.admin):
        equal = conn.execute(
            """SELECT dsvault.my_permissions() @> dsvault.permission_catalogue(),
                   jsonb_array_length(dsvault.permission_catalogue())"""
        ).fetchone()
    assert equal == (True, 26)
