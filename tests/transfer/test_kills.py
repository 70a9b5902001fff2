"""kill -9 while a tenant is seeded or a file imported: nothing is lost, nothing is done twice.

DSVAULT_KILLS is how many kills each kind gets, at moments drawn by lot: 4 by default.
"""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING, Any

import pytest
from tests.support.dying import OTHERS, Steps, killed
from tests.support.servers import eventually

from dsvault.ops.tenant.seed import SeedRequest, seed_tenant
from dsvault.ops.transfer import (
    ExportRequest,
    ImportRequest,
    TokenRule,
    export_file,
    import_file,
    loading,
)
from dsvault.sampledata import Profile, plan_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.transfer.conftest import Acme

KILLS = int(os.environ.get("DSVAULT_KILLS", "4"))
PIECE = 20
RULES = {"email": TokenRule("email"), "phone": TokenRule("phone", is_random=True)}
# Versions whose tree is not that of their records, in the order of these.
FALSE_TREES = """
SELECT count(*) FROM dsvault.dataset_versions v CROSS JOIN LATERAL (
    SELECT count(*) AS rows, encode(dsvault.merkle_root(array_agg(decode(r.content_hash, 'hex')
        ORDER BY r.id)), 'hex') AS tree
    FROM dsvault.records r WHERE r.version_id = v.id) f
WHERE v.status = 'published' AND (v.record_count, v.tree_hash) IS DISTINCT FROM (f.rows, f.tree)
"""


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a transaction hold few records."""
    monkeypatch.setattr(loading, "_PIECE_ROWS", PIECE)


def stepping(work: Callable[[], object]) -> Callable[[Steps], None]:
    """Return work that counts a step when records are inserted, before they are committed."""

    def stepped(step: Steps) -> None:
        insert = loading.insert_records

        def counted(*arguments: Any) -> Any:
            written = insert(*arguments)
            step()
            return written

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(loading, "insert_records", counted)
            work()

    return stepped


def test_a_killed_seed_goes_on(acme: Acme) -> None:
    chance, cut = random.Random(4713), 0  # noqa: S311 - moments, no secrets
    for seed in range(1, KILLS + 1):
        request = SeedRequest("acme", Profile(4, 400, 2), seed=seed)
        plan_of(request.profile, seed)  # draws names here, for all processes
        killed(stepping(lambda request=request: seed_tenant(acme.target, request)), chance, 12)
        eventually(lambda: acme.rows(OTHERS) == [(0,)], 60)
        told: list[int] = []
        done = seed_tenant(acme.target, request, told.append)
        assert done.records + done.found_records == told[-1] == 400
        cut += done.found_records > 0
    again = seed_tenant(acme.target, request)
    assert (again.records, again.users, again.versions) == (0, 0, 0)
    assert cut, "at least one kill came between two transactions"
    assert acme.rows(FALSE_TREES) == [(0,)]
    like = "metadata -> 'import' ->> 'file' LIKE 'seed %%'"
    assert acme.rows(
        f"SELECT count(*), sum(record_count) FROM dsvault.dataset_versions WHERE {like}"
    ) == [(8 * KILLS, 400 * KILLS)]
    assert acme.rows(
        "SELECT count(*) FROM dsvault.users WHERE email LIKE '%%@seed.example'"
    ) == [(2 * KILLS,)]  # fmt: skip


def test_a_killed_import_goes_on_with_its_tokens(acme: Acme, tmp_path: Path) -> None:
    chance, cut = random.Random(4714), 0  # noqa: S311
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    for turn in range(KILLS):
        rows = [f"{n},p{n % 50}@{turn}.example,+4930{n:06}" for n in range(300)]
        path.write_text("\n".join(["n,email,phone", *rows, ""]), encoding="utf-8")
        rules = RULES if turn % 2 == 0 else {}
        [(before,)] = acme.rows("SELECT count(*) FROM dsvault.tokens")
        request = ImportRequest("acme", f"turn {turn}", path, tokens=rules)
        killed(stepping(lambda request=request: import_file(acme.target, request)), chance, 12)
        eventually(lambda: acme.rows(OTHERS) == [(0,)], 60)
        done = import_file(acme.target, request)
        assert (done.version, done.rows) == (1, 300)
        assert done.resumed_rows % PIECE == 0
        cut += done.resumed_rows > 0
        out.unlink(missing_ok=True)
        export_file(acme.target, ExportRequest("acme", f"turn {turn}", out, reason="a look"))
        assert out.read_bytes() == path.read_bytes()
        [(after,)] = acme.rows("SELECT count(*) FROM dsvault.tokens")
        assert int(str(after)) - int(str(before)) == (350 if rules else 0), "none without a record"
    assert cut, "at least one kill came between two transactions"
    assert acme.rows(FALSE_TREES) == [(0,)]
