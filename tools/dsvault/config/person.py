"""Who plans and deploys: the name and address that Sqitch would record."""

from __future__ import annotations

import os
import pwd
from typing import TYPE_CHECKING, NamedTuple

from dsvault.config.syntax import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsvault.config.settings import Config


class Person(NamedTuple):
    """A name and an e-mail address."""

    name: str
    email: str

    def __str__(self) -> str:
        """Return `name <email>`."""
        return f"{self.name} <{self.email}>"


def current_person(config: Config, environ: Mapping[str, str] = os.environ) -> Person:
    """Return who works now.

    SQITCH_FULLNAME and SQITCH_EMAIL win over user.name and user.email, these over
    SQITCH_ORIG_FULLNAME and SQITCH_ORIG_EMAIL, and these over what the system knows.

    :raises ConfigError: the name has a < or begins with [, or the address has a >.
    """
    name = (
        environ.get("SQITCH_FULLNAME")
        or config.get("user.name")
        or environ.get("SQITCH_ORIG_FULLNAME")
        or _full_name(_login(environ))
    )
    email = (
        environ.get("SQITCH_EMAIL")
        or config.get("user.email")
        or environ.get("SQITCH_ORIG_EMAIL")
        or f"{_login(environ)}@{os.uname().nodename}"
    )
    if "<" in name or name.startswith("["):
        raise ConfigError(
            'User name may not contain "<" or start with "["',
            detail=name,
            hint="Set user.name in sqitch.conf or SQITCH_FULLNAME.",
        )
    if ">" in email:
        raise ConfigError(
            'User email may not contain ">"',
            detail=email,
            hint="Set user.email in sqitch.conf or SQITCH_EMAIL.",
        )
    return Person(name, email)


def _login(environ: Mapping[str, str]) -> str:
    given = environ.get("SQITCH_ORIG_SYSUSER")
    if given:
        return given
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        names = (environ.get(key) for key in ("LOGNAME", "USER", "USERNAME"))
        # A container may run under a number that has no name.
        return next((name for name in names if name), f"uid{os.getuid()}")


def _full_name(login: str) -> str:
    try:
        return pwd.getpwnam(login).pw_gecos or login
    except KeyError:
        return login
