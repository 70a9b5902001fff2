"""Programs where the server's account can run them: in place if it can, else a copy."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from dsvault.server.errors import ServerError, from_os_error
from dsvault.server.layout import make_directories
from dsvault.server.process import clean_environment, not_started

if TYPE_CHECKING:
    from dsvault.server.account import Account
    from dsvault.server.binaries import Binaries

_PLACES = (Path("/var/cache/dsvault"), Path("/var/lib/dsvault/programs"), Path("/opt/dsvault"))
_DRAFT = ".draft-"
_DRAFT_SECONDS = 600.0
_NOT_NEEDED = shutil.ignore_patterns("*.a", "pkgconfig", "pgxs", "include")


def runnable_bin_dir(binaries: Binaries, account: Account) -> Path:
    """Return a bin directory of these programs that account can run.

    Only root starts programs as someone else, and only root's copies are made: owned by root,
    once for each set of programs, complete or not at all.

    :raises ServerError: account can run them nowhere.
    """
    if not account.is_other or _runs(binaries.bin_dir, account):
        return binaries.bin_dir
    problems = []
    for place in _PLACES if binaries.parts else ():
        try:
            copy = _copy_into(place, binaries)
        except OSError as error:
            problems.append(from_os_error(error, doing="copying", path=place).detail or "")
            continue
        bin_dir = copy / binaries.bin_dir.relative_to(binaries.root)
        if _runs(bin_dir, account):
            return bin_dir
        problems.append(f"{place}: {account.name} cannot run programs there")
    raise ServerError(
        f"The account {account.name} cannot run the server's programs.",
        detail="\n".join([f"{binaries.bin_dir}: not readable for it", *problems]),
        hint="Install dsvault, or name a DSVAULT_PG_BIN, where every account can read.",
    )


def _runs(bin_dir: Path, account: Account) -> bool:
    """Try it: only the kernel knows about ACLs, mounts without exec and other obstacles."""
    try:
        done = subprocess.run(
            [bin_dir / "initdb", "--version"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=clean_environment(),
            cwd="/",
            check=False,
            **account.popen_identity(),
        )
    except OSError as error:
        if error.errno == errno.EACCES:
            return False
        raise not_started(account, bin_dir / "initdb", error) from error
    share = bin_dir.parent / "share"
    return done.returncode == 0 and (not share.is_dir() or _is_readable(share, account))


def _is_readable(tree: Path, account: Account) -> bool:
    """Tell whether permission bits let account read the first files below tree."""
    for folder, _, names in os.walk(tree):
        bits = [Path(folder).stat()] + [Path(folder, name).stat() for name in names[:1]]
        for found in bits:
            own = found.st_uid == account.uid
            if not found.st_mode & (stat.S_IRUSR if own else stat.S_IROTH):
                return False
    return True


def _copy_into(place: Path, binaries: Binaries) -> Path:
    """Return the copy of binaries below place, made now if it is not there."""
    final = place / binaries.copy_name()
    make_directories(place, 0o755)
    _check_root_owned(place)
    if final.exists():
        return final
    _drop_old_drafts(place)
    draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=place))
    try:
        for part in binaries.parts:
            _copy_tree(binaries.root / part, draft / part)
        _open_to_all(draft)
        try:
            draft.rename(final)
        except OSError:
            if not final.exists():  # else another run was quicker, with the same copy
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return final


def _drop_old_drafts(place: Path) -> None:
    """Remove what killed runs left; a draft that is being filled is younger."""
    for draft in place.glob(f"{_DRAFT}*"):
        if draft.stat().st_mtime < time.time() - _DRAFT_SECONDS:
            shutil.rmtree(draft, ignore_errors=True)


def _copy_tree(source: Path, target: Path) -> None:
    shutil.copytree(source, target, ignore=_NOT_NEEDED, copy_function=shutil.copy)


def _open_to_all(tree: Path) -> None:
    """Set the modes of a copy apart from the umask: all may read, only root may write."""
    for folder, _, names in os.walk(tree):
        Path(folder).chmod(0o755)
        for name in names:
            file = Path(folder, name)
            file.chmod(0o755 if file.stat().st_mode & stat.S_IXUSR else 0o644)


def _check_root_owned(place: Path) -> None:
    found = place.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
        raise PermissionError(1, "not a directory that only root can write", str(place))
