"""Making a new cluster: all of it or nothing."""

from __future__ import annotations

import ctypes
import os
import secrets
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from dsvault.server.errors import BY, ServerError, from_os_error
from dsvault.server.layout import write_new
from dsvault.server.process import locale_name, run_program
from dsvault.server.sharedmemory import shared_memory_settings

if TYPE_CHECKING:
    from dsvault.server.account import Account
    from dsvault.server.binaries import Binaries
    from dsvault.server.layout import Layout
    from dsvault.server.profile import Profile

SUPERUSER = "postgres"
DATABASE = "dsvault"
DRAFT = "draft-"
_PATIENCE_SECONDS = 5.0


def ensure_cluster(layout: Layout, account: Account, programs: Binaries, profile: Profile) -> None:
    """Make the data directory with its superuser, password and database, where there is none.

    The work happens in a draft beside it; one rename at the end makes it valid. The caller holds
    the lock, so drafts of earlier runs are leftovers, and go: also of one that was killed after
    that rename.

    :raises ServerError: initdb fails; nothing of the new cluster stays.
    """
    try:
        remove_drafts(layout)
        if layout.pgdata.exists():
            return
        draft = Path(tempfile.mkdtemp(prefix=DRAFT, dir=layout.home))
        try:
            _fill_draft(draft, layout, account, programs, profile)
            (draft / "pgdata").rename(layout.pgdata)
        finally:
            remove_drafts(layout)
    except OSError as error:
        raise from_os_error(error, doing="making a new cluster", path=layout.home) from error


def remove_drafts(layout: Layout) -> None:
    """Remove what is not yet, or no longer, a cluster.

    The last program of a killed start may still be writing for a moment.

    :raises OSError: something cannot be removed.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    for draft in layout.home.glob(f"{DRAFT}*"):
        while True:
            try:
                shutil.rmtree(draft)
                break
            except FileNotFoundError:
                continue
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)


def _fill_draft(
    draft: Path, layout: Layout, account: Account, programs: Binaries, profile: Profile
) -> None:
    password = secrets.token_urlsafe(24)
    pgdata, secret = draft / "pgdata", draft / "secret"
    pgdata.mkdir(mode=0o700)
    if account.is_other:
        draft.chmod(0o711)
        os.chown(pgdata, account.uid, account.gid)
    write_new(secret, password + "\n", mode=0o600, owner=account)
    _initdb(pgdata, secret, account, programs)
    statements = [
        f"ALTER SYSTEM SET {name} = '{value}'" for name, value in profile.settings.items()
    ]
    statements.append(f"CREATE DATABASE {DATABASE}")
    run_program(
        account,
        [programs.program("postgres"), "--single", "-F", "-j", "-D", pgdata, "template1"],
        text="".join(f"{statement};\n\n" for statement in statements),
        doing=f"creating the database {DATABASE}",
        bad_word="ERROR:",  # it goes on after one, and ends well
    )
    if profile.durable:
        _bring_to_disk(pgdata)
    write_new(layout.passfile, f"*:*:*:{SUPERUSER}:{password}\n", mode=0o600, owner=account)


def _initdb(pgdata: Path, secret: Path, account: Account, programs: Binaries) -> None:
    # initdb itself takes /dev/shm if it exists, however small; before 16 it cannot be told.
    settings = shared_memory_settings(account) if programs.major >= 16 else {}
    words: list[str | Path] = [
        programs.program("initdb"),
        *("-D", pgdata, "-U", SUPERUSER, f"--pwfile={secret}", "--auth=scram-sha-256"),
        *("--encoding=UTF8", f"--locale={locale_name()}", "--lc-messages=C"),
        *("--data-checksums", "--no-sync", "--no-instructions"),
        *(f"--set={name}={value}" for name, value in settings.items()),
    ]
    try:
        run_program(account, words, doing="initialising the data directory")
    except ServerError as error:
        if account.can_search(pgdata.parent):
            raise
        raise ServerError(
            f"The account {account.name}, which the server runs as, cannot reach {pgdata.parent}.",
            detail=error.detail,
            hint=f"Name a directory below one that everybody may enter {BY}.",
        ) from error


def _bring_to_disk(path: Path) -> None:
    """Flush the file system that holds path: once, where fsync of a thousand files takes longer."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if ctypes.CDLL(None, use_errno=True).syncfs(handle) != 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code))
    finally:
        os.close(handle)


def major_of(pgdata: Path) -> int:
    """Return the major version that a data directory is of.

    :raises ServerError: it holds no cluster.
    """
    try:
        return int((pgdata / "PG_VERSION").read_text())
    except (FileNotFoundError, ValueError):
        raise ServerError(f"{pgdata} is no data directory of PostgreSQL.") from None
    except OSError as error:
        raise from_os_error(error, doing="looking at the data directory", path=pgdata) from error


def check_version(pgdata: Path, major: int) -> None:
    """Refuse a data directory of another major version than the programs.

    :raises ServerError: it is of another version, or holds no cluster.
    """
    made_by = major_of(pgdata)
    if made_by != major:
        raise ServerError(
            f"The data directory is of PostgreSQL {made_by}, the programs are of {major}.",
            detail=str(pgdata),
            hint=f"Use --server-version {made_by}, or name another directory {BY}.",
        )
