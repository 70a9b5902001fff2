"""The files of one server: names, places, permissions. Root writes only in directories of root."""

from __future__ import annotations

import json
import os
import re
import stat
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from dsvault.server.errors import BY, ServerError, from_os_error

if TYPE_CHECKING:
    from dsvault.server.account import Account

_SOCKET_PATH_BYTES = 107  # sun_path holds 108 bytes, the last one is NUL
_LONGEST_SOCKET = "/.s.PGSQL.65535.lock"
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._+-]+")  # needs no quoting in unix_socket_directories
_SHORT_BASE = Path("/tmp")  # noqa: S108 - checked for ownership by private_directory
_ATTEMPTS = 5
_WHAT = "embedded server of dsvault"


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths below one server's directory, all absolute."""

    home: Path

    @property
    def pgdata(self) -> Path:
        """The data directory proper; it belongs to the server's account."""
        return self.home / "pgdata"

    @property
    def passfile(self) -> Path:
        """The superuser's password in libpq's format."""
        return self.home / "passfile"

    @property
    def log(self) -> Path:
        """What the server writes to stderr."""
        return self.home / "log"

    @property
    def lock(self) -> Path:
        """The file that start, stop and destroy lock against each other."""
        return self.home / "lock"

    @property
    def marker(self) -> Path:
        """The file that says that this directory is ours."""
        return self.home / "dsvault-server.json"

    @property
    def run(self) -> Path:
        """The socket directory, where its path is short enough."""
        return self.home / "run"

    @property
    def old_log(self) -> Path:
        """The log before, set aside when it had grown large."""
        return self.home / "log.1"

    def is_ours(self) -> bool:
        """Tell whether the marker is there.

        :raises ServerError: the directory cannot be read.
        """
        return self._marker_fields().get("what") == _WHAT

    def made_home(self) -> bool:
        """Tell whether the marker says that we made the directory itself."""
        return self._marker_fields().get("made_directory") is True

    def _marker_fields(self) -> dict[str, object]:
        try:
            fields = json.loads(self.marker.read_text())
        except (FileNotFoundError, NotADirectoryError, ValueError):
            return {}
        except OSError as error:
            raise from_os_error(error, doing="looking at the server", path=self.home) from error
        return fields if isinstance(fields, dict) else {}

    def socket_dir(self, uid: int) -> Path:
        """Return where the socket of a server of that account is; the path fits an address."""
        if _fits(self.run):
            return self.run
        digest = sha256(os.fsencode(self.home)).hexdigest()[:12]
        return _SHORT_BASE / f"dsvault-{uid}-{digest}"


def _fits(directory: Path) -> bool:
    name = str(directory)
    long = len(os.fsencode(name + _LONGEST_SOCKET)) > _SOCKET_PATH_BYTES
    return not long and _PLAIN_PATH.fullmatch(name) is not None


def default_home(major: int) -> Path:
    """Return where the persistent server of a major version lives when nothing is said.

    DSVAULT_DATA_DIR says it for all versions.

    :raises ServerError: the caller has no home directory.
    """
    if given := os.environ.get("DSVAULT_DATA_DIR"):
        return Path(given)
    if os.geteuid() == 0:
        return Path(f"/var/lib/dsvault/server-{major}")
    cache = os.environ.get("XDG_CACHE_HOME", "")
    try:
        base = Path(cache) if cache.startswith("/") else Path.home() / ".cache"
    except RuntimeError as error:
        raise ServerError(
            "You have no home directory for the server's data.",
            detail=f"HOME is not set, and there is no passwd entry for uid {os.geteuid()}",
            hint=f"Name a directory {BY}, or another server by --target.",
        ) from error
    return base / "dsvault" / f"server-{major}"


