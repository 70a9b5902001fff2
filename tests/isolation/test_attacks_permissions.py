"""Attacks on permissions: giving oneself more than one has, within one's own tenant."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from tests.isolation.arena import SYSTEM_TENANT, Arena, Attacker

REFUSED, BEYOND_ONESELF = "42501", "DV201"
GRANT = """INSERT INTO dsvault.user_roles (user_id, role_id, granted_by)
    VALUES (%(to)s, %(role)s, %(by)s)"""


@pytest.fixture
def viewer(attacker: Attacker, arena: Arena) -> Attacker:
    """The attacker as a viewer of his tenant."""
    attacker.enter(arena.mine, arena.mine.viewer_id)
    return attacker


class TestViewer:
    def test_cannot_grant_himself_a_role(self, viewer: Attacker, arena: Arena) -> None:
        mine = arena.mine
        for giver in (mine.viewer_id, mine.admin_id, None):
            for user in (mine.viewer_id, mine.admin_id):
                told = {
                    viewer.refused(REFUSED, GRANT, {"to": user, "role": role, "by": giver})
                    for role in (mine.admin_role_id, mine.viewer_role_id, uuid4())
                }
                assert len(told) == 1, "whether there is such a role, and what it holds"

    def test_cannot_prolong_or_take_a_grant(self, viewer: Attacker) -> None:
        assert viewer.changed("UPDATE dsvault.user_roles SET expires_at = NULL") == 0
        assert viewer.changed("DELETE FROM dsvault.user_roles") == 0

    def test_cannot_enlarge_the_role_he_holds(self, viewer: Attacker, arena: Arena) -> None:
        enlarge = "UPDATE dsvault.roles SET permissions = dsvault.permission_catalogue()"
        assert viewer.changed(enlarge) == 0
        assert viewer.changed(f"{enlarge} WHERE id = %s", [arena.mine.viewer_role_id]) == 0

    def test_cannot_make_a_role(self, viewer: Attacker) -> None:
        make = "INSERT INTO dsvault.roles (name, permissions) VALUES ('x', '[\"token:read\"]')"
        viewer.refused(REFUSED, make)

    def test_cannot_ask_what_others_may_do(self, viewer: Attacker, arena: Arena) -> None:
        for other in (arena.mine.admin_id, arena.theirs.admin_id, uuid4()):
            for function in ("has_permission", "explain_permission"):
                ask = f"SELECT dsvault.{function}(%s, 'dataset:read')"
                viewer.refused("DV102", ask, [other])

    def test_cannot_name_an_owner_and_so_own_a_dataset(
        self, viewer: Attacker, arena: Arena
    ) -> None:
        own = "UPDATE dsvault.datasets SET owner_id = %s"
        assert viewer.changed(own, [arena.mine.viewer_id]) == 0
        make = "INSERT INTO dsvault.datasets (name, owner_id) VALUES ('x', %s)"
        viewer.refused(REFUSED, make, [arena.mine.viewer_id])


class TestSystemRoles:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE dsvault.roles SET permissions = '[]' WHERE is_system_role",
            "UPDATE dsvault.roles SET name = 'mine' WHERE is_system_role",
            "DELETE FROM dsvault.roles WHERE is_system_role",
        ],
    )
    def test_even_the_administrator_cannot_edit_them(
        self, mallory: Attacker, statement: str
    ) -> None:
        assert mallory.changed(statement) == 0

    @pytest.mark.parametrize(
        ("statement", "sqlstate"),
        [
            ("INSERT INTO dsvault.roles (name, is_system_role) VALUES ('x', true)", REFUSED),
            ("INSERT INTO dsvault.roles (name) VALUES ('admin')", "23505"),
            ("UPDATE dsvault.roles SET is_system_role = true", REFUSED),
        ],
    )
    def test_no_role_becomes_one(self, mallory: Attacker, statement: str, sqlstate: str) -> None:
        mallory.refused(sqlstate, statement)

    def test_on_conflict_is_no_way_to_edit_them(self, mallory: Attacker) -> None:
        mallory.refused(
            REFUSED,
            "INSERT INTO dsvault.roles (name, permissions) VALUES ('viewer', '[]') "
            "ON CONFLICT (tenant_id, name) DO UPDATE SET permissions = EXCLUDED.permissions",
        )

    def test_merge_is_no_way_to_edit_them(self, mallory: Attacker) -> None:
        mallory.refused(
            REFUSED,
            "MERGE INTO dsvault.roles AS r USING (VALUES ('viewer')) AS v (name) "
            "ON r.name = v.name WHEN MATCHED THEN UPDATE SET permissions = '[]'",
        )

    def test_their_templates_cannot_be_reached(self, attacker: Attacker, arena: Arena) -> None:
        """No user lives in the system tenant, so nobody can enter it."""
        attacker.refused("DV101", "SELECT dsvault.enter(%s, %s)", [SYSTEM_TENANT, SYSTEM_TENANT])
        attacker.rows(f"SET LOCAL app.current_tenant_id = '{SYSTEM_TENANT}'")
        attacker.rows(f"SET LOCAL app.current_user_id = '{arena.mine.admin_id}'")
        assert attacker.rows("SELECT name FROM dsvault.roles") == []
        assert attacker.changed("UPDATE dsvault.roles SET permissions = '[]'") == 0


class TestManager:
    """Somebody who may grant roles but holds few permissions himself."""

    PERMISSIONS = """["role:create", "role:update", "role:delete", "role:read", "user:read",
        "user:delete"]"""

    @pytest.fixture
    def ids(self) -> dict[str, UUID]:
        return {name: uuid4() for name in ("manager", "friend", "second", "role", "small")}

    @pytest.fixture
    def manager(self, attacker: Attacker, arena: Arena, ids: dict[str, UUID]) -> Attacker:
        """The attacker as a manager; a friend has no role, a second administrator has his."""
        mine = arena.mine
        attacker.enter(mine)
        for name in ("manager", "friend", "second"):
            attacker.rows(
                "INSERT INTO dsvault.users (id, email, name) VALUES (%s, %s, %s)",
                [ids[name], f"{name}@acme.example", name],
            )
        for name, permissions in (("role", self.PERMISSIONS), ("small", '["role:read"]')):
            attacker.rows(
                "INSERT INTO dsvault.roles (id, name, permissions) VALUES (%s, %s, %s)",
                [ids[name], name, permissions],
            )
        for user, role in (("manager", ids["role"]), ("second", mine.admin_role_id)):
            attacker.rows(GRANT, {"to": ids[user], "role": role, "by": mine.admin_id})
        attacker.rows("SELECT dsvault.leave()")
        attacker.enter(mine, ids["manager"])
        return attacker

    def test_grants_what_he_holds(self, manager: Attacker, ids: dict[str, UUID]) -> None:
        values = {"to": ids["friend"], "role": ids["small"], "by": ids["manager"]}
        assert manager.changed(GRANT, values) == 1

    def test_cannot_grant_more_than_he_holds(
        self, manager: Attacker, arena: Arena, ids: dict[str, UUID]
    ) -> None:
        for role in (arena.mine.admin_role_id, arena.mine.viewer_role_id):
            values = {"to": ids["friend"], "role": role, "by": ids["manager"]}
            manager.refused(BEYOND_ONESELF, GRANT, values)

    def test_cannot_grant_to_himself(self, manager: Attacker, ids: dict[str, UUID]) -> None:
        values = {"to": ids["manager"], "role": ids["small"], "by": ids["manager"]}
        manager.refused(REFUSED, GRANT, values)

    def test_cannot_grant_in_another_name(
        self, manager: Attacker, arena: Arena, ids: dict[str, UUID]
    ) -> None:
        values = {"to": ids["friend"], "role": ids["small"], "by": arena.mine.admin_id}
        manager.refused(REFUSED, GRANT, values)

    def test_cannot_make_or_fill_a_role_beyond_himself(
        self, manager: Attacker, ids: dict[str, UUID]
    ) -> None:
        more = '["token:read"]'
        manager.refused(
            REFUSED, "INSERT INTO dsvault.roles (name, permissions) VALUES ('x', %s)", [more]
        )
        manager.refused(
            REFUSED,
            "UPDATE dsvault.roles SET permissions = permissions || %s WHERE id = %s",
            [more, ids["role"]],
        )

    @pytest.mark.parametrize("setting", ["app.current_user_id", "app.current_tenant_id"])
    def test_cannot_become_nobody_in_the_middle_of_a_grant(
        self, manager: Attacker, arena: Arena, ids: dict[str, UUID], setting: str
    ) -> None:
        """The policies are asked at the first row; the bound must hold at the second one too."""
        manager.refused(
            REFUSED,
            """INSERT INTO dsvault.user_roles (user_id, role_id, granted_by, expires_at)
               SELECT %(friend)s,
                   CASE n WHEN 1 THEN %(small)s::uuid ELSE %(admin)s::uuid END, %(manager)s,
                   CASE n WHEN 2 THEN nullif(set_config(%(setting)s, '', true), '')::timestamptz END
               FROM generate_series(1, 2) AS n""",
            {**ids, "admin": arena.mine.admin_role_id, "setting": setting},
        )

    @pytest.mark.parametrize("setting", ["app.current_user_id", "app.current_tenant_id"])
    @pytest.mark.parametrize(
        "statement",
        [
            "DELETE FROM dsvault.user_roles WHERE user_id = %(second)s",
            "UPDATE dsvault.user_roles SET expires_at = now() WHERE user_id = %(second)s",
            "DELETE FROM dsvault.users WHERE id = %(second)s",
        ],
    )
    def test_cannot_disarm_somebody_greater_even_as_nobody(
        self, manager: Attacker, ids: dict[str, UUID], statement: str, setting: str
    ) -> None:
        manager.refused(BEYOND_ONESELF, statement, ids)
        empty = f"{statement} AND set_config(%(setting)s, '', true) IS NOT NULL"
        manager.refused(BEYOND_ONESELF, empty, {**ids, "setting": setting})


class TestEntering:
    def test_a_user_of_another_tenant_is_not_told_which_roles_there_are(
        self, attacker: Attacker, arena: Arena
    ) -> None:
        mine, theirs = arena.mine, arena.theirs
        attacker.rows("SELECT set_config('app.current_tenant_id', %s, true)", [str(theirs.id)])
        for user in (str(mine.admin_id), ""):
            attacker.rows("SELECT set_config('app.current_user_id', %s, true)", [user])
            told = {
                attacker.refused(REFUSED, GRANT, {"to": theirs.viewer_id, "role": role, "by": by})
                for role in (theirs.admin_role_id, theirs.viewer_role_id, uuid4())
                for by in (mine.admin_id, theirs.admin_id, None)
            }
            assert len(told) == 1

    def test_a_user_of_another_tenant_is_not_told_whether_it_is_closed(
        self, attacker: Attacker, arena: Arena
    ) -> None:
        ask = "SELECT * FROM dsvault.explain_permission(%s, 'dataset:read')"
        nothing = [(False, "nothing", "no such user in the tenant")]
        with arena.superuser() as conn:
            conn.execute("SELECT dsvault.suspend_tenant(%s, 'secret')", [arena.theirs.id])
            try:
                attacker.rows(
                    "SELECT set_config('app.current_tenant_id', %s, true)", [str(arena.theirs.id)]
                )
                attacker.rows(
                    "SELECT set_config('app.current_user_id', %s, true)", [str(arena.mine.admin_id)]
                )
                for user in (arena.mine.admin_id, None):
                    assert attacker.rows(ask, [user]) == nothing
            finally:
                conn.execute("SELECT dsvault.resume_tenant(%s)", [arena.theirs.id])

    def test_a_user_of_another_tenant_is_no_user_of_this_one(
        self, attacker: Attacker, arena: Arena
    ) -> None:
        answers = set()
        for user in (arena.theirs.admin_id, arena.theirs.viewer_id, uuid4()):
            told = attacker.refused("DV101", "SELECT dsvault.enter(%s, %s)", [arena.mine.id, user])
            answers.add(told.replace(str(user), "…"))
        assert len(answers) == 1

    @pytest.mark.parametrize(
        "change",
        [
            "status = 'suspended'",
            "status = 'locked'",
            "status = 'pending_verification'",
            "is_deleted = true",
        ],
    )
    @pytest.mark.parametrize("entered", [True, False])
    def test_a_user_who_is_not_live_gets_nothing(
        self, mallory: Attacker, arena: Arena, change: str, *, entered: bool
    ) -> None:
        viewer = arena.mine.viewer_id
        assert mallory.changed(f"UPDATE dsvault.users SET {change} WHERE id = %s", [viewer]) == 1
        if entered:
            mallory.refused("DV101", "SELECT dsvault.enter(%s, %s)", [arena.mine.id, viewer])
        mallory.rows("SELECT dsvault.leave()")
        mallory.rows("SELECT set_config('app.current_tenant_id', %s, true)", [str(arena.mine.id)])
        mallory.rows("SELECT set_config('app.current_user_id', %s, true)", [str(viewer)])
        for table in ("tenants", "users", "datasets", "records", "user_roles", "audit_logs"):
            assert mallory.rows(f"SELECT * FROM dsvault.{table}") == []
        assert mallory.rows("SELECT dsvault.my_permissions()") == [[]]

    def test_an_expired_grant_gives_nothing(self, mallory: Attacker, arena: Arena) -> None:
        viewer = arena.mine.viewer_id
        assert mallory.changed(
            "UPDATE dsvault.user_roles SET expires_at = now() - interval '1 second' "
            "WHERE user_id = %s", [viewer],
        ) == 1  # fmt: skip
        mallory.enter(arena.mine, viewer)
        assert mallory.rows("SELECT name FROM dsvault.datasets") == []
        assert mallory.rows("SELECT email FROM dsvault.users") == ["viewer@acme.example"]


class TestForgedPermissions:
    """What enter() wrote is believed only together with the tenant and the user it wrote it for."""

    @pytest.mark.parametrize("whose", ["another user", "another tenant", "nobody", "noise"])
    def test_permissions_said_for_somebody_else_are_not_believed(
        self, viewer: Attacker, arena: Arena, whose: str
    ) -> None:
        mine, theirs = arena.mine, arena.theirs
        said = {
            "another user": f"{mine.id} {mine.admin_id} token:read tenant:member ",
            "another tenant": f"{theirs.id} {mine.viewer_id} token:read tenant:member ",
            "nobody": " token:read tenant:member ",
            "noise": f"token:read {mine.id} {mine.viewer_id} token:read ",
        }[whose]
        viewer.rows("SELECT set_config('app.current_permissions', %s, true)", [said])
        assert viewer.rows("SELECT * FROM dsvault.tokens") == []
        assert viewer.rows("SELECT name FROM dsvault.datasets") == [mine.dataset_name]

    @pytest.mark.parametrize("user", ["", "x", "{viewer} dataset:read", "{viewer} ", "{admin}"])
    def test_a_changed_user_loses_what_was_entered(
        self, viewer: Attacker, arena: Arena, user: str
    ) -> None:
        mine = arena.mine
        value = user.format(viewer=mine.viewer_id, admin=mine.admin_id)
        viewer.rows("SELECT set_config('app.current_user_id', %s, true)", [value])
        expected = [mine.dataset_name] if value == str(mine.admin_id) else []
        assert viewer.rows("SELECT name FROM dsvault.datasets") == expected
        assert viewer.rows("SELECT dsvault.tenant_for('tenant:member') IS NOT NULL") == [
            bool(expected)
        ]
