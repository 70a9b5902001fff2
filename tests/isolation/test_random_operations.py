"""Random people, tenants, roles, grants and operations: the vault does what a small model does.

One run does 2,000 steps (--steps N: another number) by hypothesis. After each, all that is stored
and all that the actor and somebody else see is compared with the model: six tables that they
change, and tokens, keys, edges and the trail, which they only look at. The report's header says
the seed, a failure says it again; --hypothesis-seed=N repeats a run.

hypothesis would do a failed example over and over for five minutes to make it shorter. Its steps
are taken out here instead (replay.py), for a minute at most (--shorten-for SECONDS); the lines that
a failure prints are done again by --replay FILE.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from tests.isolation.machine import Machine, settle
from tests.isolation.replay import read, repeat, shortest, written
from tests.isolation.world import World
from tests.support.database import new_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.isolation.machine import Step
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


def machines(base: World, mutation: str = "") -> type[Machine]:
    """Return the kind of machine that works in this vault, with this fault."""
    return type("Machine", (Machine,), {"base": base, "mutation": mutation})


def run(kind: type[Machine], steps: int, number: int) -> None:
    """Let machines do that many steps, and fail with what led to the first difference."""
    run_state_machine_as_test(
        seed(number)(kind),
        settings=settings(
            max_examples=-(-steps // STEPS_IN_AN_EXAMPLE),
            stateful_step_count=STEPS_IN_AN_EXAMPLE,
            phases=(Phase.generate,),
            print_blob=False,
            report_multiple_bugs=False,
        ),
    )


def test_whatever_people_do_the_vault_is_what_the_model_says(
    base: World, chance: int, request: pytest.FixtureRequest
) -> None:
    kind, option = machines(base), request.config.getoption
    if option("--replay"):
        assert not repeat(kind, read(option("--replay").read_text("utf-8")))
        return
    wanted = begun = Machine.steps
    wanted += option("--steps")
    try:
        while Machine.steps < wanted:  # an example may end early
            run(kind, wanted - Machine.steps, chance + Machine.steps - begun)
    except AssertionError as error:
        error.add_note(f"repeat it with --hypothesis-seed={chance}")
        error.add_note(shorter(kind, kind.last.trace, option("--shorten-for")))
        raise


def shorter(kind: type[Machine], steps: list[Step], seconds: float) -> str:
    """Say which of the steps that failed fail as well, how, and how to do them again."""
    if not repeat(kind, steps):
        return "done a second time, the same steps do not fail: what differs is not of them alone"
    few = shortest(steps, partial(repeat, kind), seconds)
    lines = "\n".join(map(written, few))
    return (
        f"{len(few)} of its {len(steps)} steps fail as well:\n{repeat(kind, few)}\n"
        f"repeat them with --replay FILE, which holds these lines:\n{lines}"
    )


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
        run(machines(base, mutation), 1500, 1)


def test_what_a_failure_prints_is_short_and_fails_again(base: World) -> None:
    kind = machines(base, MUTATIONS["sees what is deleted"])
    with pytest.raises(AssertionError):
        run(kind, 1500, 1)
    told = shorter(kind, kind.last.trace, 60)
    steps = read(told.rpartition("these lines:")[2])
    assert len(steps) < 5
    assert repeat(kind, steps)
    assert not repeat(machines(base), steps), "without the fault nothing differs"
