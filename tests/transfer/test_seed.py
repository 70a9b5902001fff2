"""`dsvault tenant seed`: realistic data, the same for a seed, written once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from dsvault.cli import cli
from dsvault.ops.tenant.seed import SeedRequest, seed_tenant
from dsvault.ops.transfer import ExportRequest, TransferError, export_file, loading
from dsvault.sampledata import PROFILES, Profile, plan_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.transfer.conftest import Acme

LITTLE = Profile(datasets=6, records=100, users=4)
HASHES = (
    "SELECT d.name, v.version_number, v.tree_hash, v.record_count FROM dsvault.datasets d"
    " JOIN dsvault.dataset_versions v ON v.dataset_id = d.id AND v.tenant_id = d.tenant_id"
    " WHERE v.status = 'published' ORDER BY 1, 2"
)


def run(acme: Acme, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["tenant", "seed", *arguments, "-t", acme.database.url])


def test_a_seed_gives_the_same_records_and_another_seed_others() -> None:
    def first(seed: int) -> list[dict[str, object]]:
        plan = plan_of(LITTLE, seed)
        return [next(iter(dataset.versions[0].records())) for dataset in plan.datasets]

    assert first(1) == first(1)
    assert first(1) != first(2)


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_is_met_exactly(name: str) -> None:
    plan = plan_of(PROFILES[name], 1)
    assert plan.records == PROFILES[name].records
    assert len(plan.datasets) == len({dataset.name for dataset in plan.datasets})
    assert len(plan.people) == PROFILES[name].users


def test_a_tenant_is_filled_once(acme: Acme) -> None:
    done = run(acme, "acme", "--datasets", "6", "--records", "100", "--json")
    assert done.exit_code == 0, done.output
    made = json.loads(done.stdout)
    assert (made["users"], made["datasets"], made["versions"], made["records"]) == (5, 6, 12, 100)
    types = "SELECT pii_type, count(*) FROM dsvault.tokens GROUP BY 1 ORDER BY 1"
    tokens = acme.rows(types)
    assert [row[0] for row in tokens] == ["email", "ip_address", "name", "phone"]
    assert made["tokens"] == sum(int(str(row[1])) for row in tokens)
    before = acme.rows(HASHES)
    assert [row[1] for row in before] == [1, 2] * 6
    assert sum(int(str(row[3])) for row in before) == 100
    again = run(acme, "acme", "--datasets", "6", "--records", "100")
    assert again.stdout.splitlines()[0] == "100 records were there already."
    assert acme.rows(HASHES) == before
    assert acme.rows(types) == tokens
    assert acme.rows("SELECT count(*) FROM dsvault.lineage_edges") == [(6,)]
    assert acme.rows(
        "SELECT r.name, count(*) FROM dsvault.user_roles g JOIN dsvault.roles r"
        " ON r.tenant_id = g.tenant_id AND r.id = g.role_id JOIN dsvault.users u"
        " ON u.tenant_id = g.tenant_id AND u.id = g.user_id WHERE u.email LIKE '%%@seed.example'"
        " GROUP BY 1 ORDER BY 1"
    ) == [("auditor", 1), ("data_scientist", 2), ("viewer", 2)]


def test_an_interrupted_seed_goes_on(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_PIECE_ROWS", 10)
    insert, calls = loading.insert_records, []

    def fail_at_the_fifth(*arguments: object) -> object:
        calls.append(arguments)
        if len(calls) == 5:
            raise ConnectionAbortedError
        return insert(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(loading, "insert_records", fail_at_the_fifth)
    request = SeedRequest("acme", Profile(datasets=2, records=90, users=0), seed=5, connections=1)
    with pytest.raises(ConnectionAbortedError):
        seed_tenant(acme.target, request)
    told: list[int] = []
    done = seed_tenant(acme.target, request, told.append)
    assert (done.records, done.found_records) == (55, 35)
    assert told == sorted(told)
    assert told[-1] == 90


def test_an_error_of_one_connection_ends_the_others_and_the_next_run_goes_on(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "_PIECE_ROWS", 10)
    insert, calls = loading.insert_records, []

    def fail_at_the_seventh(*arguments: object) -> object:
        calls.append(arguments)
        if len(calls) == 7:
            raise ConnectionAbortedError
        return insert(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(loading, "insert_records", fail_at_the_seventh)
    request = SeedRequest("acme", Profile(datasets=5, records=500, users=0), seed=6, connections=3)
    with pytest.raises(ConnectionAbortedError):
        seed_tenant(acme.target, request)
    told: list[int] = []
    done = seed_tenant(acme.target, request, told.append)
    assert done.records + done.found_records == 500
    assert done.found_records >= 60
    assert (told, told[-1]) == (sorted(told), 500)
    assert acme.rows(
        "SELECT sum(record_count), count(DISTINCT id) FROM dsvault.dataset_versions"
        " WHERE metadata -> 'import' ->> 'file' LIKE 'seed 6 %%'"
    ) == [(500, 10)]


def test_what_was_seeded_is_encrypted_and_read_back(acme: Acme, tmp_path: Path) -> None:
    seed_tenant(acme.target, SeedRequest("acme", Profile(1, 10, 0), seed=9))
    [(everything,)] = acme.rows(
        "SELECT string_agg(encode(encrypted_data, 'escape'), '') FROM dsvault.records"
    )
    assert "@mail.example" not in str(everything)
    with pytest.raises(TransferError, match="has no version 99"):
        export_file(acme.target, ExportRequest("acme", "customers", tmp_path / "x.csv", 99))


def test_a_tenant_without_keys_is_not_filled(acme: Acme) -> None:
    acme.do("SELECT dsvault.create_tenant('bare', 'Bare', 'bob@bare.example', 'Bob')")
    done = run(acme, "bare")
    assert done.exit_code == 2
    assert done.stderr.startswith("The tenant has no active dataset key\n")
    assert acme.rows(
        "SELECT count(*) FROM dsvault.datasets d JOIN dsvault.tenants t ON t.id = d.tenant_id"
        " WHERE t.slug = 'bare'"
    ) == [(0,)]
