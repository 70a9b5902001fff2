"""Which system account the server runs as, since PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dsvault.server.errors import ServerError

if TYPE_CHECKING:
    from pathlib import Path

_UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """A system account by its numbers and its name."""

    uid: int
    gid: int
    name: str

    @property
    def is_other(self) -> bool:
        """Tell whether a child process must change its identity to become this account."""
        return self.uid != os.geteuid()

    def popen_identity(self) -> dict[str, Any]:
        """Return the arguments by which subprocess gives a child this identity and no groups."""
        if not self.is_other:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_search(self, directory: Path) -> bool:
        """Tell whether permission bits let this account reach directory (ACLs are not read)."""
        return all(self._may_enter(folder) for folder in (directory, *directory.parents))

    def _may_enter(self, folder: Path) -> bool:
        found = folder.stat()
        if found.st_uid == self.uid:
            return bool(found.st_mode & stat.S_IXUSR)
        if found.st_gid == self.gid:
            return bool(found.st_mode & stat.S_IXGRP)
        return bool(found.st_mode & stat.S_IXOTH)


def choose_account() -> Account:
    """Return the account that a new server shall run as.

    That is the caller; for root it is the user behind sudo, else `postgres`, else `nobody`.

    :raises ServerError: the caller has no passwd entry, or root has none of these accounts.
    """
    if os.geteuid() != 0:
        return account_of(os.geteuid())
    sudo_uid = os.environ.get("SUDO_UID", "")
    if sudo_uid.isdecimal() and int(sudo_uid) != 0:
        try:
            return account_of(int(sudo_uid))
        except ServerError:
            pass  # a container may carry SUDO_UID from outside: go on with the accounts it has
    for name in _UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)
    raise ServerError(
        "PostgreSQL refuses to run as root, and there is no account to run it as.",
        detail="SUDO_UID names no user; neither postgres nor nobody exists",
        hint="Run dsvault as an ordinary user, or give another server with --target.",
    )


def account_of(uid: int) -> Account:
    """Return the account with this uid.

    :raises ServerError: it has no passwd entry; PostgreSQL's initdb needs one.
    """
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise ServerError(
            f"The user ID {uid} has no entry in the passwd database, which PostgreSQL needs.",
            detail=f"no name for uid {uid}",
            hint="Add an entry to /etc/passwd, run as a user who has one, or use --target.",
        ) from None
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)