def prepare_home(layout: Layout, account: Account) -> bool:
    """Make the server's directory if need be; tell whether it was made.

    :raises ServerError: it cannot be made, belongs to someone else, or holds what is not ours.
    """
    home = layout.home
    try:
        made, owner = _make_home(home, 0o711 if account.is_other else 0o700)
        strangers = foreign_names(layout)
    except OSError as error:
        raise from_os_error(error, doing="preparing the server's directory", path=home) from error
    if owner != os.geteuid():
        raise ServerError(
            f"{home} belongs to another account.",
            detail=f"owner uid {owner}, yours {os.geteuid()}",
            hint=f"Name a directory of your own {BY}.",
        )
    if strangers:
        raise ServerError(
            f"{home} holds something else than a server of dsvault.",
            detail=", ".join(strangers[:5]),
            hint=f"Name an empty or a new directory {BY}.",
        )
    return made


def _make_home(home: Path, mode: int) -> tuple[bool, int]:
    """Make the directory if need be; return whether it was made, and its owner."""
    for _ in range(_ATTEMPTS):
        try:
            return make_directories(home, mode), home.stat().st_uid
        except FileNotFoundError:
            continue  # somebody destroyed the server in between
    return make_directories(home, mode), home.stat().st_uid


def foreign_names(layout: Layout) -> list[str]:
    """Return the names in the directory if it is not ours, apart from those of a start at work.

    The marker is looked for again at the end: a start may have written it in between.

    :raises OSError: the directory cannot be read; a missing one has no names.
    """
    if layout.is_ours():
        return []
    own = (layout.lock.name, layout.marker.name)
    try:
        names = sorted(entry.name for entry in layout.home.iterdir())
    except FileNotFoundError:
        return []
    strangers = [name for name in names if name not in own and not _is_marker_draft(layout, name)]
    return [] if strangers and layout.is_ours() else strangers


def _is_marker_draft(layout: Layout, name: str) -> bool:
    return name.startswith(f".{layout.marker.name}.")


def claim_home(layout: Layout, *, made: bool) -> None:
    """Write the marker unless it is there. The caller holds the lock.

    :raises ServerError: it cannot be written.
    """
    if layout.is_ours():
        return
    fields = {"what": _WHAT, "format": 1, "made_directory": made}
    try:
        write_new(layout.marker, json.dumps(fields) + "\n", mode=0o644)
    except OSError as error:
        raise from_os_error(
            error, doing="preparing the server's directory", path=layout.home
        ) from error


def make_directories(path: Path, mode: int) -> bool:
    """Make path and the parents it lacks, whatever the umask; tell whether path was made."""
    missing = [path, *path.parents]
    missing = missing[: next(i for i, folder in enumerate(missing) if folder.exists())]
    made = False
    for folder in reversed(missing):
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            continue  # another start came first
        made = folder == path
        folder.chmod(mode if made or not mode & 0o011 else 0o755)
    return made


def write_new(path: Path, text: str, *, mode: int, owner: Account | None = None) -> None:
    """Write a file whole, replacing one of that name; the name never shows a part of it.

    Mode and owner are set before the text is written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            os.fchmod(file.fileno(), mode)
            if owner and owner.is_other:
                os.fchown(file.fileno(), owner.uid, owner.gid)
            file.write(text)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def private_directory(path: Path, account: Account, *, make: bool = True) -> None:
    """Make path a directory that only account can enter, or check that it is one.

    :param make: otherwise it is only checked, if there is anything.
    :raises ServerError: something else is there: a link, a file, a directory of someone else, or
        one that others may enter.
    """
    if not make:
        if os.path.lexists(path):
            _check_private(path, account)
        return
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        _check_private(path, account)
        return
    except OSError as error:
        raise from_os_error(error, doing="making the socket directory", path=path) from error
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        os.fchmod(handle, 0o700)
        if account.is_other:
            os.fchown(handle, account.uid, account.gid)
    finally:
        os.close(handle)


def _check_private(path: Path, account: Account) -> None:
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode):
        problem = "it is no directory"
    elif found.st_uid != account.uid:
        problem = f"it belongs to uid {found.st_uid}, not to {account.uid} ({account.name})"
    elif stat.S_IMODE(found.st_mode) & 0o077:
        problem = f"others may enter it (mode {stat.S_IMODE(found.st_mode):04o})"
    else:
        return
    raise ServerError(
        f"The socket directory {path} is not safe to use.",
        detail=problem,
        hint="Somebody else made it. Look at it, and remove it if it may go.",
    )
