"""Which database and which project are meant, and what is said if they cannot be had."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from tests.runner.toys import Toy, deployed, ours
from tests.support.servers import clear_place, new_place

from dsvault.db import _refuse_old_server
from dsvault.dberrors import ConnectError
from dsvault.server import EmbeddedServer
from dsvault.target import parse_target

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg
    from tests.support.cluster import Cluster
    from tests.support.database import Database

NOWHERE = "postgresql://nobody:hunter2@127.0.0.1:1/none"


def test_the_option_wins_over_the_variables_and_these_over_each_other(
    toy: Toy, empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.change("t1")
    monkeypatch.setenv("DATABASE_URL", empty_database.url)
    assert ours("status").code == 1
    monkeypatch.setenv("DSVAULT_TARGET", NOWHERE)
    assert ours("status").code == 2
    monkeypatch.setenv("DATABASE_URL", NOWHERE)
    assert ours("status", "--target", empty_database.url).code == 1
    assert ours("status", empty_database.url).code == 1
    assert ours("status", "--target", empty_database.url, NOWHERE).code == 1


def test_a_project_of_another_engine_is_not_deployed_to_postgresql_by_itself(
    toy: Toy, empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.change("t1")
    monkeypatch.setenv("DATABASE_URL", empty_database.url)
    toy.write("sqitch.conf", f'[core]\n\tengine = sqlite\n[engine "pg"]\n\ttarget = {NOWHERE}\n')
    for command in ("deploy", "status", "verify"):
        ran = ours(command)
        assert (ran.code, ran.err.splitlines()[0]) == (2, 'Unknown engine "sqlite"')
    assert ours("deploy", empty_database.url).code == 0


def test_a_target_of_the_configuration_is_used_by_its_name_with_its_settings(
    toy: Toy, empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.change("t1")
    toy.write(
        "sqitch.conf",
        f'[core]\n\tengine = pg\n[target "prod"]\n\turi = "db:{empty_database.url}"\n'
        "\tregistry = meta\n",
    )
    ran = ours("deploy", "prod")
    assert ran.lines[0] == "Adding registry tables to prod"
    with empty_database.connect(superuser=True) as conn:
        assert deployed(conn, "meta") == ["t1"]
    monkeypatch.setenv("DSVAULT_TARGET", "prod")
    assert ours("status").lines[0] == "# On database prod"
    ran = ours("status", "--target", "test")
    assert (ran.code, ran.err.splitlines()[0]) == (2, 'Cannot find target "test"')


def test_the_target_of_the_configuration_counts_before_that_of_applications(
    toy: Toy, empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.change("t1")
    monkeypatch.setenv("DATABASE_URL", NOWHERE)
    toy.write("sqitch.conf", f'[engine "pg"]\n\ttarget = "db:{empty_database.url}"\n')
    assert ours("status").code == 1
    toy.write("sqitch.conf", '[core]\n\ttarget = here\n[target "here"]\n\turi = db:pg://u@h/x\n')
    monkeypatch.setenv("SQITCH_TARGET", empty_database.url)
    assert ours("status").code == 1
    monkeypatch.delenv("SQITCH_TARGET")
    assert ours("status").lines == ["# On database here"]


def test_options_replace_parts_of_the_target(
    toy: Toy, empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.change("t1")
    place = empty_database.url.replace(empty_database.name, "nowhere")
    assert ours("deploy", place, "-d", empty_database.name).code == 0
    place = empty_database.url.replace(empty_database.deployer.name, "nobody")
    assert ours("status", place, "-u", empty_database.deployer.name).code == 0
    ran = ours("status", empty_database.url, "-h", "127.0.0.1", "-p", "1")
    assert "no server answers" in ran.err
    monkeypatch.setenv("PGHOST", "/nowhere")
    assert ours("status", "-d", "x").lines == ["# On database db:pg:x"]


def test_an_argument_that_is_neither_change_nor_target_is_refused(toy: Toy, uri: str) -> None:
    toy.change("t1").change("t2")
    ran = ours("deploy", "nothing", "t1")
    assert (ran.code, ran.err.splitlines()[0]) == (2, 'Unknown argument "nothing"')
    assert ours("deploy", "one", "two").err.startswith("Unknown arguments: one, two\n")
    assert ours("deploy", "HEAD^").lines[1].startswith("Deploying changes through t1 to ")


def test_a_variable_that_names_no_target_is_named(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.change("t1")
    monkeypatch.setenv("DATABASE_URL", "mysql://u:hunter2@h/d")
    err = ours("status").err
    assert err.startswith("This is no URI of a PostgreSQL database (from DATABASE_URL)\n")
    assert "hunter2" not in err


def test_two_targets_are_one_too_many(toy: Toy) -> None:
    toy.change("t1")
    ran = ours("status", "postgresql://a/b", "postgresql://c/d")
    assert ran.code == 2
    assert "Too many targets" in ran.err


def test_sqitchs_variables_give_user_and_password(
    toy: Toy, empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.change("t1")
    place = empty_database.cluster.url(empty_database.name, "nobody", "wrong")
    monkeypatch.setenv("SQITCH_USERNAME", empty_database.deployer.name)
    monkeypatch.setenv("SQITCH_PASSWORD", empty_database.deployer.password)
    assert ours("deploy", place).code == 0


def test_without_a_target_the_embedded_server_is_used_and_named(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.change("t1")
    place = new_place()
    monkeypatch.setenv("DSVAULT_DATA_DIR", str(place / "server"))
    try:
        ran = ours("deploy")
        assert ran.code == 0
        assert ran.err == "No target given: using dsvault on the embedded server\n"
        assert ran.lines[1] == "Deploying changes to dsvault on the embedded server"
    finally:
        clear_place(place)


def test_without_a_project_here_the_product_itself_is_meant(
    tmp_path: Path, uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert json.loads(ours("status", "--json").out)["project"] == "dsvault"


def test_a_project_elsewhere_is_reached_by_folder_or_plan_file(
    tmp_path: Path, uri: str, db: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy = Toy(tmp_path / "toy").change("t1", "SELECT FROM FROM;")
    monkeypatch.chdir(tmp_path)
    # Scripts are named so that they can be opened from here.
    assert f"{toy.folder}/deploy/t1.sql:1: " in ours("deploy", "-C", "toy").err.replace(
        "deploy/t1.sql", f"{toy.folder}/deploy/t1.sql", 1
    )
    monkeypatch.chdir(tmp_path)
    toy.script("deploy", "t1", "CREATE TABLE t1 ();")
    toy.write("other.plan", (toy.folder / "sqitch.plan").read_text())
    monkeypatch.chdir(toy.folder)
    (toy.folder / "sqitch.plan").unlink()
    assert ours("deploy", "--plan-file", "other.plan").code == 0
    assert deployed(db) == ["t1"]


@pytest.mark.parametrize(
    ("uri", "message", "hint"),
    [
        (NOWHERE, "no server answers", "Start the server"),
        (
            "postgresql://u:hunter2@nowhere.invalid/x",
            'host name "nowhere.invalid" is not known',
            "",
        ),
        ("db:pg://u:hunter2@/x?host=/nowhere", "no server answers", ""),
        ("postgresql://u:hunter2@h/x?nosuch=1", "libpq does not understand this URI", ""),
        ("postgresql://u:hunter2@@h/x", "has an @ that does not separate", "%40 for @"),
        ("postgresql://u:hunter2%@h/x", "a % that is not followed by two", "%25 for %"),
        ("mysql://u:hunter2@h/x", "no URI of a PostgreSQL database", ""),
    ],
)
def test_a_server_that_cannot_be_reached_is_a_clear_error_without_password(
    toy: Toy, uri: str, message: str, hint: str
) -> None:
    toy.change("t1")
    for command in ("deploy", "verify", "status", "log", "check"):
        ran = ours(command, "--target", uri)
        assert ran.code == 2
        assert message in ran.err
        assert hint in ran.err
        assert "hunter2" not in ran.out + ran.err


def test_a_database_that_does_not_exist_is_a_clear_error(toy: Toy, server: Cluster) -> None:
    toy.change("t1")
    ran = ours("deploy", server.url("no such thing"))
    assert ran.code == 2
    assert 'there is no database "no such thing" on this server' in ran.err
    assert 'createdb "no such thing"' in ran.err
    assert server.password not in ran.err


def test_a_wrong_password_is_a_clear_error(toy: Toy, empty_database: Database) -> None:
    toy.change("t1")
    name = empty_database.deployer.name
    ran = ours("deploy", empty_database.url_as(name, "hunter2"))
    assert ran.code == 2
    assert f'the server refused the password of user "{name}"' in ran.err
    assert "PGPASSWORD" in ran.err
    assert "hunter2" not in ran.err


def test_a_standby_is_read_and_never_written(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    toy.change("t1")
    place = new_place()
    server = EmbeddedServer(place / "server")
    monkeypatch.setenv("DSVAULT_TARGET", server.url())
    pgdata = place / "server" / "pgdata"
    try:
        server.start()
        assert ours("deploy").code == 0
        server.stop()
        (pgdata / "standby.signal").touch()
        shutil.chown(pgdata / "standby.signal", pgdata.owner(), pgdata.group())
        server.start()
        for command in ("status", "verify", "check", "log"):
            assert ours(command).code == 0
        toy.change("t2")
        for command in (["deploy"], ["revert", "--all", "-y"]):
            ran = ours(*command)
            assert ran.code == 2
            assert "is a standby, which cannot be changed" in ran.err
    finally:
        clear_place(place)


def test_a_server_that_is_too_old_is_refused() -> None:
    target = parse_target("postgresql://h/d")
    _refuse_old_server(target, 150000)
    with pytest.raises(ConnectError, match="runs PostgreSQL 14, which is too old"):
        _refuse_old_server(target, 140011)


def test_a_plan_that_is_not_there_is_a_clear_error(toy: Toy, uri: str) -> None:
    (toy.folder / "sqitch.plan").unlink()
    ran = ours("deploy")
    assert ran.code == 2
    assert "Plan file sqitch.plan does not exist" in ran.err


def test_a_registry_of_another_version_is_refused(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1")
    ours("deploy")
    for version, words in (
        ("1.0", "Run: dsvault upgrade (or sqitch upgrade)"),
        ("9.9", "is the latest known"),
    ):
        db.execute("UPDATE sqitch.releases SET version = " + version)
        for command in (["revert", "--all", "-y"], ["verify"], ["check"]):
            ran = ours(*command)
            assert ran.code == 2
            assert words in ran.err
    assert (ours("deploy").code, ours("status").code) == (2, 0)


def test_a_registry_that_may_not_be_read_is_a_clear_error(
    toy: Toy, db: psycopg.Connection, server: Cluster, empty_database: Database
) -> None:
    toy.change("t1")
    ours("deploy")
    ran = ours("status", empty_database.url_as(*server.new_role("dsvault_test_guest")))
    assert ran.code == 2
    assert "The registry cannot be read: permission denied for schema sqitch" in ran.err
