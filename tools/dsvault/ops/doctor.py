"""Ask a live database every question of sql/checks, and say what the login may not see.

examine(target: Target, options: Options) -> Diagnosis
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from dsvault.checks import LEVELS, MATRIX, UNSEEN, Finding, checks_folder, choose, read_checks
from dsvault.db import Query, connect
from dsvault.dberrors import QueryError
from dsvault.errors import DsvaultError
from dsvault.ops.policy.catalog import NoVaultError, read_catalog
from dsvault.policy import matrix_path, read_matrix
from dsvault.policy.differences import compare

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dsvault.checks import Check
    from dsvault.db import Session
    from dsvault.policy.differences import Difference
    from dsvault.target import Target

_SETTINGS = (
    "SET search_path = pg_catalog",
    "SET default_transaction_read_only = on",
    # What row-level security would hide becomes an error, which is reported as not seen.
    "SET row_security = off",
    "SET lock_timeout = '2s'",
    "SET client_min_messages = warning",
)
_NO_TABLE = ("42P01", "3F000")
_NO_PRIVILEGE = "42501"
_TOO_LONG = "57014"


class UnknownSettingError(DsvaultError):
    """No check has such a setting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Which checks are run, and how. level is the least that is reported; settings by name."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    level: str = "warning"
    timeout_seconds: int = 30
    settings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Unseen:
    """What a check could not tell: the reason, and what to do."""

    code: str
    name: str
    reason: str
    remedy: str

    def as_json(self) -> dict[str, str]:
        """Return it as one JSON object."""
        return {
            "code": self.code,
            "name": self.name,
            "reason": self.reason,
            "remedy": self.remedy,
        }


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found, the worst first, and what could not be seen."""

    target: str
    server: str
    seconds: float
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]
    unseen: tuple[Unseen, ...]
    ignored: int

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        names = {check.code: check.name for check in self.checks}
        return {
            "target": self.target,
            "server": self.server,
            "seconds": round(self.seconds, 3),
            "checks": [check.code for check in self.checks],
            "findings": [{**found.as_json(), "name": names[found.code]} for found in self.findings],
            "unseen": [unseen.as_json() for unseen in self.unseen],
            "ignored": self.ignored,
        }


def examine(target: Target, options: Options) -> Diagnosis:
    """Run the chosen checks, each in a transaction of its own that may not write.

    :raises UnknownCheckError: options name a check that is not there.
    :raises UnknownSettingError: options set what no check asks for.
    :raises dsvault.dberrors.ConnectError: the server cannot be reached.
    """
    begun = monotonic()
    checks = choose(read_checks(checks_folder()), options.select, options.ignore)
    _known(checks, options.settings)
    findings: list[Finding] = []
    unseen: list[Unseen] = []
    with connect(target, application_name="dsvault doctor") as session:
        _prepare(session, options)
        [[[release]]] = session.run([Query("SELECT pg_catalog.current_setting('server_version')")])
        for check in checks:
            answer = list(_ask(session, check))
            findings += [item for item in answer if isinstance(item, Finding)]
            unseen += [item for item in answer if isinstance(item, Unseen)]
    urgent = [found for found in findings if _rank(found.level) <= _rank(options.level)]
    kept = [found for found in urgent if found.key not in options.ignore]
    return Diagnosis(
        target.display,
        f"PostgreSQL {release}",
        monotonic() - begun,
        checks,
        tuple(sorted(kept, key=lambda found: _rank(found.level))),
        tuple(unseen),
        len(urgent) - len(kept),
    )


def _known(checks: Sequence[Check], settings: Mapping[str, str]) -> None:
    known = sorted({name for check in checks for name, _ in check.settings})
    for name in settings:
        if name not in known:
            raise UnknownSettingError(
                f"No check that is run has a setting {name}",
                hint=f"Name one of: {', '.join(known) or '(none)'}",
            )


def _prepare(session: Session, options: Options) -> None:
    thresholds = [
        Query("SELECT pg_catalog.set_config('doctor.' || $1, $2, false)", (name, value))
        for name, value in options.settings.items()
    ]
    timeout = Query(
        "SELECT pg_catalog.set_config('statement_timeout', $1, false)",
        (f"{options.timeout_seconds}s",),
    )
    session.run([*map(Query, _SETTINGS), timeout, *thresholds])


def _rank(level: str) -> int:
    return LEVELS.index(level)


def _ask(session: Session, check: Check) -> Iterator[Finding | Unseen]:
    """Yield what one check finds, or why it could not be asked."""
    try:
        if check is MATRIX:
            matrix = read_matrix(matrix_path())
            for difference in compare(matrix, read_catalog(session, matrix)):
                yield _of_matrix(difference)
            return
        [rows] = session.run([Query(check.sql)])
    except NoVaultError as error:
        yield Unseen(check.code, check.name, error.message, "-- dsvault deploy")
        return
    except QueryError as error:
        yield _refused(check, error)
        return
    for row in rows:
        found = Finding(*(value or "" for value in row))
        if found.level == UNSEEN:
            yield Unseen(check.code, check.name, f"{found.object}: {found.detail}", found.remedy)
        else:
            yield found


def _refused(check: Check, error: QueryError) -> Unseen:
    if error.sqlstate in _NO_TABLE:
        reason, remedy = "there is no vault in this database", "-- dsvault deploy"
    elif error.sqlstate == _NO_PRIVILEGE:
        reason = f"this login may not see it: {error.error.message}"
        remedy = f"-- needs {check.needs or 'more privileges'}"
    elif error.sqlstate == _TOO_LONG:
        reason, remedy = "it took too long", "-- give it more time with --timeout"
    else:
        reason, remedy = f"{error.sqlstate}: {error.error.message}", "-- see the server's log"
    return Unseen(check.code, check.name, reason, remedy)


def _of_matrix(difference: Difference) -> Finding:
    place = f"dsvault.{difference.table}" if difference.table else "vault"
    subject = f"{place}: {difference.subject}"
    script = f"deploy/policies/{difference.table}.sql" if difference.table else "the plan's roles"
    return Finding(
        MATRIX.code,
        MATRIX.level,
        subject,
        f"expected {difference.expected}, found {difference.found}",
        f"-- compare with sql/policies/matrix.toml; run {script} again if that is right",
        f"{MATRIX.code} {subject}",
    )
