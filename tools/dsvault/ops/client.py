"""Run a script by psql, where only psql understands it.

It is another session: what it does commits as it goes, and no transaction of ours can hold it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from dsvault.db import client_arguments
from dsvault.dberrors import ServerMessage
from dsvault.ops.events import Rows, Warned
from dsvault.ops.failures import StepError
from dsvault.ops.steps import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsvault.db import Session
    from dsvault.ops.events import Reporter
    from dsvault.ops.steps import Step
    from dsvault.sqlscript.script import Client


def run_by_client(session: Session, step: Step, report: Reporter) -> None:
    """Run the script of a step by psql, as Sqitch does, and report what it prints.

    :raises StepError: psql ended with an error, or cannot be started.
    """
    script = step.script
    client = script.client if script is not None else None
    assert client is not None  # noqa: S101 - the caller has looked
    import subprocess  # noqa: PLC0415 - few scripts need psql

    place, password = client_arguments(session.target)
    environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    try:
        done = subprocess.run(
            _words(client, place), env=environment, capture_output=True, check=False
        )
    except OSError as error:
        raise _failure(step, f"{client.program} cannot be run: {error.strerror}", []) from None
    out, err = (
        data.decode(errors="backslashreplace").splitlines() for data in (done.stdout, done.stderr)
    )
    if out:
        report(Rows([(line,) for line in out], is_verify=step.phase is Phase.VERIFY))
    if done.returncode:
        message = next((line for line in err if "ERROR:" in line or "error:" in line), None)
        raise _failure(step, message or f'"{client.program}" failed', err, done.returncode)
    for line in err:
        report(Warned(line))


def _words(client: Client, place: str) -> list[str]:
    settings = [f"{name}={value}" for name, value in sorted(client.variables.items())]
    flags = ["--quiet", "--no-psqlrc", "--no-align", "--tuples-only", "--set", "ON_ERROR_STOP=1"]
    pairs = [word for setting in settings for word in ("--set", setting)]
    return [client.program, "--dbname", place, *pairs, *flags, "--file", str(client.path)]


def _failure(step: Step, message: str, lines: Sequence[str], code: int = 0) -> StepError:
    rest = [line for line in lines if line != message]
    ending = [f'"psql" unexpectedly returned exit value {code}'] if code else []
    server = ServerMessage("ERROR", "", message)
    return StepError(message, step, server, [*rest, *ending], None)
