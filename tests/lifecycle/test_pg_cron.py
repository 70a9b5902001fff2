"""`dsvault maintain --install-cron` where pg_cron is installed, as Debian's postgresql-15-cron is.

Where there are no such programs the test is skipped and says so; with DSVAULT_REQUIRE_PG_CRON=1,
which CI sets for 15, that is a failure.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from click.testing import CliRunner
from tests.support.cluster import is_uri
from tests.support.database import deploy_plan

from dsvault.cli import cli
from dsvault.server import EmbeddedServer
from dsvault.server.binaries import find_binaries

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def scheduled(request: pytest.FixtureRequest, place: Path) -> Iterator[str]:
    """The URI of a vault on a server of its own that runs pg_cron."""
    source = request.config.getoption("--pg")
    if is_uri(source) or not has_pg_cron(find_binaries(source).bin_dir):
        if os.environ.get("DSVAULT_REQUIRE_PG_CRON"):
            pytest.fail("pg_cron is required and these programs do not have it")
        pytest.skip("these programs do not have pg_cron")
    server = EmbeddedServer(place / "server", source=source)
    server.start()
    try:
        url = server.url(with_password=True)
        # The second setting is known once the first has taken effect.
        for setting in ("shared_preload_libraries = 'pg_cron'", "cron.database_name = 'dsvault'"):
            with psycopg.connect(url, autocommit=True) as conn:
                conn.execute(f"ALTER SYSTEM SET {setting}".encode())
            server.stop()
            server.start()
        deploy_plan(url)
        yield url
    finally:
        server.destroy()


def has_pg_cron(bin_dir: Path) -> bool:
    asked = [str(bin_dir / "pg_config"), "--sharedir"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    places = [Path(done.stdout.strip())] if done.returncode == 0 else []
    places.append(Path("/usr/share/postgresql") / bin_dir.parent.name)
    return any((place / "extension" / "pg_cron.control").is_file() for place in places)


def test_the_job_is_scheduled_once_and_does_what_it_says(scheduled: str) -> None:
    def install(*times: str) -> bool:
        arguments = ["maintain", "--install-cron", "--json", "--target", scheduled, *times]
        result = CliRunner().invoke(cli, arguments)
        assert result.exit_code == 0, result.output
        return bool(json.loads(result.stdout)["scheduled"])

    assert install() is False, "the extension is not created yet"
    with psycopg.connect(scheduled, autocommit=True) as conn:
        conn.execute("CREATE EXTENSION pg_cron")
        assert install() is True
        assert install("--times", "5 4 * * *") is True
        jobs = conn.execute("SELECT jobname, schedule, command FROM cron.job").fetchall()
        assert jobs == [("dsvault-maintain", "5 4 * * *", "CALL dsvault.maintain()")]
        other = ["maintain", "--install-cron", "--months-ahead", "6", "--target", scheduled]
        refused = CliRunner().invoke(cli, other)
        assert (refused.exit_code, "without options" in refused.stderr) == (2, True)
        conn.execute(jobs[0][2])
