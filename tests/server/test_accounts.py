"""Who the server runs as, and how that account gets at the programs."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import stat
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.support.people import myself, run_python, somebody, stranger
from tests.support.servers import as_root, ask, new_place, pid_of

from dsvault.server import EmbeddedServer, ServerError, staging
from dsvault.server.account import Account, account_of, choose_account
from dsvault.server.binaries import Binaries, find_binaries

if TYPE_CHECKING:
    from collections.abc import Iterator


def identity_of(pid: int) -> dict[str, list[int]]:
    """Return the user, group and supplementary groups of a process, as the kernel has them."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    return {name: [int(word) for word in fields[name].split()] for name in ("Uid", "Gid", "Groups")}


@as_root
class TestStartedByRoot:
    def test_the_server_has_an_unprivileged_identity_and_nothing_of_root(
        self, running: EmbeddedServer
    ) -> None:
        account = choose_account()
        assert account.uid != 0
        assert identity_of(pid_of(running)) == {
            "Uid": [account.uid] * 4,
            "Gid": [account.gid] * 4,
            "Groups": [],
        }

    def test_only_data_and_socket_belong_to_that_account(self, running: EmbeddedServer) -> None:
        owners = {entry.name: entry.stat().st_uid for entry in running.data_dir.iterdir()}
        account = choose_account()
        theirs = {name for name, uid in owners.items() if uid == account.uid}
        assert theirs == {"pgdata", "run", "passfile"}
        assert running.data_dir.stat().st_uid == 0

    def test_the_user_behind_sudo_is_taken_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SUDO_UID", str(somebody().uid))
        assert choose_account().uid == somebody().uid

    @pytest.mark.parametrize("value", ["0", "", "root", "-1", str(stranger().uid)])
    def test_a_sudo_uid_that_is_no_ordinary_user_is_passed_over(
        self, monkeypatch: pytest.MonkeyPatch, value: str
    ) -> None:
        monkeypatch.setenv("SUDO_UID", value)
        assert choose_account().name in {"postgres", "nobody"}

    def test_postgres_comes_before_nobody(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("SUDO_UID", raising=False)
        known = {entry.pw_name for entry in pwd.getpwall()}
        assert choose_account().name == ("postgres" if "postgres" in known else "nobody")

    def test_no_account_at_all_is_reported(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("SUDO_UID", raising=False)
        monkeypatch.setattr("dsvault.server.account._UNPRIVILEGED", ("no-such-account",))
        with pytest.raises(ServerError, match="refuses to run as root"):
            choose_account()

    def test_an_existing_cluster_is_run_by_its_owner(
        self, place: Path, source: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SUDO_UID", str(somebody().uid))
        server = EmbeddedServer(place / "server", source=source)
        server.start()
        server.stop()
        monkeypatch.delenv("SUDO_UID")
        server.start()
        assert identity_of(pid_of(server))["Uid"] == [somebody().uid] * 4

    def test_a_directory_that_the_account_cannot_reach_is_reported(self, source: str) -> None:
        place = new_place()
        place.chmod(0o700)
        try:
            with pytest.raises(ServerError, match=r"cannot reach") as caught:
                EmbeddedServer(place / "server", source=source).start()
            assert "--data-dir" in str(caught.value.hint)
            assert list(place.iterdir()) == []
            assert stat.S_IMODE(place.stat().st_mode) == 0o700
        finally:
            shutil.rmtree(place)


class TestStartedByAnOrdinaryUser:
    def test_everything_is_that_users(self, somebodys_place: Path, readable_source: str) -> None:
        code = """
server = EmbeddedServer(place / "server", source=source)
server.start()
with psycopg.connect(server.url()) as conn:
    print(conn.execute("SELECT 'works'").fetchone()[0])
print({path.stat().st_uid for path in [server.data_dir, *server.data_dir.rglob("*")]})
print(server.status().pid)
"""
        person = somebody()
        words = run_python(code, place=somebodys_place, source=readable_source, person=person)
        works, owners, pid = words.split()
        assert (works, owners) == ("works", f"{{{person.uid}}}")
        assert identity_of(int(pid))["Uid"] == [person.uid] * 4

    def test_the_default_place_is_the_users_cache(
        self, somebodys_place: Path, readable_source: str
    ) -> None:
        code = """
print(EmbeddedServer(source=source).data_dir)
os.environ["XDG_CACHE_HOME"] = "/some/cache"
print(EmbeddedServer(source=source).data_dir)
os.environ["XDG_CACHE_HOME"] = "relative"
print(EmbeddedServer(source=source).data_dir)
os.environ["DSVAULT_DATA_DIR"] = "/some/where"
print(EmbeddedServer(source=source).data_dir)
"""
        words = run_python(
            code, place=somebodys_place, source=readable_source, person=somebody()
        ).split()
        name = f"server-{find_binaries(readable_source).major}"
        assert words == [
            f"{somebodys_place}/.cache/dsvault/{name}",
            f"/some/cache/dsvault/{name}",
            f"{somebodys_place}/.cache/dsvault/{name}",
            "/some/where",
        ]

    @as_root
    def test_the_server_of_another_account_is_out_of_reach(
        self, running: EmbeddedServer, somebodys_place: Path, readable_source: str
    ) -> None:
        code = """
home = Path(os.environ["OTHERS"])
for action in ("start", "stop", "destroy", "status"):
    try:
        getattr(EmbeddedServer(home, source=source), action)()
    except DsvaultError as error:
        print(error.exit_code, "denied" in str(error.detail) or "owner uid" in str(error.detail))
"""
        answers = run_python(
            code,
            place=somebodys_place,
            source=readable_source,
            person=somebody(),
            env={"OTHERS": str(running.data_dir)},
        )
        assert answers.split() == ["2", "True"] * 4
        assert ask(running, "SELECT 1") == 1


class TestWithoutAPasswdEntry:
    CODE = """
from dsvault.cli import main
sys.argv = ["dsvault", "server", "start", "--pg", source, *os.environ.get("MORE", "").split()]
main()
"""

    @as_root
    def test_the_error_names_the_number_and_the_way_out(
        self, place: Path, readable_source: str
    ) -> None:
        person = stranger()
        place.chmod(0o777)
        answer = self.answer(place, readable_source, more=f"--data-dir {place}/server")
        assert f"user ID {person.uid} has no entry in the passwd database" in answer
        assert "--target" in answer
        assert list(place.iterdir()) == []

    @as_root
    def test_not_even_a_home_is_needed_for_it(self, place: Path, readable_source: str) -> None:
        answer = self.answer(place, readable_source, home="")
        assert "You have no home directory" in answer
        assert "--data-dir" in answer

    def answer(self, place: Path, source: str, *, more: str = "", home: str = "/") -> str:
        code = f"try:\n    exec({self.CODE!r})\nexcept SystemExit as left:\n    print(left.code)\n"
        words = run_python(
            code,
            place=place,
            source=source,
            person=stranger(),
            env={"MORE": more, "HOME": home},
        )
        assert "Traceback" not in words
        assert words.splitlines()[-1] == "2"
        return words

    def test_account_of_says_it_too(self) -> None:
        with pytest.raises(ServerError, match=f"{stranger().uid} has no entry"):
            account_of(stranger().uid)

    def test_account_of_knows_who_has_one(self) -> None:
        assert account_of(os.geteuid()).name == myself().name


@as_root
def test_a_root_that_cannot_become_anybody_else_is_told_so(place: Path, source: str) -> None:
    code = """
try:
    EmbeddedServer(place / "server", source=source).start()
except DsvaultError as error:
    print(error.exit_code, *error.lines(), sep="\\n")
print(os.listdir(place))
"""
    alone = ("unshare", "--user", "--map-root-user")
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("makes a user namespace, which is not allowed here")
    lines = run_python(code, place=place, source=source, prefix=alone).splitlines()
    assert lines[0] == "2"
    assert re.search("Cannot run .* as |refuses to run as root", lines[1])
    assert "--target" in "".join(lines[2:])
    assert lines[-1] == "[]"


@as_root
class TestProgramsThatTheAccountCannotRead:
    @pytest.fixture
    def hidden(self, source: str) -> Iterator[Binaries]:
        """A copy of the programs below a directory that only root may enter."""
        original = find_binaries(source)
        if not original.parts:  # spread over the system, readable by all, never copied
            original = find_binaries("18")
        place = new_place()
        for part in original.parts:
            shutil.copytree(
                original.root / part,
                place / "closed" / part,
                ignore=shutil.ignore_patterns("*.a", "include", "ecpg", "vacuumdb"),
            )
        place.joinpath("closed").chmod(0o700)
        bin_dir = place / "closed" / original.bin_dir.relative_to(original.root)
        found = find_binaries(str(bin_dir))
        yield Binaries(found.bin_dir, place / "closed", original.parts, found.directory)
        shutil.rmtree(place)

    @pytest.fixture
    def stage(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
        """Where copies go in this test."""
        place = new_place()
        monkeypatch.setattr(staging, "_PLACES", (place / "cache",))
        yield place / "cache"
        shutil.rmtree(place)

    def test_programs_that_it_can_read_are_not_copied(self, hidden: Binaries, stage: Path) -> None:
        hidden.root.chmod(0o755)
        assert staging.runnable_bin_dir(hidden, choose_account()) == hidden.bin_dir
        assert not stage.exists()

    def test_they_are_copied_once_and_work(self, hidden: Binaries, stage: Path) -> None:
        account = choose_account()
        bin_dir = staging.runnable_bin_dir(hidden, account)
        assert bin_dir.is_relative_to(stage)
        before = bin_dir.stat().st_ino
        assert staging.runnable_bin_dir(hidden, account).stat().st_ino == before
        assert len(list(stage.iterdir())) == 1

    def test_a_server_starts_from_the_copy(
        self, hidden: Binaries, stage: Path, place: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("dsvault.server.lifecycle.find_binaries", lambda _: hidden)
        server = EmbeddedServer(place / "server")
        server.start()
        program = Path(f"/proc/{pid_of(server)}/exe").readlink()
        assert program.is_relative_to(stage)
        assert ask(server, "SELECT 1") == 1
        server.stop()

    def test_the_copy_is_roots_and_nobody_else_can_write_it(
        self, hidden: Binaries, stage: Path
    ) -> None:
        before = os.umask(0o077)
        try:
            staging.runnable_bin_dir(hidden, choose_account())
        finally:
            os.umask(before)
        found = [path.stat() for path in [stage, *stage.rglob("*")]]
        assert {entry.st_uid for entry in found} == {0}
        assert {stat.S_IMODE(entry.st_mode) for entry in found} == {0o755, 0o644}

    def test_permissions_on_the_way_stay_as_they_are(self, hidden: Binaries, stage: Path) -> None:
        staging.runnable_bin_dir(hidden, choose_account())
        assert stat.S_IMODE(hidden.root.stat().st_mode) == 0o700

    def test_an_interrupted_copy_is_not_used(
        self, hidden: Binaries, stage: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def break_off(source: Path, target: Path) -> None:
            target.mkdir(parents=True)
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(staging, "_copy_tree", break_off)
            with pytest.raises(ServerError, match="cannot run the server's programs") as caught:
                staging.runnable_bin_dir(hidden, choose_account())
        assert "No space left on device" in str(caught.value.detail)
        assert list(stage.iterdir()) == []
        assert staging.runnable_bin_dir(hidden, choose_account()).exists()

    def test_a_killed_copy_is_removed_by_a_later_one(self, hidden: Binaries, stage: Path) -> None:
        for name in (".draft-old", ".draft-young"):
            (stage / name).mkdir(parents=True)
            stage.chmod(0o755)
        os.utime(stage / ".draft-old", (0, 0))
        staging.runnable_bin_dir(hidden, choose_account())
        assert not (stage / ".draft-old").exists()
        assert (stage / ".draft-young").exists()

    @pytest.mark.parametrize("problem", ["foreign", "writable", "link"])
    def test_a_place_that_others_control_is_refused(
        self, hidden: Binaries, stage: Path, problem: str
    ) -> None:
        if problem == "link":
            stage.with_name("elsewhere").mkdir()
            stage.symlink_to(stage.with_name("elsewhere"))
        else:
            stage.mkdir()
        if problem == "foreign":
            os.chown(stage, somebody().uid, somebody().gid)
        if problem == "writable":
            stage.chmod(0o777)
        with pytest.raises(ServerError) as caught:
            staging.runnable_bin_dir(hidden, choose_account())
        assert "not a directory that only root can write" in str(caught.value.detail)

    def test_programs_that_cannot_be_moved_are_reported(self, hidden: Binaries) -> None:
        fixed = Binaries(hidden.bin_dir, hidden.root, (), hidden.directory)
        with pytest.raises(ServerError, match="cannot run the server's programs"):
            staging.runnable_bin_dir(fixed, choose_account())


class TestReachingADirectory:
    def test_permission_bits_decide(self, tmp_path: Path) -> None:
        outsider = Account(stranger().uid, stranger().gid, "outsider")
        place = new_place()
        try:
            (place / "closed" / "inner").mkdir(parents=True)
            assert outsider.can_search(place)
            place.joinpath("closed").chmod(0o700)
            assert not outsider.can_search(place / "closed" / "inner")
            assert account_of(os.geteuid()).can_search(place / "closed" / "inner")
        finally:
            shutil.rmtree(place)
