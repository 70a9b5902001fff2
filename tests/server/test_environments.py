"""Systems that are not as one would like them: full, closed, odd, hostile."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.support.people import run_python, somebody, start_python
from tests.support.servers import as_root, ask, eventually, is_alive

from dsvault.server import EmbeddedServer, ServerError, sweep
from dsvault.server.account import choose_account
from dsvault.server.layout import Layout
from dsvault.server.sharedmemory import shared_memory_settings

if TYPE_CHECKING:
    from collections.abc import Iterator


TMP = Path("/tmp")  # noqa: S108 - mkdtemp makes names of its own there


def can_mount() -> bool:
    """Tell whether this process may mount file systems in a namespace of its own."""
    words = ["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    return os.geteuid() == 0 and _succeeds(words)


def _succeeds(words: list[str]) -> bool:
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


may_mount = pytest.mark.skipif(not can_mount(), reason="mounts file systems: needs CAP_SYS_ADMIN")


def mounted(*commands: str) -> tuple[str, ...]:
    """Return a prefix that runs a program after shell commands in a mount namespace of its own."""
    return ("unshare", "--mount", "sh", "-ec", "\n".join([*commands, 'exec "$@"']), "sh")


TRY_TO_START = """
server = EmbeddedServer(place / os.environ.get("DIRECTORY", "server"), source=source)
try:
    server.start()
    print("started")
except DsvaultError as error:
    print(error.exit_code, *error.lines(), sep="\\n")
"""


class TestNoSpace:
    @may_mount
    def test_a_full_disk_is_reported_and_nothing_is_left(self, place: Path, source: str) -> None:
        prefix = mounted(f"mount -t tmpfs -o size=8m,mode=711 none {place}")
        code = TRY_TO_START + "print(os.listdir(place))"
        lines = run_python(code, place=place, source=source, prefix=prefix).splitlines()
        assert lines[:2] == ["2", "No space left while initialising the data directory."]
        *found, hint = lines[2:-1]
        assert found
        assert all("No space left on device" in line for line in found)
        assert "DSVAULT_DATA_DIR" in hint
        assert lines[-1] == "[]"

    @may_mount
    def test_so_is_one_that_fills_up_later(self, place: Path, source: str) -> None:
        prefix = mounted(f"mount -t tmpfs -o size=100m,mode=711 none {place}")
        code = """
server = EmbeddedServer(place / "server", source=source)
server.start()
server.stop()
ballast = os.open(place / "ballast", os.O_WRONLY | os.O_CREAT)
try:
    while True:
        os.write(ballast, bytes(4096))
except OSError:
    os.close(ballast)
try:
    server.start()
except DsvaultError as error:
    print(error.message)
os.unlink(place / "ballast")
print(server.start())
server.destroy()
print(os.listdir(place))
"""
        lines = run_python(code, place=place, source=source, prefix=prefix).splitlines()
        assert lines == ["No space left while starting the server.", "True", "[]"]


class TestReadOnly:
    @may_mount
    def test_a_read_only_file_system_is_reported(self, place: Path, source: str) -> None:
        prefix = mounted(f"mount -t tmpfs -o ro none {place}")
        lines = run_python(TRY_TO_START, place=place, source=source, prefix=prefix).splitlines()
        assert lines[:2] == ["2", "Failed while preparing the server's directory."]
        assert "Read-only file system" in lines[2]
        assert "DSVAULT_DATA_DIR" in lines[3]

    @may_mount
    def test_so_is_a_server_that_became_read_only(self, place: Path, source: str) -> None:
        EmbeddedServer(place / "server", source=source).start()
        EmbeddedServer(place / "server", source=source).stop()
        prefix = mounted(f"mount --bind {place} {place}", f"mount -o remount,bind,ro {place}")
        lines = run_python(TRY_TO_START, place=place, source=source, prefix=prefix).splitlines()
        assert lines[0] == "2"
        assert "Read-only file system" in lines[2]

    def test_a_directory_without_write_permission_is_reported(
        self, somebodys_place: Path, readable_source: str
    ) -> None:
        somebodys_place.chmod(0o555)
        lines = run_python(
            TRY_TO_START, place=somebodys_place, source=readable_source, person=somebody()
        ).splitlines()
        assert lines[:2] == ["2", "Failed while preparing the server's directory."]
        assert "Permission denied" in lines[2]
        somebodys_place.chmod(0o711)

    def test_a_file_in_the_place_of_the_directory_is_reported(
        self, place: Path, source: str
    ) -> None:
        (place / "server").write_text("a file")
        with pytest.raises(ServerError, match="Failed while preparing") as caught:
            EmbeddedServer(place / "server", source=source).start()
        assert "Not a directory" in str(caught.value.detail)
        assert (place / "server").read_text() == "a file"


PARALLEL = """
server = EmbeddedServer(place / "server", source=source)
server.start()
with psycopg.connect(server.url()) as conn:
    for name in ("parallel_setup_cost", "parallel_tuple_cost", "min_parallel_table_scan_size",
                 "enable_indexonlyscan"):
        conn.execute("SELECT set_config(%s, '0', false)", [name])
    plan = conn.execute("EXPLAIN (ANALYZE) SELECT sum(attnum) FROM pg_attribute").fetchall()
    print(conn.execute("SHOW dynamic_shared_memory_type").fetchone()[0])
    print(*[line.split()[-1] for line, in plan if "Workers Launched" in line])
