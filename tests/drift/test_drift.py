"""`dsvault drift`: every planted difference is told, with the change that made the thing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from tests.support.database import deploy_plan, new_database

from dsvault.cli import cli
from dsvault.drift.facts import Difference, Thing, compare, thing_of
from dsvault.drift.makers import maker
from dsvault.drift.remedies import Remedies
from dsvault.errors import DsvaultError
from dsvault.ops.drift import DriftError, NoDriftError, deploy_scripts, drift
from dsvault.paths import project_root
from dsvault.project import open_project
from dsvault.seal import seal_facts, seal_text
from dsvault.target import parse_target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result
    from tests.support.cluster import Cluster
    from tests.support.database import Database, Deployer

    from dsvault.ops.drift import Found

SEAL = (project_root() / "verify" / "seal.sql").read_text(encoding="utf-8")


def run(url: str, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["drift", "--target", url, *arguments])


def found_in(database: Database) -> list[Found]:
    try:
        drift(parse_target(database.url, environ={}), open_project(folder=project_root()))
    except DriftError as error:
        return list(error.result.differences)
    return []


@pytest.fixture(scope="module")
def drifting(server: Cluster, deployer: Deployer, vault_template: str) -> Iterator[Database]:
    """A vault of this module; each test takes back what it changed."""
    with new_database(server, deployer, vault_template) as database:
        yield database


# What is done, how it is taken back, which thing differs, its state, and who made it.
PLANTED = {
    "a changed policy": (
        "ALTER POLICY tokens_app_select ON dsvault.tokens USING (true)",
        (
            "ALTER POLICY tokens_app_select ON dsvault.tokens"
            " USING (tenant_id = (SELECT dsvault.tenant_for('token:read')))"
        ),
        ("dsvault.tokens: policy tokens_app_select", "different", "policies/tokens"),
    ),
    "a partition without row security": (
        "ALTER TABLE dsvault.records_p0 DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE dsvault.records_p0 ENABLE ROW LEVEL SECURITY",
        ("partition of dsvault.records: row security", "different", "tables/records"),
    ),
    "an extra table": (
        "CREATE TABLE dsvault.diary (id integer, x text)",
        "DROP TABLE dsvault.diary",
        ("dsvault.diary", "extra", None),
    ),
    "a kit that tells lies": (
        (
            "CREATE OR REPLACE FUNCTION dsvault_facts.rls_of(relation regclass) RETURNS text[]"
            " LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS"
            " $$SELECT ARRAY['ENABLE FORCE']$$"
        ),
        None,
        ("dsvault_facts.rls_of(regclass): body", "different", "facts/security"),
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_difference_is_told_with_the_change_that_made_it(
    drifting: Database, name: str
) -> None:
    done, undone, (thing, state, change) = PLANTED[name]
    with drifting.connect(superuser=True, autocommit=True) as conn:
        conn.execute(done.encode())
        found = found_in(drifting)
        if undone is not None:
            conn.execute(undone.encode())
    told = [(str(item.difference.thing), item.difference.state, item.change) for item in found]
    assert (thing, state, change) in told
    assert all(item.remedy.advice for item in found)
    if undone is not None:
        assert len([item for item in told if "row security" not in item[0]]) <= 2


def test_a_sound_vault_has_no_drift(vault: Database) -> None:
    done = run(vault.url)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("No drift: ")
    assert done.stdout.endswith("facts as in the seal verify/seal.sql\n")


def test_drift_is_told_as_text_and_as_json_and_exits_1(vault: Database) -> None:
    with vault.connect(superuser=True, autocommit=True) as conn:
        conn.execute("ALTER POLICY tokens_app_select ON dsvault.tokens USING (true)")
    done = run(vault.url)
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert lines[0] == "dsvault.tokens: policy tokens_app_select is different"
    assert lines[1].startswith("    expected: tokens_app_select AS PERMISSIVE FOR SELECT")
    assert lines[2].endswith("USING true")
    assert lines[3:] == [
        "    made by:  policies/tokens",
        "    do:       run deploy/policies/tokens.sql again: it replaces what is there",
        "1 difference from the seal verify/seal.sql",
    ]
    answer = json.loads(run(vault.url, "--json").stdout)
    assert answer["ok"] is False
    [difference] = answer["differences"]
    assert set(difference) == {
        "subject", "kind", "name", "state", "expected", "found", "change", "script",
        "advice", "statements", "partitions",
    }  # fmt: skip
    assert set(answer) == {
        "target", "ok", "change", "measure", "facts", "differences", "error",
    }  # fmt: skip


def test_a_database_in_the_middle_of_the_plan_is_compared_with_the_plan_up_to_there(
    server: Cluster, deployer: Deployer
) -> None:
    with new_database(server, deployer) as database:
        deploy_plan(database.url, "--to", "tables/users")
        done = run(database.url)
        assert done.exit_code == 0, done.output
        assert "No drift: " in done.stdout
        assert "the plan up to tables/users" in done.stdout
        with database.connect(superuser=True, autocommit=True) as conn:
            conn.execute("ALTER TABLE dsvault.users DROP COLUMN avatar_url")
        done = run(database.url)
        assert done.exit_code == 1
        assert "dsvault.users: column avatar_url is missing" in done.stdout


def test_a_database_before_the_kit_says_so(server: Cluster, deployer: Deployer) -> None:
    with new_database(server, deployer) as database:
        deploy_plan(database.url, "--to", "schemas/dsvault_facts")
        done = run(database.url)
        assert done.exit_code == 2
        assert "cannot state its facts yet" in done.stderr


def test_a_database_of_nothing_says_so(empty_database: Database) -> None:
    with pytest.raises(DsvaultError, match="No registry"):
        found_in(empty_database)


def test_a_login_that_may_not_ask_is_told_which_may(vault: Database, server: Cluster) -> None:
    name, password = server.new_role("dsvault_test_stranger")
    with vault.connect(superuser=True, autocommit=True) as conn:
        conn.execute(f"GRANT USAGE ON SCHEMA sqitch TO {name}".encode())
        conn.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA sqitch TO {name}".encode())
        target = parse_target(vault.url_as(name, password), environ={})
        with pytest.raises(NoDriftError, match="does not tell"):
            drift(target, open_project(folder=project_root()))
        conn.execute(f"DROP OWNED BY {name}".encode())


def test_facts_are_read_back_from_the_seal() -> None:
    facts = seal_facts(SEAL)
    assert len(facts) > 500
    assert seal_text(facts) == SEAL
    assert compare(facts, facts) == ()


def test_every_fact_of_the_seal_has_a_maker() -> None:
    project = open_project(folder=project_root())
    scripts = deploy_scripts(project, project.plan.changes[-1])
    orphans = set()
    for fact in seal_facts(SEAL):
        thing, text = thing_of(fact)
        if maker(Difference(thing, "missing", (text,), ()), scripts) is None:
            orphans.add(str(thing))
    # Made without row security or statistics, which no script says.
    assert orphans <= {
        "dsvault.storage_warnings: row security",
        "dsvault_private.audit_anchors: row security",
        "dsvault_private.public_privileges_before: row security",
        "partition of dsvault.audit_logs: statistics",
    }


def test_a_view_that_differs_is_made_anew_by_its_script() -> None:
    project = open_project(folder=project_root())
    scripts = deploy_scripts(project, project.plan.changes[-1])
    thing = Thing("dsvault.storage_warnings", "body")
    difference = Difference(thing, "different", ("body 1",), ("body 2",))
    told = Remedies(seal_facts(SEAL), "vault").of(difference, maker(difference, scripts))
    assert told.advice == "run deploy/views/storage_warnings.sql again: it replaces what is there"


def test_a_missing_table_is_one_difference() -> None:
    facts = seal_facts(SEAL)
    left = [fact for fact in facts if not fact.startswith("dsvault.tokens: ")]
    [difference] = compare(facts, left)
    assert (str(difference.thing), difference.state) == ("dsvault.tokens", "missing")
