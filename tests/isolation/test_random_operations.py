"""Random people, tenants, roles, grants and operations: the vault does what a small model does.

One run does 2,000 steps (--steps N: another number) by hypothesis. After each, all that is stored
and all that the actor and somebody else see is compared with the model: six tables that they
change, and tokens, keys, edges and the trail, which they only look at. The report's header says
the seed, a failure says it again; --hypothesis-seed=N repeats a run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from tests.isolation.machine import Machine, settle
from tests.isolation.world import World
from tests.support.database import new_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.cluster import Cluster
    from tests.support.database import Deployer

STEPS_IN_AN_EXAMPLE = 50


@pytest.fixture(scope="module")
def base(server: Cluster, deployer: Deployer, vault_template: str) -> Iterator[World]:
    """A vault with two tenants in one open transaction, which is all that any example sees."""
    with (
        new_database(server, deployer, vault_template) as database,
        database.connect(superuser=True) as conn,
    ):
        world = World(conn)
        settle(world)
        yield world


def run(base: World, steps: int, number: int, mutation: str = "") -> None:
    """Let machines do that many steps, and fail with what led to the first difference."""
    kind = type("Machine", (Machine,), {"base": base, "mutation": mutation})
    run_state_machine_as_test(
        seed(number)(kind),
        settings=settings(
            max_examples=-(-steps // STEPS_IN_AN_EXAMPLE),
            stateful_step_count=STEPS_IN_AN_EXAMPLE,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
            deadline=None,
            database=None,
            derandomize=False,
            print_blob=False,
            report_multiple_bugs=False,
        ),
    )


def test_whatever_people_do_the_vault_is_what_the_model_says(
    base: World, chance: int, request: pytest.FixtureRequest
) -> None:
    wanted = begun = Machine.steps
    wanted += request.config.getoption("--steps")
    try:
        while Machine.steps < wanted:  # an example may end early
            run(base, wanted - Machine.steps, chance + Machine.steps - begun)
    except AssertionError as error:
        error.add_note(f"repeat it with --hypothesis-seed={chance}")
        raise


# Replaces a condition of the function that computes permissions.
BROKEN = """
    DO $$ BEGIN EXECUTE replace(
        pg_get_functiondef('dsvault_private.effective_permissions'::regproc), '{}', 'true');
    END $$"""
MUTATIONS = {
    "sees what is deleted": """
        DROP POLICY tenant_isolation_datasets ON dsvault.datasets;
        ALTER POLICY dataset_read_policy ON dsvault.datasets
            USING (tenant_id = (SELECT dsvault.tenant_for('tenant:member'))
                AND ((SELECT dsvault.tenant_for('dataset:read')) IS NOT NULL
                    OR owner_id = (SELECT dsvault.current_user_id())))""",
    "reads datasets without the permission": """
        DROP POLICY tenant_isolation_datasets ON dsvault.datasets;
        ALTER POLICY dataset_read_policy ON dsvault.datasets
            USING (tenant_id = (SELECT dsvault.tenant_for('tenant:member')))""",
    "sees the users of other tenants": """
        DROP POLICY tenant_isolation_users ON dsvault.users;
        ALTER POLICY users_app_select ON dsvault.users
            USING ((SELECT dsvault.tenant_for('user:read')) IS NOT NULL)""",
    "sees the tokens of other tenants": """
        DROP POLICY tenant_isolation_tokens ON dsvault.tokens;
        ALTER POLICY tokens_app_select ON dsvault.tokens
            USING ((SELECT dsvault.tenant_for('token:read')) IS NOT NULL)""",
    "sees keys without the permission": """
        ALTER POLICY encryption_keys_app_select ON dsvault.encryption_keys
            USING (tenant_id = (SELECT dsvault.tenant_for('tenant:member')))""",
    "sees the trail without the permission": """
        ALTER POLICY audit_logs_app_select ON dsvault.audit_logs
            USING (tenant_id = (SELECT dsvault.tenant_for('tenant:member')))""",
    "loses what he owns": """
        ALTER POLICY dataset_write_policy ON dsvault.datasets
            USING (tenant_id = (SELECT dsvault.tenant_for('dataset:update')))""",
    "grants more than he holds": "DROP TRIGGER _200_bound ON dsvault.user_roles",
    "takes the last administrator away": "DROP TRIGGER _210_keep_admin ON dsvault.users",
    "holds what has expired": BROKEN.format("g.expires_at > statement_timestamp()"),
    "acts while suspended": BROKEN.format("u.status = ''active''"),
}


@pytest.mark.parametrize("mutation", MUTATIONS.values(), ids=list(MUTATIONS))
def test_a_vault_that_is_not_what_it_should_be_is_found_out(base: World, mutation: str) -> None:
    with pytest.raises(AssertionError):
        run(base, 1500, 1, mutation)