server.stop()
"""


@pytest.fixture(scope="module")
def place_on_disk() -> Iterator[Path]:
    """A directory outside of /dev/shm; its server is shared, for initdb on disk is slow."""
    place = Path(tempfile.mkdtemp(prefix="dsvault-test-", dir=TMP))
    place.chmod(0o711)
    yield place
    shutil.rmtree(place)


class TestSharedMemory:
    @may_mount
    @pytest.mark.parametrize(
        ("state", "commands"),
        [
            pytest.param(
                *("tiny", ["mount -t tmpfs -o size=1m none /dev/shm"]),
                marks=pytest.mark.pg(">= 16"),  # an older initdb cannot be told to leave it alone
            ),
            ("closed", ["mount -t tmpfs -o mode=700 none /dev/shm"]),
            ("read-only", ["mount -t tmpfs -o ro none /dev/shm"]),
        ],
    )
    def test_a_server_works_without_it(
        self, place_on_disk: Path, source: str, state: str, commands: list[str]
    ) -> None:
        words = run_python(
            PARALLEL, place=place_on_disk, source=source, prefix=mounted(*commands)
        ).split()
        assert words[0] == "mmap"
        assert int(words[1]) >= 1

    @may_mount
    def test_a_server_works_where_it_is_missing(self, place_on_disk: Path, source: str) -> None:
        nodes = [
            f"touch {place_on_disk}/dev/{name}; mount --bind /dev/{name} {place_on_disk}/dev/{name}"
            for name in ("null", "zero", "random", "urandom")
        ]
        prefix = mounted(
            f"mkdir {place_on_disk}/dev",
            *nodes,
            f"mount --rbind {place_on_disk}/dev /dev",
            "test ! -e /dev/shm",
        )
        words = run_python(PARALLEL, place=place_on_disk, source=source, prefix=prefix).split()
        assert words[0] == "mmap"
        assert int(words[1]) >= 1

    def test_it_is_used_where_it_is_there(self, running: EmbeddedServer) -> None:
        wanted = shared_memory_settings(choose_account()).get("dynamic_shared_memory_type", "posix")
        assert ask(running, "SHOW dynamic_shared_memory_type") == wanted


class TestPaths:
    @pytest.fixture
    def long_home(self, place: Path) -> Iterator[Path]:
        home = place.joinpath(*["a-rather-long-name-of-a-directory"] * 8) / "server"
        home.parent.mkdir(parents=True)
        for folder in [home.parent, *home.parent.parents][:8]:
            folder.chmod(0o711)
        yield home
        short = Layout(home).socket_dir(choose_account().uid)
        if short.is_symlink() or short.is_file():
            short.unlink()
        shutil.rmtree(short, ignore_errors=True)

    def test_a_long_path_gets_a_short_private_socket_directory(
        self, long_home: Path, source: str
    ) -> None:
        account = choose_account()
        server = EmbeddedServer(long_home, source=source)
        server.start()
        assert ask(server, "SELECT 1") == 1
        short = Layout(long_home).socket_dir(account.uid)
        assert short.parent == TMP
        assert stat.S_IMODE(short.stat().st_mode) == 0o700
        assert short.stat().st_uid == account.uid
        server.destroy()
        assert not short.exists()

    def test_the_longest_path_that_fits_is_used_as_it_is(self, place: Path) -> None:
        for extra in range(100):
            layout = Layout(place / ("x" * (extra + 1)))
            socket = layout.socket_dir(0) / ".s.PGSQL.65535"
            assert len(str(socket)) <= 107
            inside = layout.socket_dir(0).is_relative_to(place)
            assert inside == (len(str(layout.run / ".s.PGSQL.65535.lock")) <= 107)

    @pytest.mark.parametrize("trap", ["link", "file", "open", "foreign"])
    def test_a_socket_directory_that_others_prepared_is_refused(
        self, long_home: Path, source: str, trap: str
    ) -> None:
        short = Layout(long_home).socket_dir(choose_account().uid)
        target = long_home.parent / "target"
        target.mkdir()
        if trap == "link":
            short.symlink_to(target)
        elif trap == "file":
            short.write_text("")
        else:
            short.mkdir()
            short.chmod(0o777 if trap == "open" else 0o700)
        if trap == "open" and os.geteuid() == 0:
            os.chown(short, choose_account().uid, -1)
        if trap == "foreign":
            if os.geteuid() != 0:
                pytest.skip("gives a directory away: needs root")
            os.chown(short, 12345, 12345)
        before = short.lstat()
        with pytest.raises(ServerError, match="is not safe to use") as caught:
            EmbeddedServer(long_home, source=source).start()
        assert str(short) in caught.value.message
        assert list(target.iterdir()) == []
        assert (short.lstat().st_mode, short.lstat().st_uid) == (before.st_mode, before.st_uid)

    def test_odd_characters_work(self, place: Path, source: str) -> None:
        name = 'it\'s "odd", 100%2F dátá-数据'
        server = EmbeddedServer(place / name / "server", source=source)
        server.start()
        assert ask(server, "SELECT current_database()") == "dsvault"
        assert server.destroy() is True

    def test_a_link_to_a_directory_is_the_same_server(
        self, running: EmbeddedServer, place: Path, source: str
    ) -> None:
        (place / "link").symlink_to(running.data_dir)
        assert EmbeddedServer(place / "link", source=source).start() is False


class TestTheCallersEnvironment:
    def test_names_of_missing_locales_and_settings_of_clients_do_no_harm(
        self, place: Path, source: str
    ) -> None:
        odd = {"LANG": "xx_XX.UTF-8", "LC_ALL": "zz_ZZ.ISO-8859-99", "LANGUAGE": "tlh"}
        clients = {"PGPORT": "1", "PGHOST": "nowhere", "PGDATA": "/nowhere", "PGUSER": "nobody"}
        server = {"TZ": "Mars/Olympus", "PGOPTIONS": "-c no_such=1", "LD_PRELOAD": ""}
        code = """
server = EmbeddedServer(place / "server", source=source)
server.start()
del os.environ["PGOPTIONS"]
with psycopg.connect(server.url()) as conn:
    print(*conn.execute("SELECT current_setting('server_encoding'), current_setting('lc_messages'),"
        " current_setting('timezone'), datcollate FROM pg_database WHERE datname = 'dsvault'"
    ).fetchone())
"""
        words = run_python(code, place=place, source=source, env=odd | clients | server).split()
        assert words[:3] == ["UTF8", "C", "UTC"]
        assert words[3] in {"C.UTF-8", "C"}

    def test_a_system_without_c_utf8_gets_c(self, place: Path, source: str) -> None:
        code = """
import dsvault.server.cluster, dsvault.server.process
dsvault.server.cluster.locale_name = dsvault.server.process.locale_name = lambda: "C"
server = EmbeddedServer(place / "server", source=source)
server.start()
with psycopg.connect(server.url()) as conn:
    print(*conn.execute("SELECT datcollate, pg_encoding_to_char(encoding), lower('X')"
        " FROM pg_database WHERE datname = 'dsvault'").fetchone())
"""
        assert run_python(code, place=place, source=source).split() == ["C", "UTF8", "x"]

    @pytest.mark.parametrize("umask", [0o000, 0o077])
    def test_the_umask_decides_nothing(self, place: Path, source: str, umask: int) -> None:
        code = """
server = EmbeddedServer(place / "new" / "server", source=source)
server.start()
for path in [server.data_dir.parent, server.data_dir, *sorted(server.data_dir.iterdir())]:
    print(path.name, oct(path.stat().st_mode & 0o777)[2:])
print("files", *{oct(path.stat().st_mode & 0o077) for path in (place / "new").rglob("pgdata/*")})
"""
        lines = run_python(code, place=place, source=source, umask=umask).splitlines()
        root = os.geteuid() == 0
        assert lines == [
            f"new {'755' if root else '700'}",
            f"server {'711' if root else '700'}",
            "dsvault-server.json 644",
            "lock 600",
            "log 600",
            "passfile 600",
            "pgdata 700",
            "run 700",
            "files 0o0",
        ]


class TestTemporaryDirectories:
    NO_ROOM = "import dsvault.server.leftovers as s; s.has_room = lambda *_: False\n"
    SHOW = NO_ROOM + "with temporary_server(source) as server: print(server.data_dir)"

    @as_root
    def test_a_tmpdir_that_the_account_cannot_enter_is_passed_over(
        self, place: Path, source: str
    ) -> None:
        place.chmod(0o700)
        home = run_python(self.SHOW, place=place, source=source, env={"TMPDIR": str(place)})
        assert home.startswith(f"{TMP}/dsvault-tmp-")
        assert list(place.iterdir()) == []

    def test_a_long_tmpdir_is_used_and_a_sweep_after_a_killed_run_leaves_nothing(
        self, place: Path, source: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        base = place / ("t" * 120)
        base.mkdir()
        base.chmod(0o711)
        code = (
            self.NO_ROOM
            + """
with temporary_server(source) as server:
    print(server.url(), server.data_dir, server.status().pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
        )
        with start_python(code, place=place, source=source, env={"TMPDIR": str(base)}) as process:
            url, home, pid = process.communicate(timeout=60)[0].split()
        short = Path(psycopg.conninfo.conninfo_to_dict(url)["host"])
        assert Path(home).is_relative_to(base)
        assert short.is_relative_to(TMP)
        eventually(lambda: not is_alive(int(pid)))
        assert short.exists()
        monkeypatch.setattr("tempfile.tempdir", str(base))
        assert Path(home).parent in sweep()
        assert not short.exists()
        assert list(base.iterdir()) == []
